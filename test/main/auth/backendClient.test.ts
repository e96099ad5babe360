import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clockSkewMs, fetchToken, type FetchOptions } from '../../../src/main/auth/backendClient.js';
import { systemClock, type Clock } from '../../../src/main/auth/clock.js';
import { sendRequest } from '../../../src/main/auth/httpClient.js';
import { openNetwork } from '../../../src/main/auth/network.js';
import { startTokenBackend } from '../../../src/main/demo/tokenBackend.js';
import { backendEnvironment, type BackendEnvironment } from '../../../src/shared/backend.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { toErrorShape } from '../../../src/shared/messages/index.js';
import { startConnectProxy, type ConnectProxy } from '../../fakes/connectProxy.js';
import { FaultyBackend, makeCertificates, type Fault, type TestCertificates } from '../../fakes/faultyBackend.js';

const credential = 'credential-7f3a-must-not-show';
const network = (variables: NodeJS.ProcessEnv = {}) => openNetwork({ variables: () => variables });
const noVariables = network();

let backend: FaultyBackend;
let secure: FaultyBackend;
let certificates: TestCertificates;
let folder = '';

beforeAll(async () => {
  certificates = makeCertificates();
  backend = await FaultyBackend.start();
  secure = await FaultyBackend.start(certificates);
  folder = mkdtempSync(join(tmpdir(), 'limpid-backend-'));
});

afterAll(async () => {
  await backend.stop();
  await secure.stop();
  certificates.remove();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  for (const each of [backend, secure]) {
    each.fault = 'none';
    each.lifetimeSeconds = 3600;
    each.claims = {};
    each.headers = {};
    each.reply = (token, expiresAt) => ({ token, expires_at: expiresAt });
    each.requests.length = 0;
  }
});

const environmentOf = (values: Partial<BackendEnvironment> = {}): BackendEnvironment => ({
  ...backendEnvironment.parse({ name: 'Test', url: backend.url }),
  ...values,
});

const fetchWith = (values: Partial<BackendEnvironment> = {}, options: FetchOptions = {}) =>
  fetchToken(environmentOf(values), credential, { network: noVariables, ...options });

/** The error of a fetch; fails when there is none, or when it shows a token or the credential anywhere. */
async function failureOf(work: Promise<unknown>): Promise<LimpidError> {
  const error = await work.then(
    () => expect.unreachable('a token came'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LimpidError)) throw error;
  expectNoSecret(error);
  const { message, hint } = toErrorShape(error);
  expect(`${message} ${hint}`).not.toMatch(/[{}]/);
  return error;
}

