import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import { isOnServer } from '../settings/licensedPath.js';
import {
  findWanted,
  formatMoment,
  makeFolders,
  readNamedFolders,
  surroundings,
  tryToMake,
  type Surroundings,
} from '../userFolders.js';

/** The files that the native core writes into a recording's folder. */
export const recordedFiles = ['original.wav', 'enhanced.wav'];

/**
 * Makes sure that `folder` exists and returns where to record: itself, or `take-2`, `take-3`, … inside it when it already
 * holds a recording, which is never overwritten. Throws `live.record-folder`.
 */
export function prepareRecordingFolder(folder: string): string {
  return orUnusable('live.record-folder', folder, () => {
    makeFolders(folder);
    return holdsRecording(folder) ? makeNextTake(folder, 2) : folder;
  });
}

/**
 * Makes a folder in `parent` that is named after this moment by the local clock (`2026-11-21 15-04-05`), or `… 2`, `… 3` when there
 * is one of that name. Throws `recording.folder-unusable`.
 */
export function makeDatedFolder(parent: string, at = new Date()): string {
  return orUnusable('recording.folder-unusable', parent, () => {
    makeFolders(parent);
    return makeNew(join(parent, formatMoment(at)), 1);
  });
}

/**
 * Where the next take of a recording goes: `take-2`, `take-3`, … in its folder. A folder that is gone is not made again: it may
 * have been on a disk that was pulled out. Throws `recording.folder-unusable`.
 */
export function makeTakeFolder(folder: string): string {
  return orUnusable('recording.folder-unusable', folder, () => makeNextTake(folder, 2));
}

/** Takes the folder of a take that did not come about away, with files that were begun; one that holds anything else stays. */
export function discardTakeFolder(folder: string): void {
  try {
    for (const name of recordedFiles) rmSync(join(folder, name), { force: true });
    rmdirSync(folder);
  } catch {
    // It holds something else, or is gone already.
  }
}

/**
 * Whether recordings can be kept there: an absolute path on a disk of this computer, which exists or can be made, and where a file
 * can be written. Rejects with `recording.folder-not-absolute`, `recording.folder-on-server` or `recording.folder-unusable`.
 */
export async function checkRecordingsFolder(folder: string): Promise<void> {
  // A path on a server makes Windows log in there as the user.
  if (isOnServer(folder)) throw new LimpidError('recording.folder-on-server', { folder });
  if (!isAbsolute(folder)) throw new LimpidError('recording.folder-not-absolute', { folder });
  const trial = join(folder, `.limpid-${process.pid}-${Date.now()}.tmp`);
  try {
    makeFolders(folder);
    // A full disk may take the name and not what is in it.
    await writeFile(trial, 'trial', { flag: 'wx' }).finally(() => rm(trial, { force: true }));
  } catch (cause) {
    throw unusable('recording.folder-unusable', folder, cause);
  }
}

/**
 * Makes the folder of all recordings unless it is there; whether anything can be written in it does not matter. Throws
 * `recording.folder-unusable`.
 */
export function makeRecordingsFolder(folder: string): string {
  return orUnusable('recording.folder-unusable', folder, () => {
    makeFolders(folder);
    return folder;
  });
}

/** `Limpid` in the user's folder for music; on Linux in the one for documents when there is none for music. */
export function defaultRecordingsFolder(given: Partial<Surroundings> = {}): string {
  const here = surroundings(given);
  const { platform, home } = here;
  if (platform !== 'linux') return join(home, 'Music', 'Limpid');
  const named = readNamedFolders(here);
  const candidates = [named['MUSIC'], named['DOCUMENTS'], join(home, 'Music'), join(home, 'Documents')];
  return join(findWanted(candidates, home) ?? join(home, 'Music'), 'Limpid');
}

function makeNew(path: string, number: number): string {
  const numbered = number === 1 ? path : `${path} ${number}`;
  return tryToMake(numbered) ? numbered : makeNew(path, number + 1);
}

function makeNextTake(folder: string, number: number): string {
  const take = join(folder, `take-${number}`);
  const isNew = tryToMake(take);
  return isNew || readdirSync(take).length === 0 ? take : makeNextTake(folder, number + 1);
}

const holdsRecording = (folder: string): boolean => readdirSync(folder).some((name) => recordedFiles.includes(name));

type FolderCode = 'live.record-folder' | 'recording.folder-unusable';

function orUnusable(code: FolderCode, folder: string, work: () => string): string {
  try {
    return work();
  } catch (cause) {
    throw unusable(code, folder, cause);
  }
}

function unusable(code: FolderCode, folder: string, cause: unknown): LimpidError {
  return new LimpidError(code, { folder, detail: cause instanceof Error ? cause.message : String(cause) }, { cause });
}
