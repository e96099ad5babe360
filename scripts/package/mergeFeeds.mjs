// @ts-check
// `node scripts/package/mergeFeeds.mjs FOLDER…  TARGET`: moves what several computers packaged into one folder for the server. Lists
// of new versions (latest-mac.yml) that two of them wrote become one, with the files of both: the app picks its processor's.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

/** @typedef {{ version: string, files: { url: string, sha512: string }[] }} Feed what electron-builder writes; more fields are kept */

/**
 * @param {Feed} first its other fields stay
 * @param {Feed} second
 * @returns {Feed}
 */
export function mergeFeeds(first, second) {
  if (first.version !== second.version) {
    throw new Error(`the lists are of different versions: ${first.version} and ${second.version}`);
  }
  const known = new Set(first.files.map(({ url }) => url));
  return { ...first, files: [...first.files, ...second.files.filter(({ url }) => !known.has(url))] };
}

/**
 * @param {string[]} folders
 * @param {string} target made when it is not there
 */
export function gatherPackages(folders, target) {
  mkdirSync(target, { recursive: true });
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const [from, to] = [join(folder, name), join(target, name)];
      if (!existsSync(to)) renameSync(from, to);
      else if (name.endsWith('.yml')) writeFileSync(to, stringify(mergeFeeds(readFeed(to), readFeed(from))));
      else throw new Error(`${name} was made twice`);
    }
  }
}

/** @param {string} path */
function readFeed(path) {
  return /** @type {Feed} */ (parse(readFileSync(path, 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2, -1);
  const target = process.argv.at(-1);
  if (folders.length === 0 || !target)
    throw new Error('give the folders with packages, and then the folder to gather them in');
  gatherPackages(folders, target);
}
