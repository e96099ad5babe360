import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { createClientKey } from '../../src/backend/configuration/clientKeys.js';
import { providerIds, type ProviderId } from '../../src/backend/providers/provider.js';
import type { VendorFault } from '../vendors/standIn.js';
import { createSigningKey, IdentityProvider, signToken, type SigningKey } from './identityProvider.js';
import { makeClient, OpenServer, type CallOptions } from './openServer.js';

let identityProvider: IdentityProvider;
let signingKey: SigningKey;
let rsaKey: SigningKey;
let open: OpenServer;
const capped = makeClient('capped', {
  soniox: { expires_in_seconds: 120, max_session_duration_seconds: 900 },
  assemblyai: { max_session_duration_seconds: 600 },
});

beforeAll(async () => {
  [signingKey, rsaKey] = await Promise.all([createSigningKey('ec-1'), createSigningKey('rsa-1', 'RS256')]);
  identityProvider = await IdentityProvider.start([signingKey, rsaKey]);
  open = await OpenServer.start((made) => ({
    ...made,
    upstreamTimeoutMs: 1000,
    callers: {
      ...made.callers,
      clients: [...made.callers.clients, capped.client],
      identityProvider: identityProvider.configuration({ limit: null }),
    },
  }));
});
afterAll(async () => {
  await open.close();
  await identityProvider.close();
});

const sonioxBody = { usage_type: 'transcribe_websocket', expires_in_seconds: 60 };

/** Status, code and message of the refusal, which is no different for what else is in the request. */
async function refusal(provider: string, options: CallOptions) {
  const reply = await open.mint(provider, options);
  const { error } = reply.body as { error: { code: string; message: string; retryable: boolean } };
  return { status: reply.status, code: error.code, message: error.message, headers: reply.headers };
}

