import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BackendSettings } from '../../../src/main/auth/backendSettings.js';
import { placeKey } from '../../../src/main/auth/credentialPlace.js';
import { Credentials } from '../../../src/main/auth/credentials.js';
import { openPolicy, type Policy } from '../../../src/main/settings/policy.js';
import { openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import {
  backendEnvironment,
  backendView,
  environmentFields,
  type BackendEnvironment,
} from '../../../src/shared/backend.js';
import { toErrorShape } from '../../../src/shared/messages/index.js';
import { createMemoryKeychain, type MemoryKeychain } from '../../fakes/keychain.js';

const secret = 'hush-4711';
const mine = 'https://tokens.mine.example/mint';
const corp = 'https://tokens.corp.example/mint';

let folder: string;
let settings: SettingsStore;
let keychain: MemoryKeychain;
let policy: Policy;
let credentials: Credentials;
let backend: BackendSettings;
/** `affectsToken` of each change. */
let changes: boolean[];
let close: () => void = () => undefined;

async function open(fixed: unknown = null, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  close();
  const path = join(folder, 'policy.json');
  if (fixed !== null) await writeFile(path, typeof fixed === 'string' ? fixed : JSON.stringify(fixed));
  settings = await openSettings(join(folder, 'settings.json'));
  policy = await openPolicy(path);
  credentials = new Credentials({ keychain, settings, environment });
  backend = new BackendSettings({ settings, policy, credentials, environment });
  changes = [];
  backend.onChange((affectsToken) => changes.push(affectsToken));
  close = () => {
    backend.dispose();
    credentials.dispose();
    policy.close();
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-backend-'));
  keychain = createMemoryKeychain();
  await open();
});
afterEach(async () => {
  close();
  await settings.flush();
  await rm(folder, { recursive: true, force: true });
});

const values = (name: string, more: Partial<BackendEnvironment> = {}): BackendEnvironment => ({
  ...backendEnvironment.parse({ name }),
  ...more,
});
const names = (): string[] => backend.view.environments.map((each) => each.values.name);
const shown = (name: string) => backend.view.environments.find((each) => each.values.name === name);
const expectRejected = (work: Promise<unknown>, code: string): Promise<void> =>
  expect(work).rejects.toMatchObject({ name: 'LimpidError', code });

describe('the environments', () => {
  test('are three at first, production is active, and none is configured', () => {
    expect(names()).toEqual(['development', 'staging', 'production']);
    expect(backend.active).toMatchObject({ name: 'production', url: '' });
    expect(backend.view).toMatchObject({
      active: 'production',
      isActiveLocked: false,
      canAdd: true,
      lockReason: null,
      keychain: { state: 'ready', notice: null },
      problem: null,
    });
    expect(backendView.parse(backend.view)).toEqual(backend.view);
  });

  test('are changed, added, chosen and deleted, also for the next run', async () => {
    await backend.save('production', values('production', { url: mine, timeoutMs: 3000 }));
    await backend.save(null, values('studio', { url: 'http://127.0.0.1:8080/token', method: 'GET' }));
    await backend.select('studio');
    await backend.remove('staging');
    expect(changes).toEqual([true, false, true, false]);
    await open();
    expect(names()).toEqual(['development', 'production', 'studio']);
    expect(backend.active).toMatchObject({ name: 'studio', method: 'GET' });
    expect(backend.require('Production')).toMatchObject({ url: mine, timeoutMs: 3000 });
  });

  test('take their credential to a new name, and stay active', async () => {
    await backend.setCredential('production', secret);
    changes = [];
    await backend.save('production', values('live', { url: mine }));
    expect(backend.active).toMatchObject({ name: 'live', url: mine });
    expect([await credentials.get('live'), await credentials.get('production')]).toEqual([secret, null]);
    expect(shown('live')?.credential).toBe('saved');
    expect(changes).toContain(true);
    await backend.save(null, values('production'));
    expect(shown('production')?.credential).toBe('none');
  });

  test('of another spelling keep their credential', async () => {
    await backend.setCredential('production', secret);
    await backend.save('production', values('Production'));
    expect(await credentials.get('Production')).toBe(secret);
    expect(backend.view.active).toBe('Production');
  });

  test('that are deleted leave no credential, and another one becomes active', async () => {
    await backend.setCredential('production', secret);
    await backend.remove('production');
    expect(keychain.entries.size).toBe(0);
    expect(backend.view.active).toBe('development');
    await backend.remove('development');
    await expectRejected(backend.remove('staging'), 'backend-settings.last');
  });

  test('tell whether the next token is another one’s business', async () => {
    await backend.setCredential('staging', secret);
    expect(changes.includes(true)).toBe(false);
    await backend.setCredential('production', secret);
    expect(changes.includes(true)).toBe(true);
  });

  test('that are not there cannot be used', async () => {
    await expectRejected(backend.save('none', values('none')), 'backend-settings.unknown');
    await expectRejected(backend.select('none'), 'backend-settings.unknown');
    await expectRejected(backend.remove('none'), 'backend-settings.unknown');
    await expectRejected(backend.setCredential('none', secret), 'backend-settings.unknown');
    await settings.update({ backend: { ...settings.values.backend, active: 'gone' } });
    expect(backend.active).toBeNull();
    expect(backend.view.problem).toEqual({ code: 'backend-settings.active-missing', params: { name: 'gone' } });
    expect(() => backend.requireActive()).toThrow(expect.objectContaining({ code: 'backend-settings.active-missing' }));
  });

  test.each(['Staging', 'variables', 'VARIABLES'])('cannot take the name %s', async (name) => {
    await expectRejected(backend.save(null, values(name)), 'backend-settings.name-taken');
    await expectRejected(backend.save('production', values(name)), 'backend-settings.name-taken');
  });

  test.each<[string, Partial<BackendEnvironment>, string]>([
    ['no address', { url: 'tokens' }, 'backend.url-invalid'],
    ['http', { url: 'http://tokens.example' }, 'backend.not-https'],
    ['a password', { url: `https://me:${secret}@tokens.example` }, 'backend.url-credentials'],
    ['a proxy’s password', { proxy: `http://me:${secret}@proxy.example:3128` }, 'backend.proxy-credentials'],
    [
      'a header with a secret',
      { headers: [{ name: 'authorization', value: secret }] },
      'backend-settings.secret-header',
    ],
    [
      'the credential’s own header',
      { credentialKind: 'header', headers: [{ name: 'x-api-key', value: secret }] },
      'backend-settings.secret-header',
    ],
    ['a header of the connection', { headers: [{ name: 'Host', value: 'x' }] }, 'backend.header-reserved'],
    ['a proxy for what is not encrypted', { url: 'http://localhost:1', proxy: mine }, 'backend.proxy-not-https'],
    ['a certificate on a server', { caFile: '\\\\server\\ca.pem' }, 'backend-settings.ca-not-absolute'],
    ['a certificate that is not there', { caFile: '/nonexistent/ca.pem' }, 'backend-settings.ca-unreadable'],
    ['a certificate without its folder', { caFile: 'ca.pem' }, 'backend-settings.ca-not-absolute'],
    ['a wrong number', { timeoutMs: 1 }, 'backend-settings.invalid'],
  ])('are not saved with %s', async (_kind, wrong, code) => {
    const error = await backend.save('production', values('production', wrong)).catch(toErrorShape);
    expect(error?.code).toBe(code);
    expect(JSON.stringify(error)).not.toContain(secret);
    expect(backend.active).toEqual(values('production'));
    expect(changes).toEqual([]);
  });

  test('are saved with a certificate file that holds a certificate', async () => {
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, 'nothing');
    await expectRejected(backend.save('production', values('production', { caFile })), 'backend-settings.ca-no-pem');
    await writeFile(caFile, '-----BEGIN CERTIFICATE-----\n');
    await backend.save('production', values('production', { caFile }));
    expect(backend.active?.caFile).toBe(caFile);
  });
});

