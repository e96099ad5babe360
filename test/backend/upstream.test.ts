import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/backend/errors.js';
import { readRetryAfter } from '../../src/backend/upstream/retryAfter.js';
import { Upstream, type UpstreamReply, type UpstreamRequest } from '../../src/backend/upstream/upstream.js';
import { makeCertificates } from '../fakes/faultyBackend.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import type { VendorFault, VendorStandIn } from '../vendors/standIn.js';
import { failureOf } from './upstreamFailure.js';

const never = new AbortController().signal;
const asItIs = (reply: UpstreamReply) => reply;

let vendor: VendorStandIn;
let upstream: Upstream;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  vendor = await startAiCoustics({ basePath: '/tenant' });
});

beforeEach(() => {
  upstream = reach(vendor.url);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  Object.assign(vendor, { fault: 'none', faultsLeft: Infinity, delayMs: 0 });
  vendor.requests.length = 0;
  for (const each of opened.splice(0)) await each.close();
});

afterAll(() => vendor.close());

function reach(url: string, timeoutMs = 5000): Upstream {
  const made = new Upstream({ provider: 'ai-coustics', baseUrl: new URL(url), timeoutMs });
  opened.push(made);
  return made;
}

const mintRequest = (values: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'POST',
  path: '/v1/sdk/tokens',
  headers: { authorization: `Basic ${btoa(`${vendor.key}:`)}` },
  isRepeatable: true,
  ...values,
});

const call = (values: Partial<UpstreamRequest> = {}, signal = never) =>
  upstream.call(mintRequest(values), signal, asItIs);

