import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLicensedFiles } from '../../../src/main/audio/licensedFiles.js';
import { loadNative } from '../../../src/main/audio/native.js';
import type { DownloadControls } from '../../../src/main/downloads/download.js';
import { installSdk, type SdkInstallOptions } from '../../../src/main/downloads/installSdk.js';
import { findChecksum, sdkArchive } from '../../../src/main/downloads/sdkArchive.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { buildStandIn } from '../../libaic/build.js';
import { startFaultyServer, type FaultyServer } from './faultyServer.js';
import { publishSdk, vendorEnvironment } from './vendor.js';

const { library: libraryName, name: archiveName } = sdkArchive('0.25.1');
const nothingChosen = { libraryPath: null, modelPath: null, vadModelPath: null };
const other = '1'.repeat(64);

let folder = '';
let server: FaultyServer;
let questions = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-sdk-'));
  server = await startFaultyServer();
  questions = 0;
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const install = (options: Partial<SdkInstallOptions> = {}, controls: DownloadControls = {}) =>
  installSdk(
    {
      version: '0.25.1',
      sha256: null,
      dataFolder: folder,
      inspect: loadNative().inspectLicensedLibrary,
      acceptLicence: async () => void (questions += 1),
      ...options,
    },
    { environment: vendorEnvironment(server), retryDelaysMs: [0, 0], ...controls },
  );

const libraryPath = (version = '0.25.1') => join(folder, 'sdk', version, 'lib', libraryName);
const left = () => readdirSync(join(folder, 'sdk')).toSorted();
const asked = () => server.seen.map(({ path }) => path);

describe('an installation', () => {
  test('downloads, checks, unpacks and opens the library, and is found', async () => {
    const { archivePath, cratePath, sha256 } = publishSdk(server);
    expect(await install()).toEqual({
      path: libraryPath(),
      sha256,
      version: '0.25.1',
      compatibleModelVersion: 7,
      wasInstalled: false,
    });
    expect(asked()).toEqual([cratePath, archivePath]);
    expect(left()).toEqual(['0.25.1']);
    expect(readdirSync(join(folder, 'sdk', '0.25.1')).toSorted()).toEqual([
      'LICENSE.AIC-SDK',
      'include',
      'installed.json',
      'lib',
    ]);
    expect(findLicensedFiles(nothingChosen, {}, folder).libraryPath).toBe(libraryPath());
    expect(questions).toBe(1);
  });

  test('that is there is neither asked about nor downloaded again', async () => {
    publishSdk(server);
    await install();
    server.seen.length = 0;
    expect(await install()).toMatchObject({ path: libraryPath(), wasInstalled: true, compatibleModelVersion: 7 });
    expect(asked()).toEqual([]);
    expect(questions).toBe(1);
  });

  test('that was damaged is done again', async () => {
    publishSdk(server);
    await install();
    // Not in place: the library is open.
    rmSync(libraryPath());
    writeFileSync(libraryPath(), 'broken');
    expect(await install()).toMatchObject({ wasInstalled: false });
    expect(left()).toEqual(['0.25.1']);
  });

  test('of another archive of the same version replaces what is there', async () => {
    publishSdk(server);
    await install();
    const { sha256 } = publishSdk(server, '0.25.1', {
      entries: [{ path: `lib/${libraryName}`, data: readFileSync(buildStandIn().libraryPath) }],
    });
    expect(await install({ sha256 })).toMatchObject({ sha256, wasInstalled: false });
    expect(readdirSync(join(folder, 'sdk', '0.25.1')).toSorted()).toEqual(['installed.json', 'lib']);
    expect(left()).toEqual(['0.25.1']);
  });

  test('goes by the hash that was given, without the crate', async () => {
    const { archivePath, sha256 } = publishSdk(server);
    await install({ sha256: sha256.toUpperCase() });
    expect(asked()).toEqual([archivePath]);
  });

  test('finds a library that is not in lib/', async () => {
    publishSdk(server, '0.25.1', {
      entries: [{ path: `aic-sdk/bin/${libraryName}`, data: readFileSync(buildStandIn().libraryPath) }],
    });
    const { path } = await install();
    expect(path).toBe(join(folder, 'sdk', '0.25.1', 'aic-sdk', 'bin', libraryName));
  });

  test('goes on with what an earlier one got', async () => {
    publishSdk(server);
    server.faults.push({ kind: 'none' }, { kind: 'drop', afterBytes: 10_000 });
    await expect(install({}, { retryDelaysMs: [] })).rejects.toMatchObject({ code: 'download.interrupted' });
    expect(left().every((name) => /\.part(\.etag)?$/.test(name))).toBe(true);
    server.seen.length = 0;
    await install();
    expect(server.seen[1]?.range).toBe('bytes=10000-');
    expect(left()).toEqual(['0.25.1']);
  });

  test('may happen in several places at once', async () => {
    publishSdk(server);
    const results = await Promise.all([install(), install(), install(), install()]);
    expect(new Set(results.map(({ path }) => path))).toEqual(new Set([libraryPath()]));
    expect(left()).toEqual(['0.25.1']);
  });

  test('clears away what a process left long ago, and nothing of one that runs', async () => {
    publishSdk(server);
    const { pid } = spawnSync('true');
    const gone = join(folder, 'sdk', `.0.25.1.${pid}-00aa.tmp`);
    const running = join(folder, 'sdk', `.0.25.1.${process.ppid}-00aa.tmp`);
    for (const path of [gone, running]) {
      mkdirSync(path, { recursive: true });
      utimesSync(path, new Date(0), new Date(0));
    }
    await install();
    expect(left()).toEqual([`.0.25.1.${process.ppid}-00aa.tmp`, '0.25.1']);
  });
});