describe('a credential', () => {
  const saved = values('production', { url: mine });
  let caFile: string;

  beforeEach(async () => {
    caFile = join(folder, 'ca.pem');
    await writeFile(caFile, '-----BEGIN CERTIFICATE-----\n');
    await backend.save('production', saved);
    await backend.setCredential('production', secret);
  });

  test.each<[string, () => Partial<BackendEnvironment>]>([
    ['another server', () => ({ url: corp })],
    ['another port', () => ({ url: 'https://tokens.mine.example:8443/mint' })],
    ['no server', () => ({ url: '' })],
    ['another proxy', () => ({ proxy: 'http://127.0.0.1:9' })],
    ['another certificate file', () => ({ caFile })],
    ['another server and another name', () => ({ url: corp, name: 'live' })],
  ])('does not go to %s', async (_kind, change) => {
    const wanted = { ...saved, ...change() };
    const sent: unknown[] = [];
    backend.onChange(() => void credentials.get(backend.active?.name ?? '').then((each) => sent.push(each)));
    await backend.save('production', wanted);
    expect(backend.active).toEqual(wanted);
    expect(shown(wanted.name)?.credential).toBe('none');
    expect([await credentials.get(wanted.name), keychain.entries.size]).toEqual([null, 0]);
    expect(sent).not.toContain(secret);
    await backend.save(wanted.name, { ...saved, name: wanted.name });
    expect(await credentials.get(wanted.name)).toBeNull();
  });

  test('is kept where everything goes the same way', async () => {
    await backend.save('production', { ...saved, url: `${mine}/v2`, timeoutMs: 3000, method: 'GET' });
    expect(await credentials.get('production')).toBe(secret);
  });

  test('that was entered before the address is kept', async () => {
    await backend.setCredential('staging', 'early');
    await backend.save('staging', values('staging', { url: corp }));
    expect(await credentials.get('staging')).toBe('early');
  });

  test('that is listed without an environment does not come with a new one', async () => {
    const others = settings.values.backend.environments.filter(({ name }) => name !== 'production');
    await settings.update({ backend: { active: 'staging', environments: others } });
    await backend.save(null, values('production', { url: corp }));
    expect(await credentials.get('production')).toBeNull();
  });

  test('of the variable alone goes where it went at the start, and nowhere else', async () => {
    await backend.save('staging', values('staging', { url: corp }));
    await open(null, { LIMPID_BACKEND_CREDENTIAL: 'from outside' });
    await backend.save('production', { ...saved, name: 'live', timeoutMs: 3000 });
    await backend.save('staging', values('staging', { url: 'https://other.example' }));
    await backend.save('development', values('development', { url: 'https://other.example' }));
    await backend.save(null, values('new', { url: 'https://other.example' }));
    await backend.remove('development');
    await backend.save(null, values('development', { url: 'https://other.example' }));
    const all = names().map(async (name) => [name, shown(name)?.credential, await credentials.get(name)]);
    expect(await Promise.all(all)).toEqual([
      ['staging', 'none', null],
      ['live', 'variable', 'from outside'],
      ['new', 'none', null],
      ['development', 'none', null],
    ]);
  });
});

