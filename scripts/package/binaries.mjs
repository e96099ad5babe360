// @ts-check
// For which system and processor a compiled file is, by its first bytes.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ platform: string, archs: string[] }} Target as `process.platform`, `process.arch` */

const elfArchs = new Map([
  [0x3e, 'x64'],
  [0xb7, 'arm64'],
]);
const machArchs = new Map([
  [0x01000007, 'x64'],
  [0x0100000c, 'arm64'],
]);
const peArchs = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
]);
const headBytes = 4096;

/**
 * Null when it is none of ELF, Mach-O (one processor or several) and PE.
 * @param {Buffer} head the first bytes of the file, 4096 or all of it
 * @returns {Target | null}
 */
export function targetOf(head) {
  if (head.length < 64) return null;
  if (head.readUInt32BE(0) === 0x7f454c46)
    return { platform: 'linux', archs: named(elfArchs, [head.readUInt16LE(18)]) };
  if (head.readUInt32LE(0) === 0xfeedfacf)
    return { platform: 'darwin', archs: named(machArchs, [head.readUInt32LE(4)]) };
  if (head.readUInt32BE(0) === 0xcafebabe) {
    const slices = Array.from({ length: Math.min(head.readUInt32BE(4), 16) }, (_, index) => 8 + index * 20);
    return {
      platform: 'darwin',
      archs: named(
        machArchs,
        slices.map((offset) => head.readUInt32BE(offset)),
      ),
    };
  }
  if (head.toString('latin1', 0, 2) !== 'MZ') return null;
  const peOffset = head.readUInt32LE(60);
  if (peOffset + 6 > head.length || head.toString('latin1', peOffset, peOffset + 4) !== 'PE\0\0') return null;
  return { platform: 'win32', archs: named(peArchs, [head.readUInt16LE(peOffset + 4)]) };
}

/**
 * @param {Map<number, string>} names
 * @param {number[]} machines
 */
function named(names, machines) {
  return machines.map((machine) => names.get(machine) ?? `machine ${machine}`);
}

/**
 * Paths, from the folder, of compiled files that another system or processor needs.
 * @param {string} folder
 * @param {string} platform
 * @param {string} arch
 */
export function foreignBinaries(folder, platform, arch) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => {
      const target = targetOf(readHead(join(folder, path)));
      return target !== null && !(target.platform === platform && target.archs.includes(arch));
    });
}

/** @param {string} path */
function readHead(path) {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(file, head, 0, headBytes, 0));
  } finally {
    closeSync(file);
  }
}
