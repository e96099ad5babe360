import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Licensing } from '../../../src/main/auth/licensing.js';
import { openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import {
  backendEnvironment,
  backendView,
  signInSettings,
  type BackendEnvironment,
} from '../../../src/shared/backend.js';
import { createMemoryKeychain, type MemoryKeychain } from '../../fakes/keychain.js';

const signIn = signInSettings.parse({ issuer: 'https://login.example.com', clientId: 'limpid-desktop' });
const record = JSON.stringify({
  refreshToken: 'refresh-4711',
  account: 'anna',
  issuer: signIn.issuer,
  clientId: signIn.clientId,
});
const usual = backendEnvironment.parse({
  name: 'production',
  url: 'https://tokens.example.com/mint',
  credentialKind: 'sign-in',
  signIn,
});

let folder: string;
let settings: SettingsStore;
let keychain: MemoryKeychain;
let licensing: Licensing;

async function open(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  settings = await openSettings(join(folder, 'settings.json'));
  const policyPath = join(folder, 'no-policy.json');
  licensing = await Licensing.open({ native: null, settings, keychain, policyPath, environment });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-sign-in-'));
  keychain = createMemoryKeychain();
  await open();
});
afterEach(async () => {
  await licensing.dispose();
  await settings.flush();
  await rm(folder, { recursive: true, force: true });
});

const shown = (name = 'production') => licensing.state.backend.environments.find(({ values }) => values.name === name);
const save = (changes: Partial<BackendEnvironment> = {}): Promise<void> =>
  licensing.backend.save('production', { ...usual, ...changes });
/** As if somebody had signed in. */
const keep = (): Promise<unknown> => licensing.credentials.signIns.keep('production', record);

