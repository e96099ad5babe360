import { describe, expect, test } from 'vitest';
import type { Caller } from '../../src/backend/callers.js';
import type { Configuration } from '../../src/backend/configuration/configuration.js';
import { MemoryCounters } from '../../src/backend/counters.js';
import { ApiError, toErrorBody } from '../../src/backend/errors.js';
import { createLimits } from '../../src/backend/limits.js';

const numbers: Configuration['limits'] = { windowMs: 60_000, perClient: 3, perProvider: 5, redisUrl: null };
const callerOf = (id: string, limit: number | null = null): Caller => ({ id: `client:${id}`, access: {}, limit });
const [anna, ben, cleo] = ['anna', 'ben', 'cleo'].map((id) => callerOf(id)) as [Caller, Caller, Caller];

const open = (changes: Partial<Configuration['limits']> = {}) =>
  createLimits({ ...numbers, ...changes }, () => expect.unreachable('there is no store to lose'));

/** How often each came: `ok` or the code of the refusal. */
async function outcomesOf(attempts: Promise<void>[]): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  for (const settled of await Promise.allSettled(attempts)) {
    const outcome = settled.status === 'fulfilled' ? 'ok' : (settled.reason as ApiError).code;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}
const times = (count: number, attempt: () => Promise<void>) => outcomesOf(Array.from({ length: count }, attempt));

async function refusalOf(attempt: Promise<void>): Promise<ApiError> {
  const error: unknown = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('not refused', { cause: error });
  return error;
}

describe('limits of a process of its own', () => {
  test('each client has its own, for all providers together', async () => {
    const limits = open({ perProvider: 100 });
    expect(await times(2, () => limits.countMint(anna, 'soniox'))).toEqual({ ok: 2 });
    expect(await times(4, () => limits.countMint(anna, 'aiola'))).toEqual({ ok: 1, limit_client: 3 });
    expect(await times(4, () => limits.countMint(ben, 'aiola'))).toEqual({ ok: 3, limit_client: 1 });
    expect(await times(9, () => limits.countMint(callerOf('dora', 8), 'aiola'))).toEqual({ ok: 8, limit_client: 1 });
  });

  test('all clients together have one for each provider', async () => {
    const limits = open();
    expect(await times(3, () => limits.countMint(anna, 'soniox'))).toEqual({ ok: 3 });
    expect(await times(3, () => limits.countMint(ben, 'soniox'))).toEqual({ ok: 2, limit_provider: 1 });
    expect(await times(1, () => limits.countMint(ben, 'aiola'))).toEqual({ ok: 1 });
  });

  test('a client that has used up its own takes nothing from the others', async () => {
    const limits = open();
    expect(await times(100, () => limits.countMint(anna, 'soniox'))).toEqual({ ok: 3, limit_client: 97 });
    expect(await times(2, () => limits.countMint(ben, 'soniox'))).toEqual({ ok: 2 });
  });

  test('what the provider’s limit refuses takes nothing from the client', async () => {
    const limits = open();
    await times(3, () => limits.countMint(anna, 'soniox'));
    await times(2, () => limits.countMint(ben, 'soniox'));
    expect(await times(10, () => limits.countMint(cleo, 'soniox'))).toEqual({ limit_provider: 10 });
    expect(await times(4, () => limits.countMint(cleo, 'aiola'))).toEqual({ ok: 3, limit_client: 1 });
  });

  test('ends of sessions count apart: who may mint no more can still close', async () => {
    const limits = open();
    expect(await times(4, () => limits.countMint(anna, 'aiola'))).toEqual({ ok: 3, limit_client: 1 });
    expect(await times(4, () => limits.countClose(anna))).toEqual({ ok: 3, limit_client: 1 });
  });

  test('a refusal says which limit it was, and when to come back', async () => {
    const limits = open({ perClient: 1, perProvider: 1 });
    await limits.countMint(anna, 'soniox');
    const byClient = await refusalOf(limits.countMint(anna, 'soniox'));
    expect(byClient.code).toBe('limit_client');
    expect(byClient.details.retryAfterSeconds).toBe(60);
    expect(toErrorBody(byClient, 'id').error.message).toBe(
      'This client has used its 1 requests in 60 s; try again in 60 s.',
    );
    const byProvider = await refusalOf(limits.countMint(ben, 'soniox'));
    expect(byProvider.details).toMatchObject({ provider: 'soniox', retryAfterSeconds: 60 });
    expect(toErrorBody(byProvider, 'id').error.message).not.toMatch(/\{\w+\}/);
  });

  test('are reachable, always', async () => {
    expect(await open().isReachable()).toBe(true);
  });

  test('other numbers hold at once, and what was counted stays', async () => {
    const limits = open();
    await times(3, () => limits.countMint(anna, 'soniox'));
    await limits.prepare({ ...numbers, perClient: 4 })();
    expect(await times(3, () => limits.countMint(anna, 'soniox'))).toEqual({ ok: 1, limit_client: 2 });
    await limits.prepare({ ...numbers, perClient: 2, perProvider: 6 })();
    expect(await times(3, () => limits.countMint(ben, 'soniox'))).toEqual({ ok: 2, limit_client: 1 });
    expect(await times(1, () => limits.countMint(cleo, 'soniox'))).toEqual({ limit_provider: 1 });
  });

  test('a store that cannot be opened changes neither numbers nor counts', async () => {
    const limits = open();
    await times(2, () => limits.countMint(anna, 'soniox'));
    const redisUrl = 'redis://:%zz@127.0.0.1:1';
    expect(() => limits.prepare({ ...numbers, perClient: 100, redisUrl })).toThrow('URI malformed');
    expect(await times(3, () => limits.countMint(anna, 'soniox'))).toEqual({ ok: 1, limit_client: 2 });
    expect(await limits.isReachable()).toBe(true);
  });
});

