import { createHmac } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import { startAiola, type AiolaStandIn } from '../vendors/aiola.js';
import { startAssemblyAi } from '../vendors/assemblyai.js';
import { startSoniox } from '../vendors/soniox.js';
import { signJwt, type VendorStandIn } from '../vendors/standIn.js';

/** Stand-ins that take anything would prove nothing: each must refuse what its vendor refuses. */

let aiCoustics: VendorStandIn;
let assemblyai: VendorStandIn;
let soniox: VendorStandIn;
let aiola: AiolaStandIn;

beforeAll(async () => {
  aiCoustics = await startAiCoustics({ key: 'k' });
  assemblyai = await startAssemblyAi({ key: 'k' });
  soniox = await startSoniox({ key: 'k' });
  aiola = await startAiola({ key: 'k', ceiling: 1 });
});

afterAll(async () => {
  for (const each of [aiCoustics, assemblyai, soniox, aiola]) await each.close();
});

type Method = 'GET' | 'POST' | 'DELETE';
const json = { 'content-type': 'application/json' };

async function ask(
  standIn: VendorStandIn,
  method: Method,
  path: string,
  headers: Record<string, string> = {},
  body: unknown = null,
) {
  const text = body === null ? null : JSON.stringify(body);
  const reply = await request(standIn.url + path, { method, headers, body: text });
  return { status: reply.statusCode, body: (await reply.body.json()) as Record<string, unknown> };
}

