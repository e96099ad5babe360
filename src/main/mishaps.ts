import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import type { Notice } from '../shared/errors.js';
import { ownIdentity, type Identity } from './identity.js';
import { anonymise } from './redact.js';

/** The log has at most this size, and one predecessor. */
const logBytes = 256 * 1024;
/** In each minute this many are written in full; of the others only their number. */
const writtenAMinute = 10;
const minuteMs = 60_000;
/** After each telling nothing is told for longer: what fails whenever windows are told must not keep itself going. */
const tellPausesMs = [0, 1000, 10_000, 60_000];

/** Errors of this process that nobody foresaw, as the windows see them. */
export interface Mishaps {
  /** Says that there were some, until it is dismissed. */
  readonly notice: Notice | null;
  onChange(listener: () => void): () => void;
  dismiss(): void;
}

/** What the entry of a process does with them. */
export interface MishapWatch extends Mishaps {
  /** Writes down an error that a window has been told already. */
  record(error: unknown): void;
  stop(): void;
}

type Watched = Pick<NodeJS.EventEmitter, 'on' | 'off'>;

export interface MishapOptions {
  /** Where they are written: lines of text, private to this user. */
  logPath: string;
  /** Default: this process. */
  from?: Watched;
  /** Hears each line of the log too; default: stderr. */
  print?: (line: string) => void;
  nowMs?: () => number;
  /** Who is kept out of the log; default: the person at this computer. */
  identity?: () => Identity;
}

/** The folder of this user that the OS has for logs and states. */
export function defaultLogPath(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  const file = 'errors.log';
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Limpid', file);
  if (platform === 'darwin') return join(home, 'Library', 'Logs', 'Limpid', file);
  return join(environment['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'limpid', file);
}

/**
 * From now on an exception that nobody caught, or a rejection that nobody handled, is written down and told to the windows, and the
 * process goes on: the voice is native and does not depend on what failed here. `stop` gives both back to Node.
 */
export function watchForMishaps({
  logPath,
  from = process,
  print = printToStderr,
  nowMs = Date.now,
  identity = ownIdentity,
}: MishapOptions): MishapWatch {
  const listeners = new Set<() => void>();
  let notice: Notice | null = null;
  let count = 0;
  let telling: ReturnType<typeof setTimeout> | undefined;
  let told = { times: 0, atMs: 0 };
  let minute = { startMs: Number.NEGATIVE_INFINITY, happened: 0 };

  const write = (line: string, isPrinted: boolean): void => {
    const safe = anonymise(line, identity());
    if (isPrinted) print(safe);
    appendToLog(logPath, safe);
  };

  const writeWithinLimit = (error: unknown, isPrinted: boolean): void => {
    const atMs = nowMs();
    if (atMs - minute.startMs >= minuteMs) {
      const leftOut = minute.happened - writtenAMinute;
      if (leftOut > 0) write(`${timeOf(atMs)} ${leftOut} more like these were left out.`, isPrinted);
      minute = { startMs: atMs, happened: 0 };
    }
    minute.happened += 1;
    if (minute.happened <= writtenAMinute) write(`${timeOf(atMs)} ${inspect(error)}`, isPrinted);
  };

  /** An error that cannot even be turned into text is only counted. */
  const writeDown = (error: unknown, isPrinted: boolean): void => {
    try {
      writeWithinLimit(error, isPrinted);
    } catch {
      // See above.
    }
  };

  const tell = (): void => {
    telling = undefined;
    told = { times: told.times + 1, atMs: nowMs() };
    for (const listener of listeners) listener();
  };

  /** The first is told at once. */
  const pauseLeftMs = (): number => {
    const pauseMs = tellPausesMs[Math.min(told.times, tellPausesMs.length - 1)]!;
    return Math.min(pauseMs, Math.max(0, told.atMs + pauseMs - nowMs()));
  };

  const take = (error: unknown): void => {
    count += 1;
    notice = { code: 'mishap', params: { count } };
    telling ??= setTimeout(tell, pauseLeftMs());
    writeDown(error, true);
  };

  from.on('uncaughtException', take);
  from.on('unhandledRejection', take);
  return {
    get notice() {
      return notice;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dismiss() {
      notice = null;
      count = 0;
      tell();
      told = { times: 0, atMs: 0 };
    },
    record: (error) => writeDown(error, false),
    stop() {
      clearTimeout(telling);
      from.off('uncaughtException', take);
      from.off('unhandledRejection', take);
    },
  };
}

/** Lets the first of them end the start of the process. Returns what ends that. */
export function failAtMishap(fail: (error: unknown) => void, from: Watched = process): () => void {
  const stop = (): void => {
    from.off('uncaughtException', take);
    from.off('unhandledRejection', take);
  };
  const take = (error: unknown): void => {
    stop();
    fail(error);
  };
  from.on('uncaughtException', take);
  from.on('unhandledRejection', take);
  return stop;
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

/** Synchronous: nobody knows whether the process lives long enough for more. A full disk is no second error. */
function appendToLog(path: string, line: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) + line.length > logBytes) renameSync(path, `${path}.1`);
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // It was printed; more cannot be done.
  }
}

/** A terminal that is gone must not become the next error, for ever. */
function printToStderr(line: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(`${line}\n`);
}