test('changes are made one after the other', async () => {
  await backend.setCredential('production', secret);
  const results = await Promise.allSettled([
    backend.save('production', values('live', { timeoutMs: 3000 })),
    backend.save('production', values('production', { timeoutMs: 4000 })),
    backend.save('live', values('live', { timeoutMs: 3000, method: 'GET' })),
    backend.select('live'),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(names()).toEqual(['development', 'staging', 'live']);
  expect(backend.active).toMatchObject({ name: 'live', timeoutMs: 3000, method: 'GET' });
  expect(await credentials.get('live')).toBe(secret);
});

describe('environment variables', () => {
  const variables = { LIMPID_BACKEND_URL: 'http://127.0.0.1:9/token', LIMPID_BACKEND_CREDENTIAL: secret };

  test('make one more environment that is active, locked and never written', async () => {
    await open(null, variables);
    expect(backend.active).toMatchObject({
      name: 'variables',
      url: variables.LIMPID_BACKEND_URL,
      credentialKind: 'bearer',
    });
    expect(await credentials.get('variables')).toBe(secret);
    expect(shown('variables')).toMatchObject({
      credential: 'variable',
      lockedFields: [...environmentFields],
      isLocked: true,
    });
    expect(backend.view).toMatchObject({
      active: 'variables',
      isActiveLocked: true,
      lockReason: { code: 'backend.from-variables' },
    });
    await expectRejected(backend.select('production'), 'backend.from-variables');
    await expectRejected(backend.remove('variables'), 'backend.from-variables');
    await expectRejected(backend.save('variables', values('variables', { url: mine })), 'backend.from-variables');
    await expectRejected(backend.setCredential('variables', 'other'), 'credential.from-variable');
    await backend.save('production', values('production', { url: mine }));
    const file = await readFile(settings.path, 'utf8');
    expect(file).toContain(mine);
    expect(file).not.toMatch(/variables|127\.0\.0\.1/);
    await open();
    expect(names()).toEqual(['development', 'staging', 'production']);
  });

  test('do not give their credential to an environment of their name that came from a file', async () => {
    const environments = [...settings.values.backend.environments, values('variables', { url: corp })];
    await settings.update({ backend: { active: 'variables', environments } });
    await open({ backend: { mayAddEnvironments: false } }, variables);
    expect(names()).not.toContain('variables');
    expect(backend.active).toBeNull();
  });

  test('without a credential send none', async () => {
    await open(null, { LIMPID_BACKEND_URL: mine });
    expect(backend.active?.credentialKind).toBe('none');
  });

  test.each([{ backend: { active: 'production' } }, { backend: { mayAddEnvironments: false } }, '{ broken'])(
    'do not count against the policy %j',
    async (fixed) => {
      await open(fixed, variables);
      expect(names()).not.toContain('variables');
      expect(backend.active?.name).not.toBe('variables');
      if (fixed !== '{ broken') expect(backend.view.problem?.code).toBe('backend-settings.variables-ignored');
    },
  );
});

describe('a policy', () => {
  const fixed = {
    reason: 'Contoso IT',
    backend: { active: 'production', environments: [{ name: 'production', url: corp, headers: [] }] },
  };

  test('lies over the user’s values, leaves the others to him, and is never written', async () => {
    await backend.save('production', values('production', { url: mine, timeoutMs: 3000 }));
    await open(fixed);
    expect(backend.active).toMatchObject({ url: corp, timeoutMs: 3000 });
    expect(shown('production')?.lockedFields).toEqual(['url', 'headers', 'caFile', 'proxy']);
    expect(shown('production')).toMatchObject({ isLocked: true });
    expect(backend.view).toMatchObject({ isActiveLocked: true, canAdd: true });
    expect(backend.view.lockReason).toMatchObject({ code: 'policy.locked', params: { reason: 'Contoso IT' } });
    await backend.save('production', values('production', { url: corp, timeoutMs: 4000 }));
    expect(backend.active).toMatchObject({ url: corp, timeoutMs: 4000 });
    expect(await readFile(settings.path, 'utf8')).not.toContain(corp);
    await open({});
    expect(backend.active).toMatchObject({ url: mine, timeoutMs: 4000 });
  });

  test('locks what it fixes and nothing else', async () => {
    await open(fixed);
    await expectRejected(backend.save('production', values('production', { url: mine })), 'policy.locked');
    await expectRejected(backend.save('production', values('live', { url: corp })), 'policy.locked');
    await expectRejected(backend.remove('production'), 'policy.locked');
    await expectRejected(backend.select('staging'), 'policy.locked');
    await backend.select('production');
    await backend.setCredential('production', secret);
    await backend.save('staging', values('rehearsal', { url: mine }));
    expect(names()).toEqual(['production', 'development', 'rehearsal']);
  });

  test('that fixes nothing of backends is no reason for what is locked here', async () => {
    await open({ settings: { theme: 'dark' } });
    expect(backend.view.lockReason).toBeNull();
    await open({ settings: { theme: 'dark' } }, { LIMPID_BACKEND_URL: 'http://127.0.0.1:9/token' });
    expect(backend.view.lockReason?.code).toBe('backend.from-variables');
    await open({ backend: { mayAddEnvironments: false } });
    expect(backend.view.lockReason?.code).toBe('policy.locked');
  });

  test('with fields nobody knows says so after what keeps tokens away', async () => {
    await open({ ignoresVariables: true, note: 1 }, { LIMPID_BACKEND_URL: 'http://127.0.0.1:9/token' });
    expect(backend.view.problem?.code).toBe('backend-settings.variables-ignored');
    await open({ note: 1 });
    expect(backend.view.problem?.code).toBe('policy.unknown-field');
  });

  test('may leave only its own environments', async () => {
    const environments = ['north', 'south'].map((name) => ({ name, url: `https://${name}.example` }));
    await open({ backend: { mayAddEnvironments: false, environments } });
    expect(names()).toEqual(['north', 'south']);
    expect(backend.view).toMatchObject({ active: 'north', canAdd: false, isActiveLocked: false });
    await expectRejected(backend.save(null, values('mine')), 'policy.locked');
    await backend.select('south');
    await open();
    expect(backend.active?.name).toBe('south');
    await open({});
    expect(names()).toEqual(['development', 'staging', 'production']);
  });

  test('that only fixes which one is active makes it when it is not there', async () => {
    await open({ backend: { active: 'corp' } });
    expect(backend.active).toMatchObject({ name: 'corp', url: '' });
    expect(shown('corp')).toMatchObject({ isLocked: true, lockedFields: [] });
    await backend.save('corp', values('corp', { url: mine }));
    expect(backend.active?.url).toBe(mine);
    expect(names()).toEqual(['development', 'staging', 'production', 'corp']);
  });

  test('of another spelling means the same environment, and its credential', async () => {
    await backend.setCredential('production', secret);
    await open({ backend: { active: 'PRODUCTION', environments: [{ name: 'Production', url: corp }] } });
    expect(names()).toEqual(['Production', 'development', 'staging']);
    expect(backend.active?.name).toBe('Production');
    expect(await credentials.get('Production')).toBe(secret);
  });

  test('of another server gets no credential that was given for the user’s own, nor the reverse', async () => {
    const ownPlace = { url: 'https://old.example/token', credentialKind: 'bearer' } as const;
    const policyOf = { backend: { active: 'production', environments: [{ name: 'production', url: corp }] } };
    const get = () => credentials.get('production', placeKey(backend.requireActive()));
    await backend.save('production', values('production', ownPlace));
    await backend.setCredential('production', secret);
    expect(await get()).toBe(secret);
    await open(policyOf);
    expect(await get()).toBeNull();
    expect(shown('production')?.credential).toBe('none');
    await open({});
    expect(await get()).toBe(secret);

    await open(policyOf);
    await backend.setCredential('production', `${secret}-corp`);
    expect(await get()).toBe(`${secret}-corp`);
    expect(shown('production')?.credential).toBe('saved');
    await open({});
    expect(await get()).toBeNull();
    expect(shown('production')?.credential).toBe('none');
    expect(await readFile(settings.path, 'utf8')).not.toContain('corp');
  });

  test('finds a credential for which no place was noted, and from then on it is for that place', async () => {
    await backend.setCredential('production', secret);
    await backend.save('production', values('production', { url: mine, credentialKind: 'bearer' }));
    expect(settings.values.credentialPlaces).toEqual([]);
    expect(await credentials.get('production', placeKey(backend.requireActive()))).toBe(secret);
    expect(settings.values.credentialPlaces).toHaveLength(1);
    await settings.flush();
    await open({ backend: { environments: [{ name: 'production', url: corp }] } });
    expect(shown('production')?.credential).toBe('none');
    await open({});
    await backend.save('production', values('live', { url: mine, credentialKind: 'bearer' }));
    expect(shown('live')?.credential).toBe('saved');
    expect(settings.values.credentialPlaces).toEqual([expect.stringMatching(/^backend:live.* [0-9a-f]{16}$/)]);
    await backend.setCredential('live', null);
    expect(settings.values.credentialPlaces).toEqual([]);
  });

  test('that cannot be used closes the backend, says why, and opens it again when it is mended', async () => {
    await backend.save('production', values('production', { url: mine }));
    await open('{ broken');
    expect(backend.active).toBeNull();
    expect(() => backend.requireActive()).toThrow(expect.objectContaining({ code: 'policy.broken' }));
    expect(() => backend.require('production')).toThrow(expect.objectContaining({ code: 'policy.broken' }));
    expect(backend.view).toMatchObject({
      isActiveLocked: true,
      canAdd: false,
      lockReason: { code: 'policy.broken' },
      problem: { code: 'policy.broken' },
    });
    expect(shown('staging')).toMatchObject({ isLocked: true, lockedFields: [...environmentFields] });
    await expectRejected(backend.save('production', values('production', { url: corp })), 'policy.broken');
    await expectRejected(backend.save(null, values('mine')), 'policy.broken');
    await expectRejected(backend.select('staging'), 'policy.broken');
    await expectRejected(backend.remove('staging'), 'policy.broken');
    await writeFile(policy.path, '{}');
    await policy.reload();
    expect(backend.active?.url).toBe(mine);
    expect(changes).toEqual([true]);
  });
});

test('a credential is in no file, view, notice or change', async () => {
  await backend.save('production', values('production', { url: mine }));
  await backend.setCredential('production', secret);
  keychain.break();
  await backend.setCredential('staging', `${secret}-2`);
  await settings.flush();
  const files = await Promise.all(
    ['settings.json', 'settings.json.bak'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const everything = JSON.stringify([files, backend.view, settings.values, settings.notices, policy.notices]);
  expect(everything).toContain(mine);
  expect(everything).not.toContain(secret);
});

test('a password in an address that came from a file is not shown', async () => {
  const url = `https://me:${secret}@tokens.example/mint`;
  const own = settings.values.backend.environments.map((each) => ({ ...each, url, proxy: url }));
  await settings.update({ backend: { active: 'production', environments: own } });
  expect(shown('production')?.values.url).toBe('https://tokens.example/mint');
  expect(JSON.stringify(backend.view)).not.toContain(secret);
});
