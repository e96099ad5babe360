import type { LiveNumbers } from '../../../shared/state.js';

/** The parts of the delay in the order the sound passes them. */
export const delayPartNames = ['inputDeviceMs', 'converterMs', 'engineMs', 'ringMs', 'outputDeviceMs'] as const;
export type DelayPartName = (typeof delayPartNames)[number];

export interface DelayPart {
  name: DelayPartName;
  ms: number;
  /** Share of the whole bar, 0..1; all shares together are 1, or 0 when there is no delay. */
  share: number;
}

const tenths = (ms: number) => Math.round(ms * 10);

/** The whole delay in ms as the sum of its parts as they are shown, in tenths: what is written adds up. */
export const shownTotalMs = (delay: LiveNumbers['delay']): number =>
  delayPartNames.reduce((total, name) => total + tenths(delay[name]), 0) / 10;

/** Splits the bar among the parts; a negative part (a rounding of the sound system) counts as none. */
export function delayParts(delay: LiveNumbers['delay']): DelayPart[] {
  const sum = delayPartNames.reduce((total, name) => total + Math.max(0, delay[name]), 0);
  return delayPartNames.map((name) => ({
    name,
    ms: delay[name],
    share: sum > 0 ? Math.max(0, delay[name]) / sum : 0,
  }));
}
