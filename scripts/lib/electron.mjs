// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runLogged } from './child.mjs';
import { root } from './paths.mjs';

const packageFolder = join(root, 'node_modules/electron');

/** Where Electron's program is, null while it has not been downloaded. */
export function electronBinary() {
  const namePath = join(packageFolder, 'path.txt');
  if (!existsSync(namePath)) return null;
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist');
  const binary = join(folder, readFileSync(namePath, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** A hundred megabytes on a slow line; a connection that stands still must not keep the app from opening. */
const DOWNLOAD_MS = 10 * 60_000;

/** Downloads Electron's program, in ten minutes at most; npm brings only the script that does it. */
export async function downloadElectron() {
  await runLogged('electron-download', [process.execPath, join(packageFolder, 'install.js')], {}, DOWNLOAD_MS);
}

/**
 * Whether a window, of a browser too, can be shown.
 * @param {object} machine
 * @param {string} machine.platform as `process.platform`
 * @param {Record<string, string | undefined>} machine.environment
 */
export function hasDisplay({ platform, environment }) {
  return platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/**
 * What keeps Electron from opening a window on this machine, before its program is looked at. Null when nothing does.
 * @param {object} machine
 * @param {string} machine.platform as `process.platform`
 * @param {boolean} machine.isRoot
 * @param {Record<string, string | undefined>} machine.environment
 * @returns {string | null}
 */
export function machineObstacle({ platform, isRoot, environment }) {
  if (platform !== 'linux') return null;
  if (!hasDisplay({ platform, environment })) return 'there is no display (DISPLAY is not set)';
  return isRoot ? 'Electron refuses to run as root' : null;
}

/**
 * The shared libraries `ldd` did not find.
 * @param {string} lddOutput
 * @returns {string[]}
 */
export function missingLibraries(lddOutput) {
  const names = Array.from(lddOutput.matchAll(/^\s*(\S+) => not found$/gm), ([, name]) => String(name));
  return [...new Set(names)];
}

/**
 * What keeps this program from starting on this machine, null when nothing does.
 * @param {string} binary
 * @returns {string | null}
 */
export function binaryObstacle(binary) {
  if (process.platform !== 'linux') return null;
  const missing = missingLibraries(spawnSync('ldd', [binary], { encoding: 'utf8' }).stdout ?? '');
  if (missing.length > 0) return `the system lacks ${missing.join(', ')}`;
  if (hasUserNamespaces() || isSetuidRoot(join(dirname(binary), 'chrome-sandbox'))) return null;
  return 'this system does not allow its sandbox (user namespaces are restricted)';
}

/** Chromium's sandbox needs user namespaces; Debian and Ubuntu each have a switch of their own for them. */
function hasUserNamespaces() {
  return (
    readSwitch('/proc/sys/kernel/unprivileged_userns_clone') !== '0' &&
    readSwitch('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1'
  );
}

/** @param {string} path */
function readSwitch(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

/** @param {string} path */
function isSetuidRoot(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === 0 && (stats.mode & 0o4000) !== 0;
}