describe('who calls', () => {
  const withToken = async (changes: Record<string, unknown>, header = {}) => ({
    credential: await signToken(signingKey, changes, header),
  });
  const unsigned = (header: object, claims: object) =>
    [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const past = Math.floor(Date.now() / 1000) - 3600;
  const refusals: Record<string, number> = {};

  test.each<[string, string, number, () => CallOptions | Promise<CallOptions>]>([
    ['no credential', 'credential_missing', 401, () => ({ credential: null })],
    ['Basic', 'credential_missing', 401, () => ({ credential: null, headers: { authorization: 'Basic YTpi' } })],
    ['neither key nor JWT', 'credential_malformed', 401, () => ({ credential: 'something' })],
    ['a key without its secret', 'credential_malformed', 401, () => ({ credential: 'lk_front.' })],
    ['an unknown key', 'credential_unknown', 401, () => ({ credential: createClientKey('stranger').key })],
    [
      'another secret',
      'credential_unknown',
      401,
      () => ({ credential: `${open.key.slice(0, -1)}${open.key.endsWith('A') ? 'E' : 'A'}` }),
    ],
    ['an expired token', 'credential_expired', 401, () => withToken({ iat: past, exp: past + 300 })],
    [
      'a token of tomorrow',
      'credential_not_yet_valid',
      401,
      () => withToken({ nbf: past + 90_000, exp: past + 99_000 }),
    ],
    ['another issuer', 'credential_wrong_issuer', 401, () => withToken({ iss: 'https://elsewhere.example/' })],
    ['another audience', 'credential_wrong_audience', 401, () => withToken({ aud: 'another-service' })],
    ['no expiry', 'credential_incomplete', 401, () => withToken({ exp: undefined })],
    ['no subject', 'credential_incomplete', 401, () => withToken({ sub: undefined })],
    ['no scope', 'scope_missing', 403, () => withToken({ scope: 'openid' })],
    [
      'the algorithm “none”',
      'credential_wrong_algorithm',
      401,
      () => ({ credential: `${unsigned({ alg: 'none' }, { sub: 'me' })}.` }),
    ],
    [
      'the public key as a shared secret (HS256)',
      'credential_wrong_algorithm',
      401,
      () => {
        const pem = rsaKey.publicKey.export({ type: 'spki', format: 'pem' });
        const claims = { iss: 'https://identity.example/', aud: 'limpid-tokens', sub: 'me', exp: past + 9000 };
        const signed = unsigned({ alg: 'HS256', kid: 'rsa-1' }, claims);
        return { credential: `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}` };
      },
    ],
    [
      'a forged signature',
      'credential_bad_signature',
      401,
      async () => ({ credential: await signToken(await createSigningKey('ec-1')) }),
    ],
  ])('%s → %s', async (_name, code, status, makeOptions) => {
    const options = { ...(await makeOptions()), body: sonioxBody };
    const { headers, ...refused } = await refusal('soniox', options);
    expect(refused).toMatchObject({ code, status });
    if (status === 401) expect(headers['www-authenticate']).toMatch(/^Bearer/);
    refusals[code] = (refusals[code] ?? 0) + 1;
    expect(open.vendors.soniox.requests).toHaveLength(0);
  });

  it('leaves a line, or is counted in one where there are many', async () => {
    const logged = () => {
      const counts: Record<string, number> = {};
      for (const { event, reason, reasons } of open.log) {
        const added =
          event === 'refused' ? { [String(reason)]: 1 } : event === 'refused_more' ? (reasons as object) : {};
        for (const [code, count] of Object.entries(added)) counts[code] = (counts[code] ?? 0) + Number(count);
      }
      return counts;
    };
    await expect.poll(logged, { timeout: 5000 }).toEqual(refusals);
    expect(open.log.find(({ event }) => event === 'refused')).toMatchObject({
      provider: 'soniox',
      requestId: expect.any(String),
    });
  });

  it('lets a token of the identity provider in', async () => {
    const reply = await open.mint('soniox', await withToken({}));
    expect(reply.status).toBe(200);
    expect(open.audit.at(-1)).toMatchObject({ event: 'mint', caller: 'user:agent-17', result: 'ok' });
    open.vendors.soniox.requests.length = 0;
  });

  it('asks who calls before it looks at the body', async () => {
    const reply = await open.mint('soniox', { credential: null, body: '{', contentType: 'text/plain' });
    expect(reply.code).toBe('credential_missing');
  });
});

describe('what is asked for', () => {
  const mintsBefore: Record<string, number> = {};
  beforeAll(() => {
    for (const id of providerIds) mintsBefore[id] = open.vendors[id].requests.length;
  });

  test.each<[string, ProviderId, unknown, string]>([
    ['zero', 'assemblyai', { expires_in_seconds: 0 }, 'expires_in_seconds: must be at least 1.'],
    ['negative', 'assemblyai', { expires_in_seconds: -5 }, 'expires_in_seconds: must be at least 1.'],
    ['too long', 'assemblyai', { expires_in_seconds: 601 }, 'expires_in_seconds: must be at most 600.'],
    ['a fraction', 'assemblyai', { expires_in_seconds: 1.5 }, 'expires_in_seconds: must be a whole number.'],
    ['a text', 'assemblyai', { expires_in_seconds: '60' }, 'expires_in_seconds: must be a number.'],
    ['null', 'assemblyai', { expires_in_seconds: null }, 'expires_in_seconds: must be a number.'],
    ['missing', 'assemblyai', {}, 'expires_in_seconds: is required.'],
    ['without bounds', 'assemblyai', '{"expires_in_seconds":1e999}', 'expires_in_seconds: must be a number.'],
    ['huge', 'assemblyai', '{"expires_in_seconds":1e300}', 'expires_in_seconds: must be at most 600.'],
    [
      'a short session',
      'assemblyai',
      { expires_in_seconds: 60, max_session_duration_seconds: 59 },
      'max_session_duration_seconds: must be at least 60.',
    ],
    [
      'a long session',
      'assemblyai',
      { expires_in_seconds: 60, max_session_duration_seconds: 10_801 },
      'max_session_duration_seconds: must be at most 10800.',
    ],
    ['too long', 'soniox', { ...sonioxBody, expires_in_seconds: 3601 }, 'expires_in_seconds: must be at most 3600.'],
    [
      'a long session',
      'soniox',
      { ...sonioxBody, max_session_duration_seconds: 18_001 },
      'max_session_duration_seconds: must be at most 18000.',
    ],
    [
      'an unknown use',
      'soniox',
      { ...sonioxBody, usage_type: 'everything' },
      'usage_type: must be one of transcribe_websocket, tts_rt.',
    ],
    ['no use', 'soniox', { expires_in_seconds: 60 }, 'usage_type: is required.'],
    ['a text for a boolean', 'soniox', { ...sonioxBody, single_use: 'yes' }, 'single_use: must be true or false.'],
    [
      'another reference',
      'soniox',
      { ...sonioxBody, client_reference_id: 'somebody else' },
      'client_reference_id: there is no such parameter.',
    ],
    ['a misspelt name', 'soniox', { ...sonioxBody, expires_in: 60 }, 'expires_in: there is no such parameter.'],
    [
      'a lifetime where there is none to choose',
      'ai-coustics',
      { expires_in_seconds: 60 },
      'expires_in_seconds: there is no such parameter.',
    ],
    ['another workflow', 'aiola', { workflow_id: 'x' }, 'workflow_id: there is no such parameter.'],
    ['a prototype', 'ai-coustics', '{"__proto__":{"isAdmin":true}}', '__proto__: there is no such parameter.'],
    ['a constructor', 'ai-coustics', '{"constructor":{"prototype":{}}}', 'constructor: there is no such parameter.'],
    ['a key for a name', 'ai-coustics', { 'lk_a.secret of somebody': 1 }, 'body: there is no such parameter.'],
    ['a list', 'soniox', [], 'body: must be a JSON object.'],
    ['null', 'soniox', 'null', 'body: must be a JSON object.'],
    ['a number', 'soniox', '7', 'body: must be a JSON object.'],
  ])('%s for %s', async (_name, provider, body, message) => {
    const refused = await refusal(provider, { body: body as object | string });
    expect(refused).toMatchObject({ status: 400, code: 'request_invalid', message });
    expect(open.audit.at(-1)).toMatchObject({ event: 'mint', provider, result: 'request_invalid' });
  });

  test.each<[string, number, string, CallOptions]>([
    ['broken JSON', 400, 'body_not_json', { body: '{"a":' }],
    ['another type', 415, 'body_wrong_type', { body: 'a=b', contentType: 'application/x-www-form-urlencoded' }],
    ['text', 415, 'body_wrong_type', { body: '{}', contentType: 'text/plain' }],
    ['no type', 415, 'body_wrong_type', { body: '{}', contentType: null }],
    ['a type that is none', 415, 'body_wrong_type', { body: '{}', contentType: 'json' }],
    ['more than 16 KiB', 413, 'body_too_large', { body: JSON.stringify({ a: 'x'.repeat(16 * 1024) }) }],
  ])('a body of %s', async (_name, status, code, options) => {
    expect(await refusal('ai-coustics', options)).toMatchObject({ status, code });
    expect(open.audit.at(-1)).toMatchObject({ event: 'mint', result: code });
  });

  it('takes a body of exactly 16 KiB, and none at all', async () => {
    const body = `{${' '.repeat(16 * 1024 - 2)}}`;
    expect((await open.mint('ai-coustics', { body })).status).toBe(200);
    expect((await open.call('POST', '/v1/tokens/ai-coustics')).status).toBe(200);
    expect((await open.call('POST', '/v1/tokens/ai-coustics', { contentType: 'application/json' })).status).toBe(200);
    mintsBefore['ai-coustics']! += 3;
  });

  it('refuses parameters in the address', async () => {
    const reply = await open.call('POST', '/v1/tokens/soniox?api_key=query-secret', { body: sonioxBody });
    expect(reply).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(reply.text + open.logText).not.toContain('query-secret');
  });

  it('has a ceiling for each caller: nothing above, and the ceiling itself where nothing is said', async () => {
    const { key: credential } = capped;
    const above = await refusal('soniox', { credential, body: { ...sonioxBody, expires_in_seconds: 121 } });
    expect(above).toMatchObject({
      status: 403,
      code: 'ceiling_exceeded',
      message: 'expires_in_seconds is 121, and at most 120 is allowed for this client.',
    });
    const session = { ...sonioxBody, max_session_duration_seconds: 901 };
    expect((await refusal('soniox', { credential, body: session })).code).toBe('ceiling_exceeded');

    const reply = await open.mint('soniox', { credential, body: { ...sonioxBody, expires_in_seconds: 120 } });
    expect(reply.status).toBe(200);
    const sent: unknown = JSON.parse(open.vendors.soniox.requests.at(-1)!.body);
    expect(sent).toMatchObject({ expires_in_seconds: 120, max_session_duration_seconds: 900 });
    expect(sent).toMatchObject({ client_reference_id: `client:${capped.client.id}` });
    expect(open.audit.at(-1)).toMatchObject({
      lifetimes: { expires_in_seconds: 120, max_session_duration_seconds: 900 },
    });
    mintsBefore['soniox']! += 1;
  });

  it('gives a provider only to those who may have it', async () => {
    const refused = await refusal('aiola', { credential: capped.key });
    expect(refused).toMatchObject({ status: 403, code: 'provider_not_allowed' });
    const close = await open.call('DELETE', '/v1/sessions/aiola', {
      credential: capped.key,
      headers: { 'x-aiola-token': 'a.b.c' },
    });
    expect(close).toMatchObject({ status: 403, code: 'provider_not_allowed' });
  });

  it('wants the token of the session that is to be closed, and nothing else', async () => {
    const close = (options: CallOptions) => open.call('DELETE', '/v1/sessions/aiola', options);
    expect((await close({})).body).toMatchObject({ error: { message: 'X-Aiola-Token: is required.' } });
    expect((await close({ headers: { 'x-aiola-token': 'a b' } })).code).toBe('request_invalid');
    expect((await close({ headers: { 'x-aiola-token': '' } })).code).toBe('request_invalid');
    expect((await close({ headers: { 'x-aiola-token': 'a.b.c' }, body: { token: 'x' } })).code).toBe('request_invalid');
    expect((await close({ credential: null, headers: { 'x-aiola-token': 'a.b.c' } })).code).toBe('credential_missing');
  });

  it('asks no vendor for anything of this', () => {
    for (const id of providerIds) expect(open.vendors[id].requests).toHaveLength(mintsBefore[id]!);
  });
});

describe('addresses and methods', () => {
  test.each([
    ['POST', '/v1/tokens/openai', 404, 'provider_unknown'],
    ['GET', '/v1/tokens/__proto__', 404, 'provider_unknown'],
    ['POST', '/v1/tokens/soniox/', 404, 'not_found'],
    ['POST', '/v1/tokens/', 404, 'not_found'],
    ['GET', '/', 404, 'not_found'],
    ['GET', '/v1/tokens/../../etc/passwd', 404, 'not_found'],
    ['POST', '/v1/sessions/soniox', 404, 'not_found'],
    ['POST', `/v1/tokens/${'x'.repeat(2100)}`, 414, 'url_too_long'],
    ['POST', '/v1/tokens/%zz', 400, 'request_malformed'],
  ])('%s %s → %i %s', async (method, path, status, code) => {
    const reply = await open.call(method, path, method === 'GET' ? {} : { body: '{"broken":' });
    expect(reply).toMatchObject({ status, code });
  });

  test.each([
    ['GET', '/v1/tokens/soniox', 'POST'],
    ['PUT', '/v1/tokens/soniox', 'POST'],
    ['OPTIONS', '/v1/tokens/aiola', 'POST'],
    ['POST', '/v1/sessions/aiola', 'DELETE'],
    ['POST', '/healthz', 'GET'],
    ['DELETE', '/metrics', 'GET'],
    ['PATCH', '/openapi.json', 'GET'],
    ['TRACE', '/readyz', 'GET'],
  ])('%s %s is not allowed', async (method, path, allowed) => {
    const reply = await open.call(method, path);
    expect(reply).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(reply.headers['allow']).toBe(allowed);
  });

  it.each(['HEAD', 'PROPFIND', 'QUERY', 'MKCOL'])('%s is not allowed either', async (method) => {
    const head = `${method} /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const reply = await open.send(head, { method, path: '/healthz' });
    expect(reply.status).toBe(405);
    expect(reply.headers['allow']).toBe('GET');
  });

  it.each([
    ['GET http://a/v1/tokens/ai-coustics'],
    ['POST http://a/v1/tokens/ai-coustics'],
    ['GET /v1/tokens/%61i-coustics'],
    ['POST /%76%31/tokens/ai-coustics'],
    ['GET /%6detrics'],
    ['POST /v1/tokens/ai-coustics#api_key=secret'],
    ['GET /healthz?a=%20'],
    ['OPTIONS *'],
    ['CONNECT a.example:443'],
  ])('%s is spelt as none of ours', async (line) => {
    const authorization = `Authorization: Bearer ${open.key}`;
    const bytes = `${line} HTTP/1.1\r\nHost: a\r\n${authorization}\r\nConnection: close\r\n\r\n`;
    const reply = await open.send(bytes, null);
    expect(reply).toMatchObject({ status: 400, code: 'request_malformed' });
    expect(reply.text).toContain('not a plain path');
  });

  it('opens itself to no web page', async () => {
    const preflight = await open.call('OPTIONS', '/v1/tokens/soniox', {
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    });
    const reply = await open.mint('soniox', { headers: { origin: 'https://a.example' } });
    const names = [...Object.keys(preflight.headers), ...Object.keys(reply.headers)];
    expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what is no HTTP', () => {
  test.each<[string, string, number, string]>([
    ['garbage', 'EHLO there\r\n\r\n', 400, 'request_malformed'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request_malformed'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400, 'request_malformed'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'request_malformed',
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'request_malformed',
    ],
    [
      'large headers',
      `GET /healthz HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('%s', async (_name, bytes, status, code) => {
    expect(await open.send(bytes, null)).toMatchObject({ status, code });
  });

  it('wants to know the host', async () => {
    const request = { method: 'GET', path: '/healthz' };
    const reply = await open.send('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', request);
    expect(reply).toMatchObject({ status: 400, code: 'request_malformed' });
    expect((await open.send('GET /healthz HTTP/1.0\r\n\r\n', request)).status).toBe(200);
  });

  it('answers chunks that break off in the middle of a body', async () => {
    const head = `POST /v1/tokens/soniox HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${open.key}\r\nContent-Type: application/json\r\n`;
    const reply = await open.send(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, null);
    expect(reply).toMatchObject({ status: 400, code: 'request_malformed' });
  });

  it('answers chunks with endless extensions', async () => {
    const head = `POST /v1/tokens/ai-coustics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${open.key}\r\nContent-Type: application/json\r\n`;
    const extended = `2;${'x'.repeat(17_000)}\r\n{}\r\n0\r\n\r\n`;
    const reply = await open.send(`${head}Transfer-Encoding: chunked\r\n\r\n${extended}`, null);
    expect(reply).toMatchObject({ status: 400, code: 'request_malformed' });
    expect(reply.text).toContain('the extensions of its chunks are too large');
    await expect
      .poll(() => open.audit.at(-1), { timeout: 5000 })
      .toMatchObject({ event: 'mint', result: 'request_malformed', requestId: reply.headers['x-request-id'] });
  });

  it('answers whoever expects something strange', async () => {
    const head = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';
    const reply = await open.send(`${head}Expect: a miracle\r\n\r\n`, { method: 'GET', path: '/healthz' });
    expect(reply.status).toBe(200);
  });
});

describe('what a vendor answers', () => {
  afterEach(async () => {
    for (const id of providerIds) {
      open.vendors[id].fault = 'none';
      // A good answer in between keeps the circuit closed.
      expect((await open.mint(id)).status).toBe(200);
    }
  });

  const faults: [VendorFault, number, string][] = [
    ['silent', 504, 'upstream_timeout'],
    ['slow-body', 504, 'upstream_timeout'],
    ['400', 502, 'bad_request'],
    ['401', 502, 'auth_invalid'],
    ['429', 429, 'rate_limited'],
    ['500', 503, 'transient'],
    ['503', 503, 'transient'],
    ['html', 502, 'upstream_garbage'],
    ['not-json', 502, 'upstream_garbage'],
    ['no-token', 502, 'upstream_garbage'],
    ['huge', 502, 'upstream_too_large'],
    ['endless', 502, 'upstream_too_large'],
    ['truncated', 502, 'upstream_dropped'],
    ['truncated-chunks', 502, 'upstream_dropped'],
    ['drop-after-headers', 502, 'upstream_dropped'],
    ['redirect', 502, 'upstream_redirect'],
  ];
  test.each(faults)('%s → %i %s', async (fault, status, code) => {
    for (const id of providerIds) open.vendors[id].fault = fault;
    const replies = await Promise.all(providerIds.map((id) => open.mint(id)));
    for (const [index, reply] of replies.entries()) {
      expect(reply).toMatchObject({ status, code });
      expect(reply.body).toMatchObject({ error: { provider: providerIds[index] } });
      const line = open.audit.find(({ requestId }) => requestId === reply.headers['x-request-id']);
      expect(line).toMatchObject({ event: 'mint', provider: providerIds[index], result: code });
    }
  });

  it('says what the vendor’s status was, and passes its Retry-After on', async () => {
    open.vendors.soniox.fault = '429-seconds';
    const reply = await open.mint('soniox');
    expect(reply).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(reply.headers['retry-after']).toBe('7');
    expect(reply.body).toMatchObject({ error: { upstreamStatus: 429, class: 'rate_limited', retryable: true } });
    expect(open.audit.at(-1)).toMatchObject({ result: 'rate_limited', upstreamStatus: 429 });
  });

  it('tells a full account of aiOla from other trouble', async () => {
    open.vendors.aiola.fault = 'concurrency';
    expect(await open.mint('aiola')).toMatchObject({ status: 409, code: 'concurrency' });
  });
});

/** Last: it looks through all that was said above. */
describe('secrets', () => {
  it('are in no reply but the tokens that were asked for, and in no line of the log', async () => {
    const keys = [...providerIds.map((id) => open.vendors[id].key), open.key, capped.key];
    const secretParts = [open.key, capped.key].map((key) => key.split('.')[1]!);
    const told = providerIds.flatMap((id) => open.vendors[id].secrets);
    expect(told.length).toBeGreaterThan(20);
    expect(open.minted.length).toBeGreaterThan(20);
    for (const secret of [...keys, ...secretParts, ...told, ...open.minted]) {
      expect(open.logText).not.toContain(secret);
      expect(open.repliesText).not.toContain(secret);
    }
    expect(open.logText).not.toMatch(/eyJ|Bearer |Basic |temp:|lk_/);
    expect(open.log.filter(({ event }) => event === 'internal_error')).toEqual([]);
  });

  it('can be found by this search at all', () => {
    expect(open.logText).toContain('client:everything');
    expect(open.repliesText).toContain('credential_missing');
  });
});
