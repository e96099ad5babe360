import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fetchToken, type Finding } from '../../../src/main/auth/backendClient.js';
import { openConnection } from '../../../src/main/auth/httpClient.js';
import { openNetwork, type NetworkSources } from '../../../src/main/auth/network.js';
import { createTrust } from '../../../src/main/auth/networkTrust.js';
import { redact } from '../../../src/main/redact.js';
import { backendEnvironment, type BackendEnvironment } from '../../../src/shared/backend.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { toErrorShape } from '../../../src/shared/messages/index.js';
import { startConnectProxy, type ConnectProxy } from '../../fakes/connectProxy.js';
import { FaultyBackend, makeCertificates, type TestCertificates } from '../../fakes/faultyBackend.js';

/** Stands in the middle: it shows a certificate of its own for every server, as companies have it. */
let proxy: ConnectProxy;
let middle: FaultyBackend;
let certificates: TestCertificates;
let authority = '';

beforeAll(async () => {
  certificates = makeCertificates({ subject: 'DNS:tokens.invalid' });
  authority = readFileSync(certificates.caFile, 'utf8');
  middle = await FaultyBackend.start(certificates);
  proxy = await startConnectProxy(middle.port);
});

afterAll(async () => {
  await proxy.close();
  await middle.stop();
  certificates.remove();
});

afterEach(() => {
  proxy.status = 200;
  proxy.asked.length = 0;
  middle.requests.length = 0;
});

const findings: Finding[] = [];

async function fetchBy(sources: NetworkSources, values: Partial<BackendEnvironment> = {}) {
  const usual = { name: 'Test', url: 'https://tokens.invalid/token', credentialKind: 'none' as const };
  const environment = { ...backendEnvironment.parse(usual), ...values };
  const network = openNetwork({
    variables: () => ({}),
    resolveProxy: async () => `PROXY ${proxy.host}`,
    trust: createTrust({ readSystem: () => null }),
    ...sources,
  });
  findings.length = 0;
  return fetchToken(environment, null, { network, onFinding: (finding) => findings.push(finding) });
}

async function failureBy(sources: NetworkSources, values: Partial<BackendEnvironment> = {}): Promise<LimpidError> {
  const error: unknown = await fetchBy(sources, values).then(
    () => expect.unreachable('a token came'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LimpidError)) throw error;
  return error;
}

const variables = (login: string) => () => ({ HTTPS_PROXY: `http://${login}${proxy.host}` });
const own = () => ({ caFile: certificates.caFile });