describe('windows in memory', () => {
  let nowMs = 0;
  const store = (maxCounters?: number) =>
    new MemoryCounters({ nowMs: () => nowMs, ...(maxCounters !== undefined && { maxCounters }) });
  const one = (limit: number, key = 'a') => [{ key, limit }];

  test('begin with the first attempt and end all at once', async () => {
    const counters = store();
    nowMs = 5000;
    expect(await counters.count(one(2), 1000)).toBeNull();
    nowMs = 5999;
    expect(await counters.count(one(2), 1000)).toBeNull();
    expect(await counters.count(one(2), 1000)).toEqual({ index: 0, remainingMs: 1 });
    nowMs = 6000;
    expect(await counters.count(one(2), 1000)).toBeNull();
    nowMs = 6001;
    expect(await counters.count(one(2), 1000)).toBeNull();
    expect(await counters.count(one(2), 1000)).toEqual({ index: 0, remainingMs: 999 });
  });

  test('are not put off by attempts that are refused', async () => {
    const counters = store();
    nowMs = 0;
    await counters.count(one(1), 1000);
    for (nowMs = 1; nowMs < 1000; nowMs += 100) expect(await counters.count(one(1), 1000)).not.toBeNull();
    nowMs = 1000;
    expect(await counters.count(one(1), 1000)).toBeNull();
  });

  test('that are made shorter are so for counts under way too, those made longer are not', async () => {
    const counters = store();
    nowMs = 0;
    await counters.count(one(1), 3_600_000);
    expect(await counters.count(one(1), 1000)).toEqual({ index: 0, remainingMs: 1000 });
    nowMs = 500;
    expect(await counters.count(one(1), 3_600_000)).toEqual({ index: 0, remainingMs: 500 });
    nowMs = 1000;
    expect(await counters.count(one(1), 3_600_000)).toBeNull();
  });

  test('that are over are forgotten, those under way never', async () => {
    const counters = store();
    nowMs = 0;
    for (let client = 0; client < 10_000; client++) await counters.count(one(1, `early-${client}`), 1000);
    nowMs = 500;
    for (let client = 0; client < 10_000; client++) await counters.count(one(1, `late-${client}`), 1000);
    expect(counters.size).toBe(20_000);
    nowMs = 1000;
    expect(await counters.count(one(1, 'early-0'), 1000)).toBeNull();
    expect(counters.size).toBe(10_001);
    for (let client = 0; client < 10_000; client++) {
      expect(await counters.count(one(1, `late-${client}`), 1000)).not.toBeNull();
    }
    nowMs = 3000;
    await counters.count(one(1), 1000);
    expect(counters.size).toBe(1);
  });

  test('are never more than fit: a new one is refused before an old one is forgotten', async () => {
    const counters = store(2);
    nowMs = 0;
    await counters.count([...one(1, 'a'), ...one(5, 'all')], 1000);
    await expect(counters.count([...one(1, 'b'), ...one(5, 'all')], 1000)).rejects.toThrow('too many');
    expect(await counters.count(one(1, 'a'), 1000)).not.toBeNull();
    nowMs = 1000;
    expect(await counters.count([...one(1, 'b'), ...one(5, 'all')], 1000)).toBeNull();
  });
});
