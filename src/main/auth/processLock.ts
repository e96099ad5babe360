import { randomBytes } from 'node:crypto';
import { constants, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing that a lock is for takes as long; its holder has ended, or hangs. */
const staleMs = 3 * 60_000;
const lookEveryMs = 50;
/** Windows refuses for a moment what is just being removed. */
const mostRefusals = 4;

/**
 * Takes a lock that processes of one user share: a file that is there as long as one of them holds it. One whose process has ended, or
 * that is older than three minutes, counts no more. Returns what gives it back, after a moment also where the file cannot be made, since nothing can be
 * kept there either. Rejects with the reason of `signal` when that comes first.
 */
export async function lockAmongProcesses(path: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const mark = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}`;
  for (let refusals = 0; refusals < mostRefusals;) {
    signal?.throwIfAborted();
    const made = await make(path, mark);
    if (made === 'done') return () => giveBack(path, mark);
    if (made === 'refused') refusals++;
    const holder = made === 'taken' ? await readMark(path) : null;
    if (holder !== null && (await isStale(path, holder))) await takeAway(path, holder);
    else await sleep(lookEveryMs);
  }
  return async () => undefined;
}

async function make(path: string, mark: string): Promise<'done' | 'taken' | 'refused'> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(mark).finally(() => file.close());
    return 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'taken' : 'refused';
  }
}

const readMark = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

async function isStale(path: string, mark: string): Promise<boolean> {
  const [pid = '', host = ''] = mark.split(' ');
  if (host === hostname() && !isRunning(Number(pid))) return true;
  const made = await stat(path).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > staleMs;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Another one may have done the same and made its own meanwhile, which it gets back. */
async function takeAway(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await rename(path, aside);
    if ((await readMark(aside)) !== holder) await copyFile(aside, path, constants.COPYFILE_EXCL);
  } catch {
    // It is gone, or somebody else's by now.
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

async function giveBack(path: string, mark: string): Promise<void> {
  if ((await readMark(path)) === mark) await rm(path, { force: true }).catch(() => undefined);
}
