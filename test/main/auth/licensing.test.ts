import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Licensing } from '../../../src/main/auth/licensing.js';
import { openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import { backendEnvironment, type BackendEnvironment } from '../../../src/shared/backend.js';
import { FaultyBackend } from '../../fakes/faultyBackend.js';
import { createMemoryKeychain } from '../../fakes/keychain.js';

const secret = 'hush-4711';
let folder: string;
let settings: SettingsStore;
let own: FaultyBackend;
let other: FaultyBackend;
let licensing: Licensing | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-licensing-'));
  settings = await openSettings(join(folder, 'settings.json'));
  own = await FaultyBackend.start();
  other = await FaultyBackend.start();
});
afterEach(async () => {
  await licensing?.dispose();
  licensing = null;
  await settings.flush();
  await Promise.all([own.stop(), other.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function open(environment: NodeJS.ProcessEnv = {}, secretVariables?: NodeJS.ProcessEnv): Promise<Licensing> {
  const policyPath = join(folder, 'no-policy.json');
  licensing = await Licensing.open({
    native: null,
    settings,
    keychain: createMemoryKeychain(),
    policyPath,
    environment,
    secretVariables,
  });
  return licensing;
}

const production = (url: string): BackendEnvironment => backendEnvironment.parse({ name: 'production', url });
const sentTo = ({ requests }: FaultyBackend) => requests.map(({ headers }) => headers.authorization);

test('a window cannot read a saved credential by having it sent to a server of its own', async () => {
  const app = await open();
  const { backend } = app;
  await backend.save('production', production(own.url));
  await backend.setCredential('production', secret);
  await app.test('production', () => undefined);
  expect(sentTo(own)).toEqual([`Bearer ${secret}`]);
  await backend.save('production', production(other.url));
  const steps = await app.test('production', () => undefined);
  expect(steps.find(({ result }) => result === 'failed')?.notice.code).toBe('backend.credential-missing');
  await expect(app.fetchToken(null)).rejects.toMatchObject({ code: 'backend.credential-missing' });
  expect(sentTo(other)).toEqual([]);
});

test('nor that of the variable', async () => {
  const app = await open({ LIMPID_BACKEND_CREDENTIAL: secret });
  await app.backend.save('production', production(other.url));
  await app.test('production', () => undefined);
  expect(sentTo(other)).toEqual([]);
});

test('secrets that were taken out of the process count as if they were there', async () => {
  const taken = { LIMPID_BACKEND_CREDENTIAL: secret, HTTPS_PROXY: 'http://name:word@proxy.example:3128' };
  const app = await open({ LIMPID_BACKEND_URL: own.url, HTTPS_PROXY: 'http://proxy.example:3128' }, taken);
  await app.fetchToken(null);
  expect(sentTo(own)).toEqual([`Bearer ${secret}`]);
  expect(app.backend.active?.credentialKind).toBe('bearer');
  const { proxy } = await app.network.findRoute(new URL('https://tokens.example/'), null);
  expect(proxy?.password).toBe('word');
});

test('a library or model is chosen by its full path only', async () => {
  const app = await open();
  await expect(app.choose({ libraryPath: 'libaic.so' })).rejects.toMatchObject({ code: 'licensed.path-not-absolute' });
  await expect(app.choose({ modelPath: '\\\\server\\m' })).rejects.toMatchObject({ code: 'licensed.path-on-server' });
  expect(settings.values.licensed).toMatchObject({ libraryPath: null, modelPath: null });
  await app.choose({ modelPath: join(folder, 'model') });
  expect(settings.values.licensed.modelPath).toBe(join(folder, 'model'));
});

test.each([
  [false, '1'],
  [true, undefined],
])(
  'the library finds in its environment what was chosen about error reports (allowed: %s)',
  async (areAllowed, found) => {
    await settings.update({ vendorErrorReports: areAllowed });
    const environment: NodeJS.ProcessEnv = {};
    await open(environment);
    expect(environment['DO_NOT_TRACK']).toBe(found);
  },
);

test('variables change nothing that a policy can fix where it says so, and count again when it goes', async () => {
  const policyPath = join(folder, 'no-policy.json');
  await writeFile(policyPath, JSON.stringify({ ignoresVariables: true, settings: { vendorErrorReports: true } }));
  const environment: NodeJS.ProcessEnv = {
    LIMPID_BACKEND_URL: other.url,
    LIMPID_BACKEND_CREDENTIAL: secret,
    AIC_LIB_PATH: '/mine/libaic.so',
    LIMPID_AIC_MODEL: '/mine/model',
    LIMPID_DATA_DIR: join(folder, 'data'),
    HTTPS_PROXY: 'http://mine.example:1',
    DO_NOT_TRACK: '1',
    AIC_SDK_OTEL_ENABLE: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  };
  const server = new URL('https://tokens.example/');
  const app = await open(environment);
  await app.backend.save('production', production(own.url));
  expect(app.backend.active?.url).toBe(own.url);
  expect(app.credentials.kindOf('production')).toBe('none');
  await expect(app.fetchToken(null)).rejects.toMatchObject({ code: 'backend.credential-missing' });
  expect(JSON.stringify(app.files)).not.toContain('mine');
  expect((await app.network.findRoute(server, null)).proxy).toBeNull();
  expect(environment['DO_NOT_TRACK']).toBeUndefined();
  expect(environment['AIC_SDK_OTEL_ENABLE']).toBeUndefined();
  expect(environment['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe('http://127.0.0.1:4318');

  await writeFile(policyPath, '{}');
  await app.policy.reload();
  expect(app.backend.active?.url).toBe(other.url);
  expect(app.files).toMatchObject({ libraryPath: '/mine/libaic.so', modelPath: '/mine/model' });
  expect((await app.network.findRoute(server, null)).proxy?.host).toBe('mine.example:1');
  expect(environment['DO_NOT_TRACK']).toBe('1');
  await app.fetchToken(null);
  expect(sentTo(other)).toEqual([`Bearer ${secret}`]);
});

test('a policy that comes while the sound runs decides about the vendor’s error reports and the fallback', async () => {
  const policyPath = join(folder, 'no-policy.json');
  const environment: NodeJS.ProcessEnv = {};
  const app = await open(environment);
  expect(environment['DO_NOT_TRACK']).toBe('1');
  await writeFile(policyPath, JSON.stringify({ fallback: 'bypass', settings: { vendorErrorReports: true } }));
  await app.policy.reload();
  expect(environment['DO_NOT_TRACK']).toBeUndefined();
  expect(app.state.fallback).toBe('bypass');
  await expect(app.setFallback('gtcrn')).rejects.toMatchObject({ code: 'policy.locked' });
  await rm(policyPath);
  await app.policy.reload();
  expect(environment['DO_NOT_TRACK']).toBe('1');
  expect(app.state.fallback).toBe('gtcrn');
});

test('a policy that cannot be used takes away no DO_NOT_TRACK', async () => {
  await settings.update({ vendorErrorReports: true });
  await writeFile(join(folder, 'no-policy.json'), 'no JSON');
  const environment: NodeJS.ProcessEnv = { DO_NOT_TRACK: '1' };
  expect((await open(environment)).policy.isClosed).toBe(true);
  expect(environment['DO_NOT_TRACK']).toBe('1');
});

test('a credential in a variable is for no backend where a policy says that variables do not count', async () => {
  await settings.update({ backend: { active: 'production', environments: [production(own.url)] } });
  await writeFile(join(folder, 'no-policy.json'), JSON.stringify({ ignoresVariables: true }));
  const app = await open({ LIMPID_BACKEND_CREDENTIAL: secret });
  expect(app.credentials.kindOf('production')).toBe('none');
  await expect(app.fetchToken(null)).rejects.toMatchObject({ code: 'backend.credential-missing' });
  await rm(join(folder, 'no-policy.json'));
  await app.policy.reload();
  expect(app.credentials.kindOf('production')).toBe('variable');
  await app.fetchToken(null);
  expect(sentTo(own)).toEqual([`Bearer ${secret}`]);
});
