import { lstat, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'limpid-comparison-';
/** Whoever uses a folder touches it so often; its process number says nothing where processes live apart, as in containers. */
const touchEveryMs = 60_000;
/** One that was not touched for so long is used by nobody any more. */
const leftMs = 3 * touchEveryMs;

/** Those that are used by this process. */
const used = new Map<string, NodeJS.Timeout>();

/** Makes a folder that only this user can read, in the system's folder for what may be lost. Rejects with what the file system says. */
export async function makeComparisonFolder(parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`));
  const touch = setInterval(() => void touchNow(folder), touchEveryMs);
  touch.unref();
  used.set(folder, touch);
  return folder;
}

/** Removes it with all that is in it; never rejects. */
export async function removeComparisonFolder(folder: string): Promise<void> {
  clearInterval(used.get(folder));
  used.delete(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/**
 * Removes what a process that ended at once left behind, of this user only: now, and soon once more what looks as if it were
 * still used. Never rejects. Returns what ends it.
 */
export function keepRemovingLeftComparisons(parent = tmpdir()): () => void {
  void removeLeftComparisons(parent);
  const again = setTimeout(() => void removeLeftComparisons(parent), leftMs + touchEveryMs);
  again.unref();
  return () => clearTimeout(again);
}

/** Removes what nobody uses any more, of this user only. Never rejects. */
export async function removeLeftComparisons(parent = tmpdir()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map((name) => removeIfLeft(join(parent, name))));
}

async function removeIfLeft(folder: string): Promise<void> {
  if (used.has(folder)) return;
  const facts = await lstat(folder).catch(() => null);
  if (!facts?.isDirectory() || facts.uid !== (process.getuid?.() ?? facts.uid)) return;
  if (Date.now() - facts.mtimeMs > leftMs) await removeComparisonFolder(folder);
}

async function touchNow(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
}