describe('a proxy that the system names', () => {
  test('carries the request', async () => {
    const { token } = await fetchBy({}, own());
    expect(token).toBe(middle.tokens.at(-1));
    expect(proxy.asked).toEqual([{ target: 'tokens.invalid:443', login: undefined }]);
    expect(findings[0]).toMatchObject({ step: 'url', route: { from: { kind: 'system' } } });
  });

  test('that asks for a login says which variable takes one', async () => {
    proxy.status = 407;
    const error = await failureBy({}, own());
    expect(error).toMatchObject({ code: 'backend.proxy-login', params: { host: proxy.host } });
    expect(toErrorShape(error).hint).toContain('HTTPS_PROXY');
  });

  test('that refuses a login says so, and the login is nowhere in the error', async () => {
    proxy.status = 407;
    const error = await failureBy({ variables: variables('anna:hush-4711@') }, own());
    expect(error.code).toBe('backend.proxy-login-refused');
    const told = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(toErrorShape(error));
    expect(told).not.toMatch(/anna|hush|YW5uYT/);
    const log = `hush-4711 and ${Buffer.from('anna:hush-4711').toString('base64')}`;
    expect(redact(log)).not.toMatch(/hush|YW5uYT/);
    expect(proxy.asked[0]?.login).toBe(`Basic ${Buffer.from('anna:hush-4711').toString('base64')}`);
  });

  test('that is down is told apart from the backend', async () => {
    const gone = await startConnectProxy(1);
    await gone.close();
    const error = await failureBy({ resolveProxy: async () => `PROXY ${gone.host}` }, own());
    expect(error).toMatchObject({ code: 'backend.proxy-unreachable', params: { host: gone.host }, retryable: true });
  });

  test('that is down leaves the way to the next one, and is told of', async () => {
    const gone = await startConnectProxy(1);
    await gone.close();
    const resolveProxy = async () => `PROXY ${gone.host}; PROXY ${proxy.host}`;
    const { token } = await fetchBy({ resolveProxy }, own());
    expect(token).toBe(middle.tokens.at(-1));
    expect(findings.filter(({ step }) => step === 'connect')).toMatchObject([{ insteadOf: gone.host }]);
    expect(findings.map(({ step }) => step)).toEqual([...new Set(findings.map(({ step }) => step))]);
  });

  test('is named when no other way leads there either', async () => {
    const gone = await startConnectProxy(1);
    await gone.close();
    const error = await failureBy({ resolveProxy: async () => `PROXY ${gone.host}; DIRECT` }, own());
    expect(error).toMatchObject({ code: 'backend.proxy-unreachable', params: { host: gone.host } });
  });

  test('that says no is heard: another one is not asked', async () => {
    const second = await startConnectProxy(middle.port);
    proxy.status = 407;
    const error = await failureBy({ resolveProxy: async () => `PROXY ${proxy.host}; PROXY ${second.host}` }, own());
    await second.close();
    expect([error.code, second.asked]).toEqual(['backend.proxy-login', []]);
  });

  test('that hangs leaves the way to the next one after a while', async () => {
    const second = await startConnectProxy(middle.port);
    proxy.status = 0;
    const [first, next] = [proxy.host, second.host].map((host) => new URL(`http://${host}`));
    const connection = await openConnection(
      {
        url: new URL('https://tokens.invalid/'),
        proxy: first ?? null,
        otherWays: [next ?? null],
        ...own(),
        trust: createTrust({ readSystem: () => null }),
      },
      { signal: new AbortController().signal, onFinding: () => undefined, patienceMs: 50 },
    );
    connection.close();
    await second.close();
    expect([proxy.asked.length, second.asked.length]).toEqual([1, 1]);
  });

  test('that hangs is named when the time is up', async () => {
    proxy.status = 0;
    const error = await failureBy({}, { ...own(), timeoutMs: 300 });
    expect(error).toMatchObject({
      code: 'backend.proxy-silent',
      params: { host: proxy.host, seconds: 0.3 },
      retryable: true,
    });
  });

  test('is not blamed for a backend that hangs', async () => {
    middle.fault = 'silent';
    const error = await failureBy({}, { ...own(), timeoutMs: 300 }).finally(() => (middle.fault = 'none'));
    expect(error.code).toBe('backend.timeout');
  });
});

describe('a proxy that shows a certificate of its own', () => {
  test('is refused with the name of who made it, and what to do', async () => {
    const error = await failureBy({});
    expect(error).toMatchObject({
      code: 'backend.tls-untrusted',
      params: { host: 'tokens.invalid', issuer: 'Test Authority' },
    });
    const { message, hint } = toErrorShape(error);
    expect(message).toContain('“Test Authority”');
    expect(hint).toMatch(/Extra certificates.*certificates of this system.*restart Limpid/);
    expect(middle.requests).toEqual([]);
  });

  test('is trusted by the extra file, and by the system’s list', async () => {
    await fetchBy({}, own());
    await fetchBy({ trust: createTrust({ readSystem: () => [authority] }) });
    await fetchBy({ trust: createTrust({ readSystem: () => [authority] }) }, own());
    expect(middle.requests.length).toBe(3);
  });

  test('is trusted by a list in which another certificate is broken', async () => {
    const list = ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', authority];
    await fetchBy({ trust: createTrust({ readSystem: () => list }) });
    expect(middle.requests.length).toBe(1);
  });

  test('is refused where the list is empty, or cannot be read; it is read once', async () => {
    let reads = 0;
    const trust = createTrust({ readSystem: () => ((reads += 1), []) });
    expect((await failureBy({ trust })).code).toBe('backend.tls-untrusted');
    expect((await failureBy({ trust })).code).toBe('backend.tls-untrusted');
    expect([reads, proxy.asked.length]).toEqual([1, 2]);
    const readSystem = () => {
      throw new Error('no store');
    };
    expect((await failureBy({ trust: createTrust({ readSystem }) })).code).toBe('backend.tls-untrusted');
  });

  test.skipIf('getCACertificates' in tls)(
    'is trusted by NODE_EXTRA_CA_CERTS unless variables do not count (newer Node reads the variable at its start only)',
    async () => {
      const before = process.env['NODE_EXTRA_CA_CERTS'];
      process.env['NODE_EXTRA_CA_CERTS'] = certificates.caFile;
      try {
        const readSystem = () => [tls.rootCertificates[0] ?? ''];
        await fetchBy({ trust: createTrust({ readSystem }) });
        const error = await failureBy({ trust: createTrust({ readSystem, followsVariables: () => false }) });
        expect(error.code).toBe('backend.tls-untrusted');
      } finally {
        if (before === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
        else process.env['NODE_EXTRA_CA_CERTS'] = before;
      }
    },
  );
});
