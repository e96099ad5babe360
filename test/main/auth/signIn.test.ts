import { inspect } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Credentials } from '../../../src/main/auth/credentials.js';
import { SignIn } from '../../../src/main/auth/signIn.js';
import { browserPatienceMs } from '../../../src/main/auth/signInAsking.js';
import { redact } from '../../../src/main/redact.js';
import type { ProviderReply } from '../../../src/main/auth/signInTransport.js';
import type { Settings } from '../../../src/main/settings/settings.js';
import { backendEnvironment, signInView, type BackendEnvironment } from '../../../src/shared/backend.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { describe as say } from '../../../src/shared/messages/index.js';
import { FakeIdentityProvider, issuer, refusal, unreachable } from '../../fakes/identityProvider.js';
import { createMemoryKeychain, type MemoryKeychain } from '../../fakes/keychain.js';
import { SimulatedWorld } from './simulatedWorld.js';

const account = 'sign-in:production';
const minuteMs = 60_000;
const notThere = (code: string): never => {
  throw new LimpidError(code, { host: 'login.example.com' });
};

let world: SimulatedWorld;
let provider: FakeIdentityProvider;
let keychain: MemoryKeychain;
let credentials: Credentials;
let environment: BackendEnvironment;
let opened: string[];
let openPage: (url: string) => Promise<void>;
let signIn: SignIn;
/** What other processes do to the accounts. */
let rereadAccounts: (values: Settings) => Promise<void>;
/** What was told of each change. */
let told: (string | null)[];

// Slow the first time.
beforeAll(() => import('openid-client'));

beforeEach(() => {
  world = new SimulatedWorld();
  provider = new FakeIdentityProvider(() => world.trueMs);
  keychain = createMemoryKeychain();
  const values = { credentialAccounts: [], credentialPlaces: [] } as unknown as Settings;
  const settings = {
    path: '/settings.json',
    values,
    update: async (changes: Partial<Settings>) => void Object.assign(values, changes),
    rereadAccounts: () => rereadAccounts(values),
  };
  credentials = new Credentials({ keychain, settings, environment: { LIMPID_CONFIG: '/settings.json' } });
  environment = backendEnvironment.parse({
    name: 'production',
    url: 'https://tokens.example.com/mint',
    credentialKind: 'sign-in',
    signIn: { issuer, clientId: 'limpid-desktop' },
  });
  opened = [];
  rereadAccounts = async () => undefined;
  openPage = async (url) => void opened.push(url);
  signIn = open();
});
afterEach(async () => {
  await signIn.dispose();
  credentials.dispose();
});

function open(): SignIn {
  told = [];
  const made = new SignIn({
    credentials,
    require: (name) => {
      if (name !== environment.name) throw new LimpidError('backend-settings.unknown', { name });
      return environment;
    },
    transport: provider.transport,
    openPage: (url) => openPage(url),
    clock: world,
  });
  made.onChange((affected) => told.push(affected));
  return made;
}

/** Lets everything happen that waits for no timer, the library's own work included. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((done) => setImmediate(done));
}
async function pass(durationMs: number): Promise<void> {
  await world.advance(durationMs);
  await rest();
}
const problem = (): string | undefined => signIn.view?.problem?.code;
const stored = (): Record<string, unknown> | null => {
  const text = [...keychain.entries].find(([name]) => name.startsWith(account))?.[1];
  return text === undefined ? null : (JSON.parse(text) as Record<string, unknown>);
};
const expectRejected = (work: Promise<unknown>, code: string): Promise<void> =>
  expect(work).rejects.toMatchObject({ name: 'LimpidError', code });
const revoked = (): (string | null)[] => provider.formsOf('/revoke').map((form) => form.get('token'));
/** Signs in with a code that is entered at once. */
async function enter(): Promise<void> {
  await signIn.start('production', 'device');
  await pass(5000);
  await signIn.finished();
  await rest();
}

