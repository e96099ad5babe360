import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { targetOf } from '../../../scripts/package/binaries.mjs';

/** A file's first bytes: numbers of 2 or 4 bytes at their places. */
function head(parts: [at: number, value: number, bytes: 2 | 4, order: 'LE' | 'BE'][]): Buffer {
  const buffer = Buffer.alloc(512);
  for (const [at, value, bytes, order] of parts) {
    if (order === 'LE') buffer.writeUIntLE(value, at, bytes);
    else buffer.writeUIntBE(value, at, bytes);
  }
  return buffer;
}

const elf = (machine: number) =>
  head([
    [0, 0x7f454c46, 4, 'BE'],
    [18, machine, 2, 'LE'],
  ]);
const machO = (cpu: number) =>
  head([
    [0, 0xfeedfacf, 4, 'LE'],
    [4, cpu, 4, 'LE'],
  ]);
const universal = head([
  [0, 0xcafebabe, 4, 'BE'],
  [4, 2, 4, 'BE'],
  [8, 0x01000007, 4, 'BE'],
  [28, 0x0100000c, 4, 'BE'],
]);
const pe = (machine: number) =>
  head([
    [0, 0x4d5a, 2, 'BE'],
    [60, 128, 4, 'LE'],
    [128, 0x50450000, 4, 'BE'],
    [132, machine, 2, 'LE'],
  ]);

test.each([
  ['Linux', elf(0x3e), 'linux', ['x64']],
  ['Linux on ARM', elf(0xb7), 'linux', ['arm64']],
  ['macOS on Apple Silicon', machO(0x0100000c), 'darwin', ['arm64']],
  ['macOS on both', universal, 'darwin', ['x64', 'arm64']],
  ['Windows', pe(0x8664), 'win32', ['x64']],
  ['a processor nobody knows', elf(0x1234), 'linux', ['machine 4660']],
])('a library for %s is known', (_name, bytes, platform, archs) => {
  expect(targetOf(bytes)).toEqual({ platform, archs });
});

test.each([
  ['text', Buffer.from('{ "name": "keytar" }'.padEnd(100))],
  ['nothing', Buffer.alloc(0)],
  [
    'a cut program',
    head([
      [0, 0x4d5a, 2, 'BE'],
      [60, 100_000, 4, 'LE'],
    ]),
  ],
])('%s is no library', (_name, bytes) => {
  expect(targetOf(bytes)).toBeNull();
});

test('this very program is for this computer', () => {
  const { platform, arch } = process;
  const target = targetOf(readFileSync(process.execPath).subarray(0, 4096));
  expect(target?.platform).toBe(platform);
  expect(target?.archs).toContain(arch);
});
