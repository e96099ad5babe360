// @ts-check
// What packaging made: sizes, and whether the system will trust it.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, openSync, readdirSync, readSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { targetOf } from './binaries.mjs';

/**
 * @typedef {object} Package
 * @property {string} name of the app's folder, or of an installer
 * @property {number | null} archiveBytes app.asar; null for an installer
 * @property {number | null} unpackedBytes what lies beside it because it cannot be opened inside; null for an installer
 * @property {number} bytes all of it
 * @property {'developer' | 'none' | 'not-usual'} signature `not-usual`: on this system files carry none
 * @property {string[]} unsigned of an app for Windows that is signed: its programs and libraries that are not, paths from its folder
 * @property {boolean} lacksTicket a signed app for macOS without Apple's ticket, which is not opened without a network
 */

/**
 * Folders and installers in the output folder that were made since then.
 * @param {string} folder
 * @param {number} sinceMs
 * @returns {Package[]}
 */
export function describePackages(folder, sinceMs) {
  return readdirSync(folder)
    .filter((name) => lstatSync(join(folder, name)).ctimeMs >= sinceMs)
    .flatMap((name) => {
      const path = join(folder, name);
      if (/\.(dmg|zip|exe|AppImage|deb)$/.test(name)) return [describeInstaller(name, path)];
      const resources = findResources(path);
      return resources ? [describeApp(name, path, resources)] : [];
    });
}

/** @param {string} path */
function findResources(path) {
  if (!lstatSync(path).isDirectory()) return null;
  const app = readdirSync(path).find((name) => name.endsWith('.app'));
  const candidates = [join(path, 'resources'), ...(app ? [join(path, app, 'Contents/Resources')] : [])];
  return candidates.find((candidate) => existsSync(join(candidate, 'app.asar'))) ?? null;
}

/**
 * @param {string} name
 * @param {string} path
 * @param {string} resources
 * @returns {Package}
 */
function describeApp(name, path, resources) {
  const entries = readdirSync(path);
  const bundle = entries.find((entry) => entry.endsWith('.app'));
  const program = entries.find((entry) => entry.endsWith('.exe'));
  return {
    name,
    archiveBytes: bytesOf(join(resources, 'app.asar')),
    unpackedBytes: bytesOf(join(resources, 'app.asar.unpacked')),
    bytes: bytesOf(path),
    ...(bundle ? describeMac(join(path, bundle)) : program ? describeWindows(path, program) : unusual),
  };
}

const unusual = { signature: /** @type {const} */ ('not-usual'), unsigned: [], lacksTicket: false };

/**
 * @param {string} name
 * @param {string} path
 * @returns {Package}
 */
function describeInstaller(name, path) {
  const signature = name.endsWith('.exe') ? windowsSignature(path) : 'not-usual';
  return { name, archiveBytes: null, unpackedBytes: null, bytes: bytesOf(path), ...unusual, signature };
}

/**
 * @param {string} path
 * @returns {number}
 */
function bytesOf(path) {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/**
 * @param {string} bundle
 * @returns {Pick<Package, 'signature' | 'unsigned' | 'lacksTicket'>}
 */
function describeMac(bundle) {
  if (process.platform !== 'darwin') return { ...unusual, signature: 'none' };
  const { stderr } = spawnSync('codesign', ['--display', '--verbose=2', bundle], { encoding: 'utf8' });
  if (!/^Authority=Developer ID/m.test(stderr)) return { ...unusual, signature: 'none' };
  const { status } = spawnSync('xcrun', ['stapler', 'validate', bundle], { stdio: 'ignore' });
  return { ...unusual, signature: 'developer', lacksTicket: status !== 0 };
}

/**
 * @param {string} folder
 * @param {string} program
 * @returns {Pick<Package, 'signature' | 'unsigned' | 'lacksTicket'>}
 */
function describeWindows(folder, program) {
  const signature = windowsSignature(join(folder, program));
  if (signature === 'none') return { ...unusual, signature };
  const unsigned = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(exe|dll|node)$/.test(path))
    .filter((path) => windowsSignature(join(folder, path)) === 'none');
  return { ...unusual, signature, unsigned: unsigned.toSorted() };
}

const securityDirectory = 4;

/**
 * By the entry for certificates in the header; whose they are is not looked at. What is built for another system has none.
 * @param {string} program
 * @returns {'developer' | 'none'}
 */
function windowsSignature(program) {
  const head = Buffer.alloc(4096);
  const file = openSync(program, 'r');
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  if (targetOf(head)?.platform !== 'win32') return 'none';
  const optional = head.readUInt32LE(60) + 24;
  const directories = optional + (head.readUInt16LE(optional) === 0x20b ? 112 : 96);
  return head.readUInt32LE(directories + securityDirectory * 8 + 4) > 0 ? 'developer' : 'none';
}

/**
 * @param {Package[]} packages
 * @returns {string} a table of MB (10^6 bytes)
 */
export function sizeTable(packages) {
  const megabytes = (/** @type {number | null} */ bytes) => (bytes === null ? '–' : (bytes / 1e6).toFixed(1));
  const rows = [
    ['package', 'app.asar MB', 'beside it MB', 'whole MB'],
    ...packages.map(({ name, archiveBytes, unpackedBytes, bytes }) => [
      name,
      ...[archiveBytes, unpackedBytes, bytes].map(megabytes),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (/** @type {string} */ cell, /** @type {number} */ column) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}
