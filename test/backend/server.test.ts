import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { providerIds, type ProviderId } from '../../src/backend/providers/provider.js';
import { startBackendServer } from '../../src/backend/server.js';
import { fetchChecked } from './apiCheck.js';
import { makeClient, OpenServer } from './openServer.js';

const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 5000 });
let open: OpenServer;
const limited = makeClient('limited');

beforeAll(async () => {
  open = await OpenServer.start((made) => ({
    ...made,
    callers: { ...made.callers, clients: [...made.callers.clients, { ...limited.client, limit: 3 }] },
    providers: { ...made.providers, assemblyai: null },
  }));
});
afterEach(() => {
  for (const id of providerIds) Object.assign(open.vendors[id], { fault: 'none', delayMs: 0 });
});
afterAll(() => open.close());

const soniox = { usage_type: 'transcribe_websocket', expires_in_seconds: 60, single_use: true };

describe('tokens', () => {
  test.each<[ProviderId, number]>([
    ['ai-coustics', 3600],
    ['soniox', 60],
    ['aiola', 1800],
  ])('%s', async (id, lifetimeSeconds) => {
    const reply = await open.mint(id);
    expect(reply.status).toBe(200);
    const { token, expires_at, provider } = reply.body as { token: string; expires_at: number; provider: string };
    expect(provider).toBe(id);
    expect(open.vendors[id].secrets).toContain(token);
    expect(Math.abs(expires_at - Date.now() / 1000 - lifetimeSeconds)).toBeLessThan(30);
  });

  it('says that a provider has no key here', async () => {
    const reply = await open.mint('assemblyai');
    expect(reply).toMatchObject({ status: 404, code: 'provider_not_configured' });
  });

  it('closes a session by its token', async () => {
    const opened = await open.mint('aiola');
    const { token } = opened.body as { token: string };
    expect(open.vendors.aiola.sessions.has(token)).toBe(true);
    const closed = await open.call('DELETE', '/v1/sessions/aiola', { headers: { 'x-aiola-token': token } });
    expect(closed.body).toEqual({ closed: true, provider: 'aiola' });
    expect(open.vendors.aiola.sessions.has(token)).toBe(false);
    expect(open.audit.at(-1)).toMatchObject({ event: 'close', provider: 'aiola', result: 'ok' });
    expect(open.logText).not.toContain(token);
  });
});

describe('each reply', () => {
  it('may not be stored, and is nothing that a browser would run', async () => {
    for (const reply of [
      await open.mint('soniox'),
      await open.call('GET', '/healthz'),
      await open.call('GET', '/no'),
    ]) {
      expect(reply.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    }
  });

  it('has an id of its own, or the one of the caller where that is plain', async () => {
    const idOf = async (theirs?: string) => {
      const reply = await open.call(
        'GET',
        '/healthz',
        theirs === undefined ? {} : { headers: { 'x-request-id': theirs } },
      );
      return reply.headers['x-request-id'];
    };
    expect(await idOf('01-AB_cd:9')).toBe('01-AB_cd:9');
    const own = [
      await idOf(),
      await idOf(),
      await idOf('a'.repeat(65)),
      await idOf(open.key),
      await idOf('a b'),
      await idOf(''),
    ];
    expect(new Set(own).size).toBe(own.length);
    for (const id of own) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names in an error the id that is in the log', async () => {
    const reply = await open.mint('assemblyai', { headers: { 'x-request-id': 'trace-1' } });
    expect(reply.body).toMatchObject({ error: { requestId: 'trace-1' } });
    expect(open.audit.at(-1)).toMatchObject({ requestId: 'trace-1' });
  });
});

describe('the audit log', () => {
  it('has the id that the caller chose beside that of the load balancer, where it is short and plain', async () => {
    const notedOf = async (theirs: string, credential?: null) => {
      const headers = { 'x-request-id': 'balancer-1', 'x-caller-request-id': theirs };
      const reply = await open.mint('soniox', { headers, ...(credential === null && { credential }) });
      expect(reply.headers['x-request-id']).toBe('balancer-1');
      expect(open.audit.at(-1)).toMatchObject({ requestId: 'balancer-1' });
      return open.audit.at(-1)!['callerRequestId'];
    };
    expect(await notedOf('trace:7')).toBe('trace:7');
    expect(await notedOf('trace:8', null)).toBe('trace:8');
    expect(await notedOf(open.key)).toBeNull();
    expect(await notedOf('a'.repeat(65))).toBeNull();
    expect(open.audit.at(-1)).not.toHaveProperty('address');
  });

  it('has one line a mint, with these fields and no other', async () => {
    const before = open.audit.length;
    const reply = await open.mint('soniox', { body: { ...soniox, max_session_duration_seconds: 600 } });
    const { expires_at } = reply.body as { expires_at: number };
    expect(open.audit.slice(before)).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        event: 'mint',
        requestId: reply.headers['x-request-id'],
        callerRequestId: null,
        caller: expect.stringMatching(/^client:everything-/),
        provider: 'soniox',
        lifetimes: { expires_in_seconds: 60, max_session_duration_seconds: 600, expires_at },
        result: 'ok',
        upstreamStatus: null,
        latencyMs: expect.any(Number),
      },
    ]);
  });

  it('has one line an attempt, however it ends', async () => {
    const before = open.audit.length;
    open.vendors.soniox.fault = '401';
    await open.mint('soniox');
    await open.mint('soniox', { body: '{' });
    await open.mint('soniox', { body: {} });
    await open.mint('soniox', { credential: null });
    await open.mint('assemblyai');
    await open.call('GET', '/v1/tokens/soniox');
    const lines = open.audit.slice(before).map(({ event, result, reason }) => [event, result ?? reason]);
    expect(lines).toEqual([
      ['mint', 'auth_invalid'],
      ['mint', 'body_not_json'],
      ['mint', 'request_invalid'],
      ['refused', 'credential_missing'],
      ['mint', 'provider_not_configured'],
    ]);
  });

  it('is written whatever the level of the log is', async () => {
    const lines: string[] = [];
    const server = await startBackendServer(
      { ...open.configuration, logLevel: 'error' },
      { logTo: { write: (line: string) => void lines.push(line) } },
    );
    expect(await fetchChecked(server.url, '/v1/tokens/soniox', { method: 'POST' })).toBe(401);
    await server.close();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ event: 'refused', reason: 'credential_missing' });
  });
});