describe('nothing is installed', () => {
  const expectNothing = () => {
    expect(findLicensedFiles(nothingChosen, {}, folder).libraryPath).toBeNull();
    const names = readdirSync(folder).includes('sdk') ? left() : [];
    expect(names.filter((name) => !/\.part(\.etag)?$/.test(name))).toEqual([]);
  };

  test('without the licence, and nothing is downloaded', async () => {
    publishSdk(server);
    const acceptLicence = () => Promise.reject(new LimpidError('sdk.licence-declined'));
    await expect(install({ acceptLicence })).rejects.toMatchObject({ code: 'sdk.licence-declined' });
    expect(asked()).toEqual([]);
    expectNothing();
  });

  test('when the archive is not the one of the list', async () => {
    publishSdk(server, '0.25.1', { sums: (_, name) => `${other}  ${name}` });
    await expect(install()).rejects.toMatchObject({ code: 'download.hash-mismatch', params: { file: archiveName } });
    expectNothing();
  });

  test('when the archive is not the one that was named', async () => {
    publishSdk(server);
    await expect(install({ sha256: other })).rejects.toMatchObject({ code: 'download.hash-mismatch' });
    expectNothing();
  });

  test.each<[string, (right: string, name: string) => string]>([
    ['is not in the list', (right) => `${right}  another.tar.gz`],
    ['is in the list with two hashes', (right, name) => `${right}  ${name}\n${other}  ${name}`],
    ['is only in a comment', (right, name) => `# ${right}  ${name}`],
    ['has no whole hash', (right, name) => `${right.slice(1)}  ${name}`],
  ])('when the archive %s', async (_, sums) => {
    const { archivePath } = publishSdk(server, '0.25.1', { sums });
    await expect(install()).rejects.toMatchObject({ code: 'sdk.no-checksum' });
    expect(asked()).not.toContain(archivePath);
    expectNothing();
  });

  test('when the version has no crate', async () => {
    const { cratePath } = publishSdk(server);
    server.files.delete(cratePath);
    await expect(install()).rejects.toMatchObject({ code: 'sdk.no-checksum' });
    expectNothing();
  });

  test('when the crate is none', async () => {
    const { cratePath } = publishSdk(server);
    server.files.set(cratePath, Buffer.from('nothing of the kind'));
    await expect(install()).rejects.toMatchObject({ code: 'archive.damaged' });
    expectNothing();
  });

  test('when the version has no archive', async () => {
    const { archivePath } = publishSdk(server);
    server.files.delete(archivePath);
    await expect(install()).rejects.toMatchObject({ code: 'download.not-found' });
    expectNothing();
  });

  test('when the archive holds a link, although its hash is right', async () => {
    publishSdk(server, '0.25.1', {
      entries: [
        { path: `lib/${libraryName}.1`, data: 'library' },
        { path: `lib/${libraryName}`, type: '2', linkTo: `${libraryName}.1` },
      ],
    });
    await expect(install()).rejects.toMatchObject({ code: 'archive.unsafe' });
    expectNothing();
  });

  test('when the archive holds no library', async () => {
    publishSdk(server, '0.25.1', { entries: [{ path: 'lib/libaic.a', data: 'static' }] });
    await expect(install()).rejects.toMatchObject({ code: 'sdk.no-library', params: { library: libraryName } });
    expectNothing();
  });

  test.each([
    ['notALibraryPath', 'aic.library-unloadable'],
    ['wrongArchitecturePath', 'aic.library-unloadable'],
    ['oldLibraryPath', 'aic.library-too-old'],
    ['incompleteLibraryPath', 'aic.library-incomplete'],
  ] as const)('when the library (%s) cannot be used here', async (which, code) => {
    const data = readFileSync(buildStandIn()[which]);
    publishSdk(server, '0.25.1', { entries: [{ path: `lib/${libraryName}`, data }] });
    await expect(install()).rejects.toMatchObject({ code });
    expectNothing();
  });

  test.each([
    [{ version: '0.21.9' }, 'sdk.version-too-old'],
    [{ version: '../0.25.1' }, 'sdk.version'],
    [{ version: 'latest' }, 'sdk.version'],
    [{ sha256: 'abc' }, 'sdk.sha256'],
    [{ platform: 'freebsd' }, 'sdk.unsupported-platform'],
    [{ arch: 'riscv64' }, 'sdk.unsupported-platform'],
    [{ sdkBaseUrl: 'http://example.org/sdk' }, 'download.base-url'],
    [{ sdkBaseUrl: 'https://user:secret@example.org/' }, 'download.base-url'],
    [{ sdkBaseUrl: 'https://example.org/?a=b' }, 'download.base-url'],
    [{ cratesBaseUrl: 'file:///etc' }, 'download.base-url'],
  ] as [Partial<SdkInstallOptions>, string][])('with %j', async (options, code) => {
    publishSdk(server);
    await expect(install(options)).rejects.toMatchObject({ code });
    expect(asked()).toEqual([]);
    expect(questions).toBe(0);
    expectNothing();
  });

  test('where the data folder cannot be written', async () => {
    publishSdk(server);
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, 'a file');
    await expect(install({ dataFolder: blocked })).rejects.toMatchObject({ code: 'download.unwritable' });
  });

  test('when it is cancelled', async () => {
    publishSdk(server);
    const abort = new AbortController();
    server.faults.push({ kind: 'none' }, { kind: 'stall', afterBytes: 1000 });
    const running = install({}, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expectNothing();
    expect(left().some((name) => name.endsWith('.part'))).toBe(true);
  });
});

