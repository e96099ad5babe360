// @ts-check
import { closeSync, mkdirSync, openSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Modification time in ms since 1970, null when the path does not exist.
 * @param {string} path
 */
export function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/**
 * Newest modification time (ms) of files and, recursively, of folders and what is in them. A folder counts too, so
 * that a deleted or renamed file is noticed. Missing paths are skipped; 0 when there is none.
 * @param {string[]} paths
 * @returns {number}
 */
export function newestMs(paths) {
  let newest = 0;
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) continue;
    newest = Math.max(newest, stats.mtimeMs);
    if (stats.isDirectory()) newest = Math.max(newest, newestMs(readdirSync(path).map((name) => join(path, name))));
  }
  return newest;
}

/**
 * True when every output exists and none is older than the newest source.
 * @param {{ outputs: string[], sources: string[] }} paths
 */
export function isUpToDate({ outputs, sources }) {
  const outputTimes = outputs.map(modifiedMs);
  if (outputTimes.includes(null)) return false;
  return Math.min(...outputTimes.map(Number)) >= newestMs(sources);
}

/**
 * Gives a file the time a build began, so that a source saved during that build counts as newer. Creates the file
 * when it is missing.
 * @param {string} path
 * @param {number} timeMs
 */
export function stamp(path, timeMs) {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a'));
  utimesSync(path, timeMs / 1000, timeMs / 1000);
}