describe('an environment where persons sign in', () => {
  beforeEach(async () => {
    await save();
    await keep();
  });

  test('shows who is signed in, and nothing else of it', async () => {
    expect(shown()).toMatchObject({ credential: 'saved', signedInAs: 'anna' });
    expect(backendView.parse(licensing.state.backend)).toEqual(licensing.state.backend);
    await settings.flush();
    const file = await readFile(settings.path, 'utf8');
    expect(file).toContain('login.example.com');
    expect(JSON.stringify([licensing.state, file])).not.toContain('refresh-4711');
  });

  test('takes no credential from a window, nor has it forgotten', async () => {
    for (const credential of [record, 'hush', null]) {
      await expect(licensing.backend.setCredential('production', credential)).rejects.toMatchObject({
        code: 'signIn.no-credential',
      });
    }
    expect(shown()).toMatchObject({ credential: 'saved', signedInAs: 'anna' });
  });

  test.each<[string, Partial<BackendEnvironment>]>([
    ['provider', { signIn: { ...signIn, issuer: 'https://other.example.com' } }],
    ['client', { signIn: { ...signIn, clientId: 'other' } }],
    ['kind of credential', { credentialKind: 'bearer' }],
    ['server', { url: 'https://other.example.com' }],
    ['proxy', { proxy: 'http://127.0.0.1:9' }],
  ])('forgets the sign-in for another %s', async (_field, changes) => {
    await save(changes);
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
    expect(keychain.entries.size).toBe(0);
    await save();
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
  });

  test('forgets it for another provider also while it has no address', async () => {
    await save({ url: '' });
    await keep();
    await save({ url: '', signIn: { ...signIn, issuer: 'https://other.example.com' } });
    expect([shown()?.credential, keychain.entries.size]).toEqual(['none', 0]);
  });

  test('keeps it for what leads nowhere else, and under a new name', async () => {
    await save({ timeoutMs: 3000, url: 'https://tokens.example.com/v2', signIn: { ...signIn, scope: 'openid' } });
    expect(shown()).toMatchObject({ credential: 'saved', signedInAs: 'anna' });
    await licensing.backend.save('production', { ...usual, name: 'live', url: 'https://tokens.example.com/v2' });
    expect(shown('live')).toMatchObject({ credential: 'saved', signedInAs: 'anna' });
  });

  test('is deleted with it', async () => {
    await licensing.backend.remove('production');
    expect(keychain.entries.size).toBe(0);
  });

  test('does not know a sign-in of another provider that is filed under its name', async () => {
    await licensing.credentials.signIns.keep('production', record.replace('login.', 'elsewhere.'));
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
    await expect(licensing.fetchToken(null)).rejects.toMatchObject({ code: 'signIn.needed' });
    await licensing.dispose();
    await open();
    const told: unknown[] = [];
    licensing.onChange(() => told.push(shown()?.credential));
    await expect(licensing.fetchToken(null)).rejects.toMatchObject({ code: 'signIn.needed' });
    // As soon as the keychain has said whose it is, there is a way to sign in.
    expect(told.at(-1)).toBe('none');
  });

  test.each(['bearer', 'header', 'basic'] as const)(
    'sends nothing of a sign-in to a backend that a hand-edited file gives a credential of kind %s',
    async (credentialKind) => {
      const seen: (string | undefined)[] = [];
      const backend = createServer((request, response) => {
        seen.push(JSON.stringify(request.headers));
        response.writeHead(403).end();
      });
      await new Promise<void>((listening) => backend.listen(0, '127.0.0.1', listening));
      try {
        const { port } = backend.address() as AddressInfo;
        await licensing.dispose();
        const values = { ...usual, credentialKind, url: `http://127.0.0.1:${port}/mint` };
        await settings.update({ backend: { active: 'production', environments: [values] } });
        await open();
        expect(shown()?.credential).toBe('none');
        await licensing.fetchToken(null).catch(() => undefined);
        // Filed by an earlier version.
        for (const name of keychain.entries.keys()) keychain.entries.set(name.replace('sign-in:', 'backend:'), record);
        const listed = settings.values.credentialAccounts.map((name) => name.replace('sign-in:', 'backend:'));
        await settings.update({ credentialAccounts: listed });
        await expect(licensing.fetchToken(null)).rejects.toMatchObject({ code: 'credential.lost' });
        expect(seen.filter((headers) => /refresh|cmVmcmVzaA/.test(headers ?? ''))).toEqual([]);
        await expect(licensing.backend.setCredential('production', record)).rejects.toMatchObject({
          code: 'credential.invalid',
        });
      } finally {
        backend.close();
      }
    },
  );

  test('and its credential of the other kind are both renamed, and both deleted', async () => {
    await licensing.credentials.set('production', 'hush');
    await licensing.backend.save('production', { ...usual, name: 'live' });
    expect(await licensing.credentials.get('live')).toBe('hush');
    expect(shown('live')).toMatchObject({ credential: 'saved', signedInAs: 'anna' });
    expect(keychain.entries.size).toBe(2);
    await licensing.backend.remove('live');
    expect([keychain.entries.size, settings.values.credentialAccounts]).toEqual([0, []]);
  });

  test.each(['hush-4711', '{"refreshToken":7}', '[]', ''])('does not take %j for a sign-in', async (text) => {
    await licensing.credentials.signIns.keep('production', text);
    await expect(licensing.fetchToken(null)).rejects.toMatchObject({ code: 'signIn.needed' });
  });

  test('has nothing of LIMPID_BACKEND_CREDENTIAL, and says so', async () => {
    await licensing.dispose();
    keychain.entries.clear();
    await open({ LIMPID_BACKEND_CREDENTIAL: 'from-outside' });
    await expect(licensing.fetchToken(null)).rejects.toMatchObject({ code: 'credential.lost' });
    expect(shown()?.credential).toBe('lost');
    expect(licensing.state.backend.problem).toEqual({
      code: 'signIn.variable-ignored',
      params: { environment: 'production' },
    });
    expect(shown('staging')?.credential).toBe('variable');
  });

  test('steps aside for LIMPID_BACKEND_URL, whose credential goes as bearer', async () => {
    await licensing.dispose();
    await open({ LIMPID_BACKEND_URL: 'http://127.0.0.1:9/mint', LIMPID_BACKEND_CREDENTIAL: 'from-outside' });
    expect(licensing.backend.active).toMatchObject({ name: 'variables', credentialKind: 'bearer' });
    expect(licensing.state.backend.problem).toBeNull();
    await expect(licensing.signIn.start('variables', 'device')).rejects.toMatchObject({ code: 'signIn.wrong-kind' });
  });

  test('says in the test of its connection that nobody is signed in', async () => {
    await licensing.credentials.signIns.forget('production');
    const steps = await licensing.test('production', () => undefined);
    expect(steps.find(({ id }) => id === 'credential')).toMatchObject({
      result: 'failed',
      notice: { code: 'signIn.needed' },
    });
  });
});

test.each([
  ['http://login.example.com', 'signIn.issuer-not-https'],
  ['login', 'signIn.issuer-invalid'],
])('the provider %s is not saved', async (issuer, code) => {
  await expect(save({ signIn: { ...signIn, issuer } })).rejects.toMatchObject({ code });
});

test('a provider that nothing answers for is said with the reason', async () => {
  await save({ signIn: { ...signIn, issuer: 'http://127.0.0.1:9' } });
  await expect(licensing.signIn.start('production', 'device')).rejects.toMatchObject({
    code: 'signIn.unreachable',
    params: { reason: { code: 'backend.refused' } },
    retryable: true,
  });
});
