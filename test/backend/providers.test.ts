import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorKinds, type ErrorCode } from '../../src/backend/errors.js';
import type { Configuration } from '../../src/backend/configuration/configuration.js';
import { providerContracts, type AnyMintReply } from '../../src/backend/providers/contracts.js';
import { createProviders, type Providers } from '../../src/backend/providers/index.js';
import { providerIds, type ProviderId } from '../../src/backend/providers/provider.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import { aiolaWorkflowId, startAiola, type AiolaStandIn } from '../vendors/aiola.js';
import { startAssemblyAi } from '../vendors/assemblyai.js';
import { startSoniox } from '../vendors/soniox.js';
import type { VendorFault, VendorStandIn } from '../vendors/standIn.js';
import { failureOf } from './upstreamFailure.js';

const never = new AbortController().signal;
const callerId = 'client:desk-7';
const soonSeconds = () => Math.floor(Date.now() / 1000);

type StandIns = Record<Exclude<ProviderId, 'aiola'>, VendorStandIn> & { aiola: AiolaStandIn };
let standIns: StandIns;
let providers: Providers;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  standIns = {
    'ai-coustics': await startAiCoustics(),
    assemblyai: await startAssemblyAi(),
    soniox: await startSoniox(),
    aiola: await startAiola(),
  };
});

beforeEach(() => {
  providers = connect(standIns);
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const standIn of Object.values(standIns)) {
    Object.assign(standIn, { fault: 'none', faultsLeft: Infinity, faultAt: '', delayMs: 0, mints: 0 });
    standIn.requests.length = 0;
  }
  standIns.aiola.sessions.clear();
  standIns.aiola.ceiling = Infinity;
  for (const each of opened.splice(0)) await each.close();
});

afterAll(async () => {
  for (const standIn of Object.values(standIns)) await standIn.close();
});

function connect(to: StandIns, changes: Partial<Record<ProviderId, object>> = {}, upstreamTimeoutMs = 5000): Providers {
  const configured = (id: ProviderId) => ({ baseUrl: new URL(to[id].url), apiKey: to[id].key, ...changes[id] });
  const made = createProviders({
    providers: {
      'ai-coustics': configured('ai-coustics'),
      assemblyai: configured('assemblyai'),
      soniox: configured('soniox'),
      aiola: { ...configured('aiola'), workflowId: aiolaWorkflowId, ...changes.aiola },
    },
    upstreamTimeoutMs,
  } as Configuration);
  opened.push(...providerIds.map((id) => made[id]!.upstream));
  return made;
}

function mint(id: ProviderId, signal = never, from = providers): Promise<AnyMintReply> {
  const context = { callerId, signal };
  switch (id) {
    case 'ai-coustics':
      return from['ai-coustics']!.mint({}, context);
    case 'assemblyai':
      return from.assemblyai!.mint({ expires_in_seconds: 300 }, context);
    case 'soniox':
      return from.soniox!.mint({ usage_type: 'transcribe_websocket', expires_in_seconds: 300 }, context);
    case 'aiola':
      return from.aiola!.mint({}, context);
  }
}

