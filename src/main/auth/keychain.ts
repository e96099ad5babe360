import { createRequire } from 'node:module';
import type { BackendView } from '../../shared/backend.js';
import type { Notice } from '../../shared/errors.js';
import { systemClock, type Clock } from './clock.js';

/** Under which our secrets are filed in the keychain; a person sees it there. */
export const keychainService = 'Limpid';
/** How long a caller waits for the keychain, which may be asking its owner to unlock it. */
export const keychainPatienceMs = 5000;
/** How long the end of the app waits for a call under way. */
const closingPatienceMs = 1500;

/** The part of keytar that is used. `findCredentials` is not: it ends the process when the keyring is locked. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export type KeychainStatus = BackendView['keychain'];
export type Unavailable = { kind: 'unavailable'; notice: Notice };
/** `missing`: there is none, or the keyring is locked: a locked one says the same. */
export type KeychainRead = { kind: 'found'; secret: string } | { kind: 'missing' } | Unavailable;
export type KeychainWrite = { kind: 'done' } | Unavailable;
export type KeychainRemoval = { kind: 'done' } | { kind: 'missing' } | Unavailable;

/** The OS's keychain. Nothing here rejects or takes longer than `keychainPatienceMs`, and no notice holds a secret. */
export interface Keychain {
  read(account: string): Promise<KeychainRead>;
  write(account: string, secret: string): Promise<KeychainWrite>;
  remove(account: string): Promise<KeychainRemoval>;
  /** `waiting`: a call is overdue. `unavailable`: the last call failed. `ready` until the first call. */
  readonly status: KeychainStatus;
  /** Calls back when the status changed, also when an overdue call came back after all. @returns a function that ends this. */
  onStatus(listener: (status: KeychainStatus) => void): () => void;
  /** Waits a moment for a call under way. */
  close(): Promise<void>;
}

export interface KeychainOptions {
  clock?: Clock;
  /** Loads the library; throws when it is missing or cannot be loaded. */
  load?(): Keytar;
  /** Ends the process at once with this code, running nothing more; default: by SIGKILL, which loses the code. */
  endProcess?(exitCode: number): void;
}

/**
 * The keychain by way of keytar, one call at a time. Each call blocks one of libuv's threads until the keychain answers, which may
 * be never (a prompt nobody sees, a bus that hangs), so an overdue one is not followed by another: until it comes back, calls are
 * answered `unavailable` at once. Node's end waits for those threads too, without limit; with a call under way `endProcess` is used
 * instead, after all other `exit` listeners.
 */