function expectNoSecret(error: LimpidError): void {
  const everything = [
    inspect(error, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(error),
    JSON.stringify(toErrorShape(error)),
    JSON.stringify(error.params),
    String(error.stack),
    inspect(error.cause, { depth: Infinity, showHidden: true }),
  ].join('\n');
  const secrets = [
    credential,
    Buffer.from(`${credential}:`).toString('base64'),
    'secret=1',
    'user:pass',
    'query-secret',
  ];
  const tokens = [...backend.tokens, ...secure.tokens].flatMap((token) => token.split('.').slice(1));
  for (const secret of [...secrets, ...tokens]) expect(everything).not.toContain(secret);
}

test('the search for secrets finds one in a cause', () => {
  const cause = new Error('failed', { cause: { headers: { authorization: `Bearer ${credential}` } } });
  expect(() => expectNoSecret(new LimpidError('backend.network', {}, { cause }))).toThrow(/credential-7f3a/);
});

describe('a good reply', () => {
  test('gives the token with what its schedule needs', async () => {
    const fetched = await fetchWith();
    expect(fetched).toMatchObject({ token: backend.tokens.at(-1), subject: 'test', issuer: 'faulty-backend' });
    expect(fetched.expiresAtMs - (fetched.issuedAtMs ?? 0)).toBe(3_600_000);
    expect(Math.abs((fetched.serverNowMs ?? 0) - Date.now())).toBeLessThan(5000);
    expect(fetched.expiresInMs).toBeNull();
    expect(fetched.latencyMs).toBeGreaterThan(0);
  });

  test('is asked for by POST with the credential as bearer and an empty body', async () => {
    await fetchWith();
    expect(backend.requests).toMatchObject([
      { method: 'POST', url: '/token', body: '', headers: { authorization: `Bearer ${credential}` } },
    ]);
  });

  test('is asked for with the method, headers and body that were set', async () => {
    const headers = [{ name: 'X-Team', value: 'voice' }];
    await fetchWith({ headers, body: '{"scope":"live"}' });
    await fetchWith({ headers: [{ name: 'Content-Type', value: 'text/plain' }], body: 'scope=live' });
    await fetchWith({ method: 'GET', body: 'not sent', url: `${backend.url}?a=1` });
    expect(backend.requests).toMatchObject([
      { body: '{"scope":"live"}', headers: { 'x-team': 'voice', 'content-type': 'application/json' } },
      { body: 'scope=live', headers: { 'content-type': 'text/plain' } },
      { method: 'GET', url: '/token?a=1', body: '' },
    ]);
  });

  test('is asked for with the credential in the way that was chosen', async () => {
    await fetchWith({ credentialKind: 'basic' });
    await fetchToken(environmentOf({ credentialKind: 'basic' }), 'anna:pässword', { network: noVariables });
    await fetchWith({ credentialKind: 'header', credentialHeader: 'X-Api-Key' });
    await fetchToken(environmentOf({ credentialKind: 'none' }), null, { network: noVariables });
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(backend.requests.map(({ headers }) => headers)).toMatchObject([
      { authorization: basic(`${credential}:`) },
      { authorization: basic('anna:pässword') },
      { 'x-api-key': credential },
      {},
    ]);
    expect(backend.requests[2]?.headers.authorization).toBeUndefined();
    expect(backend.requests[3]?.headers.authorization).toBeUndefined();
  });

  test('is found where the environment says', async () => {
    backend.reply = (token) => ({ data: [{}, { access_token: token }], life: '120' });
    const reply = { token: 'data.1.access_token', expiresAt: '', expiresIn: 'life' };
    const fetched = await fetchWith({ reply });
    expect(fetched).toMatchObject({ token: backend.tokens.at(-1), expiresInMs: 120_000 });
  });

  test('is accepted when its token ends in ten years', async () => {
    backend.fault = 'ten-years';
    const { expiresAtMs } = await fetchWith();
    expect(expiresAtMs - Date.now()).toBeGreaterThan(9.9 * 365 * 86_400_000);
  });

  test.each(['clock-fast', 'clock-slow'] as const)('is judged by the backend’s clock: %s', async (fault) => {
    backend.fault = fault;
    backend.lifetimeSeconds = 300;
    const fetched = await fetchWith();
    const skewMs = clockSkewMs(fetched, Date.now()) ?? 0;
    expect(Math.abs(skewMs - (fault === 'clock-fast' ? 600_000 : -600_000))).toBeLessThan(5000);
  });

  test('of a cache is as old as the cache says', async () => {
    backend.headers = { age: '1800' };
    const { serverNowMs } = await fetchWith();
    expect(Math.abs((serverNowMs ?? 0) - Date.now() - 1_800_000)).toBeLessThan(5000);
  });

  test('without a date, on a computer whose clock is far ahead, is good for its own lifetime', async () => {
    backend.fault = 'no-date';
    const tomorrow: Clock = { ...systemClock, wallMs: () => Date.now() + 86_400_000 };
    const fetched = await fetchWith({}, { clock: tomorrow });
    expect(fetched.serverNowMs).toBeNull();
    expect(clockSkewMs(fetched, Date.now())).toBeNull();
  });

  test('comes from the backend of the demo, too', async () => {
    const demo = await startTokenBackend({ lifetimeSeconds: 20 });
    const environment = environmentOf({ url: demo.url });
    const { issuedAtMs, expiresAtMs } = await fetchToken(environment, demo.credential, { network: noVariables });
    expect(expiresAtMs - (issuedAtMs ?? 0)).toBe(20_000);
    expect((await failureOf(fetchToken(environment, 'wrong', { network: noVariables }))).code).toBe(
      'backend.unauthorised',
    );
    expect(demo.mints).toBe(1);
    await demo.close();
    expect((await failureOf(fetchToken(environment, demo.credential))).code).toBe('backend.refused');
  });
});

describe('a fault', () => {
  test.each<[Fault, string, object?]>([
    ['drop', 'backend.network'],
    ['not-http', 'backend.not-http'],
    ['redirect', 'backend.redirect', { target: 'elsewhere.example', status: 302 }],
    ['401', 'backend.unauthorised'],
    ['403', 'backend.forbidden'],
    ['404', 'backend.not-found'],
    ['418', 'backend.unexpected-status', { status: 418 }],
    ['429', 'backend.rate-limited'],
    ['429-seconds', 'backend.rate-limited', { retryAfterMs: 7000 }],
    ['500', 'backend.server-error', { status: 500 }],
    ['503-seconds', 'backend.server-error', { retryAfterMs: 20_000 }],
    ['html', 'backend.html'],
    ['empty', 'backend.empty'],
    ['ten-megabytes', 'backend.too-large'],
    ['not-json', 'backend.not-json'],
    ['no-token', 'backend.no-token', { path: 'token' }],
    ['not-jwt', 'backend.not-jwt'],
    ['no-expiry', 'backend.no-expiry'],
    ['expired', 'backend.expired-on-arrival'],
  ])('%s is %s', async (fault, code, params = {}) => {
    backend.fault = fault;
    const error = await failureOf(fetchWith());
    expect(error.code).toBe(code);
    expect(error.params).toMatchObject({ host: `127.0.0.1:${backend.port}`, ...params });
    if (!('retryAfterMs' in params)) expect(error.params).not.toHaveProperty('retryAfterMs');
    expect(backend.requests.length).toBe(1);
  });

  test('429 with a date is a pause by the backend’s clock', async () => {
    backend.fault = '429-date';
    const { params } = await failureOf(fetchWith());
    expect(Number(params['retryAfterMs'])).toBeGreaterThanOrEqual(89_000);
    expect(Number(params['retryAfterMs'])).toBeLessThanOrEqual(91_000);
  });

  test.each<Fault>(['silent', 'slow-body'])('%s is a timeout of the whole request', async (fault) => {
    backend.fault = fault;
    const error = await failureOf(fetchWith({ timeoutMs: 150 }));
    expect(error).toMatchObject({ code: 'backend.timeout', retryable: true, params: { seconds: 0.15 } });
  });

  test.each<Fault>(['silent', 'slow-body'])('%s ends at once when it is called off', async (fault) => {
    backend.fault = fault;
    const controller = new AbortController();
    const fetched = fetchWith({}, { signal: controller.signal });
    const timer = setTimeout(() => controller.abort(new Error(credential)), 50);
    expect((await failureOf(fetched)).code).toBe('cancelled');
    clearTimeout(timer);
    expect((await failureOf(fetchWith({}, { signal: controller.signal }))).code).toBe('cancelled');
  });

  test('an expired token that was not issued either is no token for a clock ahead', async () => {
    backend.fault = 'no-date';
    backend.claims = { iat: undefined };
    const tomorrow: Clock = { ...systemClock, wallMs: () => Date.now() + 86_400_000 };
    expect((await failureOf(fetchWith({}, { clock: tomorrow }))).code).toBe('backend.expired-on-arrival');
  });

  test('nobody there', async () => {
    const gone = await FaultyBackend.start();
    await gone.stop();
    expect((await failureOf(fetchWith({ url: gone.url }))).code).toBe('backend.refused');
    const byName = gone.url.replace('127.0.0.1', 'localhost');
    expect((await failureOf(fetchWith({ url: byName }))).code).toBe('backend.refused');
  });

  test('a name that does not exist', async () => {
    const error = await failureOf(fetchWith({ url: 'https://tokens.invalid/token?query-secret' }));
    expect(error).toMatchObject({ code: 'backend.dns', retryable: true, params: { host: 'tokens.invalid' } });
  });
});

describe('settings that cannot work', () => {
  test.each<[Partial<BackendEnvironment>, string]>([
    [{ url: '' }, 'backend.not-configured'],
    [{ url: 'tokens.example.com' }, 'backend.url-invalid'],
    [{ url: 'ftp://tokens.example.com' }, 'backend.url-invalid'],
    [{ url: 'https://user:pass@tokens.example.com/' }, 'backend.url-credentials'],
    [{ url: 'http://tokens.example.com/?query-secret' }, 'backend.not-https'],
    [{ headers: [{ name: 'Host', value: 'other' }] }, 'backend.header-reserved'],
    [{ credentialKind: 'header', credentialHeader: 'Content-Length' }, 'backend.header-reserved'],
    [{ proxy: 'socks5://127.0.0.1:1080' }, 'backend.proxy-invalid'],
    [{ proxy: 'http://user:pass@127.0.0.1:3128' }, 'backend.proxy-credentials'],
    [{ proxy: 'http://127.0.0.1:3128' }, 'backend.proxy-not-https'],
  ])('%o is %s', async (values, code) => {
    expect((await failureOf(fetchWith(values))).code).toBe(code);
    expect(backend.requests).toEqual([]);
  });

  test.each([null, ''])('a credential that is not there (%o)', async (none) => {
    const error = await failureOf(fetchToken(environmentOf(), none));
    expect(error).toMatchObject({ code: 'backend.credential-missing', params: { environment: 'Test' } });
  });

  test.each<[BackendEnvironment['credentialKind'], string]>([
    ['bearer', `${credential}\r\nX-Injected: 1`],
    ['bearer', `${credential}\n`],
    ['bearer', `${credential}ü`],
    ['header', `${credential}\0`],
    ['basic', `${credential}\u0085`],
  ])('a credential that cannot be sent as %s: %j', async (credentialKind, broken) => {
    const error = await failureOf(fetchToken(environmentOf({ credentialKind }), broken));
    expect(error.code).toBe('backend.credential-invalid');
    expect(backend.requests).toEqual([]);
  });
});

describe('encryption', () => {
  const secureWith = (values: Partial<BackendEnvironment> = {}) =>
    fetchWith({ url: secure.url, caFile: certificates.caFile, ...values });

  test('trusts the extra authority', async () => {
    expect((await secureWith()).token).toBe(secure.tokens.at(-1));
    expect((await secureWith({ url: secure.url.replace('127.0.0.1', 'localhost') })).token).toBe(secure.tokens.at(-1));
  });

  test('trusts no unknown authority, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const error = await failureOf(fetchWith({ url: secure.url })).finally(() => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    });
    expect(error).toMatchObject({ code: 'backend.tls-untrusted', retryable: false });
    expect(secure.requests).toEqual([]);
  });

  test('refuses a certificate for another name', async () => {
    const other = makeCertificates({ subject: 'DNS:other.example' });
    const impostor = await FaultyBackend.start(other);
    const error = await failureOf(fetchWith({ url: impostor.url, caFile: other.caFile }));
    expect(error.code).toBe('backend.tls-name');
    expect(impostor.requests).toEqual([]);
    await impostor.stop();
    other.remove();
  });

  test('refuses a certificate that is out of date', async () => {
    const old = makeCertificates({ days: -1 });
    const outdated = await FaultyBackend.start(old);
    expect((await failureOf(fetchWith({ url: outdated.url, caFile: old.caFile }))).code).toBe('backend.tls-dates');
    await outdated.stop();
    old.remove();
  });

  test('names a server that does not encrypt', async () => {
    const url = backend.url.replace('http:', 'https:');
    expect((await failureOf(fetchWith({ url }))).code).toBe('backend.tls');
  });

  test('is a timeout where the server says nothing', async () => {
    const callers: Socket[] = [];
    const mute = createServer((caller) => void callers.push(caller.on('error', () => undefined)));
    await new Promise<void>((listening) => void mute.listen(0, '127.0.0.1', listening));
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
    expect((await failureOf(fetchWith({ url, timeoutMs: 150 }))).code).toBe('backend.timeout');
    expect(callers.length).toBe(1);
    mute.close();
  });

  test.each<[string, string | null]>([
    ['missing.pem', null],
    ['no-certificate.pem', 'nothing of the kind'],
    ['broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('says which file of authorities cannot be read: %s', async (name, text) => {
    const caFile = join(folder, name);
    if (text) writeFileSync(caFile, text);
    const error = await failureOf(secureWith({ caFile }));
    expect(error).toMatchObject({ code: 'backend.ca-unreadable', params: { path: caFile } });
  });
});

describe('a proxy', () => {
  let proxy: ConnectProxy;
  let named: FaultyBackend;
  let namedCertificates: TestCertificates;

  beforeAll(async () => {
    namedCertificates = makeCertificates({ subject: 'DNS:tokens.invalid' });
    named = await FaultyBackend.start(namedCertificates);
    proxy = await startConnectProxy(named.port);
  });

  afterAll(async () => {
    await proxy.close();
    await named.stop();
    namedCertificates.remove();
  });

  afterEach(() => {
    proxy.status = 200;
    proxy.asked.length = 0;
  });

  const fetchNamed = (values: Partial<BackendEnvironment> = {}, variables: NodeJS.ProcessEnv = {}) =>
    fetchWith(
      { url: 'https://tokens.invalid/token', caFile: namedCertificates.caFile, ...values },
      { network: network(variables) },
    );

  test('of the settings carries the request, and resolves the name', async () => {
    const { token } = await fetchNamed({ proxy: `http://${proxy.host}` }, { HTTPS_PROXY: 'http://127.0.0.1:9' });
    expect(token).toBe(named.tokens.at(-1));
    expect(proxy.asked).toEqual([{ target: 'tokens.invalid:443', login: undefined }]);
  });

  test.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])('is taken from %s, with its login', async (name) => {
    await fetchNamed({}, { [name]: `http://user:p%40ss@${proxy.host}` });
    const login = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    expect(proxy.asked).toEqual([{ target: 'tokens.invalid:443', login }]);
  });

  test.each(['*', 'tokens.invalid', 'invalid', '.invalid', '*.invalid', 'a.example, tokens.invalid:443'])(
    'is not asked when NO_PROXY is %s',
    async (list) => {
      const error = await failureOf(fetchNamed({}, { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: list }));
      expect(error.code).toBe('backend.dns');
      expect(proxy.asked).toEqual([]);
    },
  );

  test.each(['other.invalid', 'tokens.invalid:8443', 'kens.invalid'])('is asked when NO_PROXY is %s', async (list) => {
    await fetchNamed({}, { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: list });
    expect(proxy.asked.length).toBe(1);
  });

  test('carries requests to this computer only when it was chosen', async () => {
    const toHere = await startConnectProxy(secure.port);
    const variables = { HTTPS_PROXY: `http://${toHere.host}`, HTTP_PROXY: `http://${toHere.host}` };
    const here = { url: secure.url, caFile: certificates.caFile };
    await fetchWith(here, { network: network(variables) });
    await fetchWith({}, { network: network(variables) });
    expect(toHere.asked).toEqual([]);
    await fetchWith({ ...here, proxy: `http://${toHere.host}` });
    expect(toHere.asked).toMatchObject([{ target: `127.0.0.1:${secure.port}` }]);
    await toHere.close();
  });

  test('never sees what is not encrypted, wherever it came from', async () => {
    const request = {
      url: new URL(backend.url),
      method: 'POST' as const,
      headers: { authorization: credential },
      body: null,
      proxy: new URL(`http://${proxy.host}`),
      caFile: null,
    };
    const options = { signal: new AbortController().signal, onFinding: () => undefined };
    expect((await failureOf(sendRequest(request, options))).code).toBe('backend.proxy-not-https');
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    [407, 'backend.proxy-login-refused'],
    [403, 'backend.proxy-refused'],
    [503, 'backend.proxy-refused'],
  ])('that answers %i is %s', async (status, code) => {
    proxy.status = status;
    const error = await failureOf(fetchNamed({}, { HTTPS_PROXY: `http://user:pass@${proxy.host}` }));
    expect(error).toMatchObject({ code, params: { host: proxy.host } });
  });

  test('that is not there is told apart from the backend', async () => {
    const gone = await startConnectProxy(1);
    await gone.close();
    expect((await failureOf(fetchNamed({ proxy: `http://${gone.host}` }))).code).toBe('backend.proxy-unreachable');
    expect((await failureOf(fetchNamed({ proxy: 'http://proxy.invalid:3128' }))).code).toBe(
      'backend.proxy-unreachable',
    );
    expect((await failureOf(fetchNamed({}, { HTTPS_PROXY: 'socks5://127.0.0.1' }))).code).toBe('backend.proxy-invalid');
  });
});