describe('ai-coustics', () => {
  const basic = (login: string) => ({ authorization: `Basic ${btoa(login)}` });

  test.each<[string, Method, string, Record<string, string>, unknown, number]>([
    ['what is asked', 'POST', '/v1/sdk/tokens', basic('k:'), null, 200],
    ['another method', 'GET', '/v1/sdk/tokens', basic('k:'), null, 405],
    ['another path', 'POST', '/v1/tokens', basic('k:'), null, 404],
    ['a password', 'POST', '/v1/sdk/tokens', basic('k:k'), null, 401],
    ['a bearer', 'POST', '/v1/sdk/tokens', { authorization: 'Bearer k' }, null, 401],
    ['a body', 'POST', '/v1/sdk/tokens', { ...basic('k:'), ...json }, {}, 400],
  ])('%s: %s %s', async (_name, method, path, headers, body, status) => {
    expect((await ask(aiCoustics, method, path, headers, body)).status).toBe(status);
  });

  test('signs its tokens', () => {
    const secret = Buffer.from('secret');
    const [header, claims, signature] = signJwt({ exp: 1 }, secret).split('.');
    expect(signature).toBe(createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url'));
  });

  test('tells a bench what it counted', async () => {
    const { body } = await ask(aiCoustics, 'GET', '/count');
    expect(body).toEqual({ mints: aiCoustics.mints, requests: aiCoustics.requestCount });
    expect(aiCoustics.mints).toBe(1);
  });
});

describe('AssemblyAI', () => {
  test.each<[string, Method, string, string, number]>([
    ['what is asked', 'GET', '?expires_in_seconds=60&max_session_duration_seconds=10800', 'k', 200],
    ['without the cap', 'GET', '?expires_in_seconds=600', 'k', 200],
    ['another method', 'POST', '?expires_in_seconds=60', 'k', 405],
    ['a bearer', 'GET', '?expires_in_seconds=60', 'Bearer k', 401],
    ['nothing', 'GET', '', 'k', 400],
    ['too long', 'GET', '?expires_in_seconds=601', 'k', 400],
    ['zero', 'GET', '?expires_in_seconds=0', 'k', 400],
    ['a fraction', 'GET', '?expires_in_seconds=1.5', 'k', 400],
    ['a short cap', 'GET', '?expires_in_seconds=60&max_session_duration_seconds=59', 'k', 400],
    ['a long cap', 'GET', '?expires_in_seconds=60&max_session_duration_seconds=10801', 'k', 400],
  ])('%s: %s %s', async (_name, method, query, authorization, status) => {
    const reply = await ask(assemblyai, method, `/v3/token${query}`, { authorization });
    expect(reply.status).toBe(status);
    expect(Object.keys(reply.body)).toEqual(status === 200 ? ['token', 'expires_in_seconds'] : ['error']);
  });
});

describe('Soniox', () => {
  const good = { usage_type: 'tts_rt', expires_in_seconds: 3600 };

  test.each<[string, unknown, number]>([
    ['what is asked', { ...good, single_use: true, max_session_duration_seconds: 1, client_reference_id: 'x' }, 201],
    ['the least', good, 201],
    ['nothing', {}, 400],
    ['a list', [], 400],
    ['another use', { ...good, usage_type: 'everything' }, 400],
    ['a text for a number', { ...good, expires_in_seconds: '60' }, 400],
    ['too long', { ...good, expires_in_seconds: 3601 }, 400],
    ['a number for a flag', { ...good, single_use: 1 }, 400],
    ['a null', { ...good, max_session_duration_seconds: null }, 400],
    ['a long reference', { ...good, client_reference_id: 'x'.repeat(257) }, 400],
    ['an unknown field', { ...good, ttl: 1 }, 400],
  ])('%s', async (_name, body, status) => {
    const headers = { authorization: 'Bearer k', ...json };
    const reply = await ask(soniox, 'POST', '/v1/auth/temporary-api-key', headers, body);
    expect(reply.status).toBe(status);
    if (status === 201) {
      expect(reply.body['expires_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(reply.body['api_key']).toMatch(/^temp:/);
    } else {
      expect(reply.body).toMatchObject({ status_code: 400, error_type: 'invalid_request' });
    }
  });

  test('another method, a key without bearer, a body of another type', async () => {
    const path = '/v1/auth/temporary-api-key';
    expect(await ask(soniox, 'GET', path, { authorization: 'Bearer k' })).toMatchObject({ status: 405 });
    expect(await ask(soniox, 'POST', path, { authorization: 'k', ...json }, good)).toMatchObject({
      status: 401,
      body: { error_type: 'unauthenticated' },
    });
    expect(await ask(soniox, 'POST', path, { authorization: 'Bearer k' }, good)).toMatchObject({ status: 400 });
  });
});

describe('aiOla', () => {
  const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` });
  const temporary = async () => {
    const { body } = await ask(aiola, 'POST', '/voip-auth/apiKey2Token', bearer('k'));
    return (body['context'] as { token: string }).token;
  };
  const workflow = { workflow_id: '2c78fcf1-9265-408f-b8c3-d9d7e7ebc1bc' };
  const openSession = async (body: unknown, token?: string) =>
    ask(aiola, 'POST', '/voip-auth/session', { ...bearer(token ?? (await temporary())), ...json }, body);

  test('opens as many sessions as it may, and closes each by its own token once', async () => {
    const { status, body } = await openSession(workflow);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['jwt', 'sessionId']);
    expect(await openSession(workflow)).toMatchObject({
      status: 409,
      body: { error: { code: 'MAX_CONCURRENCY_REACHED' } },
    });
    expect(await ask(aiola, 'DELETE', '/voip-auth/session', bearer('k'))).toMatchObject({ status: 401 });
    const closed = await ask(aiola, 'DELETE', '/voip-auth/session', bearer(body['jwt']));
    expect(closed).toMatchObject({ status: 200, body: { status: 'deleted', deletedAt: expect.any(String) } });
    expect(await ask(aiola, 'DELETE', '/voip-auth/session', bearer(body['jwt']))).toMatchObject({ status: 401 });
  });

  test('refuses what is not asked for', async () => {
    expect(await ask(aiola, 'GET', '/voip-auth/apiKey2Token', bearer('k'))).toMatchObject({ status: 404 });
    expect(await ask(aiola, 'POST', '/voip-auth/apiKey2Token', bearer('no'))).toMatchObject({ status: 401 });
    expect(await ask(aiola, 'POST', '/voip-auth/apiKey2Token', { ...bearer('k'), ...json }, {})).toMatchObject({
      status: 400,
    });
    expect(await openSession(workflow, 'k')).toMatchObject({ status: 401, body: { error: { code: 'INVALID_TOKEN' } } });
    expect(await openSession({})).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION_ERROR' } } });
    expect(await openSession({ ...workflow, more: 1 })).toMatchObject({ status: 400 });
    expect(await openSession({ workflow_id: 'none' })).toMatchObject({
      status: 404,
      body: { error: { code: 'WORKFLOW_NOT_FOUND' } },
    });
  });
});
