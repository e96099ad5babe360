import { mkdtemp, rm } from 'node:fs/promises';
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

async function open(environment: NodeJS.ProcessEnv = {}): Promise<Licensing> {
  const policyPath = join(folder, 'no-policy.json');
  licensing = await Licensing.open({
    native: null,
    settings,
    keychain: createMemoryKeychain(),
    policyPath,
    environment,
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