/** A server of raw connections. */
async function listen(onConnection: (socket: net.Socket) => void): Promise<{ port: number; sockets: net.Socket[] }> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  opened.unshift({
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

describe('a call', () => {
  test('returns status and JSON, below the path of the base URL, without asking for compression', async () => {
    const reply = await call();
    expect(reply).toEqual({
      status: 200,
      json: { token: expect.any(String), expires_at: expect.any(Number) },
      retryAfterSeconds: null,
      isRepetition: false,
    });
    expect(vendor.requests).toHaveLength(1);
    expect(vendor.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/sdk/tokens',
      body: '',
      headers: { 'accept-encoding': 'identity', accept: 'application/json', 'content-length': '0' },
    });
  });

  test('takes a base URL with a slash at its end', async () => {
    upstream = reach(`${vendor.url}/`);
    expect((await call()).status).toBe(200);
  });

  test('sends its body and headers', async () => {
    await call({ headers: { 'content-type': 'application/json' }, body: '{"ü":1}' });
    expect(vendor.requests[0]).toMatchObject({ body: '{"ü":1}', headers: { 'content-type': 'application/json' } });
  });

  test('keeps connections, and has as many as there are calls', async () => {
    const ports = new Set<number>();
    const waiting: http.ServerResponse[] = [];
    const server = http.createServer((request, response) => {
      ports.add(request.socket.remotePort ?? 0);
      if (request.url !== '/together') return void response.end('{}');
      if (waiting.push(response) === 100) waiting.forEach((each) => each.end('{}'));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    opened.push({ close: () => server.close() });
    upstream = reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let i = 0; i < 10; i++) await call({ path: '/alone' });
    // A connection rests for one turn of the event loop after an answer, during which the other one serves.
    expect(ports.size).toBeLessThanOrEqual(2);
    ports.clear();
    // Nobody is answered before all 100 have arrived.
    await Promise.all(Array.from({ length: 100 }, () => call({ path: '/together' }, new AbortController().signal)));
    expect(ports.size).toBe(100);
  });

  test.each<[VendorFault, string, number, number]>([
    ['silent', 'upstream_timeout', 1, 1],
    ['slow-body', 'upstream_timeout', 1, 1],
    ['drop-before-headers', 'upstream_dropped', 2, 1],
    ['drop-after-headers', 'upstream_dropped', 2, 1],
    ['truncated', 'upstream_dropped', 2, 1],
    ['truncated-chunks', 'upstream_dropped', 2, 1],
    ['huge', 'upstream_too_large', 1, 1],
    ['endless', 'upstream_too_large', 1, 1],
    ['not-http', 'upstream_garbage', 1, 1],
    ['redirect', 'upstream_redirect', 1, 1],
    ['compressed', 'upstream_garbage', 1, 1],
  ])('fails at %s with %s', async (fault, code, requests, requestsUnlessRepeatable) => {
    upstream = reach(vendor.url, code === 'upstream_timeout' ? 300 : 5000);
    vendor.fault = fault;
    expect(await failureOf(call(), vendor)).toMatchObject({ code, details: { provider: 'ai-coustics' } });
    expect(vendor.requests).toHaveLength(requests);
    vendor.requests.length = 0;
    expect(await failureOf(call({ isRepeatable: false }), vendor)).toMatchObject({ code });
    expect(vendor.requests).toHaveLength(requestsUnlessRepeatable);
  });

  test.each<[VendorFault, number]>([
    ['empty', 200],
    ['html', 200],
    ['not-json', 200],
    ['401', 401],
    ['500', 500],
  ])('leaves it to its reader what %s means', async (fault, status) => {
    vendor.fault = fault;
    const reply = await call();
    expect(reply.status).toBe(status);
    expect(reply.json === undefined).toBe(status === 200);
  });

  test('is not called off by a body just as large as allowed', async () => {
    const { port } = await listen((socket) => {
      const body = `"${'x'.repeat(64 * 1024 - 2)}"`;
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${body}`));
    });
    upstream = reach(`http://127.0.0.1:${port}`);
    expect((await call()).json).toHaveLength(64 * 1024 - 2);
  });

  test('fails over headers without end', async () => {
    const { port } = await listen((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(100_000)}`));
    });
    upstream = reach(`http://127.0.0.1:${port}`);
    expect(await failureOf(call())).toMatchObject({ code: 'upstream_too_large' });
  });

  test('overlooks informational answers', async () => {
    const { port } = await listen((socket) => {
      socket.once('data', () =>
        socket.end('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
      );
    });
    upstream = reach(`http://127.0.0.1:${port}`);
    expect(await call()).toMatchObject({ status: 200, json: {} });
  });

  test('fails as an internal error, and sends nothing, for a header that no request may have', async () => {
    const failure = await failureOf(call({ headers: { authorization: `${vendor.key}\r\n` } }), vendor);
    expect(failure).toMatchObject({ code: 'internal' });
    expect(vendor.requests).toHaveLength(0);
  });
});

describe('a second try', () => {
  test.each<VendorFault>(['drop-before-headers', 'drop-after-headers', 'truncated', '502', '503', '504'])(
    'helps when %s happens once',
    async (fault) => {
      Object.assign(vendor, { fault, faultsLeft: 1 });
      expect(await call()).toMatchObject({ status: 200, retryAfterSeconds: null, isRepetition: true });
      expect(vendor.requests).toHaveLength(2);
    },
  );

  test.each<[VendorFault, number]>([
    ['502', 2],
    ['503', 2],
    ['504', 2],
    ['500', 1],
    ['503-seconds', 1],
    ['429', 1],
    ['429-seconds', 1],
    ['401', 1],
  ])('of %s makes %d requests', async (fault, requests) => {
    vendor.fault = fault;
    expect((await call()).status).toBe(Number(fault.slice(0, 3)));
    expect(vendor.requests).toHaveLength(requests);
  });

  test.each<VendorFault>(['502', '503', '504'])('of %s is not made where it might do harm', async (fault) => {
    vendor.fault = fault;
    expect((await call({ isRepeatable: false })).status).toBe(Number(fault));
    expect(vendor.requests).toHaveLength(1);
  });

  test.each([true, false])('is made when no connection came about (repeatable: %s)', async (isRepeatable) => {
    // It hangs up during the TLS handshake, so that no request was sent.
    const { port, sockets } = await listen((socket) => socket.destroy());
    upstream = reach(`https://127.0.0.1:${port}`);
    expect(await failureOf(call({ isRepeatable }), vendor)).toMatchObject({ code: 'upstream_unreachable' });
    expect(sockets).toHaveLength(2);
  });

  test('is no repetition where nothing was sent at first', async () => {
    const { port } = await listen((socket) => socket.destroy());
    await opened.shift()?.close();
    // Makes the wait half a second long.
    const random = vi.spyOn(Math, 'random').mockReturnValue(6);
    upstream = reach(`http://127.0.0.1:${port}`);
    const work = call({ isRepeatable: false });
    await new Promise((done) => setTimeout(done, 100));
    const server = http.createServer((_request, response) => response.end('{}'));
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    opened.push({ close: () => server.close() });
    expect(await work).toMatchObject({ status: 200, isRepetition: false });
    random.mockRestore();
  });

  test('is within the one timeout', async () => {
    upstream = reach(vendor.url, 1000);
    const clock = performance.now();
    vendor.delayMs = 600;
    vendor.fault = '503';
    expect(await failureOf(call())).toMatchObject({ code: 'upstream_timeout' });
    expect(performance.now() - clock).toBeLessThan(1200);
    expect(vendor.requests).toHaveLength(2);
  });
});

describe('the time', () => {
  test('is one for all requests of a piece of work', async () => {
    upstream = reach(vendor.url, 1000);
    vendor.delayMs = 600;
    const work = upstream.run(never, async (send) => {
      await send(mintRequest(), asItIs);
      await send(mintRequest(), asItIs);
    });
    expect(await failureOf(work)).toMatchObject({ code: 'upstream_timeout' });
    expect(vendor.requests).toHaveLength(2);
  });

  test('may be cut for one of them', async () => {
    vendor.fault = 'silent';
    const clock = performance.now();
    expect(await failureOf(call({ timeoutMs: 200 }))).toMatchObject({ code: 'upstream_timeout' });
    expect(performance.now() - clock).toBeLessThan(2000);
  });
});

describe('a connection', () => {
  test('that is refused is told from one that drops, for however many calls', async () => {
    const { port } = await listen((socket) => socket.destroy());
    await opened.shift()?.close();
    upstream = reach(`http://127.0.0.1:${port}`);
    const codes = await Promise.all(
      Array.from({ length: 300 }, async () => (await failureOf(call({}, new AbortController().signal))).code),
    );
    expect(new Set(codes)).toEqual(new Set(['upstream_unreachable']));
  });

  test('that hangs ends with the timeout, or at once when the caller goes', async () => {
    const { port } = await listen(() => undefined);
    upstream = reach(`https://127.0.0.1:${port}`, 400);
    expect(await failureOf(call())).toMatchObject({ code: 'upstream_timeout' });
    upstream = reach(`https://127.0.0.1:${port}`, 60_000);
    const caller = new AbortController();
    const work = call({}, caller.signal);
    caller.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
  });

  test('to a server whose certificate nobody signed is refused, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const certificates = makeCertificates();
    let requests = 0;
    const server = https.createServer(certificates, (_request, response) => {
      requests++;
      response.end('{}');
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    opened.push(server, { close: () => certificates.remove() });
    upstream = reach(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await failureOf(call())).toMatchObject({ code: 'upstream_unreachable' });
    expect(requests).toBe(0);
  });
});

describe('a caller who goes', () => {
  test('before it starts: nothing is sent', async () => {
    await expect(call({}, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(vendor.requests).toHaveLength(0);
  });

  test.each<VendorFault>(['silent', 'slow-body'])('ends the connection during %s', async (fault) => {
    let onEnd = () => undefined as void;
    const ended = new Promise<void>((done) => (onEnd = done));
    const { port } = await listen((socket) => {
      socket.once('data', () => {
        if (fault === 'slow-body') socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{');
        setTimeout(() => caller.abort(new Error('gone')), 50);
      });
      socket.once('close', () => onEnd());
    });
    upstream = reach(`http://127.0.0.1:${port}`, 60_000);
    const caller = new AbortController();
    await expect(call({}, caller.signal)).rejects.toThrow('gone');
    await ended;
  });

  test('ends the wait before a second try', async () => {
    // Makes the wait half a second long.
    const random = vi.spyOn(Math, 'random').mockReturnValue(6);
    const caller = new AbortController();
    vendor.fault = 'drop-before-headers';
    const work = call({}, caller.signal);
    setTimeout(() => caller.abort(new Error('gone')), 200);
    await expect(work).rejects.toThrow('gone');
    await new Promise((done) => setTimeout(done, 500));
    expect(vendor.requests).toHaveLength(1);
    random.mockRestore();
  });

  test('while all connections are taken is forgotten: nothing is sent for nobody', async () => {
    const waiting: http.ServerResponse[] = [];
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request.url ?? '');
      if (request.url === '/busy') waiting.push(response);
      else response.end('{}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    opened.push({ close: () => server.close() });
    upstream = reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const busy = Array.from({ length: 128 }, () => call({ path: '/busy' }, new AbortController().signal));
    await vi.waitFor(() => expect(waiting).toHaveLength(128));
    const caller = new AbortController();
    const late = call({ path: '/late' }, caller.signal);
    caller.abort(new Error('gone'));
    await expect(late).rejects.toThrow('gone');
    waiting.forEach((response) => response.end('{}'));
    await Promise.all(busy);
    await call({ path: '/next' });
    expect(seen.filter((path) => path !== '/busy')).toEqual(['/next']);
  });

  test('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await call({}, signal);
    expect(removed.mock.calls.map(([name, listener]) => [name, listener])).toEqual(
      added.mock.calls.map(([name, listener]) => [name, listener]),
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');

  test.each<[string | undefined, number | null]>([
    ['7', 7],
    [' 0 ', 0],
    ['900', 900],
    ['901', 900],
    ['99999999999999999999999', 900],
    ['Sat, 21 Nov 2026 12:01:30 GMT', 90],
    ['Saturday, 21-Nov-26 12:01:30 GMT', 90],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['Sat, 21 Nov 2037 11:00:00 GMT', 900],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['2026', 900],
    ['', null],
    [undefined, null],
  ])('%s is %s s', (header, seconds) => {
    expect(readRetryAfter(header, now)).toBe(seconds);
  });

  test('is read from the answer', async () => {
    vendor.fault = '429-seconds';
    expect((await call()).retryAfterSeconds).toBe(7);
    vendor.fault = '429-date';
    expect((await call()).retryAfterSeconds).toSatisfy((seconds) => Number(seconds) >= 85 && Number(seconds) <= 91);
  });
});

describe('the circuit', () => {
  const fail = async (times: number, values: Partial<UpstreamRequest> = { isRepeatable: false }) => {
    for (let i = 0; i < times; i++) await failureOf(call(values));
  };
  /** What vendors' errors become. */
  const read = (reply: UpstreamReply) => {
    if (reply.status >= 500) throw new ApiError('transient', { upstreamStatus: reply.status });
    if (reply.status >= 400) throw new ApiError('auth_invalid', { upstreamStatus: reply.status });
    if (reply.json === undefined) throw new ApiError('upstream_garbage');
    return reply;
  };
  const callAndRead = (signal = never) => upstream.call(mintRequest({ isRepeatable: false }), signal, read);

  test('opens after five failures in a row, then says how long and asks the vendor nothing', async () => {
    vendor.fault = 'drop-before-headers';
    await fail(4);
    expect(upstream.circuit).toBe('closed');
    await fail(1);
    expect(upstream.circuit).toBe('open');
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ code: 'circuit_open', details: { provider: 'ai-coustics' } });
    expect(failure.details.retryAfterSeconds).toSatisfy((seconds) => Number(seconds) >= 8 && Number(seconds) <= 10);
    expect(vendor.requests).toHaveLength(5);
  });

  test.each<VendorFault>(['500', 'html', 'redirect', 'huge', 'not-http'])('counts %s', async (fault) => {
    vendor.fault = fault;
    for (let i = 0; i < 5; i++) await failureOf(callAndRead());
    expect(upstream.circuit).toBe('open');
  });

  test('counts a call with its second try once', async () => {
    vendor.fault = 'drop-before-headers';
    await fail(4, {});
    expect(vendor.requests).toHaveLength(8);
    expect(upstream.circuit).toBe('closed');
  });

  test('takes a 4xx for a sign of life', async () => {
    vendor.fault = '500';
    for (let i = 0; i < 4; i++) await failureOf(callAndRead());
    vendor.fault = '401';
    for (let i = 0; i < 6; i++) await failureOf(callAndRead());
    vendor.fault = '500';
    for (let i = 0; i < 4; i++) await failureOf(callAndRead());
    expect(upstream.circuit).toBe('closed');
  });

  test('does not count callers who went', async () => {
    vendor.fault = 'silent';
    for (let i = 0; i < 6; i++) {
      const caller = new AbortController();
      const work = call({}, caller.signal);
      await vi.waitFor(() => expect(vendor.requests).toHaveLength(i + 1));
      caller.abort(new Error('gone'));
      await expect(work).rejects.toThrow('gone');
    }
    expect(upstream.circuit).toBe('closed');
  });

  async function openAndWait(): Promise<void> {
    vi.useFakeTimers({ toFake: ['performance'] });
    vendor.fault = 'drop-before-headers';
    await fail(5);
    vi.advanceTimersByTime(9_900);
    expect(await failureOf(call())).toMatchObject({ code: 'circuit_open', details: { retryAfterSeconds: 1 } });
    vi.advanceTimersByTime(200);
    vendor.fault = 'none';
    vendor.requests.length = 0;
  }

  test('lets one call try after 10 s, and closes when it succeeds', async () => {
    await openAndWait();
    vendor.delayMs = 100;
    const trial = call();
    expect(upstream.circuit).toBe('half-open');
    // The others hear at once that they should come back.
    const others = await Promise.all(Array.from({ length: 5 }, () => failureOf(call())));
    expect(others.map(({ code, details }) => [code, details.retryAfterSeconds])).toEqual(
      Array.from({ length: 5 }, () => ['circuit_open', 1]),
    );
    await trial;
    expect(vendor.requests).toHaveLength(1);
    expect(upstream.circuit).toBe('closed');
    await call();
  });

  test('opens again for 10 s when the try fails', async () => {
    await openAndWait();
    vendor.fault = 'drop-before-headers';
    await fail(1);
    expect(upstream.circuit).toBe('open');
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ code: 'circuit_open', details: { retryAfterSeconds: 10 } });
    expect(vendor.requests).toHaveLength(1);
  });

  test('stays as it is when the caller of the try goes: the next one tries', async () => {
    await openAndWait();
    vendor.delayMs = 100;
    const caller = new AbortController();
    const trial = upstream.run(caller.signal, async (send) => {
      await send(mintRequest(), asItIs);
      caller.abort(new Error('gone'));
      caller.signal.throwIfAborted();
    });
    await expect(trial).rejects.toThrow('gone');
    expect(upstream.circuit).toBe('half-open');
    vendor.fault = 'drop-before-headers';
    await fail(1);
    expect(upstream.circuit).toBe('open');
  });

  test('learns nothing from a request that could not be sent', async () => {
    await openAndWait();
    expect(await failureOf(call({ headers: { authorization: 'a\nb' } }))).toMatchObject({ code: 'internal' });
    expect(upstream.circuit).toBe('half-open');
  });

  test('is passed by what must get through, which says nothing about it', async () => {
    const callPast = () => upstream.callPastCircuit(mintRequest({ isRepeatable: false }), read);
    vendor.fault = '500';
    for (let i = 0; i < 4; i++) await failureOf(callAndRead());
    vendor.fault = '401';
    expect(await failureOf(callPast())).toMatchObject({ code: 'auth_invalid' });
    vendor.fault = '500';
    expect(await failureOf(callPast())).toMatchObject({ code: 'transient' });
    expect(upstream.circuit).toBe('closed');
    await failureOf(callAndRead());
    expect(upstream.circuit).toBe('open');
    vendor.fault = 'none';
    expect(await callPast()).toMatchObject({ status: 200 });
    expect(upstream.circuit).toBe('open');
  });
});

describe('the probe', () => {
  test('takes any answer, without showing the key, once for all who ask within 30 s', async () => {
    vendor.fault = '500';
    expect(await Promise.all([upstream.probe(), upstream.probe(), upstream.probe()])).toEqual([true, true, true]);
    expect(await upstream.probe()).toBe(true);
    expect(vendor.requests).toHaveLength(1);
    expect(vendor.requests[0]).toMatchObject({ method: 'HEAD' });
    expect(vendor.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each<[VendorFault, boolean]>([
    ['redirect', true],
    ['404', true],
    ['drop-before-headers', false],
    ['silent', false],
    ['not-http', false],
  ])('of %s is %s', async (fault, isReachable) => {
    vendor.fault = fault;
    expect(await upstream.probe()).toBe(isReachable);
    expect(upstream.circuit).toBe('closed');
  });

  test('does not wait for a connection of the mints', async () => {
    const waiting: http.ServerResponse[] = [];
    const sockets = new Set<net.Socket>();
    const server = http.createServer((request, response) => {
      sockets.add(request.socket);
      if (request.method === 'POST') waiting.push(response);
      else response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    opened.push({ close: () => server.close() });
    upstream = reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const busy = Array.from({ length: 128 }, () => call({}, new AbortController().signal));
    await vi.waitFor(() => expect(waiting).toHaveLength(128));
    expect(await upstream.probe()).toBe(true);
    expect(sockets.size).toBe(129);
    // Its connection is not kept.
    await vi.waitFor(() => expect([...sockets].filter((socket) => !socket.destroyed)).toHaveLength(128));
    waiting.forEach((response) => response.end('{}'));
    await Promise.all(busy);
  });

  test('ends with the upstream', async () => {
    vendor.fault = 'silent';
    const probe = upstream.probe();
    await vi.waitFor(() => expect(vendor.requests).toHaveLength(1));
    const clock = performance.now();
    await upstream.close();
    expect(await probe).toBe(false);
    expect(performance.now() - clock).toBeLessThan(1500);
  });

  test('asks nothing of a vendor that has answered a request in the last minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await call();
    vi.advanceTimersByTime(59_000);
    expect(await upstream.probe()).toBe(true);
    expect(vendor.requests).toHaveLength(1);
    vi.advanceTimersByTime(2000);
    expect(await upstream.probe()).toBe(true);
    expect(vendor.requests.map(({ method }) => method)).toEqual(['POST', 'HEAD']);
  });

  test('asks for itself once a request got no answer', async () => {
    await call();
    vendor.fault = 'drop-before-headers';
    await failureOf(call());
    expect(await upstream.probe()).toBe(false);
  });

  test('asks again after 30 s', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    vendor.fault = 'drop-before-headers';
    expect(await upstream.probe()).toBe(false);
    vendor.fault = 'none';
    vi.advanceTimersByTime(29_000);
    expect(await upstream.probe()).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(await upstream.probe()).toBe(true);
  });
});

describe('closing', () => {
  test('waits for what is under way, with every request of it', async () => {
    vendor.delayMs = 100;
    const work = upstream.run(never, async (send) => {
      await send(mintRequest(), asItIs);
      return send(mintRequest(), asItIs);
    });
    const order: string[] = [];
    const [reply] = await Promise.all([
      work.finally(() => order.push('called')),
      upstream.close().then(() => order.push('closed')),
      upstream.close(),
    ]);
    expect(reply.status).toBe(200);
    expect(order).toEqual(['called', 'closed']);
    expect(vendor.requests).toHaveLength(2);
  });

  test('ends at once when nothing is under way, and later calls fail', async () => {
    await call();
    await upstream.close();
    expect(await failureOf(call())).toMatchObject({ code: 'upstream_unreachable' });
  });
});
