import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSoniox } from '../vendors/soniox.js';
import type { VendorStandIn } from '../vendors/standIn.js';
import { exchangeBytes, makeClient, OpenServer, parseReply } from './openServer.js';

const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 5000 });

describe('reloading', () => {
  let open: OpenServer;
  let other: VendorStandIn;
  beforeEach(async () => {
    [open, other] = await Promise.all([OpenServer.start(), startSoniox()]);
  });
  afterEach(() => Promise.all([open.close(), other.close()]));

  const withSoniox = ({ url, key }: VendorStandIn) => ({
    ...open.configuration,
    providers: { ...open.configuration.providers, soniox: { baseUrl: new URL(url), apiKey: key } },
  });

  it('drops no request, however often it happens', async () => {
    const statuses: number[] = [];
    const callers = Array.from({ length: 16 }, async () => {
      for (let mint = 0; mint < 25; mint++) statuses.push((await open.mint('soniox')).status);
    });
    const ended = Promise.all(callers);
    for (let round = 0; statuses.length < 400; round++) {
      await open.server.reload(withSoniox(round % 2 === 0 ? other : open.vendors.soniox));
      await sleep(10);
    }
    await ended;
    expect(statuses).toHaveLength(400);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(other.mints).toBeGreaterThan(0);
    expect(other.mints + open.vendors.soniox.mints).toBe(statuses.length);
  });

  it('lets a request under way end with the key it began with, and uses the new one from then on', async () => {
    open.vendors.soniox.delayMs = 400;
    const underWay = open.mint('soniox');
    await eventually(() => open.vendors.soniox.requests.length).toBe(1);
    await open.server.reload(withSoniox(other));
    expect((await open.mint('soniox')).status).toBe(200);
    expect(other.mints).toBe(1);
    expect((await underWay).status).toBe(200);
    expect(open.vendors.soniox.mints).toBe(1);
  });

  it('takes clients in and out at once, and forgets no count', async () => {
    const { key, client } = makeClient('newcomer');
    const callers = { ...open.configuration.callers, clients: [{ ...client, limit: 2 }] };
    expect((await open.mint('soniox', { credential: key })).code).toBe('credential_unknown');
    await open.server.reload({ ...open.configuration, callers });
    expect((await open.mint('soniox', { credential: key })).status).toBe(200);
    expect((await open.mint('soniox')).code).toBe('credential_unknown');
    await open.server.reload({ ...withSoniox(other), callers });
    expect((await open.mint('soniox', { credential: key })).status).toBe(200);
    await open.server.reload({ ...open.configuration, callers });
    expect((await open.mint('soniox', { credential: key })).code).toBe('limit_client');
  });

  it('keeps what it knows of vendors that stay the same', async () => {
    open.vendors.soniox.fault = '500';
    for (let attempt = 0; attempt < 5; attempt++) await open.mint('soniox');
    await open.server.reload({ ...open.configuration, logLevel: 'warn' });
    expect((await open.mint('soniox')).code).toBe('circuit_open');
    expect(open.log.filter(({ event }) => event === 'reloaded')).toEqual([]);
    await open.server.reload(withSoniox(other));
    expect((await open.mint('soniox')).status).toBe(200);
  });

  it('keeps what it knows of a vendor when another one changes', async () => {
    open.vendors['ai-coustics'].fault = '500';
    for (let attempt = 0; attempt < 5; attempt++) await open.mint('ai-coustics');
    await open.server.reload(withSoniox(other));
    expect((await open.mint('soniox')).status).toBe(200);
    expect(other.mints).toBe(1);
    expect((await open.mint('ai-coustics')).code).toBe('circuit_open');
  });

  it('changes nothing when the store cannot be opened', async () => {
    const limits = { ...open.configuration.limits, redisUrl: 'redis://:%zz@127.0.0.1:1' };
    const callers = { ...open.configuration.callers, clients: [] };
    await expect(open.server.reload({ ...withSoniox(other), callers, limits })).rejects.toThrow('URI malformed');
    expect((await open.mint('soniox')).status).toBe(200);
    expect([open.vendors.soniox.mints, other.mints]).toEqual([1, 0]);
  });

  it('says what takes a restart', async () => {
    await open.server.reload({ ...open.configuration, listen: { host: '127.0.0.1', port: 1 } });
    expect(open.log.at(-1)).toMatchObject({ event: 'restart_needed', level: 'warn', configured: { port: 1 } });
    expect((await open.call('GET', '/healthz')).status).toBe(200);
  });
});

