import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openNetwork } from '../../../src/main/auth/network.js';
import { openProvider } from '../../../src/main/auth/signInProvider.js';
import { createTransport } from '../../../src/main/auth/signInTransport.js';
import { backendEnvironment, type BackendEnvironment } from '../../../src/shared/backend.js';
import { FakeIdentityProvider, issuer } from '../../fakes/identityProvider.js';
import { startConnectProxy } from '../../fakes/connectProxy.js';
import { FaultyBackend, makeCertificates, type Fault, type TestCertificates } from '../../fakes/faultyBackend.js';

let server: FaultyBackend;
let secure: FaultyBackend;
let certificates: TestCertificates;

beforeAll(async () => {
  certificates = makeCertificates({ days: 100 });
  [server, secure] = await Promise.all([FaultyBackend.start(), FaultyBackend.start(certificates)]);
});
afterAll(async () => {
  await Promise.all([server.stop(), secure.stop()]);
  certificates.remove();
});
afterEach(() => {
  server.fault = 'none';
  vi.unstubAllGlobals();
});

const environment = (changes: Partial<BackendEnvironment> = {}): BackendEnvironment => ({
  ...backendEnvironment.parse({ name: 'production', credentialKind: 'sign-in', timeoutMs: 1000 }),
  ...changes,
});
const send = (url: string, changes?: Partial<BackendEnvironment>, signal?: AbortSignal) =>
  createTransport(openNetwork({ variables: () => ({}) }))(
    environment(changes),
    { url, method: 'POST', headers: { accept: 'application/json' }, body: 'refresh_token=secret-refresh' },
    signal,
  );
const failureOf = async (work: Promise<unknown>): Promise<Record<string, unknown>> => {
  const [ended] = await Promise.allSettled([work]);
  expect(ended).toMatchObject({ status: 'rejected', reason: { name: 'LimpidError', cause: undefined } });
  const { reason } = ended as PromiseRejectedResult;
  expect(JSON.stringify(reason)).not.toContain('secret');
  return reason as Record<string, unknown>;
};

describe('requests to an identity provider', () => {
  test('bring status, text and the headers that count', async () => {
    const reply = await send(server.url);
    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(Object.keys(reply.headers).toSorted()).toEqual(['content-type', 'date']);
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', body: 'refresh_token=secret-refresh' });
  });

  test('trust the certificates of the environment, and no others besides the usual ones', async () => {
    expect((await send(secure.url, { caFile: certificates.caFile })).status).toBe(200);
    expect(await failureOf(send(secure.url))).toMatchObject({
      code: 'signIn.unreachable',
      params: { reason: { code: 'backend.tls-untrusted' } },
    });
  });

  test('trust what the network of this process trusts', async () => {
    let asked = 0;
    const trust = { context: async () => void (asked += 1), renew: () => false };
    const transport = createTransport({ ...openNetwork({ variables: () => ({}) }), trust });
    await failureOf(transport(environment(), { url: secure.url, method: 'GET', headers: {}, body: null }));
    expect(asked).toBe(1);
  });

  test('go through the proxy of the environment', async () => {
    const proxy = await startConnectProxy(secure.port);
    const { caFile } = certificates;
    expect((await send(secure.url, { caFile, proxy: `http://${proxy.host}` })).status).toBe(200);
    expect(proxy.asked).toHaveLength(1);
    await proxy.close();
    expect(await failureOf(send(secure.url, { caFile, proxy: `http://${proxy.host}` }))).toMatchObject({
      code: 'signIn.unreachable',
      params: { reason: { code: 'backend.proxy-unreachable' } },
      retryable: true,
    });
  });

  test.each<[Fault, string, boolean]>([
    ['drop', 'signIn.unreachable', true],
    ['silent', 'signIn.timeout', true],
    ['slow-body', 'signIn.timeout', true],
    ['not-http', 'signIn.bad-answer', false],
    ['redirect', 'signIn.redirected', false],
    ['429', 'signIn.provider-error', true],
    ['500', 'signIn.provider-error', true],
    ['ten-megabytes', 'signIn.bad-answer', false],
  ])('that meet %s end with %s', async (fault, code, retryable) => {
    server.fault = fault;
    expect(await failureOf(send(server.url))).toMatchObject({ code, retryable });
  });

  test('are paused for as long as the provider asks', async () => {
    server.fault = '503-seconds';
    expect(await failureOf(send(server.url))).toMatchObject({ params: { retryAfterMs: expect.any(Number) } });
  });

  test('leave unencrypted for this computer alone', async () => {
    expect(await failureOf(send('http://login.example.com/token'))).toMatchObject({ code: 'signIn.bad-address' });
  });

  test('end when nobody wants them any more', async () => {
    server.fault = 'silent';
    const controller = new AbortController();
    const sent = send(server.url, {}, controller.signal);
    controller.abort();
    expect(await failureOf(sent)).toMatchObject({ code: 'cancelled' });
  });
});

test('the library has no other way to the network than ours', async () => {
  vi.stubGlobal('fetch', () => {
    throw new Error('the global fetch');
  });
  const fake = new FakeIdentityProvider(() => Date.now());
  const signIn = { ...environment().signIn, issuer, clientId: 'limpid-desktop' };
  const provider = await openProvider(environment({ signIn }), { transport: fake.transport, metadata: new Map() });
  await provider.requestCode('http://127.0.0.1:1/');
  const grant = await provider.redeemDevice(await provider.requestDevice());
  expect(grant).toMatchObject({ accessToken: 'access-1' });
  await provider.refresh('refresh-1');
  await provider.revoke('refresh-2');
  expect(fake.requests.map(({ url }) => new URL(url).pathname)).toEqual([
    '/.well-known/openid-configuration',
    '/device',
    '/token',
    '/token',
    '/revoke',
  ]);
});
