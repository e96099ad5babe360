import type { Notification } from 'electron';
import type { Notice } from '../../shared/errors.js';
import { describe } from '../../shared/messages/index.js';
import type { AppState } from '../../shared/state.js';

/** A state that passes by itself sooner is not worth a word. */
const settleMs = 1500;
const pauseMs = 30_000;

type Words = ReturnType<typeof describe>;

/** What can be told. `device`: the sound waits for one; `replaced`: another engine, or none, stands in for the chosen one. */
type Kind = 'device' | 'replaced' | 'muted' | 'silent' | 'question' | 'failed' | 'back';

export interface NotificationParts {
  isSupported(): boolean;
  create(options: Electron.NotificationConstructorOptions): Notification;
  /** Whether a person can see the window. */
  isWindowSeen(): boolean;
  showWindow(): void;
  nowMs(): number;
}

/** Tells by the system when the state gets worse, or good again, while the window is not seen. */
export interface Notifications {
  follow(state: AppState): void;
  dispose(): void;
}

export function createNotifications(parts: NotificationParts): Notifications {
  const toldAtMs = new Map<Kind, number>();
  let last: Kind | 'calm' | null = null;
  let isBad = false;
  let current: AppState | null = null;
  let words: Words | null = null;
  let timer: NodeJS.Timeout | undefined;
  let shown: Notification | null = null;

  const follow = (state: AppState): void => {
    current = state;
    const kind = kindOf(state, isBad);
    if (kind === null) return;
    // Taken now: when the time has come the state may be on its way to another, with other words.
    if (kind !== 'calm') words = wordsOf(kind, state);
    if (kind === last) return;
    last = kind;
    clearTimeout(timer);
    if (kind === 'calm') isBad = false;
    if (kind === 'calm') return;
    const allowedMs = (toldAtMs.get(kind) ?? -Infinity) + pauseMs;
    timer = setTimeout(() => tell(kind), Math.max(settleMs, allowedMs - parts.nowMs()));
    timer.unref();
  };

  const tell = (kind: Kind): void => {
    if (!current || !words || kindOf(current, isBad) !== kind) {
      // It is found again when it is there again.
      last = null;
      return;
    }
    isBad = kind !== 'back';
    // Somebody looks at the window, and sees it there.
    if (parts.isWindowSeen() || !current.preferences.notifies || !parts.isSupported()) return;
    const { message, hint } = words;
    toldAtMs.set(kind, parts.nowMs());
    shown?.close();
    // No sound: the microphone is open.
    const notification = parts.create({ title: message, body: hint, silent: true });
    notification.on('click', parts.showWindow);
    notification.show();
    // Electron forgets one that nobody holds, with what a click does.
    shown = notification;
  };

  return {
    follow,
    dispose() {
      clearTimeout(timer);
      shown?.close();
    },
  };
}

/** `calm`: nothing to tell, such as what the person chose; null: on the way from one state to another. */
function kindOf(state: AppState, isBad: boolean): Kind | 'calm' | null {
  const { phase, question, problem, mutedByFeedback, status, bypass, level, engine, heardEngine } = state;
  if (question) return 'question';
  if (phase === 'failed' || (phase === 'off' && problem)) return 'failed';
  if (phase === 'stalled' || phase === 'restarting') return 'device';
  if (phase === 'starting') return null;
  if (phase === 'off') return 'calm';
  if (mutedByFeedback) return 'muted';
  if (status.code === 'input.silent') return 'silent';
  if (bypass || level === 0 || engine === 'bypass') return 'calm';
  if (heardEngine !== engine) return 'replaced';
  return isBad ? 'back' : 'calm';
}

function wordsOf(kind: Kind, { status, question, problem }: AppState): Words {
  if (kind === 'back') return describe({ code: 'notification.back', params: {} });
  if (kind === 'question' && question) return describe(question);
  const why: Notice = kind === 'failed' && problem ? problem : status;
  return describe(why);
}