describe('the end', () => {
  let open: OpenServer;
  afterEach(() => open.close());
  const bytesOfMint = (provider = 'ai-coustics', key = open.key) =>
    `POST /v1/tokens/${provider} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Length: 0\r\n\r\n`;
  const logged = (name: string) => open.log.filter(({ event }) => event === name);

  it('is announced: not ready, connections are given up, but all is served until the delay is over', async () => {
    open = await OpenServer.start((made) => ({ ...made, drainDelayMs: 500 }));
    expect((await open.mint('ai-coustics')).headers['connection']).toBe('keep-alive');
    const closed = open.server.close();
    expect(await open.call('GET', '/readyz')).toMatchObject({ status: 503, body: { ready: false, draining: true } });
    expect((await open.call('GET', '/healthz')).status).toBe(200);
    const reply = await open.mint('ai-coustics');
    expect(reply.status).toBe(200);
    expect(reply.headers['connection']).toBe('close');
    await closed;
    await expect(exchangeBytes(open.url, bytesOfMint())).rejects.toThrow('ECONNREFUSED');
    expect(open.log.map(({ event }) => event)).toEqual(expect.arrayContaining(['listening', 'draining', 'closed']));
  });

  it('waits for requests under way, and turns those away that come over their connections', async () => {
    open = await OpenServer.start();
    // Replies are checked by its document.
    await open.call('GET', '/healthz');
    open.vendors['ai-coustics'].delayMs = 600;
    const { hostname, port } = new URL(open.url);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytesOfMint()));
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    const ended = new Promise((resolve) => socket.on('close', resolve));
    await eventually(() => open.vendors['ai-coustics'].requests.length).toBe(1);
    const closed = open.server.close();
    await sleep(100);
    socket.write(bytesOfMint());
    await Promise.all([closed, ended]);
    const texts = text.split('HTTP/1.1 ').slice(1);
    const asked = { method: 'POST', path: '/v1/tokens/ai-coustics' };
    const [first, second] = await Promise.all(texts.map((each) => open.take(asked, parseReply(`HTTP/1.1 ${each}`))));
    expect(first).toMatchObject({ status: 200, body: { token: expect.stringMatching(/^eyJ/) } });
    expect(second).toMatchObject({ status: 503, code: 'shutting_down', headers: { connection: 'close' } });
    expect(open.vendors['ai-coustics'].mints).toBe(1);
    expect(open.server.close()).toBe(open.server.close());
  });

  it('does not wait for pipelined requests whose caller has gone', async () => {
    open = await OpenServer.start((made) => ({ ...made, upstreamTimeoutMs: 15_000 }));
    const vendor = open.vendors['ai-coustics'];
    vendor.fault = 'silent';
    const { hostname, port } = new URL(open.url);
    const mints = connect(Number(port), hostname, () => mints.write(bytesOfMint() + bytesOfMint()));
    const strangers = connect(Number(port), hostname, () =>
      strangers.write(`GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n${bytesOfMint('soniox', 'nonsense')}`),
    );
    await eventually(() => vendor.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
    await eventually(() => logged('refused')).toHaveLength(1);
    mints.destroy();
    strangers.destroy();
    await eventually(() => logged('mint').map(({ result }) => result)).toEqual(['caller_gone', 'caller_gone']);
    const startedMs = performance.now();
    await open.server.close();
    // Far below the timeout of the vendor and the 20 s for requests under way.
    expect(performance.now() - startedMs).toBeLessThan(1500);
    expect(logged('closed')).toHaveLength(1);
  });

  it('cuts off what takes longer than is left', async () => {
    open = await OpenServer.start((made) => ({ ...made, upstreamTimeoutMs: 15_000 }), { finishWithinMs: 200 });
    open.vendors['ai-coustics'].fault = 'silent';
    const cutOff = exchangeBytes(open.url, bytesOfMint() + bytesOfMint());
    await eventually(() => open.vendors['ai-coustics'].requests.length).toBe(2);
    const startedMs = performance.now();
    await open.server.close();
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(await cutOff).toBe('');
    expect(logged('requests_cut_off')).toHaveLength(1);
    expect(logged('mint').map(({ result }) => result)).toEqual(['caller_gone', 'caller_gone']);
  });

  it('does not wait for connections that say nothing', async () => {
    open = await OpenServer.start();
    const { hostname, port } = new URL(open.url);
    const silent = connect(Number(port), hostname);
    const ended = new Promise((resolve) => silent.on('close', resolve));
    await new Promise((resolve) => silent.once('connect', resolve));
    const startedMs = performance.now();
    await open.server.close();
    await ended;
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it('says so when the address cannot be had, and leaves nothing behind', async () => {
    open = await OpenServer.start();
    const { port } = new URL(open.url);
    const { startBackendServer } = await import('../../src/backend/server.js');
    const listen = { host: '127.0.0.1', port: Number(port) };
    await expect(startBackendServer({ ...open.configuration, listen })).rejects.toThrow('EADDRINUSE');
  });
});
