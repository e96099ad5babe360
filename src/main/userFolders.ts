import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { formatDate, formatTime } from '../shared/namePattern.js';

/** What the folders of a person depend on. */
export interface Surroundings {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  home: string;
}

/** This computer, but for what is given. */
export const surroundings = (given: Partial<Surroundings>): Surroundings => ({
  platform: process.platform,
  environment: process.env,
  home: homedir(),
  ...given,
});

/** The folders that a Linux desktop names, such as `XDG_MUSIC_DIR="$HOME/Musik"`, by the middle of that name; empty elsewhere. */
export function readNamedFolders({ platform, environment, home }: Surroundings): Record<string, string> {
  if (platform !== 'linux') return {};
  let lines: string;
  try {
    lines = readFileSync(join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'user-dirs.dirs'), 'utf8');
  } catch {
    return {};
  }
  const named = [...lines.matchAll(/^\s*XDG_(\w+)_DIR="(.*)"\s*$/gm)].map(([, name = '', folder = '']) => {
    const plain = folder.replace(/^\$HOME(?=\/|$)/, home).replaceAll(/\\(.)/g, '$1');
    return [name, plain.replace(/\/+$/, '')];
  });
  return Object.fromEntries(named.filter(([, folder]) => isAbsolute(folder ?? '')));
}

/** The first that is there. One that a person does not want is set to the home folder itself. */
export const findWanted = (candidates: readonly (string | undefined)[], home: string): string | undefined =>
  candidates.find((folder) => folder && folder !== home && isFolder(folder));

/** Makes a folder with those above it. Node's own way of doing that never ends in a place such as /proc, where nothing can be made. */
export function makeFolders(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolders(dirname(folder));
  if (!tryToMake(folder) && !isFolder(folder)) throw new Error('there is a file of that name');
}

/** Returns false when there is something of that name. */
export function tryToMake(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** By the local clock, for a name: `2026-11-21 15-04-05`. */
export const formatMoment = (at: Date): string => `${formatDate(at)} ${formatTime(at)}`;

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