export function openKeychain(options: KeychainOptions = {}): Keychain {
  const { clock = systemClock, load = requireKeytar, endProcess = killProcess } = options;
  const listeners = new Set<(status: KeychainStatus) => void>();
  let status: KeychainStatus = { state: 'ready', notice: null };
  let keytar: Keytar | null = null;
  /** The call under way; settles, and never rejects, when the keychain answers. */
  let underWay: Promise<unknown> | null = null;
  let isOverdue = false;
  /** A locked keyring, and one that does not exist, say “missing” to every question: after a refused write that proves nothing. */
  let hasRefusedWrite = false;
  let turn: Promise<unknown> = Promise.resolve();

  const setStatus = (next: KeychainStatus): void => {
    const isSame = status.state === next.state && JSON.stringify(status.notice) === JSON.stringify(next.notice);
    status = next;
    if (!isSame) for (const listener of listeners) listener(next);
  };
  const refuse = (notice: Notice, state: KeychainStatus['state'] = 'unavailable'): Unavailable => {
    setStatus({ state, notice });
    return { kind: 'unavailable', notice };
  };
  const leave = (exitCode: number): void => runLast(leave, exitCode, () => endProcess(exitCode));
  const comeBack = (): void => {
    underWay = null;
    isOverdue = false;
    process.off('exit', leave);
  };

  const run = async <Answer extends { kind: string }>(
    work: (library: Keytar) => Promise<Answer>,
    secret: string | null,
  ): Promise<Answer | Unavailable> => {
    if (isOverdue) return { kind: 'unavailable', notice: waitingNotice };
    try {
      keytar ??= load();
    } catch (error) {
      return refuse({ code: 'keychain.no-library', params: { detail: detailOf(error, null) || noReason } });
    }
    const answered = work(keytar).then(
      (answer): Answer | Unavailable => {
        comeBack();
        hasRefusedWrite &&= answer.kind === 'missing';
        if (!hasRefusedWrite) setStatus({ state: 'ready', notice: null });
        return answer;
      },
      (error: unknown) => {
        comeBack();
        hasRefusedWrite ||= secret !== null;
        return refuse(noticeOfFailure(error, secret));
      },
    );
    underWay = answered;
    process.on('exit', leave);
    const { promise: deadline, cancel } = waitFor(clock, keychainPatienceMs);
    const first = await Promise.race([answered, deadline]);
    cancel();
    if (first) return first;
    isOverdue = true;
    return refuse(waitingNotice, 'waiting');
  };
  const call = <Answer extends { kind: string }>(
    work: (library: Keytar) => Promise<Answer>,
    secret: string | null = null,
  ): Promise<Answer | Unavailable> => {
    const result = turn.then(() => run(work, secret));
    turn = result;
    return result;
  };

  return {
    read: (account) =>
      call(async (library): Promise<KeychainRead> => {
        const secret = await library.getPassword(keychainService, account);
        return secret === null ? { kind: 'missing' } : { kind: 'found', secret };
      }),
    write: (account, secret) =>
      call(async (library): Promise<KeychainWrite> => {
        await library.setPassword(keychainService, account, secret);
        return { kind: 'done' };
      }, secret),
    remove: (account) =>
      call(async (library): Promise<KeychainRemoval> => {
        const isGone = await library.deletePassword(keychainService, account);
        return { kind: isGone ? 'done' : 'missing' };
      }),
    get status() {
      return status;
    },
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      if (!underWay) return;
      const { promise: deadline, cancel } = waitFor(clock, closingPatienceMs);
      await Promise.race([underWay, deadline]);
      cancel();
    },
  };
}

const waitingNotice: Notice = { code: 'keychain.waiting', params: { seconds: keychainPatienceMs / 1000 } };

function requireKeytar(): Keytar {
  return createRequire(import.meta.url)('keytar') as Keytar;
}

const noReason: Notice = { code: 'keychain.no-reason', params: {} };

function noticeOfFailure(error: unknown, secret: string | null): Notice {
  const detail = detailOf(error, secret);
  if (/locked collection|is locked/i.test(detail)) return { code: 'keychain.locked', params: {} };
  // What libsecret says where a session has a keyring service, but never had a keyring.
  if (/not exist.*\/collection\//i.test(detail)) return { code: 'keychain.no-collection', params: {} };
  return { code: 'keychain.unavailable', params: { detail: detail || noReason } };
}

/** The first line of an error, in case it quotes the secret without that; empty when it says nothing. */
function detailOf(error: unknown, secret: string | null): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  const clean = secret ? line.replaceAll(secret, '…') : line;
  return clean.slice(0, 200);
}

function waitFor(clock: Clock, delayMs: number): { promise: Promise<null>; cancel: () => void } {
  let cancel = (): void => undefined;
  const promise = new Promise<null>((resolve) => {
    cancel = clock.after(delayMs, () => resolve(null));
  });
  return { promise, cancel };
}

/** Runs the `exit` listeners that come after `current`, then `last`: what `last` does not come back from must not cost them. */
function runLast(current: (exitCode: number) => void, exitCode: number, last: () => void): void {
  const all = process.listeners('exit');
  try {
    for (const listener of all.slice(all.indexOf(current) + 1)) listener.call(process, exitCode);
  } finally {
    last();
  }
}

function killProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
