// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stateFolder } from './paths.mjs';

/** Rewritten whenever the installed packages changed; what is built from them is older than this file. */
export const npmStampPath = join(stateFolder, 'npm.json');

/** Left by install scripts. The names are the allowed ones of `allowScripts` in package.json. */
const compiled = {
  keytar: 'node_modules/keytar/build/Release/keytar.node',
  naudiodon: 'node_modules/naudiodon/build/Release/naudiodon.node',
};

/**
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lockfile
 * @typedef {{ lockSha256: string, platform: string, arch: string }} NpmStamp
 * @typedef {{ action: 'none' | 'record' } | { action: 'install' | 'compile', reason: string, packages: string[] }} NpmPlan
 */

/**
 * True when every package of package-lock.json is installed in its version. Optional ones (other platforms') may be
 * missing, and there may be more.
 * @param {Lockfile} lock package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json, which npm keeps
 */
export function isInstalled(lock, installed) {
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    const found = installed.packages?.[path];
    if (path === '' || wanted.link) return true;
    return found ? found.version === wanted.version : Boolean(wanted.optional);
  });
}

/**
 * What npm has to do. A tree that was installed by hand and fits is only recorded: `npm ci` would delete it first.
 * @param {object} facts
 * @param {NpmStamp} facts.current
 * @param {NpmStamp | null} facts.stamp of the last installation
 * @param {() => boolean} facts.fits whether node_modules holds what the lockfile says
 * @param {boolean} facts.hasNodeModules
 * @param {string[]} facts.uncompiled packages whose install script has left nothing
 * @returns {NpmPlan}
 */
export function npmPlan({ current, stamp, fits, hasNodeModules, uncompiled }) {
  if (!hasNodeModules) return { action: 'install', reason: 'first time', packages: [] };
  const moved = stamp !== null && (stamp.platform !== current.platform || stamp.arch !== current.arch);
  if (moved) return { action: 'install', reason: 'installed for another machine', packages: [] };
  const changed = stamp?.lockSha256 !== current.lockSha256;
  if (changed && !fits()) return { action: 'install', reason: 'package-lock.json changed', packages: [] };
  if (uncompiled.length > 0) return { action: 'compile', reason: 'not compiled yet', packages: uncompiled };
  return { action: changed ? 'record' : 'none' };
}

/**
 * @template T
 * @param {string} path
 * @returns {T | null} null when the file is missing or no JSON
 */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** @returns {NpmStamp} */
function currentState() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const lockSha256 = createHash('sha256').update(lock).digest('hex');
  return { lockSha256, platform: process.platform, arch: process.arch };
}

/** Looks at node_modules and tells what npm has to do. */
export function inspectNpm() {
  const lockPath = join(root, 'package-lock.json');
  const installedPath = join(root, 'node_modules/.package-lock.json');
  const isMissing = (/** @type {string} */ path) => !existsSync(join(root, path));
  return npmPlan({
    current: currentState(),
    stamp: readJson(npmStampPath),
    fits: () => isInstalled(readJson(lockPath) ?? {}, readJson(installedPath) ?? {}),
    hasNodeModules: existsSync(installedPath),
    uncompiled: Object.entries(compiled).flatMap(([name, path]) => (isMissing(path) ? [name] : [])),
  });
}

/** Notes that node_modules holds what the lockfile says. */
export function recordNpm() {
  writeFileSync(npmStampPath, JSON.stringify(currentState(), null, 2));
}
