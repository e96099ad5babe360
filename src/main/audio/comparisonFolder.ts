import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'limpid-comparison-';
/** Another process may have got the number of one that is long gone. */
const oldMs = 24 * 3600 * 1000;

/** Makes a folder that only this user can read, in the system's folder for what may be lost. Rejects with what the file system says. */
export const makeComparisonFolder = (parent = tmpdir()): Promise<string> =>
  mkdtemp(join(parent, `${prefix}${process.pid}-`));

/** Removes it with all that is in it; never rejects. */
export const removeComparisonFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true }).catch(() => undefined);

/** Removes what a process that ended at once left behind, of this user only. Never rejects. */
export async function removeLeftComparisons(parent = tmpdir()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const ours = names.filter((name) => name.startsWith(prefix));
  await Promise.all(
    ours.map((name) => removeIfLeft(join(parent, name), Number.parseInt(name.slice(prefix.length), 10))),
  );
}

async function removeIfLeft(folder: string, pid: number): Promise<void> {
  const facts = await lstat(folder).catch(() => null);
  if (!facts?.isDirectory() || facts.uid !== (process.getuid?.() ?? facts.uid)) return;
  const isOld = Date.now() - facts.mtimeMs > oldMs;
  if (pid === process.pid || (isAlive(pid) && !isOld)) return;
  await removeComparisonFolder(folder);
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
