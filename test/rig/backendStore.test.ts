import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../../src/backend/configuration/configuration.js';
import { makeClient, OpenServer } from '../backend/openServer.js';
import { skipReason } from './needed.js';
import { noRedisServerReason, RedisServer, until } from './redisServer.js';

describe.skipIf(skipReason(noRedisServerReason))(`servers with a store ${noRedisServerReason ?? ''}`, () => {
  let redis: RedisServer;
  let open: OpenServer;
  let second: OpenServer;
  const limited = makeClient('limited');
  const clientLimit = 300;
  const providerLimit = 700;

  beforeAll(async () => {
    redis = await RedisServer.start();
    const onStore = (made: Configuration): Configuration => ({
      ...made,
      callers: { ...made.callers, clients: [...made.callers.clients, { ...limited.client, limit: clientLimit }] },
      limits: { windowMs: 3_600_000, perClient: 100_000, perProvider: providerLimit, redisUrl: redis.url },
    });
    [open, second] = await Promise.all([OpenServer.start(onStore), OpenServer.start(onStore)]);
  });
  afterAll(async () => {
    await Promise.all([open.close(), second.close()]);
    await redis.close();
  });

  const reportOf = (event: string) => open.log.filter((line) => line.event === event).length;

  /** 2,000 mints, 50 at a time, one server after the other. */
  async function mintOften(provider: 'ai-coustics' | 'soniox', credential: (server: OpenServer) => string) {
    const statuses: Record<string, number> = {};
    let sent = 0;
    const callers = Array.from({ length: 50 }, async () => {
      while (sent < 2000) {
        const server = sent++ % 2 === 0 ? open : second;
        const { status, code } = await server.mint(provider, { credential: credential(server) });
        const outcome = code ?? String(status);
        statuses[outcome] = (statuses[outcome] ?? 0) + 1;
      }
    });
    await Promise.all(callers);
    return statuses;
  }
  const mintsAt = (provider: 'ai-coustics' | 'soniox') => open.vendors[provider].mints + second.vendors[provider].mints;

  it('let exactly through what one client may have of all together', async () => {
    const statuses = await mintOften('ai-coustics', () => limited.key);
    expect(statuses).toEqual({ 200: clientLimit, limit_client: 2000 - clientLimit });
    expect(mintsAt('ai-coustics')).toBe(clientLimit);
  });

  it('let exactly through what all clients may have of one provider', async () => {
    const statuses = await mintOften('soniox', ({ key }) => key);
    expect(statuses).toEqual({ 200: providerLimit, limit_provider: 2000 - providerLimit });
    expect(mintsAt('soniox')).toBe(providerLimit);
  });

  it.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['has crashed', () => redis.kill(), () => redis.restart()],
    ['answers no more', () => redis.halt(), () => redis.goOn()],
  ])('turn mints away within a second while it %s, say so, and are back within five', async (_how, stop, goOn) => {
    const minted = mintsAt('ai-coustics');
    const [lost, back] = [reportOf('store_lost'), reportOf('store_back')];
    await stop();
    for (let attempt = 0; attempt < 3; attempt++) {
      const sentMs = performance.now();
      const refused = await open.mint('ai-coustics');
      expect(performance.now() - sentMs).toBeLessThan(1000);
      expect(refused).toMatchObject({ status: 503, code: 'limits_unavailable', body: { error: { retryable: true } } });
      await sleep(100);
    }
    const unready = await open.call('GET', '/readyz', { credential: null });
    expect(unready).toMatchObject({
      status: 503,
      body: { ready: false, draining: false, store: { kind: 'redis', reachable: false } },
    });
    expect((await open.call('GET', '/healthz', { credential: null })).status).toBe(200);
    expect(open.audit.at(-1)).toMatchObject({ event: 'mint', result: 'limits_unavailable' });
    expect(mintsAt('ai-coustics')).toBe(minted);

    await goOn();
    await until(async () => (await open.mint('ai-coustics')).status === 200, 5000);
    await until(async () => (await open.call('GET', '/readyz')).status === 200, 1000);
    expect([reportOf('store_lost') - lost, reportOf('store_back') - back]).toEqual([1, 1]);
    expect(open.logText).not.toContain(redis.url);
  });
});
