import type { Keychain, KeychainStatus } from '../../src/main/auth/keychain.js';

/** A keychain in memory, for tests whose subject is what stands on it. `break` makes it refuse everything, `mend` ends that. */
export interface MemoryKeychain extends Keychain {
  entries: Map<string, string>;
  /** What was asked, in order: `read backend:production`. */
  asked: string[];
  break(state?: 'waiting' | 'unavailable'): void;
  mend(): void;
}

export function createMemoryKeychain(): MemoryKeychain {
  const listeners = new Set<(status: KeychainStatus) => void>();
  const entries = new Map<string, string>();
  const asked: string[] = [];
  let status: KeychainStatus = { state: 'ready', notice: null };
  const change = (next: KeychainStatus): void => {
    status = next;
    for (const listener of listeners) listener(next);
  };
  const refusal = () => (status.notice ? ({ kind: 'unavailable', notice: status.notice } as const) : undefined);
  return {
    entries,
    asked,
    break(state = 'unavailable') {
      const code = state === 'waiting' ? 'keychain.waiting' : 'keychain.unavailable';
      change({ state, notice: { code, params: { detail: 'broken by the test', seconds: 5 } } });
    },
    mend: () => change({ state: 'ready', notice: null }),
    async read(account) {
      asked.push(`read ${account}`);
      const secret = entries.get(account);
      return refusal() ?? (secret === undefined ? { kind: 'missing' } : { kind: 'found', secret });
    },
    async write(account, secret) {
      asked.push(`write ${account}`);
      const refused = refusal();
      if (!refused) entries.set(account, secret);
      return refused ?? { kind: 'done' };
    },
    async remove(account) {
      asked.push(`remove ${account}`);
      return refusal() ?? { kind: entries.delete(account) ? 'done' : 'missing' };
    },
    get status() {
      return status;
    },
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => undefined,
  };
}
