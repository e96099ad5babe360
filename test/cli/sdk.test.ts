import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sdkArchive } from '../../src/main/downloads/sdkArchive.js';
import { formatDownload } from '../../src/cli/progress.js';
import { buildStandIn } from '../libaic/build.js';
import { startFaultyServer, type FaultyServer } from '../main/downloads/faultyServer.js';
import { publishModels, publishSdk, vendorEnvironment } from '../main/downloads/vendor.js';
import { runCli, startCli, startInTerminal } from './runCli.js';

const { library } = sdkArchive('0.25.1');

let folder = '';
let server: FaultyServer;
let environment: NodeJS.ProcessEnv = {};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-cli-sdk-'));
  server = await startFaultyServer();
  environment = {
    ...vendorEnvironment(server),
    LIMPID_DATA_DIR: join(folder, 'data'),
    LIMPID_CONFIG: join(folder, 'settings.json'),
    AIC_LIB_PATH: '',
    LIMPID_AIC_MODEL: '',
  };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const installedLibrary = () => join(folder, 'data', 'sdk', '0.25.1', 'lib', library);
const install = ['sdk', 'install', '--accept-licence', '--json'];

describe('limpid sdk install', () => {
  test('prints one JSON object, and the licence beside it', async () => {
    const { sha256 } = publishSdk(server);
    const { exitCode, stdout, stderr } = await runCli(install, environment);
    expect(stderr).toMatch(/^The library ai-coustics SDK 0\.25\.1 is under .*https:\/\/\S+LICENSE\.AIC-SDK\n$/);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      path: installedLibrary(),
      sha256,
      version: '0.25.1',
      compatibleModelVersion: 7,
      wasInstalled: false,
    });
    expect(readFileSync(installedLibrary()).equals(readFileSync(buildStandIn().libraryPath))).toBe(true);
    const again = await runCli(['sdk', 'install'], environment);
    expect(again.stdout).toMatch(/^The library 0\.25\.1 was installed already: .*\nIt takes models of version 7/);
    expect(again.stderr).toBe('');
  });

  test('takes version, hash and addresses', async () => {
    const { sha256 } = publishSdk(server, '0.26.0');
    const args = [...install, '--version', '0.26.0', '--sha256', sha256, '--base-url', `${server.url}/sdk/`];
    const { exitCode, stdout } = await runCli(args, { ...environment, LIMPID_SDK_BASE_URL: 'https://limpid.invalid' });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: '0.26.0', sha256 });
  });

  test.each<[string[], number, string]>([
    [[], 1, 'sdk.licence-not-accepted'],
    [['--accept-licence', '--sha256', 'f'.repeat(64)], 1, 'download.hash-mismatch'],
    [['--version'], 2, 'usage.missing-value'],
  ])('with %j ends with %d, %s, and installs nothing', async (args, expectedCode, code) => {
    publishSdk(server);
    const { exitCode, stdout, stderr } = await runCli(['sdk', 'install', '--json', ...args], environment);
    expect(stderr).toMatch(new RegExp(`^(The library [^\\n]+\\n)?${code.replace('.', '\\.')}: [^\\n]+\\n$`));
    expect(exitCode).toBe(expectedCode);
    expect(stdout).toBe('');
    expect(() => readFileSync(installedLibrary())).toThrow('ENOENT');
  });

  test('Ctrl-C ends with 1, and the next run goes on', async () => {
    publishSdk(server);
    server.faults.push({ kind: 'none' }, { kind: 'stall', afterBytes: 20_000 });
    const run = startCli(install, environment);
    const parts = () => {
      try {
        return readdirSync(join(folder, 'data', 'sdk')).filter((name) => name.endsWith('.part'));
      } catch {
        return [];
      }
    };
    while (parts().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    run.child.kill('SIGINT');
    const { exitCode, stderr, stdout } = await run.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\ncancelled: /);
    expect(stdout).toBe('');
    expect(parts()).toHaveLength(1);
    server.seen.length = 0;
    expect((await runCli(install, environment)).exitCode).toBe(0);
    expect(server.seen.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readdirSync(join(folder, 'data', 'sdk'))).toEqual(['0.25.1']);
  }, 40_000);

  describe.runIf(process.platform === 'linux')('on a terminal', () => {
    const answer = async (text: string) => {
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      const terminal = startInTerminal(['sdk', 'install']);
      while (!terminal.text.includes('[y/N]')) await new Promise((resolve) => setTimeout(resolve, 5));
      terminal.child.stdin?.write(text);
      await terminal.ended;
      return terminal.text;
    };

    test('asks for the licence, and shows a bar', async () => {
      publishSdk(server);
      const text = await answer('y\n');
      expect(text).toMatch(/LICENSE\.AIC-SDK[\s\S]*Do you accept that licence\? \[y\/N\]/);
      expect(text).toMatch(/\[█{30}\] 100 % {2}0\.\d of 0\.\d MB/);
      expect(text).toContain('The library 0.25.1 is installed');
    });

    test.each([
      ['\n', 'sdk.licence-declined'],
      ['\u0004', 'sdk.licence-declined'],
      ['\u0003', 'cancelled'],
    ])('takes %j for a no', async (text, code) => {
      publishSdk(server);
      expect(await answer(text)).toContain(`${code}: `);
      expect(server.seen).toEqual([]);
    });
  });
});

