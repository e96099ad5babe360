import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OpenServer, parseReply } from '../backend/openServer.js';

const connections = 1000;

/** A connection that sends its request a byte at a time, and what became of it. */
interface Slow {
  socket: Socket;
  text: string;
  endedMs: number | null;
}

let open: OpenServer;
let timer: NodeJS.Timeout;
const slow: Slow[] = [];

beforeAll(async () => {
  open = await OpenServer.start();
});
afterAll(async () => {
  clearInterval(timer);
  for (const { socket } of slow) socket.destroy();
  await open.close();
});

/** `begin`: what it sends at once; after that nothing ever completes the request. */
async function openSlow(begin: string): Promise<Slow> {
  const { hostname, port } = new URL(open.url);
  const socket = connect(Number(port), hostname);
  const connection: Slow = { socket, text: '', endedMs: null };
  socket.setEncoding('utf8').on('data', (piece: string) => (connection.text += piece));
  socket.on('error', () => undefined).on('close', () => (connection.endedMs = performance.now()));
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(begin);
  return connection;
}

it(
  `${connections} slow-loris connections keep nobody from a token, and are ended by the timeouts`,
  { timeout: 60_000 },
  async () => {
    const head = 'POST /v1/tokens/soniox HTTP/1.1\r\nHost: a\r\n';
    const withBody = `${head}Authorization: Bearer ${open.key}\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{`;
    const linesBefore = open.audit.length;
    const startedMs = performance.now();
    for (let index = 0; index < connections; index++) {
      // Half of them dawdle over the head, a quarter over the body, and a quarter says nothing at all.
      slow.push(await openSlow([head, '', head, withBody][index % 4]!));
    }
    timer = setInterval(() => {
      for (const [index, { socket }] of slow.entries()) {
        if (index % 4 !== 1 && socket.writable) socket.write('x');
      }
    }, 1000);

    const latenciesMs: number[] = [];
    while (performance.now() - startedMs < 9000) {
      const sentMs = performance.now();
      expect((await open.mint('ai-coustics')).status).toBe(200);
      latenciesMs.push(performance.now() - sentMs);
      await sleep(100);
    }
    expect(Math.max(...latenciesMs)).toBeLessThan(1000);
    expect(slow.filter(({ endedMs }) => endedMs === null)).toHaveLength(connections);

    await expect.poll(() => slow.filter(({ endedMs }) => endedMs === null).length, { timeout: 25_000 }).toBe(0);
    const refused = () => open.audit.slice(linesBefore).filter(({ result }) => result !== 'ok');
    // A reply may be there before its line is written.
    await expect.poll(() => refused().length, { timeout: 5000 }).toBe(connections / 4);
    const dawdled = new Map(refused().map((line) => [line['requestId'], line]));
    for (const [index, { text, endedMs }] of slow.entries()) {
      const isOverBody = index % 4 === 3;
      // 10 s for the head, 15 s for the whole, found out within a second, and half a second to say goodbye.
      expect(endedMs! - startedMs).toBeLessThan((isOverBody ? 17_500 : 12_500) + 2000);
      const reply = await open.take(
        isOverBody ? { method: 'POST', path: '/v1/tokens/soniox' } : null,
        parseReply(text),
      );
      expect(reply).toMatchObject({ status: 408, code: 'request_timeout', body: { error: { retryable: true } } });
      // It is on record with what it was told.
      if (isOverBody) expect(dawdled.get(reply.headers['x-request-id'])).toMatchObject({ result: 'request_timeout' });
    }
    expect((await open.mint('ai-coustics')).status).toBe(200);
  },
);