describe('a mint', () => {
  test.each(providerIds)('of %s answers as its contract says', async (id) => {
    const reply = await mint(id);
    expect(providerContracts[id].reply.parse(reply)).toEqual(reply);
    expect(standIns[id].secrets).toContain(reply.token);
    expect(standIns[id].mints).toBe(1);
  });

  test('of ai-coustics sends the key as a user without password and no body, and takes the expiry of the token', async () => {
    standIns['ai-coustics'].lifetimeSeconds = 1234;
    const reply = await mint('ai-coustics');
    expect(standIns['ai-coustics'].requests).toMatchObject([{ method: 'POST', path: '/v1/sdk/tokens', body: '' }]);
    expect(standIns['ai-coustics'].requests[0]?.headers).not.toHaveProperty('content-type');
    const { iat = 0, exp } = decodeJwt(reply.token);
    expect(reply).toEqual({ token: reply.token, expires_at: exp, provider: 'ai-coustics' });
    expect(exp).toBe(iat + 1234);
    standIns['ai-coustics'].lifetimeSeconds = 3600;
  });

  test('of AssemblyAI sends the bare key and the numbers, and counts from the moment it was asked for', async () => {
    standIns.assemblyai.delayMs = 1100;
    const now = 1_800_000_000_900;
    vi.spyOn(Date, 'now').mockReturnValueOnce(now);
    const reply = await mint('assemblyai');
    expect(reply).toMatchObject({ expires_at: 1_800_000_300, max_session_duration_seconds: 10_800 });
    expect(String(standIns.assemblyai.requests[0]?.query)).toBe('expires_in_seconds=300');
    expect(standIns.assemblyai.requests).toMatchObject([{ method: 'GET', path: '/v3/token', body: '' }]);
    standIns.assemblyai.delayMs = 0;
    const request = { expires_in_seconds: 600, max_session_duration_seconds: 60 };
    expect(await providers.assemblyai!.mint(request, { callerId, signal: never })).toMatchObject({
      max_session_duration_seconds: 60,
    });
    expect(String(standIns.assemblyai.requests[1]?.query)).toBe(
      'expires_in_seconds=600&max_session_duration_seconds=60',
    );
  });

  test('of Soniox says who asked, and nothing that was not asked for', async () => {
    const reply = await mint('soniox');
    expect(reply).toMatchObject({ single_use: false, max_session_duration_seconds: null });
    expect(reply.expires_at).toSatisfy((at) => Number(at) >= soonSeconds() + 298 && Number(at) <= soonSeconds() + 300);
    expect(JSON.parse(standIns.soniox.requests[0]?.body ?? '')).toEqual({
      usage_type: 'transcribe_websocket',
      expires_in_seconds: 300,
      client_reference_id: callerId,
    });
  });

  test('of Soniox sends every field, and the reference of the server whatever the request holds', async () => {
    const request = {
      usage_type: 'tts_rt',
      expires_in_seconds: 3600,
      single_use: true,
      max_session_duration_seconds: 18_000,
      client_reference_id: 'somebody else',
    } as const;
    const reply = await providers.soniox!.mint(request, { callerId, signal: never });
    expect(reply).toMatchObject({ single_use: true, max_session_duration_seconds: 18_000 });
    expect(JSON.parse(standIns.soniox.requests[0]?.body ?? '')).toEqual({ ...request, client_reference_id: callerId });
  });

  test('of aiOla is two calls, whose first token stays inside', async () => {
    const reply = await mint('aiola');
    const { aiola } = standIns;
    expect(aiola.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/voip-auth/apiKey2Token', ''],
      ['POST', '/voip-auth/session', JSON.stringify({ workflow_id: aiolaWorkflowId })],
    ]);
    const temporary = aiola.temporaryTokens.at(-1);
    expect(aiola.requests[1]?.headers.authorization).toBe(`Bearer ${temporary}`);
    expect(JSON.stringify(reply)).not.toContain(temporary);
    const { exp } = decodeJwt(reply.token);
    expect(reply).toEqual({
      token: reply.token,
      expires_at: exp,
      provider: 'aiola',
      session_id: aiola.sessions.get(reply.token),
    });
  });

  test.each(['number', 'text', 'iso'] as const)('understands an expiry as %s', async (form) => {
    const soniox = await startSoniox({ expiresAt: form, prefix: 'snx_temp_' });
    const aiCoustics = await startAiCoustics({ expiresAt: form });
    opened.push(soniox, aiCoustics);
    const others = connect({ ...standIns, soniox, 'ai-coustics': aiCoustics });
    const reply = await mint('soniox', never, others);
    expect(reply.token).toMatch(/^snx_temp_/);
    for (const { expires_at } of [reply, await mint('ai-coustics', never, others)]) {
      expect(expires_at).toBeTypeOf('number');
      expect(Number.isInteger(expires_at)).toBe(true);
      expect(expires_at).toBeGreaterThan(soonSeconds() + 200);
    }
  });

  test.each<VendorFault>(['expiry-number', 'expiry-text', 'expiry-iso', 'expiry-object', 'expiry-zero'])(
    'of ai-coustics trusts the token more than the expiry beside it (%s)',
    async (fault) => {
      standIns['ai-coustics'].fault = fault;
      if (fault === 'expiry-zero') {
        // Here the token says so itself.
        expect(await failureOf(mint('ai-coustics'))).toMatchObject({ code: 'upstream_garbage' });
        return;
      }
      const reply = await mint('ai-coustics');
      expect(reply.expires_at).toBe(decodeJwt(reply.token).exp);
    },
  );

  test.each(providerIds)('of %s is safe with a key that no header may hold', async (id) => {
    const broken = connect(standIns, { [id]: { apiKey: 'key-\nwith-break' } });
    const failure = await failureOf(mint(id, never, broken), standIns[id]);
    // Basic hides the break.
    expect(failure.code).toBe(id === 'ai-coustics' ? 'auth_invalid' : 'internal');
  });

  test.each(providerIds)('of %s with a wrong key is refused', async (id) => {
    const wrong = connect(standIns, { [id]: { apiKey: 'not-the-key' } });
    expect(await failureOf(mint(id, never, wrong), standIns[id])).toMatchObject({
      code: 'auth_invalid',
      details: { provider: id, upstreamStatus: 401 },
    });
  });

  test.each(providerIds)('of %s reaches a host with a path', async (id) => {
    const start = {
      'ai-coustics': startAiCoustics,
      assemblyai: startAssemblyAi,
      soniox: startSoniox,
      aiola: startAiola,
    };
    const standIn = await start[id]({ basePath: '/eu/tenant' });
    opened.push(standIn);
    await mint(id, never, connect({ ...standIns, [id]: standIn }));
    expect(standIn.mints).toBe(1);
  });
});

