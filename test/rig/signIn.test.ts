import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startBackendServer, type BackendServer } from '../../src/backend/server.js';
import { Licensing } from '../../src/main/auth/licensing.js';
import { openSettings, type SettingsStore } from '../../src/main/settings/settings.js';
import { backendEnvironment } from '../../src/shared/backend.js';
import { createMemoryKeychain, type MemoryKeychain } from '../fakes/keychain.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import {
  Person,
  RealIdentityProvider,
  type IdentityProviderOptions,
  type ProviderFault,
} from '../vendors/identityProvider.js';
import type { VendorStandIn } from '../vendors/standIn.js';
import { configureSignInBackend } from './signInBackend.js';

const soon = { timeout: 10_000, interval: 20 };

/**
 * A person signs in at a real identity provider, and our token backend, which checks that provider's tokens, gets tokens from the
 * vendor's stand-in in her name. All of it on this computer, over real connections.
 */
describe('signing in', () => {
  let provider: RealIdentityProvider;
  let vendor: VendorStandIn;
  let backend: BackendServer;
  let backendLog: string;
  let folder: string;
  let settings: SettingsStore;
  let keychain: MemoryKeychain;
  let licensing: Licensing;
  let opened: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-sign-in-'));
    keychain = createMemoryKeychain();
    backendLog = '';
    opened = [];
  });
  afterEach(async () => {
    await licensing.dispose();
    await settings.flush();
    await Promise.all([backend.close(), provider.stop(), vendor.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function setUp(options: IdentityProviderOptions = {}): Promise<void> {
    provider = await RealIdentityProvider.start(options);
    vendor = await startAiCoustics();
    backend = await startBackendServer(configureSignInBackend(provider, vendor), {
      logTo: { write: (line: string) => void (backendLog += line) },
    });
    settings = await openSettings(join(folder, 'settings.json'));
    await open();
    const url = `${backend.url}/v1/tokens/ai-coustics`;
    const values = { name: 'production', url, credentialKind: 'sign-in', signIn: provider.settings() };
    await licensing.backend.save('production', backendEnvironment.parse(values));
  }

  async function open(): Promise<void> {
    licensing = await Licensing.open({
      native: null,
      settings,
      keychain,
      policyPath: join(folder, 'no-policy.json'),
      environment: {},
      openSignInPage: async (url) => void opened.push(url),
    });
  }

  const view = () => licensing.state.backend.signIn;
  const shown = () => licensing.state.backend.environments.find(({ values }) => values.name === 'production');
  const fetchToken = () => licensing.fetchToken(null);
  const expectRejected = (work: Promise<unknown>, code: string): Promise<void> =>
    expect(work).rejects.toMatchObject({ name: 'LimpidError', code });
  async function signInByBrowser(person = new Person(), options: { denies?: boolean } = {}): Promise<number> {
    await licensing.signIn.start('production', 'browser');
    const page = await person.signIn(opened.at(-1) ?? '', options);
    await licensing.signIn.finished();
    return page.status;
  }
  async function signInByCode(person = new Person(), options: { denies?: boolean } = {}): Promise<void> {
    await licensing.signIn.start('production', 'device');
    const { userCode, verificationUrl } = view()!;
    await person.enterCode(verificationUrl ?? '', userCode ?? '', options);
    await licensing.signIn.finished();
  }
  /** What the keychain has of the sign-in. */
  const record = () => JSON.parse([...keychain.entries.values()][0] ?? '{}') as Record<string, string>;

  test('in the browser brings tokens in the person’s name', async () => {
    await setUp();
    await expectRejected(fetchToken(), 'signIn.needed');
    expect(await signInByBrowser()).toBe(200);
    expect(view()).toBeNull();
    expect(shown()).toMatchObject({ credential: 'saved', signedInAs: 'anna@example.com' });
    const fetched = await fetchToken();
    expect(fetched.expiresAtMs).toBeGreaterThan(Date.now());
    expect(backendLog).toContain('"caller":"user:anna"');
    const steps = await licensing.test('production', () => undefined);
    expect(steps.map(({ result }) => result)).not.toContain('failed');
    expect(steps.find(({ id }) => id === 'credential')?.notice).toEqual({
      code: 'connection.signed-in',
      params: { account: 'anna@example.com' },
    });
    expect(record()).toEqual({
      refreshToken: expect.any(String),
      account: 'anna@example.com',
      issuer: provider.issuer,
      clientId: 'limpid-desktop',
    });
  });

  test('with a code brings them too, and asks as seldom as the provider wants', async () => {
    await setUp();
    await signInByCode();
    expect(shown()).toMatchObject({ credential: 'saved', signedInAs: 'anna@example.com' });
    await fetchToken();
    expect(provider.grants('urn:ietf:params:oauth:grant-type:device_code').length).toBeLessThanOrEqual(3);
  });

  test('holds for the next run, with a new refresh token each time, and nothing of it lies anywhere', async () => {
    await setUp({ accessTokenSeconds: 1 });
    await signInByBrowser();
    const kept = [record()['refreshToken']];
    const told: unknown[] = [];
    for (let run = 0; run < 3; run++) {
      await licensing.dispose();
      await open();
      licensing.onChange(() => told.push(licensing.state));
      await fetchToken();
      told.push(licensing.state);
      await vi.waitFor(() => expect(kept).not.toContain(record()['refreshToken']), soon);
      kept.push(record()['refreshToken']);
    }
    expect(provider.grants('refresh_token')).toHaveLength(3);
    await settings.flush();
    const files = await readdir(folder);
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    const everything = [inspect(told, { depth: 12 }), backendLog, ...texts].join('\n');
    expect(provider.secrets.length).toBeGreaterThan(8);
    expect(provider.secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  });

  test('is renewed in silence when the access token ends', async () => {
    await setUp({ accessTokenSeconds: 1 });
    await signInByBrowser();
    await fetchToken();
    await vi.waitFor(async () => {
      await fetchToken();
      expect(provider.grants('refresh_token').length).toBeGreaterThanOrEqual(2);
    }, soon);
    expect(shown()?.signedInAs).toBe('anna@example.com');
  });

  test('is renewed once where the backend refuses the access token, and asked once more', async () => {
    await setUp();
    await signInByBrowser();
    await fetchToken();
    await backend.reload(configureSignInBackend(provider, vendor, 'https://another.example'));
    await expectRejected(fetchToken(), 'signIn.not-accepted');
    expect(provider.grants('refresh_token')).toHaveLength(1);
    expect(backendLog.match(/credential_wrong_issuer/g)).toHaveLength(2);
    await backend.reload(configureSignInBackend(provider, vendor));
    await fetchToken();
    expect(provider.grants('refresh_token')).toHaveLength(1);
    expect(shown()?.signedInAs).toBe('anna@example.com');
  });

  test('that the provider ended is over: one question, then none', async () => {
    await setUp({ accessTokenSeconds: 1 });
    await signInByBrowser();
    // Used twice, a refresh token ends the whole sign-in there.
    const stolen = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: record()['refreshToken'] ?? '',
      client_id: 'limpid-desktop',
    });
    await fetch(`${provider.issuer}/token`, { method: 'POST', body: stolen });
    await vi.waitFor(() => expectRejected(fetchToken(), 'signIn.revoked'), soon);
    const asked = provider.requests.length;
    await expectRejected(fetchToken(), 'signIn.needed');
    expect(provider.requests.length).toBe(asked);
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
    expect(keychain.entries.size).toBe(0);
  });

  test('out ends the sign-in at the provider, and here', async () => {
    await setUp();
    await signInByBrowser();
    const { refreshToken = '' } = record();
    await licensing.signIn.end('production');
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
    expect(keychain.entries.size).toBe(0);
    await expectRejected(fetchToken(), 'signIn.needed');
    const later = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: 'limpid-desktop',
    });
    const reply = await fetch(`${provider.issuer}/token`, { method: 'POST', body: later });
    expect(await reply.json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('out is done here also where the provider is down, which is said', async () => {
    await setUp();
    await signInByBrowser();
    await provider.stop();
    await expect(licensing.signIn.end('production')).rejects.toMatchObject({
      code: 'signIn.not-revoked',
      params: { reason: { code: 'signIn.unreachable' } },
    });
    expect(keychain.entries.size).toBe(0);
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
    await provider.restart();
  });

  test('goes on by itself when the provider is back', async () => {
    await setUp({ accessTokenSeconds: 1 });
    await signInByBrowser();
    // From now on the backend knows the provider's keys.
    await fetchToken();
    await provider.stop();
    await vi.waitFor(() => expectRejected(fetchToken(), 'signIn.unreachable'), soon);
    expect(shown()?.credential).toBe('saved');
    await provider.restart();
    await fetchToken();
  });

  test('that the person refuses in the browser, or with the code, ends there', async () => {
    await setUp();
    await expectRejected(signInByBrowser(new Person(), { denies: true }), 'signIn.denied');
    expect(view()?.problem?.code).toBe('signIn.denied');
    await expectRejected(signInByCode(new Person(), { denies: true }), 'signIn.denied');
    licensing.signIn.cancel();
    expect([view(), keychain.entries.size]).toEqual([null, 0]);
  });

  test('with another nonce signs nobody in; with another state it is not even heard', async () => {
    await setUp();
    await licensing.signIn.start('production', 'browser');
    const url = new URL(opened[0] ?? '');
    url.searchParams.set('state', 'another');
    expect((await new Person().signIn(url.href)).status).toBe(400);
    expect(view()).toMatchObject({ method: 'browser', problem: null });
    const other = new URL(opened[0] ?? '');
    other.searchParams.set('nonce', 'another');
    expect((await new Person().signIn(other.href)).status).toBe(200);
    await expectRejected(licensing.signIn.finished(), 'signIn.identity');
    expect([view()?.problem?.code, keychain.entries.size]).toEqual(['signIn.identity', 0]);
  });

  test('without lasting sign-ins holds as long as the access token', async () => {
    await setUp({ givesRefreshTokens: false, accessTokenSeconds: 2 });
    await signInByBrowser();
    expect(shown()).toMatchObject({ credential: 'memory', signedInAs: 'anna@example.com' });
    await fetchToken();
    await vi.waitFor(() => expectRejected(fetchToken(), 'signIn.needed'), soon);
    expect(shown()).toMatchObject({ credential: 'none', signedInAs: null });
  });

  test('in the browser is refused where none can be opened, and a code named instead', async () => {
    await setUp();
    await licensing.dispose();
    const policyPath = join(folder, 'no-policy.json');
    licensing = await Licensing.open({ native: null, settings, keychain, policyPath, environment: {} });
    await expectRejected(licensing.signIn.start('production', 'browser'), 'signIn.no-browser');
    expect(view()).toBeNull();
  });

  test('with a code is said to be impossible where there are none', async () => {
    await setUp({ knowsDevices: false });
    await expectRejected(licensing.signIn.start('production', 'device'), 'signIn.no-device');
  });

  test.each<[ProviderFault, string]>([
    ['drop', 'signIn.unreachable'],
    ['503', 'signIn.provider-error'],
    ['redirect', 'signIn.redirected'],
    ['html', 'signIn.metadata'],
    ['huge', 'signIn.metadata'],
    ['other-issuer', 'signIn.issuer-mismatch'],
    ['http-endpoints', 'signIn.bad-address'],
  ])('at a provider with the fault %s says %s, and works when it is mended', async (fault, code) => {
    await setUp();
    provider.fault = fault;
    for (const method of ['browser', 'device'] as const) {
      const [ended] = await Promise.allSettled([licensing.signIn.start('production', method)]);
      expect(ended).toMatchObject({ reason: { name: 'LimpidError', code, cause: undefined } });
      expect(inspect(ended, { depth: 9 })).not.toContain('secret');
    }
    expect([opened, view()]).toEqual([[], null]);
    provider.fault = 'none';
    await licensing.signIn.start('production', 'device');
    expect(view()?.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  });
});