test('a newer version that cannot be opened leaves the older one in use', async () => {
  publishSdk(server, '0.25.1');
  await install();
  const data = readFileSync(buildStandIn().notALibraryPath);
  publishSdk(server, '0.26.0', { entries: [{ path: `lib/${libraryName}`, data }] });
  await expect(install({ version: '0.26.0' })).rejects.toMatchObject({ code: 'aic.library-unloadable' });
  expect(findLicensedFiles(nothingChosen, {}, folder).libraryPath).toBe(libraryPath('0.25.1'));
  expect(dirname(libraryPath('0.25.1'))).toContain('0.25.1');
});

test.each([
  ['linux', 'x64', 'aic-sdk-x86_64-unknown-linux-gnu-0.25.1.tar.gz', 'libaic.so'],
  ['linux', 'arm64', 'aic-sdk-aarch64-unknown-linux-gnu-0.25.1.tar.gz', 'libaic.so'],
  ['darwin', 'x64', 'aic-sdk-x86_64-apple-darwin-0.25.1.tar.gz', 'libaic.dylib'],
  ['darwin', 'arm64', 'aic-sdk-aarch64-apple-darwin-0.25.1.tar.gz', 'libaic.dylib'],
  ['win32', 'x64', 'aic-sdk-x86_64-pc-windows-msvc-0.25.1.zip', 'aic.dll'],
  ['win32', 'arm64', 'aic-sdk-aarch64-pc-windows-msvc-0.25.1.zip', 'aic.dll'],
] as const)('on %s %s the archive is %s', (platform, arch, name, library) => {
  expect(sdkArchive('0.25.1', platform, arch)).toEqual({ name, library });
});

test('a list of hashes may come from any tool', () => {
  const hash = 'Ab'.repeat(32);
  expect(findChecksum(`${hash} *dist/a.zip\r\n${hash}  b.zip`, 'a.zip')).toBe(hash.toLowerCase());
  expect(findChecksum('', 'a.zip')).toBeNull();
});
