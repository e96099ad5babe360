import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFromTarGz, unpack, type UnpackLimits } from '../../../src/main/downloads/unpack.js';
import { makeTarGz, makeZip, type ArchiveEntry } from './archives.js';

let root = '';
let folder = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'limpid-unpack-'));
  folder = join(root, 'out', 'inner');
  mkdirSync(folder, { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const make = { 'tar.gz': makeTarGz, zip: makeZip };
type Kind = keyof typeof make;
const kinds = Object.keys(make) as Kind[];

function unpackHere(kind: Kind, archive: Buffer, limits?: UnpackLimits): Promise<void> {
  const path = join(root, `archive.${kind}`);
  writeFileSync(path, archive);
  return unpack(path, folder, limits);
}

/** Everything below the root but the archive and the folder itself. */
const written = (): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^archive\.|^out$|^out.inner$/.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .toSorted();

describe.each(kinds)('a %s', (kind) => {
  test('is unpacked file by file, also a file of many pieces', async () => {
    const library = randomBytes(3_000_000);
    await unpackHere(
      kind,
      make[kind]([
        { path: 'lib/', type: '5', mode: 0o040_755 },
        { path: 'lib/libaic.so', data: library },
        { path: './include/aic.h', data: 'header' },
        { path: 'empty', data: '' },
      ]),
    );
    expect(written()).toEqual([
      'out/inner/empty',
      'out/inner/include',
      'out/inner/include/aic.h',
      'out/inner/lib',
      'out/inner/lib/libaic.so',
    ]);
    expect(readFileSync(join(folder, 'lib/libaic.so')).equals(library)).toBe(true);
    expect(readFileSync(join(folder, 'include/aic.h'), 'utf8')).toBe('header');
  });

  test.each([
    '../out.txt',
    'lib/../../out.txt',
    '/etc/limpid-out.txt',
    'C:/out.txt',
    'C:out.txt',
    '..\\out.txt',
    'lib//x',
    'lib/./x',
    'stream:x',
    'nul.txt',
    'lib/COM1',
    'trailing.',
    'trailing ',
    'bell\u0007',
    '..',
  ])('with %j writes nothing for it', async (path) => {
    const archive = make[kind]([{ path, data: 'x' }]);
    // yauzl takes backslashes of zips for slashes, as old Windows tools wrote them.
    await expect(unpackHere(kind, archive)).rejects.toMatchObject({ code: 'archive.unsafe' });
    expect(written()).toEqual([]);
  });

  test('never writes a file twice, nor a file for a folder', async () => {
    const twice = make[kind]([
      { path: 'a', data: 'first' },
      { path: 'a', data: 'second' },
    ]);
    await expect(unpackHere(kind, twice)).rejects.toMatchObject({ code: 'archive.unsafe' });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('first');
    const below = make[kind]([
      { path: 'b', data: 'file' },
      { path: 'b/c', data: 'below' },
    ]);
    await expect(unpackHere(kind, below)).rejects.toMatchObject({ code: 'archive.unsafe' });
  });

  test('of more than is allowed stops there', async () => {
    const bomb = make[kind]([{ path: 'zeros', data: Buffer.alloc(20_000_000) }]);
    const limits = { maxBytes: 1_000_000, maxEntries: 10 };
    await expect(unpackHere(kind, bomb, limits)).rejects.toMatchObject({
      code: 'archive.too-large',
      params: { limitMb: 1 },
    });
    const bytes = written().map((name) => (name.endsWith('zeros') ? readFileSync(join(root, name)).length : 0));
    expect(Math.max(0, ...bytes)).toBeLessThanOrEqual(1_000_000);
  });

  test('of many files that are too much together stops there', async () => {
    const archive = make[kind](Array.from({ length: 10 }, (_, n) => ({ path: `f${n}`, data: Buffer.alloc(200_000) })));
    await expect(unpackHere(kind, archive, { maxBytes: 1_000_000, maxEntries: 100 })).rejects.toMatchObject({
      code: 'archive.too-large',
    });
  });

  test('of too many entries stops there', async () => {
    const archive = make[kind](Array.from({ length: 12 }, (_, n) => ({ path: `f${n}`, data: 'x' })));
    await expect(unpackHere(kind, archive, { maxBytes: 1_000_000, maxEntries: 10 })).rejects.toMatchObject({
      code: 'archive.too-many',
    });
    expect(written()).toHaveLength(10);
  });

  test('that is cut off, or is none, is damaged', async () => {
    const whole = make[kind]([{ path: 'lib/libaic.so', data: randomBytes(200_000) }]);
    await expect(unpackHere(kind, whole.subarray(0, 100_000))).rejects.toMatchObject({ code: 'archive.damaged' });
    rmSync(join(folder, 'lib'), { recursive: true, force: true });
    await expect(unpackHere(kind, Buffer.from('<!doctype html>'))).rejects.toMatchObject({ code: 'archive.damaged' });
    await expect(unpackHere(kind, Buffer.alloc(0))).rejects.toMatchObject({ code: 'archive.damaged' });
  });

  test('into a folder that cannot be written says so', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file');
    await expect(unpackHere(kind, make[kind]([{ path: 'lib/x', data: 'x' }]))).rejects.toMatchObject({
      code: expect.stringMatching(/^(archive\.unsafe|download\.unwritable)$/) as string,
    });
  });
});

describe('a tar.gz', () => {
  test.each<[string, ArchiveEntry]>([
    ['a symbolic link', { path: 'lib/libaic.so', type: '2', linkTo: '/etc/passwd' }],
    ['a hard link', { path: 'lib/libaic.so', type: '1', linkTo: 'a' }],
    ['a character device', { path: 'dev', type: '3' }],
    ['a block device', { path: 'dev', type: '4' }],
    ['a pipe', { path: 'pipe', type: '6' }],
    ['an unknown type', { path: 'odd', type: 'Z' }],
  ])('with %s is refused', async (_, entry) => {
    await expect(unpackHere('tar.gz', makeTarGz([{ path: 'a', data: 'x' }, entry]))).rejects.toMatchObject({
      code: 'archive.unsafe',
      params: { path: entry.path },
    });
    expect(written().filter((name) => name !== 'out/inner/a')).toEqual([]);
  });

  test('that writes through a link of its own is refused before', async () => {
    const archive = makeTarGz([
      { path: 'lib', type: '2', linkTo: '..' },
      { path: 'lib/out.txt', data: 'x' },
    ]);
    await expect(unpackHere('tar.gz', archive)).rejects.toMatchObject({ code: 'archive.unsafe' });
    expect(written()).toEqual([]);
  });

  test('whose sizes are wrong is damaged', async () => {
    const archive = makeTarGz([{ path: 'a', data: 'x', claimedBytes: 5_000_000 }]);
    await expect(unpackHere('tar.gz', archive)).rejects.toMatchObject({ code: 'archive.damaged' });
  });

  test('that is compressed twice is no way round the limit', async () => {
    const archive = gzipSync(makeTarGz([{ path: 'zeros', data: Buffer.alloc(20_000_000) }]));
    await expect(unpackHere('tar.gz', archive, { maxBytes: 1_000_000, maxEntries: 10 })).rejects.toMatchObject({
      code: expect.stringMatching(/^archive\.(too-large|damaged)$/) as string,
    });
    const sizes = written().map((name) => (name.endsWith('zeros') ? readFileSync(join(root, name)).length : 0));
    expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(1_000_000);
  });

  test('of nothing but headers stops at the limit', async () => {
    const archive = makeTarGz(Array.from({ length: 5000 }, () => ({ path: 'folder/', type: '5' })));
    await expect(unpackHere('tar.gz', archive, { maxBytes: 1_000_000, maxEntries: 1e6 })).rejects.toMatchObject({
      code: 'archive.too-large',
    });
  });
});

describe('a zip', () => {
  test('with a symbolic link is refused', async () => {
    const archive = makeZip([{ path: 'lib/aic.dll', data: '/etc/passwd', mode: 0o120_777 }]);
    await expect(unpackHere('zip', archive)).rejects.toMatchObject({ code: 'archive.unsafe' });
    expect(written()).toEqual([]);
  });

  test('made on Windows, without types, is unpacked', async () => {
    await unpackHere('zip', makeZip([{ path: 'lib\\aic.dll', data: 'library', mode: 0 }]));
    expect(readFileSync(join(folder, 'lib', 'aic.dll'), 'utf8')).toBe('library');
  });

  test.each([10, 100_000])('that says %d bytes of a file that has other is damaged', async (claimedBytes) => {
    const archive = makeZip([{ path: 'a', data: Buffer.alloc(50_000, 1), claimedBytes }]);
    await expect(unpackHere('zip', archive)).rejects.toMatchObject({ code: 'archive.damaged' });
  });

  test('that says more than is allowed is not even begun', async () => {
    const archive = makeZip([{ path: 'a', data: 'x', claimedBytes: 500_000_000 }]);
    await expect(unpackHere('zip', archive)).rejects.toMatchObject({ code: 'archive.too-large' });
    expect(written()).toEqual([]);
  });
});

describe('one file of a tar.gz in memory', () => {
  const archive = makeTarGz([
    { path: 'crate/big', data: Buffer.alloc(300_000) },
    { path: 'crate/checksum.txt', data: 'sums' },
    { path: 'crate/other/checksum.txt', data: 'others' },
  ]);

  test('is the first that fits', async () => {
    expect((await readFromTarGz(archive, (path) => path.endsWith('checksum.txt')))?.toString()).toBe('sums');
    expect(await readFromTarGz(archive, () => false)).toBeNull();
  });

  test('is refused from a damaged one', async () => {
    await expect(readFromTarGz(Buffer.from('none'), () => true)).rejects.toMatchObject({ code: 'archive.damaged' });
  });
});