describe('a code for another device', () => {
  test('is shown with its address and its end, and asked about every five seconds', async () => {
    provider.answers = [() => refusal('authorization_pending'), () => refusal('authorization_pending')];
    await signIn.start('production', 'device');
    expect(signIn.view).toEqual({
      environment: 'production',
      method: 'device',
      userCode: 'WDJB-MJHT',
      verificationUrl: `${issuer}/enter`,
      expiresAtMs: world.wallMs() + 900_000,
      problem: null,
    });
    expect(signInView.parse(signIn.view)).toEqual(signIn.view);
    await pass(4999);
    expect(provider.asked).toHaveLength(0);
    await pass(1);
    expect(provider.asked).toHaveLength(1);
    await pass(5000);
    expect(provider.asked).toHaveLength(2);
    await pass(5000);
    expect(signIn.view).toBeNull();
    expect(signIn.accountOf(environment)).toBe('4711');
    expect(provider.asked[0]?.get('device_code')).toBe('secret-device-code');
    expect(stored()).toMatchObject({ refreshToken: 'refresh-1', account: '4711' });
    expect(told).toContain('production');
  });

  test('is asked about less often where the provider says so, or does not answer', async () => {
    provider.answers = [() => refusal('slow_down'), unreachable, () => refusal('authorization_pending')];
    await signIn.start('production', 'device');
    await pass(5000);
    await pass(9999);
    expect(provider.asked).toHaveLength(1);
    await pass(1);
    expect(provider.asked).toHaveLength(2);
    await pass(15_000);
    expect(provider.asked).toHaveLength(3);
    await pass(15_000);
    expect(signIn.view).toBeNull();
  });

  test('has five seconds where the provider names none', async () => {
    delete provider.device['interval'];
    await signIn.start('production', 'device');
    await pass(4999);
    expect(provider.asked).toHaveLength(0);
  });

  test.each([
    [0.001, 900, 1000],
    [3_000_000, 900, 300_000],
    [200, 90, 90_000],
  ])('is asked about neither all the time nor never (every %d s, for %d s)', async (interval, seconds, expectedMs) => {
    Object.assign(provider.device, { interval, expires_in: seconds });
    await signIn.start('production', 'device');
    await pass(expectedMs - 1);
    expect([provider.asked.length, signIn.view?.problem]).toEqual([0, null]);
    await pass(1);
    expect(provider.asked.length === 1 || problem() === 'signIn.code-expired').toBe(true);
  });

  test('ends by itself', async () => {
    provider.device['expires_in'] = 12;
    provider.answers = Array.from({ length: 9 }, () => () => refusal('authorization_pending'));
    await signIn.start('production', 'device');
    for (let second = 0; second < 20; second += 5) await pass(5000);
    expect(provider.asked).toHaveLength(2);
    expect(problem()).toBe('signIn.code-expired');
    expect(signIn.view).toMatchObject({ userCode: null, verificationUrl: null, expiresAtMs: null });
    signIn.cancel();
    expect(signIn.view).toBeNull();
  });

  test.each([
    ['expired_token', 'signIn.code-expired'],
    ['access_denied', 'signIn.denied'],
    ['invalid_client', 'signIn.refused'],
    ['weird "error"', 'signIn.refused'],
  ])('ends when the provider says %s', async (answer, code) => {
    provider.answers = [() => refusal(answer)];
    await signIn.start('production', 'device');
    await pass(5000);
    expect(problem()).toBe(code);
    await pass(minuteMs);
    expect(provider.asked).toHaveLength(1);
    const [ended] = await Promise.allSettled([signIn.finished()]);
    expect(inspect(ended)).not.toMatch(/weird|device-code/);
  });

  test('is given up: nobody asks any more, and what was under way counts for nothing', async () => {
    let answer = (): void => undefined;
    provider.answers = [() => new Promise((done) => (answer = () => done(provider.grant())))];
    await signIn.start('production', 'device');
    await pass(5000);
    const finished = signIn.finished();
    signIn.cancel();
    expect(signIn.view).toBeNull();
    answer();
    await expectRejected(finished, 'cancelled');
    await pass(minuteMs);
    expect([provider.asked.length, stored(), signIn.accountOf(environment)]).toEqual([1, null, null]);
    // What was granted all the same is given back.
    expect(revoked()).toEqual(['refresh-1']);
  });

  test('takes the place of one before', async () => {
    await signIn.start('production', 'device');
    const first = signIn.finished();
    provider.device['user_code'] = 'SECOND';
    await signIn.start('production', 'device');
    await expectRejected(first, 'cancelled');
    expect(signIn.view?.userCode).toBe('SECOND');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['an address without encryption', { verification_uri: 'http://login.example.com/enter' }, 'signIn.bad-address'],
    ['an address with a name in it', { verification_uri: 'https://me@login.example.com/' }, 'signIn.bad-address'],
    ['no address', { verification_uri: 'javascript:alert(1)' }, 'signIn.bad-address'],
    ['a code in control characters', { user_code: 'A\u001b[2JB' }, 'signIn.bad-answer'],
    ['a code without end', { user_code: 'A'.repeat(61) }, 'signIn.bad-answer'],
    ['no time', { expires_in: 0 }, 'signIn.bad-answer'],
    ['no code', { user_code: undefined }, 'signIn.bad-answer'],
  ])('with %s is not shown', async (_kind, device, code) => {
    Object.assign(provider.device, device);
    await expectRejected(signIn.start('production', 'device'), code);
    expect(signIn.view).toBeNull();
  });

  test('is not to be had everywhere', async () => {
    delete provider.metadata['device_authorization_endpoint'];
    await expectRejected(signIn.start('production', 'device'), 'signIn.no-device');
  });
});

