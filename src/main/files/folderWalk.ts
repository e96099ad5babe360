import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSoundEnding } from '../../shared/soundEndings.js';

/** A tree that is deeper is looked through down to there. */
const maxDepth = 64;

export interface FoundFile {
  path: string;
  bytes: number;
  /** Names of all sound files of its folder. */
  names: ReadonlySet<string>;
}

export interface WalkControls {
  signal: AbortSignal;
  /** Hears of each folder that cannot be read; the walk goes on. */
  unread(folder: string): void;
}

const byName = new Intl.Collator('en', { numeric: true });

/**
 * The sound files of a folder and of those in it, by name, a folder's own files first. Hidden ones and links are left out. Ends
 * early when it is aborted.
 */
export async function* walkFolder(folder: string, controls: WalkControls, depth = 0): AsyncGenerator<FoundFile> {
  const entries = await readFolder(folder, controls);
  const names = new Set(entries.filter((each) => each.isFile() && hasSoundEnding(each.name)).map(({ name }) => name));
  for (const name of names) {
    if (controls.signal.aborted) return;
    const path = join(folder, name);
    const facts = await lstat(path).catch(() => null);
    if (facts) yield { path, bytes: facts.size, names };
  }
  if (depth >= maxDepth) return;
  for (const entry of entries.filter((each) => each.isDirectory())) {
    if (controls.signal.aborted) return;
    yield* walkFolder(join(folder, entry.name), controls, depth + 1);
  }
}

async function readFolder(folder: string, { unread }: WalkControls): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith('.'))
      .toSorted((left, right) => byName.compare(left.name, right.name));
  } catch {
    unread(folder);
    return [];
  }
}
