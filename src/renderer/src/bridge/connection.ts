import type { CallArgument, CallName, CallValue, EventPayload, LimpidBridge } from '../../../shared/contract.js';
import type { LimpidErrorShape, Result } from '../../../shared/errors.js';
import type { AppState, LiveNumbers } from '../../../shared/state.js';
import { createStore, type Store } from './store.js';

/** What the panels ask for; reading the state is the connection's own business. */
export type CommandName = Exclude<CallName, 'state.get'>;

export interface Link {
  /** Main's last word; null until the first answer. It stays while main is silent. */
  state: AppState | null;
  /** False from the moment main stopped answering until it answers again. */
  connected: boolean;
  /** Why it does not answer, where the bridge knows. */
  lostReason: LimpidErrorShape | null;
  /** The answer to the last command when it failed; cleared by the next command. */
  commandError: LimpidErrorShape | null;
}

export interface Connection {
  link: Store<Link>;
  /** Null whenever nothing is measured: not running, not connected. */
  numbers: Store<LiveNumbers | null>;
  /** Sends a command; resolves with whether it was accepted. A refusal stands in `link.commandError`. */
  command<Name extends CommandName>(name: Name, argument?: CallArgument<Name>): Promise<boolean>;
  /** As `command`, for those who show the answer in their own place; null when main did not answer. */
  ask<Name extends CommandName>(name: Name, argument?: CallArgument<Name>): Promise<Result<CallValue<Name>> | null>;
  /** Tells each step of a connection test as it ends. */
  onTested(listener: (tested: EventPayload<'backend.tested'>) => void): () => void;
  /** Tells what main tells every window, for those who draw it in their own place. */
  on: LimpidBridge['on'];
  /** As the bridge does; null when main could not be reached. */
  addFiles(...args: Parameters<LimpidBridge['addFiles']>): Promise<Result<null> | null>;
  stopAdding(): void;
  dismissError(): void;
  /** While the window is hidden, measurements are dropped and main is not asked. */
  setHidden(hidden: boolean): void;
  close(): void;
}

/** How often main is asked for its state, to notice that it is gone and to correct what was missed. */
const heartbeatMs = 4000;
const retryMs = 1000;
const answerWithinMs = 3000;

const withinTime = <Value>(promise: Promise<Value>, limitMs: number): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** Follows main through the bridge for as long as the window lives. */
export function openConnection(bridge: LimpidBridge): Connection {
  const link = createStore<Link>({ state: null, connected: true, lostReason: null, commandError: null });
  const numbers = createStore<LiveNumbers | null>(null);
  let hidden = false;
  let stateEvents = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const change = (part: Partial<Link>) => {
    link.set({ ...link.get(), ...part });
    if (!link.get().connected || link.get().state?.phase !== 'running') numbers.set(null);
  };

  const askAgainIn = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), delayMs);
  };

  const ask = async () => {
    const eventsBefore = stateEvents;
    try {
      const answer = await withinTime(bridge.call('state.get'), answerWithinMs);
      if (!answer.ok) return lose(answer.error);
      // An event that overtook the answer is newer than it.
      change({ connected: true, lostReason: null, ...(eventsBefore === stateEvents ? { state: answer.value } : {}) });
      if (!hidden) askAgainIn(heartbeatMs);
    } catch {
      lose(null);
    }
  };

  const lose = (lostReason: LimpidErrorShape | null) => {
    change({ connected: false, lostReason });
    askAgainIn(retryMs);
  };

  const stopListening = [
    bridge.on('state.changed', (state) => {
      stateEvents += 1;
      change({ state, connected: true, lostReason: null });
    }),
    bridge.on('numbers.measured', (measured) => {
      if (hidden || link.get().state?.phase !== 'running') return;
      numbers.set(measured);
    }),
  ];
  void ask();

  return {
    link,
    numbers,
    async command(name, argument) {
      change({ commandError: null });
      try {
        const answer = await bridge.call(name, argument);
        if (!answer.ok) change({ commandError: answer.error });
        return answer.ok;
      } catch {
        void ask();
        return false;
      }
    },
    async ask(name, argument) {
      try {
        return await bridge.call(name, argument);
      } catch {
        void ask();
        return null;
      }
    },
    onTested: (listener) => bridge.on('backend.tested', listener),
    on: (name, listener) => bridge.on(name, listener),
    stopAdding: () => bridge.stopAdding(),
    async addFiles(files, onProgress) {
      try {
        return await bridge.addFiles(files, onProgress);
      } catch {
        void ask();
        return null;
      }
    },
    dismissError: () => change({ commandError: null }),
    setHidden(nowHidden) {
      hidden = nowHidden;
      if (!hidden) void ask();
    },
    close() {
      clearTimeout(timer);
      for (const stop of stopListening) stop();
    },
  };
}