describe('the browser', () => {
  /** Comes back to Limpid as the provider would send it. */
  const comeBack = async (changes: Record<string, string> = {}): Promise<number> => {
    const asked = new URL(opened[0] ?? '').searchParams;
    provider.claims = { nonce: asked.get('nonce'), ...provider.claims };
    const answer = new URL(asked.get('redirect_uri') ?? '');
    const given = { code: 'secret-code', state: asked.get('state') ?? '', ...changes };
    for (const [name, value] of Object.entries(given)) answer.searchParams.set(name, value);
    return (await fetch(answer)).status;
  };

  test('is asked for a code with a challenge, a state and a nonce, for this computer alone', async () => {
    environment = {
      ...environment,
      signIn: { ...environment.signIn, scope: 'offline_access mint', resource: 'https://tokens', audience: 'tokens' },
    };
    await signIn.start('production', 'browser');
    const url = new URL(opened[0] ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(`${issuer}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'limpid-desktop',
      response_type: 'code',
      scope: 'openid offline_access mint',
      resource: 'https://tokens',
      audience: 'tokens',
      code_challenge_method: 'S256',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      state: expect.stringMatching(/^[\w-]{40,}$/),
      nonce: expect.stringMatching(/^[\w-]{40,}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(signIn.view).toMatchObject({ method: 'browser', userCode: null, expiresAtMs: world.wallMs() + 300_000 });
    expect(await comeBack()).toBe(200);
    await signIn.finished();
    const [asked] = provider.asked;
    expect(Object.fromEntries(asked ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      code: 'secret-code',
      resource: 'https://tokens',
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
      redirect_uri: url.searchParams.get('redirect_uri'),
    });
    expect(await signIn.accessToken(environment)).toBe('access-1');
  });

  test('that is closed ends the wait after five minutes', async () => {
    await signIn.start('production', 'browser');
    await pass(browserPatienceMs - 1);
    expect(problem()).toBeUndefined();
    await pass(1);
    expect(signIn.view?.problem).toEqual({ code: 'signIn.timed-out', params: { count: 5 } });
    await expect(comeBack()).rejects.toThrow('fetch failed');
  });

  test('with another state is not heard, and its time ends with the reason', async () => {
    await signIn.start('production', 'browser');
    expect(await comeBack({ state: 'another' })).toBe(400);
    expect([signIn.view?.problem, provider.asked.length]).toEqual([null, 0]);
    await pass(browserPatienceMs);
    expect(problem()).toBe('signIn.wrong-state');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['another nonce', { nonce: 'another' }, 'signIn.identity'],
    ['no nonce', { nonce: undefined }, 'signIn.bad-answer'],
    ['another client', { aud: 'another' }, 'signIn.identity'],
    ['another provider', { iss: 'https://other.example.com' }, 'signIn.identity'],
  ])('that brings an identity for %s signs nobody in', async (_kind, claims, code) => {
    provider.claims = claims;
    await signIn.start('production', 'browser');
    await comeBack();
    await expectRejected(signIn.finished(), code);
    expect([problem(), stored()]).toEqual([code, null]);
  });

  test('that brings a refusal ends it', async () => {
    await signIn.start('production', 'browser');
    await comeBack({ error: 'access_denied' });
    await expectRejected(signIn.finished(), 'signIn.denied');
    expect(provider.asked).toHaveLength(0);
  });

  test('that brings the answer of another provider ends it', async () => {
    await signIn.start('production', 'browser');
    await comeBack({ iss: 'https://other.example.com' });
    await expectRejected(signIn.finished(), 'signIn.wrong-state');
  });

  test('that cannot be opened is said, and nothing waits', async () => {
    openPage = async (url) => {
      opened.push(url);
      throw Object.assign(new Error('no browser'), { name: 'LimpidError', code: 'signIn.no-browser' });
    };
    await expect(signIn.start('production', 'browser')).rejects.toMatchObject({ code: 'signIn.no-browser' });
    expect(signIn.view).toBeNull();
    await expect(comeBack()).rejects.toThrow('fetch failed');
  });

  test('that is given up is not waited for', async () => {
    await signIn.start('production', 'browser');
    signIn.cancel();
    await expectRejected(signIn.finished(), 'cancelled');
    await expect(comeBack()).rejects.toThrow('fetch failed');
  });

  test('is not sent to an address that is not safe', async () => {
    provider.metadata['authorization_endpoint'] = 'http://login.example.com/authorize';
    await expectRejected(signIn.start('production', 'browser'), 'signIn.bad-address');
    expect(opened).toEqual([]);
  });
});

describe('an access token', () => {
  test('is used until a minute before its end, then renewed, and the new refresh token is kept', async () => {
    await enter();
    expect(await signIn.accessToken(environment)).toBe('access-1');
    await pass(4 * minuteMs - 1000);
    expect(await signIn.accessToken(environment)).toBe('access-1');
    await pass(1000);
    expect(await signIn.accessToken(environment)).toBe('access-2');
    expect(provider.asked.at(-1)?.get('refresh_token')).toBe('refresh-1');
    await rest();
    expect(stored()).toMatchObject({ refreshToken: 'refresh-2', account: '4711' });
    expect(told.slice(told.lastIndexOf('production') + 1)).not.toContain('production');
  });

  test('of a short life is renewed when a fifth is left', async () => {
    provider.lifeSeconds = 20;
    await enter();
    await pass(15_999);
    expect(await signIn.accessToken(environment)).toBe('access-1');
    await pass(1);
    expect(await signIn.accessToken(environment)).toBe('access-2');
  });

  test('is renewed after a sleep that the monotonic clock missed', async () => {
    await enter();
    await world.sleep(60 * minuteMs, { monotonic: false, wall: true });
    expect(await signIn.accessToken(environment)).toBe('access-2');
  });

  test('is renewed once for all who wait', async () => {
    await enter();
    await pass(10 * minuteMs);
    const tokens = await Promise.all([1, 2, 3].map(() => signIn.accessToken(environment)));
    expect(tokens).toEqual(['access-2', 'access-2', 'access-2']);
    expect(provider.asked).toHaveLength(2);
  });

  test('stays in use while the provider cannot be asked, to its end', async () => {
    await enter();
    provider.answers = [unreachable, unreachable];
    await pass(4 * minuteMs + 30_000);
    expect(await signIn.accessToken(environment)).toBe('access-1');
    await pass(minuteMs);
    await expectRejected(signIn.accessToken(environment), 'signIn.timeout');
    expect(await signIn.accessToken(environment)).toBe('access-2');
  });

  test.each<[string, string, () => ProviderReply]>([
    [
      'a page of the network in between',
      'signIn.bad-answer',
      () => ({ status: 200, headers: { 'content-type': 'text/html' }, text: '<p>' }),
    ],
    ['a redirect', 'signIn.redirected', () => notThere('signIn.redirected')],
    ['metadata that are none', 'signIn.metadata', () => notThere('signIn.metadata')],
  ])('stays in use behind %s, to its end', async (_kind, code, answer) => {
    await enter();
    provider.answers = [answer, answer];
    await pass(4 * minuteMs + 30_000);
    expect(await signIn.accessToken(environment)).toBe('access-1');
    await pass(minuteMs);
    await expectRejected(signIn.accessToken(environment), code);
    expect(await signIn.accessToken(environment)).toBe('access-2');
  });

  test.each([2 * 60 * minuteMs, -2 * 60 * minuteMs])(
    'is renewed though this computer’s clock is %d ms off',
    async (offMs) => {
      await enter();
      await pass(10 * minuteMs);
      world.setWallClock(offMs);
      expect(await signIn.accessToken(environment)).toBe('access-2');
      await rest();
      expect(stored()).toMatchObject({ refreshToken: 'refresh-2' });
    },
  );

  test('that the backend refused is renewed, once', async () => {
    await enter();
    expect(signIn.refuse(environment, 'access-1')).toBe(true);
    expect(await signIn.accessToken(environment)).toBe('access-2');
    expect(await signIn.accessToken(environment)).toBe('access-2');
    expect(provider.asked).toHaveLength(2);
  });

  test('is had again in the next run, from the keychain', async () => {
    provider.rotates = false;
    await enter();
    signIn = open();
    expect(await signIn.accessToken(environment)).toBe('access-2');
    expect(signIn.accountOf(environment)).toBe('4711');
    expect(stored()).toMatchObject({ refreshToken: 'refresh-1' });
  });

  test('is had with the refresh token that another process renewed', async () => {
    await enter();
    const text = JSON.stringify({ ...stored(), refreshToken: 'refresh-of-another' });
    keychain.entries.set([...keychain.entries.keys()][0] ?? '', text);
    await pass(10 * minuteMs);
    await signIn.accessToken(environment);
    expect(provider.asked.at(-1)?.get('refresh_token')).toBe('refresh-of-another');
  });

  test('is had though another process used the refresh token a moment before', async () => {
    await enter();
    provider.answers = [
      () => {
        const text = JSON.stringify({ ...stored(), refreshToken: 'refresh-of-another' });
        keychain.entries.set([...keychain.entries.keys()][0] ?? '', text);
        return refusal('invalid_grant');
      },
    ];
    await pass(10 * minuteMs);
    expect(await signIn.accessToken(environment)).toBe('access-2');
    expect(provider.asked.at(-1)?.get('refresh_token')).toBe('refresh-of-another');
    await rest();
    expect(stored()).toMatchObject({ refreshToken: 'refresh-2', account: '4711' });
  });

  test('is had with what is in memory while the keychain is away', async () => {
    await enter();
    keychain.break();
    await pass(10 * minuteMs);
    expect(await signIn.accessToken(environment)).toBe('access-2');
    await rest();
    await pass(10 * minuteMs);
    await signIn.accessToken(environment);
    expect(provider.asked.at(-1)?.get('refresh_token')).toBe('refresh-2');
    expect(signIn.kindOf(environment)).toBe('memory');
  });

  test('without a refresh token is used to its end, then a person is needed', async () => {
    provider.givesRefreshTokens = false;
    await enter();
    expect([stored(), signIn.kindOf(environment), signIn.accountOf(environment)]).toEqual([null, 'memory', '4711']);
    await pass(5 * minuteMs - 6000);
    expect(await signIn.accessToken(environment)).toBe('access-1');
    expect(signIn.refuse(environment, 'access-1')).toBe(false);
    expect(await signIn.accessToken(environment)).toBe('access-1');
    await pass(6000);
    await expectRejected(signIn.accessToken(environment), 'signIn.needed');
    expect([provider.asked.length, signIn.kindOf(environment), signIn.accountOf(environment)]).toEqual([
      1,
      'none',
      null,
    ]);
  });

  test.each([
    ['issuer', { signIn: { ...backendEnvironment.parse({ name: 'a' }).signIn, issuer: 'https://other.example.com' } }],
    ['proxy', { proxy: 'http://127.0.0.1:9' }],
    ['server', { url: 'https://other.example.com' }],
  ])('is not sent on where the %s is another', async (_field, changes) => {
    await enter();
    environment = { ...environment, ...changes };
    const asked = provider.asked.length;
    const answer = await signIn.accessToken(environment).catch((error: { code: string }) => error.code);
    expect(answer).not.toBe('access-1');
    if ('signIn' in changes) expect([answer, provider.asked.length]).toEqual(['signIn.needed', asked]);
  });

  test('that came for an environment which was changed meanwhile is thrown away', async () => {
    await signIn.start('production', 'device');
    environment = { ...environment, url: 'https://other.example.com' };
    await pass(5000);
    expect(problem()).toBe('signIn.changed');
    expect([stored(), signIn.accountOf(environment)]).toEqual([null, null]);
    expect(revoked()).toEqual(['refresh-1']);
  });
});

describe('a sign-in', () => {
  test('that the provider ended is forgotten, and asked about no more', async () => {
    await enter();
    provider.answers = [() => refusal('invalid_grant')];
    await pass(10 * minuteMs);
    await expectRejected(signIn.accessToken(environment), 'signIn.revoked');
    await expectRejected(signIn.accessToken(environment), 'signIn.needed');
    expect(provider.asked).toHaveLength(2);
    expect([stored(), signIn.kindOf(environment), signIn.accountOf(environment)]).toEqual([null, 'none', null]);
  });

  test('survives what the provider refuses for other reasons', async () => {
    await enter();
    provider.answers = [() => refusal('invalid_scope')];
    await pass(10 * minuteMs);
    await expectRejected(signIn.accessToken(environment), 'signIn.refused');
    expect(await signIn.accessToken(environment)).toBe('access-2');
  });

  test('is ended: forgotten here and there', async () => {
    await enter();
    expect(await signIn.end('production')).toEqual({ wasSignedIn: true, account: '4711', wasTold: true });
    expect(provider.formsOf('/revoke').map((form) => form.get('token'))).toEqual(['refresh-1']);
    expect([stored(), signIn.accountOf(environment), signIn.kindOf(environment)]).toEqual([null, null, 'none']);
    expect(told.at(-1)).toBe('production');
    await expectRejected(signIn.accessToken(environment), 'signIn.needed');
    expect(await signIn.end('production')).toEqual({ wasSignedIn: false, account: null, wasTold: false });
  });

  test('is ended here also where the provider cannot be told, which is said', async () => {
    await enter();
    provider.metadata['revocation_endpoint'] = 'http://login.example.com/revoke';
    await world.sleep(2 * 60 * minuteMs, { monotonic: true, wall: true });
    await expectRejected(signIn.end('production'), 'signIn.not-revoked');
    expect([stored(), signIn.accountOf(environment)]).toEqual([null, null]);
  });

  test('is ended where the provider has no place for that', async () => {
    delete provider.metadata['revocation_endpoint'];
    await enter();
    expect(await signIn.end('production')).toMatchObject({ wasSignedIn: true, wasTold: false });
    expect([stored(), provider.formsOf('/revoke').length]).toEqual([null, 0]);
  });

  test('that is ended while it is renewed stays ended, and the new token is given back', async () => {
    await enter();
    let answer = (): void => undefined;
    provider.answers = [() => new Promise((done) => (answer = () => done(provider.grant())))];
    await pass(10 * minuteMs);
    const renewed = signIn.accessToken(environment);
    await rest();
    await signIn.end('production');
    answer();
    await expectRejected(renewed, 'signIn.needed');
    await rest();
    expect([stored(), signIn.accountOf(environment)]).toEqual([null, null]);
    expect(provider.formsOf('/revoke').map((form) => form.get('token'))).toEqual(['refresh-1', 'refresh-2']);
  });

  test('that another process ends while it is renewed stays ended, and the new token is given back', async () => {
    await enter();
    let answer = (): void => undefined;
    provider.answers = [() => new Promise((done) => (answer = () => done(provider.grant())))];
    await pass(10 * minuteMs);
    const renewed = signIn.accessToken(environment);
    await rest();
    keychain.entries.clear();
    rereadAccounts = async (values) => void (values.credentialAccounts = []);
    answer();
    await expectRejected(renewed, 'signIn.needed');
    await rest();
    expect([stored(), signIn.accountOf(environment), revoked()]).toEqual([null, null, ['refresh-2']]);
  });

  test('anew while the old one is renewed is not ended with it', async () => {
    await enter();
    let answer = (): void => undefined;
    await signIn.start('production', 'device');
    await pass(4 * minuteMs);
    await signIn.finished();
    signIn.refuse(environment, await signIn.accessToken(environment));
    provider.answers = [() => new Promise((done) => (answer = () => done(provider.grant())))];
    const renewed = signIn.accessToken(environment);
    await rest();
    await signIn.start('production', 'device');
    await pass(5000);
    answer();
    await expectRejected(renewed, 'signIn.needed');
    await rest();
    expect(provider.formsOf('/revoke')).toEqual([]);
    expect(signIn.accountOf(environment)).toBe('4711');
  });

  test.each([
    ['another person', '4712', ['refresh-1']],
    // Of the same person it may be one session at the provider.
    ['the same person', '4711', []],
  ])('by %s takes the place of one before', async (_who, sub, expected) => {
    await enter();
    provider.claims = { sub };
    await enter();
    await rest();
    expect(stored()).toMatchObject({ refreshToken: 'refresh-2', account: sub });
    expect(revoked()).toEqual(expected);
  });

  test.each([
    ['changed', { url: 'https://other.example.com' }, 'signIn.changed'],
    ['no place for one any more', { credentialKind: 'bearer' as const }, undefined],
  ])('under way ends when its environment is %s', async (_how, changes, code) => {
    await signIn.start('production', 'device');
    const finished = signIn.finished();
    signIn.review();
    await rest();
    expect(problem()).toBeUndefined();
    environment = { ...environment, ...changes };
    signIn.review();
    await expectRejected(finished, 'signIn.changed');
    expect(problem()).toBe(code);
    await pass(minuteMs);
    expect(provider.asked).toHaveLength(0);
  });

  test('under another name waits for its renewal, and those who ask meanwhile wait for the name', async () => {
    await enter();
    let answer = (): void => undefined;
    provider.answers = [() => new Promise((done) => (answer = () => done(provider.grant())))];
    await pass(10 * minuteMs);
    const old = environment;
    const renewed = signIn.accessToken(old);
    await rest();
    const renamed = signIn.rename('production', 'live', () =>
      credentials.rename('production', 'live', async () => void (environment = { ...environment, name: 'live' })),
    );
    const late = signIn.accessToken(old);
    answer();
    expect(await renewed).toBe('access-2');
    await Promise.all([renamed, expectRejected(late, 'signIn.changed')]);
    expect(await signIn.accessToken(environment)).toBe('access-2');
    signIn.refuse(environment, 'access-2');
    expect(await signIn.accessToken(environment)).toBe('access-3');
    expect(provider.asked.map((form) => form.get('refresh_token'))).toEqual([null, 'refresh-1', 'refresh-2']);
    expect([...keychain.entries.keys()]).toEqual([expect.stringMatching(/^sign-in:live/)]);
  });

  test.each<[Partial<BackendEnvironment>, string]>([
    [{ credentialKind: 'bearer' }, 'signIn.wrong-kind'],
    [{ signIn: { ...backendEnvironment.parse({ name: 'a' }).signIn, clientId: 'a' } }, 'signIn.not-configured'],
    [{ signIn: { ...backendEnvironment.parse({ name: 'a' }).signIn, issuer } }, 'signIn.not-configured'],
  ])('is not begun for %j', async (changes, code) => {
    environment = { ...environment, ...changes };
    await expectRejected(signIn.start('production', 'device'), code);
    expect([signIn.view, provider.requests.length]).toEqual([null, 0]);
  });

  test.each<[string, () => void, string]>([
    ['another issuer', () => void (provider.metadata['issuer'] = 'https://o.example.com'), 'signIn.issuer-mismatch'],
    ['no issuer', () => void delete provider.metadata['issuer'], 'signIn.metadata'],
    ['no token endpoint', () => void delete provider.metadata['token_endpoint'], 'signIn.metadata'],
  ])('is not begun where the metadata has %s', async (_kind, spoil, code) => {
    spoil();
    const begun = signIn
      .start('production', 'device')
      .then(() => pass(5000))
      .then(() => signIn.finished());
    await expectRejected(begun, code);
  });

  test.each([
    [2 * 60 * minuteMs, true, 'signIn.clock-ahead'],
    [2 * 60 * minuteMs, false, 'signIn.clock'],
    [-10 * minuteMs, true, 'signIn.clock-behind'],
    [-10 * minuteMs, false, 'signIn.clock-behind'],
  ])('fails by name where this computer’s clock is %d ms off (told: %s)', async (offMs, tellsTime, code) => {
    provider.tellsTime = tellsTime;
    world.setWallClock(offMs);
    await signIn.start('production', 'device');
    await pass(5000);
    await expectRejected(signIn.finished(), code);
    expect(say(signIn.view!.problem!).hint).toContain('a minute of difference');
  });

  test('does not mind a difference of less than a minute', async () => {
    world.setWallClock(-59_000);
    await enter();
    expect(signIn.accountOf(environment)).toBe('4711');
  });

  test.each<[Record<string, unknown>, string]>([
    [{ preferred_username: 'anna', email: 'a@example.com', name: 'Anna' }, 'anna'],
    [{ email: 'a@example.com', name: 'Anna' }, 'a@example.com'],
    [{ preferred_username: ' ', name: 'An\u001b[31mna\u202e\n' }, 'An[31mna'],
    [{ preferred_username: 7, name: 'x'.repeat(300) }, 'x'.repeat(200)],
  ])('names the person by %j', async (claims, name) => {
    provider.claims = claims;
    await enter();
    expect(signIn.accountOf(environment)).toBe(name);
  });

  test('leaves the refresh token in no text while it lives, however often it is used', async () => {
    provider.label = 'unheard-of-';
    provider.rotates = false;
    await enter();
    for (let turn = 0; turn < 30; turn++) {
      await pass(10 * minuteMs);
      if (turn % 2 === 0) provider.answers = [unreachable];
      await signIn.accessToken(environment).catch(() => undefined);
    }
    expect(redact('refresh-unheard-of-1')).toBe('[hidden]');
  });

  test('leaves its tokens in no text', async () => {
    provider.label = 'unheard-of-';
    await enter();
    await pass(10 * minuteMs);
    await signIn.accessToken(environment);
    const shown = inspect([signIn, signIn.view, credentials], { depth: 9 });
    expect(shown).not.toContain('unheard-of');
    const words = 'access-unheard-of-2, refresh-unheard-of-1 and refresh-unheard-of-2';
    expect(redact(`${words}, nothing else`)).toBe('[hidden], [hidden] and [hidden], nothing else');
  });
});
