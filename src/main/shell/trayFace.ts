import type { AppState } from '../../shared/state.js';

/** What the icon in the tray tells at a glance: a shape each, as colours are not for everyone. */
export const trayFaces = ['off', 'enhancing', 'passing', 'problem'] as const;
export type TrayFace = (typeof trayFaces)[number];

/** The face for a state: what is heard, unless somebody has to do something. */
export function trayFaceOf(state: AppState): TrayFace {
  const { phase, question, mutedByFeedback, status, bypass, level, heardEngine } = state;
  if (question || phase === 'failed' || phase === 'stalled' || phase === 'restarting') return 'problem';
  if (phase !== 'running') return 'off';
  if (mutedByFeedback || status.code === 'input.silent') return 'problem';
  return bypass || level === 0 || heardEngine === 'bypass' ? 'passing' : 'enhancing';
}

/** Whether the sound is on, or on its way: what a switch offers to end. */
export const isOn = ({ phase }: Pick<AppState, 'phase'>): boolean => phase !== 'off' && phase !== 'failed';
