import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLicensedFiles } from '../../../src/main/audio/licensedFiles.js';
import type { ModelRecord, SdkRecord } from '../../../src/main/downloads/installed.js';

const nothingChosen = { libraryPath: null, modelPath: null, vadModelPath: null };
const hash = 'a'.repeat(64);

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-data-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function installSdk(version: string, changes: Partial<SdkRecord> = {}): string {
  const record: SdkRecord = {
    version,
    archive: 'aic-sdk.tar.gz',
    sha256: hash,
    library: 'lib/libaic.so',
    librarySha256: hash,
    compatibleModelVersion: 7,
    installedAtMs: 1,
    ...changes,
  };
  write(join(folder, 'sdk', version, 'installed.json'), JSON.stringify(record));
  return write(join(folder, 'sdk', version, 'lib', 'libaic.so'), 'library');
}

function installModel(id: string, version: number, installedAtMs: number, changes: Partial<ModelRecord> = {}): string {
  const file = `${id.replaceAll('-', '_')}.aicmodel`;
  const record: ModelRecord = { id, version, file, sha256: hash, bytes: 5, installedAtMs, ...changes };
  write(join(folder, 'models', id, `v${version}`, `${file}.json`), JSON.stringify(record));
  return write(join(folder, 'models', id, `v${version}`, file), 'model');
}

const find = (choice: Parameters<typeof findLicensedFiles>[0] = nothingChosen, environment: NodeJS.ProcessEnv = {}) =>
  findLicensedFiles(choice, environment, folder);

describe('the library', () => {
  test('is left to the system’s loader where there is none', () => {
    expect(find()).toEqual({ libraryPath: null, modelPath: null, vadModelPath: null });
  });

  test('is what AIC_LIB_PATH names, before what was chosen, before what is installed', () => {
    const installed = installSdk('0.25.1');
    const chosen = { ...nothingChosen, libraryPath: '/chosen/libaic.so' };
    expect(find(chosen, { AIC_LIB_PATH: '/named' }).libraryPath).toBe('/named');
    expect(find(chosen, { AIC_LIB_PATH: '' }).libraryPath).toBe('/chosen/libaic.so');
    expect(find().libraryPath).toBe(installed);
  });

  test('is the highest of the installed versions, by number', () => {
    installSdk('0.9.9');
    const newest = installSdk('0.25.10');
    installSdk('0.25.2');
    expect(find().libraryPath).toBe(newest);
  });

  test.each([
    ['without a record', () => rmSync(join(folder, 'sdk', '0.26.0', 'installed.json'))],
    ['with a broken record', () => write(join(folder, 'sdk', '0.26.0', 'installed.json'), '{"version":')],
    ['without its library', () => rmSync(join(folder, 'sdk', '0.26.0', 'lib'), { recursive: true })],
    ['with the record of another version', () => installSdk('0.26.0', { version: '0.27.0' })],
    ['that points out of its folder', () => installSdk('0.26.0', { library: '../0.25.1/lib/libaic.so' })],
  ])('is never an installation %s', (_, spoil) => {
    const good = installSdk('0.25.1');
    installSdk('0.26.0');
    spoil();
    expect(find().libraryPath).toBe(good);
  });

  test('is never an installation that is still being unpacked', () => {
    installSdk('0.25.1');
    const { libraryPath } = find();
    write(join(folder, 'sdk', '.0.26.0.tmp', 'lib', 'libaic.so'), 'half');
    expect(find().libraryPath).toBe(libraryPath);
  });
});

describe('the model', () => {
  test('is what LIMPID_AIC_MODEL names, before what was chosen, before what is installed', () => {
    const installed = installModel('quail-l-16khz', 7, 1);
    const chosen = { ...nothingChosen, modelPath: '/chosen.aicmodel' };
    expect(find(chosen, { LIMPID_AIC_MODEL: '/named' }).modelPath).toBe('/named');
    expect(find(chosen).modelPath).toBe('/chosen.aicmodel');
    expect(find().modelPath).toBe(installed);
  });

  test('is the one installed last', () => {
    installModel('quail-l-16khz', 7, 10);
    const last = installModel('sparrow-l-48khz', 7, 30);
    installModel('rook-l-48khz', 7, 20);
    expect(find().modelPath).toBe(last);
  });

  test('has the version that the installed library takes', () => {
    installSdk('0.25.1', { compatibleModelVersion: 7 });
    const fits = installModel('quail-l-16khz', 7, 10);
    installModel('quail-l-16khz', 6, 20);
    expect(find().modelPath).toBe(fits);
  });

  test('is the one installed last where what the library takes is unknown', () => {
    installSdk('0.25.1', { compatibleModelVersion: null });
    installModel('quail-l-16khz', 7, 10);
    const last = installModel('quail-l-16khz', 6, 20);
    expect(find().modelPath).toBe(last);
  });

  test('is none that hears speech or scores recordings', () => {
    installModel('quail-vad-2.0-xxs-16khz', 7, 20);
    installModel('tyto-1.1-l-16khz', 7, 20);
    expect(find().modelPath).toBeNull();
  });

  test('is none whose file is cut off or missing', () => {
    write(installModel('quail-l-16khz', 7, 10), 'mod');
    rmSync(installModel('rook-l-16khz', 7, 20));
    expect(find().modelPath).toBeNull();
  });

  test('is the same whatever order the folder has when two were installed at the same moment', () => {
    installModel('rook-l-48khz', 7, 10);
    const first = installModel('quail-l-16khz', 7, 10);
    installModel('quail-l-16khz', 6, 10);
    expect(find().modelPath).toBe(first);
  });
});

describe('the speech detector', () => {
  test('joins an installed model of the same version', () => {
    installModel('quail-l-16khz', 7, 10);
    const detector = installModel('quail-vad-2.0-xxs-16khz', 7, 5);
    installModel('quail-vad-2.0-xxs-16khz', 6, 20);
    expect(find().vadModelPath).toBe(detector);
  });

  test('does not join a model that was named', () => {
    installModel('quail-vad-2.0-xxs-16khz', 7, 5);
    expect(find(nothingChosen, { LIMPID_AIC_MODEL: '/named' }).vadModelPath).toBeNull();
  });

  test('may be chosen', () => {
    installModel('quail-l-16khz', 7, 10);
    installModel('quail-vad-2.0-xxs-16khz', 7, 5);
    expect(find({ ...nothingChosen, vadModelPath: '/chosen' }).vadModelPath).toBe('/chosen');
  });
});
