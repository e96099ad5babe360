import type { DesktopView, UpdatesView } from '../../../shared/desktop.js';
import { describe, type Message } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { formatPercent } from './format.js';
import { hint, text, type TextCode } from './text.js';
import { formatTime } from './time.js';
import type { Tone } from './viewModel.js';

/** Why Limpid cannot start at login here; null: it can. */
export function loginObstacle({ loginItem: { isSupported, problem } }: DesktopView): string | null {
  if (isSupported) return null;
  return problem ? describe(problem).message : text('window.desktop.no-login-item');
}

export interface UpdatesPanel extends Message {
  tone: Tone;
  /** 0..1 while a version is downloaded, and the same in words. */
  progress: number | null;
  percent: string;
  /** When it was last looked for. */
  checked: string;
  /** Nobody can look for a version where none ever comes. */
  offersCheck: boolean;
  isBusy: boolean;
  /** Whether a version waits to be installed. */
  isReady: boolean;
  /** Why it cannot be installed now; null: it can. */
  obstacle: string | null;
}

const tones: Record<UpdatesView['phase'], Tone> = {
  off: 'off',
  idle: 'on',
  checking: 'busy',
  downloading: 'busy',
  ready: 'on',
  failed: 'problem',
};

/** How it stands with new versions of Limpid. */
export function updatesPanel(
  updates: UpdatesView,
  { recording }: Pick<AppState, 'recording'>,
  nowMs: number,
): UpdatesPanel {
  const { phase, progress, checkedAtMs } = updates;
  const isNeverChecked = phase === 'idle' && checkedAtMs === null;
  return {
    ...updateWords(updates),
    tone: isNeverChecked ? 'off' : tones[phase],
    progress: phase === 'downloading' ? (progress ?? 0) : null,
    percent: text('window.updates.percent', { percent: formatPercent(progress ?? 0) }),
    checked: checkedAtMs === null ? text('window.updates.never') : formatTime(checkedAtMs, nowMs),
    offersCheck: phase !== 'off' && phase !== 'ready',
    isBusy: phase === 'checking' || phase === 'downloading',
    isReady: phase === 'ready',
    obstacle: recording === null ? null : describe({ code: 'updates.recording', params: {} }).message,
  };
}

/** What failed, then why. */
const failedBecause = ({ message, hint: advice }: Message): Message => ({
  message: text('window.updates.failed'),
  hint: [message, advice].join(' ').trim(),
});

/** The releases that people know by another name than the one of their feed. */
export const channelName = (channel: string) =>
  channel === 'latest' ? text('window.updates.channel.stable') : channel;

function updateWords({ phase, notice, version, checkedAtMs }: UpdatesView): Message {
  const say = (code: TextCode): Message => ({ message: text(code), hint: hint(code) });
  if (phase === 'off') return { message: text('window.updates.off'), hint: notice ? describe(notice).message : '' };
  if (phase === 'downloading' || phase === 'ready') {
    if (version === null) return say(`window.updates.${phase}.unnamed`);
    return { message: text(`window.updates.${phase}`, { version }), hint: hint(`window.updates.${phase}`) };
  }
  if (phase === 'checking') return say('window.updates.checking');
  if (phase === 'failed') return notice ? failedBecause(describe(notice)) : say('window.updates.failed');
  if (notice) return describe(notice);
  return say(checkedAtMs === null ? 'window.updates.unknown' : 'window.updates.newest');
}
