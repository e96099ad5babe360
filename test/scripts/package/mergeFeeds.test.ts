import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { gatherPackages } from '../../../scripts/package/mergeFeeds.mjs';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'limpid-feeds-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function packages(name: string, files: Record<string, string>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

const feed = (arch: string, version = '1.2.0') =>
  stringify({
    version,
    files: [{ url: `Limpid-${arch}.zip`, sha512: `${arch}==`, size: 1 }],
    path: `Limpid-${arch}.zip`,
    releaseDate: '2026-11-21T00:00:00.000Z',
  });

test('two lists of macOS become one with the files of both processors', () => {
  const target = join(folder, 'release');
  const x64 = packages('x64', { 'latest-mac.yml': feed('x64'), 'Limpid-x64.zip': 'x' });
  const arm64 = packages('arm64', { 'latest-mac.yml': feed('arm64'), 'Limpid-arm64.zip': 'a' });
  gatherPackages([x64, arm64, packages('windows', { 'latest.yml': feed('windows') })], target);
  expect(readdirSync(target).toSorted()).toEqual([
    'Limpid-arm64.zip',
    'Limpid-x64.zip',
    'latest-mac.yml',
    'latest.yml',
  ]);
  expect(parse(readFileSync(join(target, 'latest-mac.yml'), 'utf8'))).toMatchObject({
    version: '1.2.0',
    path: 'Limpid-x64.zip',
    files: [{ url: 'Limpid-x64.zip' }, { url: 'Limpid-arm64.zip' }],
  });
});

test('lists of two versions are not mixed', () => {
  const x64 = packages('x64', { 'latest-mac.yml': feed('x64') });
  const arm64 = packages('arm64', { 'latest-mac.yml': feed('arm64', '1.3.0') });
  expect(() => gatherPackages([x64, arm64], join(folder, 'release'))).toThrow('different versions: 1.2.0 and 1.3.0');
});

test('a package that two computers made is none to be published', () => {
  const [one, two] = ['one', 'two'].map((name) => packages(name, { 'Limpid.deb': name }));
  expect(() => gatherPackages([one!, two!], join(folder, 'release'))).toThrow('Limpid.deb was made twice');
});
