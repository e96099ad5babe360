import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Licensing } from '../../src/main/auth/licensing.js';
import { openSettings, type SettingsStore } from '../../src/main/settings/settings.js';
import { backendEnvironment } from '../../src/shared/backend.js';
import { createMemoryKeychain, type MemoryKeychain } from '../fakes/keychain.js';
import { Person, RealIdentityProvider, type IdentityProviderOptions } from '../vendors/identityProvider.js';

const soon = { timeout: 10_000, interval: 20 };

/** What runs at the same time for one user: each has read the settings for itself, all share file and keychain. */
interface Run {
  licensing: Licensing;
  settings: SettingsStore;
}

describe('signed in by several processes of one user', () => {
  let provider: RealIdentityProvider;
  let folder: string;
  let keychain: MemoryKeychain;
  let runs: Run[];
  let opened: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-sign-in-processes-'));
    keychain = createMemoryKeychain();
    runs = [];
    opened = [];
  });
  afterEach(async () => {
    for (const { licensing, settings } of runs) {
      await licensing.dispose();
      await settings.flush();
    }
    await provider.stop();
    expect((await readdir(folder)).filter((name) => name.includes('lock'))).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  async function setUp(options: IdentityProviderOptions = {}): Promise<Licensing> {
    provider = await RealIdentityProvider.start(options);
    const first = await open();
    const values = { name: 'production', credentialKind: 'sign-in', signIn: provider.settings() };
    await first.backend.save('production', backendEnvironment.parse({ ...values, url: 'http://127.0.0.1:9/mint' }));
    return first;
  }

  async function open(): Promise<Licensing> {
    const settings = await openSettings(join(folder, 'settings.json'));
    const openSignInPage = async (url: string): Promise<void> => void opened.push(url);
    const policyPath = join(folder, 'no-policy.json');
    const licensing = await Licensing.open({
      native: null,
      settings,
      keychain,
      policyPath,
      environment: {},
      openSignInPage,
    });
    runs.push({ licensing, settings });
    return licensing;
  }

  async function signIn({ signIn: it }: Licensing, person = new Person()): Promise<void> {
    await it.start('production', 'browser');
    await person.signIn(opened.at(-1) ?? '');
    await it.finished();
  }

  const ask = ({ signIn: it, backend }: Licensing): Promise<string> =>
    it.accessToken(backend.require('production')).then(
      () => 'good',
      (error: { code: string }) => error.code,
    );
  const refreshToken = (): string | undefined => {
    const [text = '{}'] = keychain.entries.values();
    return (JSON.parse(text) as { refreshToken?: string }).refreshToken;
  };
  const shown = ({ state }: Licensing) => state.backend.environments.find(({ values }) => values.name === 'production');

  test('renews one after the other, so that no refresh token is used twice', async () => {
    const one = await setUp();
    await signIn(one);
    const other = await open();
    expect(await ask(other)).toBe('good');
    for (const round of [1, 2, 3]) {
      for (const { signIn: it, backend } of [one, other]) {
        const environment = backend.require('production');
        it.refuse(environment, await it.accessToken(environment));
      }
      expect(await Promise.all([ask(one), ask(other), ask(other)])).toEqual(['good', 'good', 'good']);
      expect(provider.grants('refresh_token')).toHaveLength(1 + round * 2);
    }
    const used = provider.grants('refresh_token').map(({ form }) => form.get('refresh_token'));
    expect(new Set(used).size).toBe(used.length);
    await vi.waitFor(() => expect(used).not.toContain(refreshToken()), soon);
  });

  test('stays ended when one of them signs out, also where the provider cannot revoke', async () => {
    const one = await setUp({ knowsRevocation: false });
    await signIn(one);
    const other = await open();
    expect(await ask(other)).toBe('good');
    await other.signIn.end('production');
    expect(await ask(one)).toBe('signIn.needed');
    expect(keychain.entries.size).toBe(0);
    expect(shown(one)).toMatchObject({ credential: 'none', signedInAs: null });
    expect(await ask(await open())).toBe('signIn.needed');
  });

  test('outlives a new name that comes while it is renewed', async () => {
    const one = await setUp();
    await signIn(one);
    const environment = one.backend.require('production');
    one.signIn.refuse(environment, await one.signIn.accessToken(environment));
    const renewed = ask(one);
    await vi.waitFor(() => expect(provider.grants('refresh_token')).toHaveLength(1), { timeout: 5000, interval: 1 });
    await one.backend.save('production', { ...environment, name: 'live' });
    expect(await renewed).toBe('good');
    const live = one.backend.require('live');
    one.signIn.refuse(live, await one.signIn.accessToken(live));
    expect(await one.signIn.accessToken(live)).toMatch(/./);
    expect(provider.grants('refresh_token')).toHaveLength(2);
  });

  test('is not begun for an environment that is removed meanwhile', async () => {
    const one = await setUp();
    await one.signIn.start('production', 'device');
    const finished = one.signIn.finished();
    await one.backend.remove('production');
    await expect(finished).rejects.toMatchObject({ code: 'signIn.changed' });
    expect(one.state.backend.signIn).toBeNull();
  });

  test('is noticed by one that runs already, which asks for a token at once', async () => {
    const one = await setUp();
    one.licence.keeper.start();
    await vi.waitFor(() => expect(one.state.token.lastError?.code).toBe('signIn.needed'), soon);
    await signIn(await open());
    await vi.waitFor(() => expect(one.state.token.lastError?.code).toBe('backend.refused'), {
      timeout: 5000,
      interval: 20,
    });
    expect(shown(one)).toMatchObject({ credential: 'saved', signedInAs: 'anna@example.com' });
  });
});