describe('a failure', () => {
  const common: [VendorFault, ErrorCode, number | undefined][] = [
    ['drop-before-headers', 'upstream_dropped', undefined],
    ['drop-after-headers', 'upstream_dropped', 200],
    ['truncated', 'upstream_dropped', 200],
    ['huge', 'upstream_too_large', 200],
    ['endless', 'upstream_too_large', 200],
    ['not-http', 'upstream_garbage', undefined],
    ['redirect', 'upstream_redirect', 307],
    ['html', 'upstream_garbage', 200],
    ['empty', 'upstream_garbage', 200],
    ['not-json', 'upstream_garbage', 200],
    ['json-null', 'upstream_garbage', 200],
    ['json-array', 'upstream_garbage', 200],
    ['compressed', 'upstream_garbage', 200],
    ['400', 'bad_request', 400],
    ['401', 'auth_invalid', 401],
    ['402', 'billing', 402],
    ['403', 'auth_invalid', 403],
    ['404', 'bad_request', 404],
    ['409', 'concurrency', 409],
    ['422', 'bad_request', 422],
    ['429', 'rate_limited', 429],
    ['500', 'transient', 500],
    ['502', 'transient', 502],
    ['503', 'transient', 503],
    ['504', 'transient', 504],
    ['no-token', 'upstream_garbage', 200],
    ['token-empty', 'upstream_garbage', 200],
    ['token-number', 'upstream_garbage', 200],
    ['token-with-spaces', 'upstream_garbage', 200],
  ];
  const perVendor: [ProviderId, VendorFault, ErrorCode, number][] = [
    ['ai-coustics', 'token-not-jwt', 'upstream_garbage', 200],
    ['ai-coustics', 'expiry-past', 'upstream_garbage', 200],
    ['ai-coustics', 'expiry-zero', 'upstream_garbage', 200],
    ['ai-coustics', 'no-expiry', 'upstream_garbage', 200],
    ['assemblyai', 'no-expiry', 'upstream_garbage', 200],
    ['assemblyai', 'expiry-object', 'upstream_garbage', 200],
    ['assemblyai', 'expiry-text', 'upstream_garbage', 200],
    ['assemblyai', 'expiry-zero', 'upstream_garbage', 200],
    ['assemblyai', 'expiry-past', 'upstream_garbage', 200],
    ['soniox', 'no-expiry', 'upstream_garbage', 201],
    ['soniox', 'expiry-object', 'upstream_garbage', 201],
    ['soniox', 'expiry-zero', 'upstream_garbage', 201],
    ['soniox', 'expiry-past', 'upstream_garbage', 201],
  ];
  const cases = [
    ...providerIds.flatMap((id) => common.map(([fault, code, status]) => ({ id, fault, code, status }))),
    ...perVendor.map(([id, fault, code, status]) => ({ id, fault, code, status })),
  ];

  test.each(cases)('of $id at $fault is $code, and shows nothing secret', async ({ id, fault, code, status }) => {
    standIns[id].fault = fault;
    const failure = await failureOf(mint(id), standIns[id]);
    const isMadeByVendor = fault.startsWith('token') || fault === 'no-token';
    const upstreamStatus = id === 'soniox' && isMadeByVendor ? 201 : status;
    expect({ code: failure.code, ...failure.details }).toEqual({
      code,
      provider: id,
      ...(upstreamStatus && { upstreamStatus }),
    });
    // Each try may make a token that nobody gets, so there is a second one where it may help only.
    const isTriedAgain = code === 'upstream_dropped' || ['502', '503', '504'].includes(fault);
    expect(standIns[id].requests).toHaveLength(isTriedAgain ? 2 : 1);
  });

  test.each(providerIds)('of %s that answers too late is a timeout', async (id) => {
    const impatient = connect(standIns, {}, 200);
    for (const fault of ['silent', 'slow-body'] as const) {
      standIns[id].fault = fault;
      expect(await failureOf(mint(id, never, impatient))).toMatchObject({ code: 'upstream_timeout' });
    }
  });

  test.each(providerIds)('of %s with a code that means something to JavaScript only is as its status', async (id) => {
    const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];
    const bodies = names.flatMap((name) => [{ error: name }, { code: name }, { error: { code: name, message: name } }]);
    for (const body of bodies) {
      const server = http.createServer((_request, response) => {
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      const baseUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const failure = await failureOf(mint(id, never, connect(standIns, { [id]: { baseUrl } })));
      expect({ code: failure.code, ...failure.details }).toEqual({
        code: 'bad_request',
        provider: id,
        upstreamStatus: 400,
      });
      server.closeAllConnections();
      server.close();
    }
  });

  test.each(providerIds)('of %s passes Retry-After on', async (id) => {
    standIns[id].fault = '429-seconds';
    expect(await failureOf(mint(id))).toMatchObject({ code: 'rate_limited', details: { retryAfterSeconds: 7 } });
    standIns[id].fault = '503-seconds';
    expect(await failureOf(mint(id))).toMatchObject({ code: 'transient', details: { retryAfterSeconds: 7 } });
    standIns[id].fault = '429-date';
    const { details } = await failureOf(mint(id));
    expect(details.retryAfterSeconds).toSatisfy((seconds) => Number(seconds) >= 80 && Number(seconds) <= 91);
  });

  test.each(providerIds)('of %s five times in a row leaves the vendor alone', async (id) => {
    // Garbage that only the vendor's own rules can tell.
    standIns[id].fault = 'token-number';
    for (let i = 0; i < 5; i++) await failureOf(mint(id));
    standIns[id].requests.length = 0;
    expect(await failureOf(mint(id))).toMatchObject({ code: 'circuit_open' });
    expect(standIns[id].requests).toHaveLength(0);
  });

  test.each(providerIds)('of %s stands for itself: the others go on', async (id) => {
    standIns[id].fault = '500';
    for (let i = 0; i < 5; i++) await failureOf(mint(id));
    for (const other of providerIds.filter((each) => each !== id)) await mint(other);
    expect(providers[id]?.upstream.circuit).toBe('open');
  });
});

describe('a second try', () => {
  test.each(['ai-coustics', 'assemblyai', 'soniox'] as const)('of %s helps', async (id) => {
    Object.assign(standIns[id], { fault: 'drop-before-headers', faultsLeft: 1 });
    await mint(id);
    expect(standIns[id].requests).toHaveLength(2);
  });

  test('of aiOla is made for the first call', async () => {
    Object.assign(standIns.aiola, { fault: '503', faultsLeft: 1 });
    await mint('aiola');
    expect(standIns.aiola.requests).toHaveLength(3);
  });

  test.each<VendorFault>(['drop-before-headers', 'drop-after-headers', 'truncated', '502', '503', '504'])(
    'of aiOla is not made for the session (%s)',
    async (fault) => {
      Object.assign(standIns.aiola, { fault, faultAt: 'POST /voip-auth/session' });
      await failureOf(mint('aiola'), standIns.aiola);
      expect(standIns.aiola.requests.map(({ path }) => path)).toEqual([
        '/voip-auth/apiKey2Token',
        '/voip-auth/session',
      ]);
    },
  );
});

describe('aiOla', () => {
  test('is left alone when only its second call fails, five times in a row', async () => {
    Object.assign(standIns.aiola, { fault: '500', faultAt: 'POST /voip-auth/session' });
    for (let i = 0; i < 5; i++) expect(await failureOf(mint('aiola'))).toMatchObject({ code: 'transient' });
    expect(await failureOf(mint('aiola'))).toMatchObject({ code: 'circuit_open' });
  });

  test.each(['nested', 'flat'] as const)('errors are understood %s', async (envelope) => {
    const aiola = await startAiola({ envelope, ceiling: 1 });
    opened.push(aiola);
    const others = connect({ ...standIns, aiola });
    await mint('aiola', never, others);
    expect(await failureOf(mint('aiola', never, others), aiola)).toMatchObject({
      code: 'concurrency',
      details: { upstreamStatus: 409 },
    });
    aiola.fault = 'concurrency';
    expect(await failureOf(mint('aiola', never, others), aiola)).toMatchObject({
      code: 'concurrency',
      details: { upstreamStatus: 400 },
    });
    aiola.fault = 'rate-code';
    expect(await failureOf(mint('aiola', never, others), aiola)).toMatchObject({ code: 'rate_limited' });
  });

  test('an unknown workflow is a bad request', async () => {
    const wrong = connect(standIns, { aiola: { workflowId: 'not-there' } });
    expect(await failureOf(mint('aiola', never, wrong))).toMatchObject({
      code: 'bad_request',
      details: { upstreamStatus: 404 },
    });
  });

  test('a temporary token that has run out is not the fault of the key', async () => {
    Object.assign(standIns.aiola, { fault: 'token-expired', faultAt: 'POST /voip-auth/session' });
    expect(await failureOf(mint('aiola'))).toMatchObject({ code: 'auth_expired_or_used' });
    standIns.aiola.fault = '401';
    expect(await failureOf(mint('aiola'))).toMatchObject({ code: 'auth_expired_or_used' });
  });

  test('a key without the right to open sessions is what stops it', async () => {
    Object.assign(standIns.aiola, { fault: '403', faultAt: 'POST /voip-auth/session' });
    const failure = await failureOf(mint('aiola'), standIns.aiola);
    expect(failure).toMatchObject({ code: 'auth_invalid', details: { upstreamStatus: 403 } });
    expect(errorKinds[failure.code].retryable).toBe(false);
  });

  test('leaves half of the time for its second call: a session that is given up would stay open', async () => {
    const aiola = await startAiola();
    opened.push(aiola);
    const patient = connect({ ...standIns, aiola }, {}, 2000);
    Object.assign(aiola, { delayMs: 1400 });
    expect(await failureOf(mint('aiola', never, patient))).toMatchObject({ code: 'upstream_timeout' });
    expect(aiola.requests).toHaveLength(1);
  });

  test('has one time for both calls', async () => {
    const aiola = await startAiola();
    opened.push(aiola);
    const patient = connect({ ...standIns, aiola }, {}, 1000);
    Object.assign(aiola, { delayMs: 400 });
    await mint('aiola', never, patient);
    Object.assign(aiola, { fault: 'silent', faultAt: 'POST /voip-auth/session' });
    const clock = performance.now();
    expect(await failureOf(mint('aiola', never, patient))).toMatchObject({ code: 'upstream_timeout' });
    expect(performance.now() - clock).toBeLessThan(1300);
  });

  test.each<VendorFault>(['no-session', 'session-empty', 'no-expiry', 'expiry-past'])(
    'a session that cannot be used (%s) is closed again',
    async (fault) => {
      Object.assign(standIns.aiola, { fault, faultAt: 'POST /voip-auth/session' });
      expect(await failureOf(mint('aiola'), standIns.aiola)).toMatchObject({ code: 'upstream_garbage' });
      expect(standIns.aiola.mints).toBe(1);
      await vi.waitFor(() => expect(standIns.aiola.sessions.size).toBe(0));
    },
  );

  test('a session whose caller has gone meanwhile is closed again', async () => {
    const caller = new AbortController();
    standIns.aiola.delayMs = 100;
    const work = mint('aiola', caller.signal);
    await vi.waitFor(() => expect(standIns.aiola.requests).toHaveLength(2), { interval: 5 });
    caller.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
    expect(standIns.aiola.mints).toBe(1);
    await vi.waitFor(() => expect(standIns.aiola.sessions.size).toBe(0));
  });

  test('a session that cannot be used is closed although nobody waits for it, and before the connections end', async () => {
    Object.assign(standIns.aiola, { fault: 'no-session', faultAt: 'POST /voip-auth/session' });
    await failureOf(mint('aiola'));
    standIns.aiola.delayMs = 100;
    await providers.aiola!.upstream.close();
    expect(standIns.aiola.sessions.size).toBe(0);
  });

  test('a session that could not be handed over can be given back', async () => {
    const reply = await providers.aiola!.mint({}, { callerId, signal: never });
    providers.aiola!.discard(reply);
    await vi.waitFor(() => expect(standIns.aiola.sessions.size).toBe(0));
    // A second time there is nothing to give back, which harms nobody.
    providers.aiola!.discard(reply);
    await providers.aiola!.upstream.close();
  });

  test('a caller who goes during the first call leaves no session', async () => {
    const caller = new AbortController();
    standIns.aiola.delayMs = 50;
    const work = mint('aiola', caller.signal);
    setTimeout(() => caller.abort(new Error('gone')), 10);
    await expect(work).rejects.toThrow('gone');
    await new Promise((done) => setTimeout(done, 150));
    expect(standIns.aiola.mints).toBe(0);
  });

  test('a session is closed by its access token alone', async () => {
    const { token } = await mint('aiola');
    standIns.aiola.requests.length = 0;
    await providers.aiola!.closeSession(token);
    expect(standIns.aiola.sessions.size).toBe(0);
    expect(standIns.aiola.requests).toMatchObject([
      { method: 'DELETE', path: '/voip-auth/session', body: '', headers: { authorization: `Bearer ${token}` } },
    ]);
    expect(JSON.stringify(standIns.aiola.requests)).not.toContain(standIns.aiola.key);
  });

  test.each<[VendorFault, ErrorCode]>([
    ['401', 'session_token_refused'],
    ['token-expired', 'session_token_refused'],
    ['403', 'auth_invalid'],
    ['404', 'bad_request'],
    ['429-seconds', 'rate_limited'],
    ['500', 'transient'],
    ['html', 'upstream_garbage'],
    ['redirect', 'upstream_redirect'],
    ['drop-before-headers', 'upstream_dropped'],
  ])('closing that meets %s fails with %s and shows no token', async (fault, code) => {
    const { token } = await mint('aiola');
    standIns.aiola.fault = fault;
    const failure = await failureOf(providers.aiola!.closeSession(token), standIns.aiola);
    expect(failure).toMatchObject({ code, details: { provider: 'aiola' } });
  });

  test('a session is closed once, and its token is then refused for good', async () => {
    const { token } = await mint('aiola');
    await providers.aiola!.closeSession(token);
    for (const refused of [token, 'not-a-token']) {
      const { code } = await failureOf(providers.aiola!.closeSession(refused), standIns.aiola);
      expect([code, errorKinds[code].retryable]).toEqual(['session_token_refused', false]);
    }
  });

  test('closing whose answer was lost is done: the second try finds no session any more', async () => {
    const { token } = await mint('aiola');
    const { port, tries } = await loseFirstAnswer(standIns.aiola.url);
    const lossy = connect(standIns, { aiola: { baseUrl: new URL(`http://127.0.0.1:${port}`) } });
    await lossy.aiola!.closeSession(token);
    expect(tries).toHaveLength(2);
    expect(standIns.aiola.sessions.size).toBe(0);
  });

  test('closing works while the circuit is open', async () => {
    const { token } = await mint('aiola');
    standIns.aiola.fault = '500';
    for (let i = 0; i < 5; i++) await failureOf(mint('aiola'));
    standIns.aiola.fault = 'none';
    expect(providers.aiola!.upstream.circuit).toBe('open');
    await providers.aiola!.closeSession(token);
    expect(standIns.aiola.sessions.size).toBe(0);
    expect(providers.aiola!.upstream.circuit).toBe('open');
  });

  test('tokens that nobody knows neither open the circuit nor keep it closed', async () => {
    const closeAny = () => failureOf(providers.aiola!.closeSession('not-a-token'));
    for (let i = 0; i < 6; i++) await closeAny();
    for (let i = 0; i < 5; i++) {
      expect(providers.aiola!.upstream.circuit).toBe('closed');
      standIns.aiola.fault = '500';
      await failureOf(mint('aiola'));
      standIns.aiola.fault = 'none';
      await closeAny();
    }
    expect(providers.aiola!.upstream.circuit).toBe('open');
  });
});

/** Passes requests on to a vendor, and hangs up instead of handing back the first answer. */
async function loseFirstAnswer(url: string): Promise<{ port: number; tries: string[] }> {
  const tries: string[] = [];
  const server = http.createServer((request, response) => {
    tries.push(`${request.method} ${request.url}`);
    const { method, headers } = request;
    const passedOn = http.request(new URL(request.url ?? '', url), { method, headers }, (answer) => {
      if (tries.length === 1) answer.resume().on('end', () => request.socket.destroy());
      else answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
    });
    request.pipe(passedOn);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  opened.push({
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  });
  return { port: (server.address() as AddressInfo).port, tries };
}

test('a vendor without a key is not there', () => {
  const none = { 'ai-coustics': null, assemblyai: null, soniox: null, aiola: null };
  expect(createProviders({ providers: none, upstreamTimeoutMs: 1000 } as Configuration)).toEqual(none);
});
