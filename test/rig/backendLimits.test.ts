import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Caller } from '../../src/backend/callers.js';
import type { Configuration } from '../../src/backend/configuration/configuration.js';
import { ApiError } from '../../src/backend/errors.js';
import { createLimits, type Limits } from '../../src/backend/limits.js';
import { makeCertificates } from '../fakes/faultyBackend.js';
import { skipReason } from './needed.js';
import { DelayedLine, noRedisServerReason, RedisServer, until } from './redisServer.js';

type Numbers = Configuration['limits'];

const callerOf = (id: string): Caller => ({ id: `client:${id}`, access: {}, limit: null });
const anna = callerOf('anna');

/** The longest that a mint may wait for a store that is not there, and the longest until it works again. */
const refusedWithinMs = 1000;
const backWithinMs = 5000;

let server: RedisServer;
/** Whatever the tests opened. */
let opened: Limits[] = [];

type Replica = Limits & { reports: string[]; reasons: (string | undefined)[] };

/** One replica of a server, with what it would log. */
function openReplica(changes: Partial<Numbers> = {}): Replica {
  const reports: string[] = [];
  const reasons: (string | undefined)[] = [];
  const numbers = { windowMs: 60_000, perClient: 1000, perProvider: 100_000, redisUrl: server.url, ...changes };
  const limits = createLimits(numbers, (state, reason) => {
    reports.push(state);
    reasons.push(reason);
  });
  opened.push(limits);
  return Object.assign(limits, { reports, reasons });
}

async function outcomeOf(attempt: Promise<void>): Promise<string> {
  return attempt.then(
    () => 'ok',
    (error: unknown) => {
      if (error instanceof ApiError) return error.code;
      throw error;
    },
  );
}

async function outcomesOf(attempts: Promise<void>[]): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  for (const outcome of await Promise.all(attempts.map(outcomeOf))) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return outcomes;
}
const times = (count: number, attempt: (index: number) => Promise<void>) =>
  outcomesOf(Array.from({ length: count }, (_, index) => attempt(index)));

/** Asks many at once and then once more: all are refused for the store’s sake, each in time. */
async function expectRefused(limits: Limits): Promise<void> {
  for (const count of [100, 1]) {
    const startedAtMs = performance.now();
    expect(await times(count, () => limits.countMint(anna, 'soniox'))).toEqual({ limits_unavailable: count });
    expect(performance.now() - startedAtMs).toBeLessThan(refusedWithinMs);
  }
  const askedAtMs = performance.now();
  expect(await limits.isReachable()).toBe(false);
  expect(performance.now() - askedAtMs).toBeLessThan(refusedWithinMs);
}

/** Nobody has to ask for it: a server that gets no requests while it is unready must find out by itself. */
async function expectBack(limits: Limits): Promise<void> {
  await until(() => limits.isReachable(), backWithinMs);
  expect(await outcomeOf(limits.countMint(anna, 'soniox'))).toBe('ok');
}

