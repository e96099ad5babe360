import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testConnection } from '../../../src/main/auth/connectionTest.js';
import { backendEnvironment, connectionStep, connectionStepIds } from '../../../src/shared/backend.js';
import type { BackendEnvironment, ConnectionStep } from '../../../src/shared/backend.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { describe as describeNotice } from '../../../src/shared/messages/index.js';
import { openNetwork, type NetworkSources } from '../../../src/main/auth/network.js';
import { startConnectProxy } from '../../fakes/connectProxy.js';
import { FaultyBackend, makeCertificates, type Fault, type TestCertificates } from '../../fakes/faultyBackend.js';

const credential = 'credential-7f3a-must-not-show';

let backend: FaultyBackend;
let secure: FaultyBackend;
let certificates: TestCertificates;

beforeAll(async () => {
  certificates = makeCertificates({ days: 100 });
  backend = await FaultyBackend.start();
  secure = await FaultyBackend.start(certificates);
});

afterAll(async () => {
  await backend.stop();
  await secure.stop();
  certificates.remove();
});

afterEach(() => {
  backend.fault = 'none';
  backend.reply = (token, expiresAt) => ({ token, expires_at: expiresAt });
});

/** Runs the test and checks what always holds: every step once, in order, told as it ended, in words, without secrets. */
async function run(values: Partial<BackendEnvironment> = {}, readCredential = async () => credential) {
  const environment = { ...backendEnvironment.parse({ name: 'Test', url: backend.url }), ...values };
  const told: ConnectionStep[] = [];
  const steps = await testConnection(environment, readCredential, (step) => told.push(step), {
    network: openNetwork({ variables: () => ({}) }),
  });
  expect(told).toEqual(steps);
  expect(steps.map(({ id }) => id)).toEqual([...connectionStepIds]);
  for (const step of steps) {
    expect(connectionStep.parse(step)).toEqual(step);
    expect(step.tookMs === null).toBe(step.result === 'skipped');
    expect(describeNotice(step.notice).message).toMatch(/^[A-Z“\d{][^{}]*[.]$/i);
  }
  for (const secret of [credential, ...backend.tokens, ...secure.tokens]) {
    expect(JSON.stringify(steps)).not.toContain(secret);
  }
  return steps;
}

const results = (steps: ConnectionStep[]) => steps.map(({ result }) => result);
const stepOf = (steps: ConnectionStep[], id: ConnectionStep['id']) => steps.find((step) => step.id === id);
const lineOf = (steps: ConnectionStep[], id: ConnectionStep['id']) =>
  describeNotice(stepOf(steps, id)?.notice ?? { code: '', params: {} }).message;

describe('a connection that works', () => {
  test('tells what was found at each step', async () => {
    const steps = await run({ url: secure.url, caFile: certificates.caFile });
    expect(results(steps)).toEqual(Array(9).fill('ok'));
    expect(lineOf(steps, 'dns')).toBe('127.0.0.1 is an address already, so no name had to be looked up.');
    expect(lineOf(steps, 'connect')).toBe(`Connected to 127.0.0.1, port ${secure.port}.`);
    expect(lineOf(steps, 'tls')).toMatch(/^TLSv1\.3; certificate by Test Authority, good for (99|100) more days\.$/);
    expect(lineOf(steps, 'http')).toContain('200');
    expect(lineOf(steps, 'shape')).toContain('“token”');
    expect(lineOf(steps, 'claims')).toBe('The token is good for 60\u00a0min.');
    expect(lineOf(steps, 'clock')).toMatch(/within [12]\u00a0s/);
  });

  test('warns of a certificate that ends soon', async () => {
    const soon = makeCertificates({ days: 5 });
    const ending = await FaultyBackend.start(soon);
    const steps = await run({ url: ending.url, caFile: soon.caFile });
    expect(stepOf(steps, 'tls')).toMatchObject({ result: 'warning', notice: { code: 'connection.tls-ending' } });
    await ending.stop();
    soon.remove();
  });

  test('says that this computer itself needs no encryption', async () => {
    expect(stepOf(await run(), 'tls')).toMatchObject({ result: 'ok', notice: { code: 'connection.tls-none' } });
  });

  test('names the proxy', async () => {
    const proxy = await startConnectProxy(secure.port);
    const steps = await run({ url: secure.url, caFile: certificates.caFile, proxy: `http://${proxy.host}` });
    expect(results(steps)).toEqual(Array(9).fill('ok'));
    expect(lineOf(steps, 'url')).toContain(`through the proxy ${proxy.host} of these settings`);
    expect(lineOf(steps, 'connect')).toContain('through the proxy');
    await proxy.close();
  });

  test.each<[string, NetworkSources, string, string]>([
    ['a variable', { variables: () => ({ HTTPS_PROXY: 'a.invalid:1' }) }, 'ok', 'a.invalid:1 from the variable HTTPS_'],
    ['the system', { resolveProxy: async () => 'PROXY b.invalid:2' }, 'ok', 'b.invalid:2 from the system’s settings'],
    ['nobody who makes sense', { resolveProxy: async () => '?' }, 'warning', 'makes no sense, so none is used.'],
  ])('says that a proxy was named by %s', async (_who, sources, result, words) => {
    const environment = { ...backendEnvironment.parse({ name: 'Test' }), url: 'https://tokens.invalid/' };
    const network = openNetwork({ variables: () => ({}), ...sources });
    const steps = await testConnection(
      environment,
      async () => credential,
      () => undefined,
      { network },
    );
    expect(stepOf(steps, 'url')?.result).toBe(result);
    expect(lineOf(steps, 'url')).toContain(words);
  });

  test.each<[Fault, string, string]>([
    ['clock-fast', 'connection.clock-behind', '10\u00a0min behind'],
    ['clock-slow', 'connection.clock-ahead', '10\u00a0min ahead'],
    ['no-date', 'connection.clock-unknown', 'no date'],
  ])('warns of clocks: %s', async (fault, code, words) => {
    backend.fault = fault;
    const steps = await run();
    expect(stepOf(steps, 'clock')).toMatchObject({ result: 'warning', notice: { code } });
    expect(lineOf(steps, 'clock')).toContain(words);
    expect(results(steps).slice(0, 8)).toEqual(Array(8).fill('ok'));
  });

  test('warns of a reply that contradicts its token', async () => {
    backend.reply = (token, expiresAt) => ({ token, expires_at: new Date((expiresAt + 600) * 1000).toISOString() });
    expect(stepOf(await run(), 'claims')).toMatchObject({ result: 'warning' });
  });
});

describe('a connection that fails', () => {
  /** All before is ok, the step itself failed with the code, all after was not tried. */
  function expectFailure(steps: ConnectionStep[], id: ConnectionStep['id'], code: string): void {
    const index = connectionStepIds.indexOf(id);
    expect(stepOf(steps, id)).toMatchObject({ result: 'failed', notice: { code } });
    const expected = connectionStepIds.map((_, at) => (at < index ? 'ok' : at === index ? 'failed' : 'skipped'));
    expect(results(steps)).toEqual(expected);
  }

  test.each<[Fault, ConnectionStep['id'], string]>([
    ['drop', 'http', 'backend.network'],
    ['not-http', 'http', 'backend.not-http'],
    ['redirect', 'http', 'backend.redirect'],
    ['401', 'http', 'backend.unauthorised'],
    ['429-seconds', 'http', 'backend.rate-limited'],
    ['500', 'http', 'backend.server-error'],
    ['html', 'shape', 'backend.html'],
    ['ten-megabytes', 'shape', 'backend.too-large'],
    ['no-token', 'shape', 'backend.no-token'],
    ['not-jwt', 'claims', 'backend.not-jwt'],
    ['no-expiry', 'claims', 'backend.no-expiry'],
    ['expired', 'claims', 'backend.expired-on-arrival'],
  ])('%s fails at %s', async (fault, id, code) => {
    backend.fault = fault;
    expectFailure(await run(), id, code);
  });

  test.each<[Partial<BackendEnvironment>, ConnectionStep['id'], string]>([
    [{ url: '' }, 'url', 'backend.not-configured'],
    [{ url: 'http://tokens.example.com' }, 'url', 'backend.not-https'],
    [{ proxy: 'socks5://127.0.0.1' }, 'url', 'backend.proxy-invalid'],
    [{ url: 'https://tokens.invalid/' }, 'dns', 'backend.dns'],
    [{ proxy: 'http://127.0.0.1:1' }, 'url', 'backend.proxy-not-https'],
    [{ url: 'https://tokens.invalid/', proxy: 'http://127.0.0.1:1' }, 'connect', 'backend.proxy-unreachable'],
    [{ url: 'http://127.0.0.1:1/' }, 'connect', 'backend.refused'],
  ])('%o', async (values, id, code) => {
    expectFailure(await run(values), id, code);
  });

  test('an unknown authority and an unreadable file of authorities fail at tls', async () => {
    expectFailure(await run({ url: secure.url }), 'tls', 'backend.tls-untrusted');
    expectFailure(await run({ url: secure.url, caFile: '/nonexistent.pem' }), 'tls', 'backend.ca-unreadable');
  });

  test('a timeout fails where it struck', async () => {
    backend.fault = 'silent';
    expectFailure(await run({ timeoutMs: 100 }), 'http', 'backend.timeout');
    backend.fault = 'slow-body';
    expectFailure(await run({ timeoutMs: 100 }), 'shape', 'backend.timeout');
  });

  test('a credential that cannot be read is the failure of its step', async () => {
    const lost = new LimpidError('backend.credential-missing', { environment: 'Test' });
    expectFailure(await run({}, () => Promise.reject(lost)), 'credential', 'backend.credential-missing');
  });

  test('an unforeseen failure says nothing of itself', async () => {
    expectFailure(await run({}, () => Promise.reject(new Error(credential))), 'credential', 'internal');
  });
});
