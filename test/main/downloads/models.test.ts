import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLicensedFiles } from '../../../src/main/audio/licensedFiles.js';
import { fetchManifest, installModel, listModels, parseManifest } from '../../../src/main/downloads/models.js';
import { startFaultyServer, type FaultyServer } from './faultyServer.js';
import { publishModels, sha256Of, vendorEnvironment } from './vendor.js';

const nothingChosen = { libraryPath: null, modelPath: null, vadModelPath: null };
const six = Buffer.from('a model of version 6');
const seven = Buffer.alloc(200_000, 'a model of version 7');
const id = 'quail-vf-2.2-s-16khz';
const file = 'quail_vf_2_2_s_16khz_abcd_v14.aicmodel';

let folder = '';
let server: FaultyServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-models-'));
  server = await startFaultyServer();
  publishModels(server, {
    [id]: { 6: six, 7: seven },
    'sparrow-l-48khz': { 2: six },
    'quail-vad-2.0-xxs-16khz': { 7: six },
    'tyto-1.1-l-16khz': { 7: six },
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const controls = () => ({ environment: vendorEnvironment(server), retryDelaysMs: [0] });
const install = (model = id, compatibleVersion = 7) =>
  installModel({ id: model, compatibleVersion, dataFolder: folder }, controls());
const list = async (compatibleVersion: number | null) =>
  listModels(await fetchManifest(null, controls()), compatibleVersion, folder);

describe('installing a model', () => {
  test('takes the build of exactly the library’s version, and it is found', async () => {
    const path = join(folder, 'models', id, 'v7', file);
    expect(await install()).toEqual({ path, sha256: sha256Of(seven), id, version: 7 });
    expect(readFileSync(path).equals(seven)).toBe(true);
    expect(readdirSync(join(folder, 'models', id, 'v7')).toSorted()).toEqual([file, `${file}.json`]);
    expect(JSON.parse(readFileSync(`${path}.json`, 'utf8'))).toMatchObject({ id, version: 7, bytes: seven.length });
    expect(findLicensedFiles(nothingChosen, {}, folder).modelPath).toBe(path);
    expect((await install(id, 6)).path).toContain('v6');
  });

  test.each([5, 8])('refuses when there is none of version %d: there is no other choice', async (version) => {
    await expect(install(id, version)).rejects.toMatchObject({
      code: 'model.incompatible',
      params: { id, version, versions: '6, 7' },
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  test.each(['quail', '../../etc', '__proto__', 'constructor', ''])('knows no model “%s”', async (name) => {
    await expect(install(name)).rejects.toMatchObject({ code: 'model.unknown' });
  });

  test('keeps the file that is there, and makes it the one in use again', async () => {
    const { path } = await install();
    const last = await install(id, 6);
    expect(findLicensedFiles(nothingChosen, {}, folder).modelPath).toBe(last.path);
    await new Promise((resolve) => setTimeout(resolve, 2));
    server.seen.length = 0;
    await install();
    expect(server.seen.map((seen) => seen.path)).toEqual(['/models/manifest.json']);
    expect(findLicensedFiles(nothingChosen, {}, folder).modelPath).toBe(path);
  });

  test('replaces a file that was damaged', async () => {
    const { path } = await install();
    writeFileSync(path, Buffer.alloc(seven.length));
    await install();
    expect(readFileSync(path).equals(seven)).toBe(true);
  });

  test('leaves nothing that could be found when the content is wrong', async () => {
    server.files.set(`/models/models/quail-vf-2-2-s-16khz/v7/${file}`, Buffer.from('something else'));
    await expect(install()).rejects.toMatchObject({ code: 'download.hash-mismatch' });
    expect(readdirSync(join(folder, 'models', id, 'v7'))).toEqual([]);
    expect(findLicensedFiles(nothingChosen, {}, folder).modelPath).toBeNull();
  });

  test('goes on where it stopped', async () => {
    server.faults.push({ kind: 'none' }, { kind: 'drop', afterBytes: 50_000 });
    await install();
    expect(server.seen[2]?.range).toBe('bytes=50000-');
  });

  test('may happen in several places at once', async () => {
    const paths = await Promise.all([install(), install(), install()]);
    expect(new Set(paths.map(({ path }) => path)).size).toBe(1);
    expect(readdirSync(join(folder, 'models', id, 'v7')).toSorted()).toEqual([file, `${file}.json`]);
  });
});

describe('the list', () => {
  test('says what fits and what is installed', async () => {
    const { path } = await install();
    expect(await list(7)).toEqual([
      { id: 'quail-vad-2.0-xxs-16khz', purpose: 'vad', versions: [7], isCompatible: true, path: null },
      { id, purpose: 'enhancement', versions: [7, 6], isCompatible: true, path },
      { id: 'sparrow-l-48khz', purpose: 'enhancement', versions: [2], isCompatible: false, path: null },
      { id: 'tyto-1.1-l-16khz', purpose: 'analysis', versions: [7], isCompatible: true, path: null },
    ]);
  });

  test('names no installed build that does not fit', async () => {
    await install(id, 6);
    expect((await list(7)).find((model) => model.id === id)?.path).toBeNull();
    expect((await list(null)).find((model) => model.id === id)).toMatchObject({
      isCompatible: null,
      path: expect.stringContaining('v6') as string,
    });
  });
});

describe('a manifest', () => {
  const entry = { file: 'models/a/v7/a.aicmodel', filename: 'a.aicmodel', checksum: 'F'.repeat(64) };
  const parse = (models: object) => parseManifest(JSON.stringify({ schema_version: '9', models, more: 1 }));

  test('is read whatever else stands in it', () => {
    const manifest = parse({ a: { versions: { v7: { ...entry, size: 1 } }, title: 'A' } });
    expect(manifest.get('a')?.get(7)?.checksum).toBe('f'.repeat(64));
  });

  test.each([
    ['a path upwards', { ...entry, file: 'models/../../a.aicmodel' }],
    ['an absolute path', { ...entry, file: '/a.aicmodel' }],
    ['another server', { ...entry, file: 'https://example.org/a.aicmodel' }],
    ['another server, hidden', { ...entry, file: '//example.org/a.aicmodel' }],
    ['a query', { ...entry, file: 'a.aicmodel?x=1' }],
    ['a name with a folder', { ...entry, filename: '../a.aicmodel' }],
    ['a name of another kind', { ...entry, filename: 'a.exe' }],
    ['no hash', { ...entry, checksum: '' }],
    ['a short hash', { ...entry, checksum: 'ff' }],
    ['no file', { filename: 'a.aicmodel', checksum: entry.checksum }],
    ['nothing', null],
  ])('gives nothing for a model with %s', (_, version) => {
    expect([...parse({ a: { versions: { v7: version } }, b: { versions: { v7: entry } } }).keys()]).toEqual(['b']);
  });

  test.each(['v', '7', 'v07', 'v-1', 'vv7', 'v7.1'])('knows no version “%s”', (version) => {
    expect(parse({ a: { versions: { [version]: entry } } }).size).toBe(0);
  });

  test.each(['', 'no JSON', '[]', '{}', '{"models":[]}', 'null'])('is not %j', (text) => {
    expect(() => parseManifest(text)).toThrow('model.manifest');
  });

  test('that is a web page is said to be one', async () => {
    server.faults.push({ kind: 'html' });
    await expect(fetchManifest(null, controls())).rejects.toMatchObject({ code: 'download.web-page' });
  });
});