describe.skipIf(skipReason(noRedisServerReason))(`limits in a shared store ${noRedisServerReason ?? ''}`, () => {
  beforeAll(async () => {
    server = await RedisServer.start();
  });

  beforeEach(async () => {
    await server.command('flushall');
  });

  afterEach(async () => {
    await Promise.all(opened.map((limits) => limits.close()));
    opened = [];
  });

  afterAll(() => server.close());

  test('hold exactly for all replicas together', async () => {
    const replicas = Array.from({ length: 4 }, () => openReplica({ perClient: 25, perProvider: 210 }));
    const clients = Array.from({ length: 10 }, (_, index) => callerOf(`client-${index}`));
    const attempts = await times(4000, (index) => replicas[index % 4]!.countMint(clients[index % 10]!, 'soniox'));
    // 10 clients may have 25 each, but all of them together 210.
    expect(attempts['ok']).toBe(210);
    expect(attempts['limit_client']! + attempts['limit_provider']!).toBe(3790);
    // What the provider's limit refused was taken from nobody: 40 are left for the other.
    expect((await times(1000, (index) => replicas[index % 4]!.countMint(clients[index % 10]!, 'aiola')))['ok']).toBe(
      40,
    );
    expect(replicas.flatMap(({ reports }) => reports)).toEqual([]);
  });

  test('windows end by the clock of the store, all at once', async () => {
    const [one, other] = [openReplica({ windowMs: 700, perClient: 5 }), openReplica({ windowMs: 700, perClient: 5 })];
    for (let window = 0; window < 2; window++) {
      const startedAtMs = performance.now();
      expect(await times(20, (index) => [one, other][index % 2]!.countMint(anna, 'soniox'))).toEqual({
        ok: 5,
        limit_client: 15,
      });
      await until(async () => (await outcomeOf(one.countMint(callerOf('ben'), 'soniox'))) === 'ok', 100);
      await until(async () => (await server.command('exists', 'limpid:{limits}:client:client:anna')) === 0, 2000);
      expect(performance.now() - startedAtMs).toBeGreaterThan(600);
      await server.command('del', 'limpid:{limits}:client:client:ben');
    }
  });

  test('a refusal says how long to wait', async () => {
    const limits = openReplica({ perClient: 1 });
    await limits.countMint(anna, 'soniox');
    await server.command('pexpire', 'limpid:{limits}:client:client:anna', 12_400);
    await expect(limits.countMint(anna, 'soniox')).rejects.toMatchObject({
      code: 'limit_client',
      details: { retryAfterSeconds: 13 },
    });
  });

  test('nothing is kept for longer than a window, whatever became of its expiry', async () => {
    const limits = openReplica();
    await limits.countMint(anna, 'soniox');
    await limits.countClose(anna);
    const keys = (await server.command('keys', '*')) as string[];
    expect(keys.filter((key) => !key.endsWith(':proof')).toSorted()).toEqual([
      'limpid:{limits}:client:client:anna',
      'limpid:{limits}:close:client:anna',
      'limpid:{limits}:provider:soniox',
    ]);
    await Promise.all(keys.map((key) => server.command('persist', key)));
    await limits.countMint(anna, 'soniox');
    await limits.countClose(anna);
    await limits.isReachable();
    for (const key of keys) {
      const remainingMs = (await server.command('pttl', key)) as number;
      expect(remainingMs, key).toBeGreaterThan(0);
      expect(remainingMs, key).toBeLessThanOrEqual(60_000);
    }
  });

  test('a window that is made shorter is so for what was counted before', async () => {
    const limits = openReplica({ perClient: 1, windowMs: 3_600_000 });
    await limits.countMint(anna, 'soniox');
    const numbers = { perClient: 1, perProvider: 10, redisUrl: server.url };
    await limits.prepare({ ...numbers, windowMs: 300 })();
    expect(await outcomeOf(limits.countMint(anna, 'soniox'))).toBe('limit_client');
    await until(async () => (await outcomeOf(limits.countMint(anna, 'soniox'))) === 'ok', 2000);
  });

  test('a store that has forgotten the script gets it again', async () => {
    const limits = openReplica();
    await limits.countMint(anna, 'soniox');
    await server.command('script', 'flush');
    expect(await times(50, () => limits.countMint(anna, 'soniox'))).toEqual({ ok: 50 });
    expect(limits.reports).toEqual([]);
    expect(await server.command('get', 'limpid:{limits}:client:client:anna')).toBe('51');
  });

  test('a slow store that has forgotten the script keeps nobody waiting', async () => {
    const delayed = await DelayedLine.open(server.port);
    const limits = openReplica({ redisUrl: delayed.url });
    expect(await outcomeOf(limits.countMint(anna, 'soniox'))).toBe('ok');
    await server.command('script', 'flush');
    delayed.delayMs = 580;
    const startedAtMs = performance.now();
    await outcomeOf(limits.countMint(anna, 'soniox'));
    expect(performance.now() - startedAtMs).toBeLessThan(refusedWithinMs);
    await limits.close();
    delayed.close();
  });

  test('a store whose certificate nobody signed gets neither password nor counts, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const certificates = makeCertificates();
    let received = 0;
    const impostor = createTlsServer(certificates, (socket) => {
      socket.on('data', ({ length }) => (received += length)).on('error', () => undefined);
    });
    impostor.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    const { port } = impostor.address() as AddressInfo;
    const limits = openReplica({ redisUrl: `rediss://:secret@127.0.0.1:${port}` });
    await expectRefused(limits);
    expect(limits.reasons).toEqual(['UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
    expect(received).toBe(0);
    await limits.close();
    vi.unstubAllEnvs();
    impostor.close();
    certificates.remove();
  });

  test('what is being counted when they are closed or moved is counted to the end', async () => {
    const limits = openReplica();
    expect(await limits.isReachable()).toBe(true);
    const underWay = times(100, () => limits.countMint(anna, 'soniox'));
    await limits.prepare({ windowMs: 60_000, perClient: 10, perProvider: 10, redisUrl: null })();
    expect(await underWay).toEqual({ ok: 100 });
    expect(await outcomeOf(limits.countMint(anna, 'soniox'))).toBe('ok');
    expect(await server.command('get', 'limpid:{limits}:client:client:anna')).toBe('100');
  });

  describe('when the store', () => {
    let limits: Replica;

    beforeEach(async () => {
      limits = openReplica();
      expect(await outcomeOf(limits.countMint(anna, 'soniox'))).toBe('ok');
    });

    afterEach(() => expect(limits.reports).toEqual(['lost', 'back']));

    test('is killed and comes back', async () => {
      const underWay = times(200, () => limits.countMint(anna, 'soniox'));
      await server.kill();
      await underWay;
      await expectRefused(limits);
      expect(limits.reasons).toEqual([expect.stringMatching(/^(closed|ECONNRESET|EPIPE)$/)]);
      await server.restart();
      await expectBack(limits);
    });

    test('hangs and goes on', async () => {
      server.halt();
      await expectRefused(limits);
      expect(limits.reasons).toEqual(['ETIMEDOUT']);
      // Long enough for connections that are accepted and come to nothing.
      await expect(until(() => limits.isReachable(), 1500)).rejects.toThrow('not so');
      await expectRefused(limits);
      server.goOn();
      await expectBack(limits);
    });

    test('has become a read-only copy', async () => {
      await server.command('replicaof', '127.0.0.1', 1);
      await expectRefused(limits);
      expect(limits.reasons).toEqual(['READONLY']);
      await server.command('replicaof', 'no', 'one');
      await expectBack(limits);
    });

    test('is full', async () => {
      await server.command('config', 'set', 'maxmemory', 1);
      await expectRefused(limits);
      expect(limits.reasons).toEqual(['OOM']);
      await server.command('config', 'set', 'maxmemory', 0);
      await expectBack(limits);
    });

    test('takes no more connections', async () => {
      await server.command('config', 'set', 'maxclients', 1);
      await server.command('client', 'kill', 'type', 'normal', 'skipme', 'yes');
      await until(async () => (await outcomeOf(limits.countMint(anna, 'soniox'))) !== 'ok', 1000);
      await expectRefused(limits);
      await server.command('config', 'set', 'maxclients', 1000);
      await expectBack(limits);
    });
  });

  test('a store that still loads its data is none', async () => {
    // Each key of the data delays the start by 1 ms.
    const settings = ['enable-debug-command yes', 'key-load-delay 1000', 'loading-process-events-interval-bytes 1024'];
    const slow = await RedisServer.start({ settings });
    onTestFinished(() => slow.close());
    await slow.command('debug', 'populate', 2000);
    await slow.command('save');
    await slow.kill();
    await slow.restart();
    const limits = openReplica({ redisUrl: slow.url });
    await expectRefused(limits);
    expect(limits.reasons).toEqual(['LOADING']);
    await expect(slow.command('get', 'x')).rejects.toThrow('LOADING');
    await expectBack(limits);
    expect(limits.reports).toEqual(['lost', 'back']);
    await limits.close();
  });

  test('a database that the store does not have is none: no other is used for it', async () => {
    const limits = openReplica({ redisUrl: `${server.url}/99` });
    await expectRefused(limits);
    expect(limits.reports).toEqual(['lost']);
    expect(limits.reasons).toEqual(['ERR']);
    expect(await server.command('keys', '*')).toEqual([]);
  });

  test('a server that starts without its store waits for it', async () => {
    await server.kill();
    const limits = openReplica();
    await expectRefused(limits);
    expect(limits.reasons).toEqual(['ECONNREFUSED']);
    await server.restart();
    await expectBack(limits);
    expect(limits.reports).toEqual(['lost', 'back']);
  });

  test('a store that accepts and never answers is none, from the first mint on', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => sockets.add(socket.resume())).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const limits = openReplica({ redisUrl: `redis://:secret@127.0.0.1:${(mute.address() as AddressInfo).port}` });
    await expectRefused(limits);
    // It is given up each time, and tried again: no connection is left behind.
    await until(() => sockets.size > 3, 5000);
    await until(() => [...sockets].filter(({ destroyed }) => !destroyed).length <= 1, 1000);
    expect(limits.reports).toEqual(['lost']);
    await limits.close();
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  test('a wrong password is told nobody', async () => {
    const seen: unknown[] = [];
    const spies = (['log', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...args: unknown[]) => void seen.push(...args)),
    );
    const guarded = await RedisServer.start({ password: 'right-7f3a' });
    onTestFinished(() => guarded.close());
    const limits = openReplica({ redisUrl: guarded.url.replace('right', 'wrong') });
    await expectRefused(limits);
    expect(limits.reasons).toEqual(['WRONGPASS']);
    const error: unknown = await limits.countMint(anna, 'soniox').catch((reason: unknown) => reason);
    expect(
      JSON.stringify([error, (error as Error).stack, (error as Error).cause, limits.reports, limits.reasons, seen]),
    ).not.toMatch(/7f3a/);

    const none = openReplica({ redisUrl: `redis://127.0.0.1:${guarded.port}` });
    await expectRefused(none);
    expect(none.reasons).toEqual(['NOAUTH']);

    const right = openReplica({ redisUrl: guarded.url });
    expect(await outcomeOf(right.countMint(anna, 'soniox'))).toBe('ok');
    for (const spy of spies) spy.mockRestore();
  });
});