describe('limpid models', () => {
  beforeEach(() => {
    publishModels(server, {
      'sparrow-l-48khz': { 6: Buffer.from('six'), 7: readFileSync(buildStandIn().modelPath) },
      'quail-l-8khz': { 3: Buffer.from('three') },
    });
  });

  test('lists what there is without a library, and installs nothing', async () => {
    const { exitCode, stdout, stderr } = await runCli(['models', 'list'], environment);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/sparrow-l-48khz +cleans a voice +7, 6/);
    expect(stderr).toMatch(/^model\.no-library: [^\n]+\n$/);
    const refused = await runCli(['models', 'install', 'sparrow-l-48khz'], environment);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/^model\.no-library: /);
  });

  test('installs what fits the installed library, which the list then shows', async () => {
    publishSdk(server);
    await runCli(install, environment);
    const run = await runCli(['models', 'install', 'sparrow-l-48khz', '--json'], environment);
    expect(run.stderr).toBe('');
    const { path, version } = JSON.parse(run.stdout) as { path: string; version: number };
    expect(version).toBe(7);
    expect(readFileSync(path).equals(readFileSync(buildStandIn().modelPath))).toBe(true);

    const list = await runCli(['models', 'list', '--json'], environment);
    expect(JSON.parse(list.stdout)).toEqual({
      models: [
        { id: 'quail-l-8khz', purpose: 'enhancement', versions: [3], isCompatible: false, path: null },
        { id: 'sparrow-l-48khz', purpose: 'enhancement', versions: [7, 6], isCompatible: true, path },
      ],
      compatibleModelVersion: 7,
      library: installedLibrary(),
    });

    const refused = await runCli(['models', 'install', 'quail-l-8khz', '--json'], environment);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(
      /^model\.incompatible: The library takes models of version 7, and quail-l-8khz has only: 3\./,
    );
  }, 40_000);

  test.each<[string[], number, string]>([
    [['install', 'none'], 1, 'model.unknown'],
    [['install', 'none', '--base-url', 'http://example.org'], 1, 'download.base-url'],
  ])('with %j ends with %d, %s', async (args, expectedCode, code) => {
    const { exitCode, stderr } = await runCli(['models', ...args], {
      ...environment,
      AIC_LIB_PATH: buildStandIn().libraryPath,
    });
    expect(stderr).toMatch(new RegExp(`^${code.replace('.', '\\.')}: [^\\n]+\\n$`));
    expect(exitCode).toBe(expectedCode);
  });
});

test('the help names the licence and the fields', async () => {
  const { exitCode, stdout } = await runCli(['sdk', 'install', '--help'], environment);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('LICENSE.AIC-SDK');
  expect(stdout).toContain('JSON: {');
});

test('the bar of a download shows its size', () => {
  expect(formatDownload(5_000_000, 20_000_000)).toMatch(/ 25 % {2}5\.0 of 20\.0 MB$/);
  expect(formatDownload(5_000_000, null)).toBe('5.0 MB');
});