describe('limits', () => {
  it('stop a client after its number, without a word to the vendor', async () => {
    const { key: credential } = limited;
    for (const id of ['soniox', 'ai-coustics', 'soniox'])
      expect((await open.mint(id, { credential })).status).toBe(200);
    const before = open.vendors.soniox.requests.length;
    const refused = await open.mint('soniox', { credential });
    expect(refused).toMatchObject({ status: 429, code: 'limit_client' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(open.vendors.soniox.requests).toHaveLength(before);
    expect((await open.mint('soniox')).status).toBe(200);
  });

  it('do not count what is refused before: a bad body, another provider, no key', async () => {
    const { key: credential, client } = makeClient('careless');
    const callers = open.configuration.callers;
    await open.server.reload({
      ...open.configuration,
      callers: { ...callers, clients: [...callers.clients, { ...client, limit: 1 }] },
    });
    await open.mint('soniox', { credential, body: {} });
    await open.mint('assemblyai', { credential });
    expect((await open.mint('soniox', { credential })).status).toBe(200);
    expect((await open.mint('soniox', { credential })).code).toBe('limit_client');
  });
});

describe('operation', () => {
  it('is healthy, and ready with what is configured and reachable', async () => {
    expect((await open.call('GET', '/healthz', { credential: null })).body).toEqual({ ok: true });
    const ready = await open.call('GET', '/readyz', { credential: null });
    expect(ready).toMatchObject({
      status: 200,
      body: {
        ready: true,
        draining: false,
        log: { writable: true, problem: null },
        store: { kind: 'memory', reachable: true },
        providers: {
          soniox: { configured: true, reachable: true, circuit: 'closed' },
          assemblyai: { configured: false, reachable: null, circuit: null },
        },
      },
    });
  });

  it('counts mints, refusals, limits, latencies and circuits, and names no caller', async () => {
    const { text } = await open.call('GET', '/metrics', { credential: null });
    const lines = text.split('\n');
    const valueOf = (start: string) =>
      Number(
        lines
          .find((line) => line.startsWith(start))
          ?.split(' ')
          .at(-1),
      );
    expect(valueOf('limpid_tokens_mints_total{provider="soniox",result="ok"}')).toBeGreaterThan(3);
    expect(valueOf('limpid_tokens_mints_total{provider="soniox",result="auth_invalid"}')).toBe(1);
    expect(valueOf('limpid_tokens_sessions_closed_total{provider="aiola",result="ok"}')).toBe(1);
    expect(valueOf('limpid_tokens_callers_refused_total{reason="credential_missing"}')).toBe(2);
    expect(valueOf('limpid_tokens_limited_total{limit="client"}')).toBe(2);
    expect(valueOf('limpid_tokens_upstream_seconds_count{provider="soniox"}')).toBeGreaterThan(3);
    expect(valueOf('limpid_tokens_circuit_state{provider="soniox",state="closed"}')).toBe(1);
    expect(valueOf('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(text).not.toContain('provider="assemblyai",state');
    expect(text).not.toMatch(/client:|everything|limited-/);
  });

  it('leaves a vendor alone that fails again and again, and says so', async () => {
    open.vendors['ai-coustics'].fault = '500';
    const codes: (string | null)[] = [];
    for (let attempt = 0; attempt < 7; attempt++) codes.push((await open.mint('ai-coustics')).code);
    expect(codes).toEqual([...Array<string>(5).fill('transient'), 'circuit_open', 'circuit_open']);
    const reply = await open.mint('ai-coustics');
    expect(reply.status).toBe(503);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    const { body } = await open.call('GET', '/readyz');
    expect(body).toMatchObject({ ready: true, providers: { 'ai-coustics': { circuit: 'open' } } });
    const metrics = await open.call('GET', '/metrics');
    expect(metrics.text).toContain('limpid_tokens_circuit_state{provider="ai-coustics",state="open"} 1');
  });
});

describe('a caller that goes', () => {
  it('takes its request to the vendor with it, and leaves a line', async () => {
    open.vendors.soniox.fault = 'silent';
    const before = open.audit.length;
    const seen = open.vendors.soniox.requests.length;
    const gone = new AbortController();
    const outcome = open.mint('soniox', { signal: gone.signal, body: soniox }).catch((error: Error) => error.name);
    await eventually(() => open.vendors.soniox.requests.length).toBe(seen + 1);
    gone.abort();
    expect(await outcome).toBe('AbortError');
    await eventually(() => open.audit.length).toBe(before + 1);
    expect(open.audit.at(-1)).toMatchObject({ event: 'mint', result: 'caller_gone' });
    // Far below the timeout of the vendor.
    expect(open.audit.at(-1)!['latencyMs']).toBeLessThan(1500);
  });

  it('leaves no session open at aiOla', async () => {
    open.vendors.aiola.sessions.clear();
    open.vendors.aiola.delayMs = 100;
    const seen = open.vendors.aiola.requests.length;
    const gone = new AbortController();
    const outcome = open.mint('aiola', { signal: gone.signal }).catch((error: Error) => error.name);
    await eventually(() => open.vendors.aiola.requests.length).toBe(seen + 2);
    gone.abort();
    expect(await outcome).toBe('AbortError');
    await eventually(() => open.vendors.aiola.requests.at(-1)!.method).toBe('DELETE');
    await eventually(() => open.vendors.aiola.sessions.size).toBe(0);
    await eventually(() => open.audit.at(-1)!['result']).toBe('caller_gone');
  });

  it('leaves no session open at aiOla that nobody was told of, and keeps one that was handed over', async () => {
    const { sessions } = open.vendors.aiola;
    sessions.clear();
    open.vendors.soniox.fault = 'silent';
    const { hostname, port } = new URL(open.url);
    const bytesOf = (provider: ProviderId, body: string, ending: string) =>
      `POST /v1/tokens/${provider} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${open.key}\r\nConnection: ${ending}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const before = open.audit.length;
    // The reply to the second request waits for that to the first, which never comes.
    const socket = connect(Number(port), hostname, () =>
      socket.write(bytesOf('soniox', JSON.stringify(soniox), 'keep-alive') + bytesOf('aiola', '', 'keep-alive')),
    );
    await eventually(() => open.audit.length).toBe(before + 1);
    expect(open.audit.at(-1)).toMatchObject({ provider: 'aiola', result: 'ok' });
    expect(sessions.size).toBe(1);
    socket.destroy();
    await eventually(() => sessions.size).toBe(0);

    const handedOver = await open.send(bytesOf('aiola', '', 'close'), { method: 'POST', path: '/v1/tokens/aiola' });
    expect(handedOver.status).toBe(200);
    await sleep(200);
    expect(sessions.size).toBe(1);
    sessions.clear();
  });

  it('may go in the middle of its body', async () => {
    const before = open.audit.length;
    const { hostname, port } = new URL(open.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /v1/tokens/soniox HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${open.key}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"usage`);
    await sleep(100);
    socket.destroy();
    await eventually(() => open.audit.length).toBe(before + 1);
    expect(open.audit.at(-1)).toMatchObject({ event: 'mint', result: 'caller_gone' });
    expect(open.log.filter(({ event }) => event === 'internal_error')).toEqual([]);
  });
});

describe('without authentication', () => {
  it('serves programs on this computer, and no web page', async () => {
    const local = await OpenServer.start((made) => ({
      ...made,
      callers: { ...made.callers, isAnonymousAllowed: true },
    }));
    try {
      expect((await local.mint('soniox', { credential: null })).status).toBe(200);
      expect(local.audit.at(-1)).toMatchObject({ caller: 'anonymous' });
      const fromPage = await local.mint('soniox', { credential: null, headers: { origin: 'https://a.example' } });
      expect(fromPage).toMatchObject({ status: 403, code: 'browser_refused' });
      const rebound = await local.mint('soniox', { credential: null, headers: { host: 'a.example' } });
      expect(rebound).toMatchObject({ status: 403, code: 'browser_refused' });
      const passedOn = await local.mint('soniox', { credential: null, headers: { 'X-Forwarded-For': '192.0.2.1' } });
      expect(passedOn).toMatchObject({ status: 403, code: 'proxy_refused' });
    } finally {
      await local.close();
    }
  });
});
