import { describe, expect, it } from 'vitest';
import type { LimitResult } from '../../bench/backend/limits.js';
import type { MemoryResult } from '../../bench/backend/memory.js';
import type { Contender, RateTrial } from '../../bench/backend/rates.js';
import {
  limitReaches,
  limitTable,
  memoryReaches,
  memoryTable,
  rateReaches,
  rateTable,
} from '../../bench/backend/report.js';

const trial = (contender: Contender, round: number, requestsPerSecond: number, p99Ms: number): RateTrial => ({
  contender,
  round,
  requestsPerSecond,
  p99Ms,
  p50Ms: 1,
  cpuMicroseconds: 50,
  statuses: { 200: 100 },
  fromMs: 0,
  toMs: 1000,
});

/** The machine is half as fast in the second round, which both contenders feel. */
const rounds = (limpidRate: number, limpidP99Ms: number): RateTrial[] =>
  [1, 0.5, 1].flatMap((speed, index) => [
    trial('bare', index + 1, 1000 * speed, 10 / speed),
    trial('limpid', index + 1, limpidRate * speed, limpidP99Ms / speed),
  ]);

const limited = (changes: Partial<LimitResult>): LimitResult => ({
  name: 'one client',
  clients: 1,
  limits: { windowSeconds: 1, perClient: 100, perProvider: 1000 },
  perWindow: 100,
  requests: 1000,
  seconds: 0.5,
  windows: 1,
  mints: 100,
  statuses: { 200: 100, 429: 900 },
  ...changes,
});

/** Megabytes after each of the blocks. */
const memory = (...resident: number[]): MemoryResult => ({
  points: resident.map((residentMb, block) => ({ requests: block * 1000, residentMb, heapMb: 1 })),
});

const isMet = (reaches: { met: boolean }[]): boolean => reaches.every(({ met }) => met);

describe('the report on the token backend', () => {
  it('has a cell for each column', () => {
    for (const { header, rows } of [
      rateTable([...rounds(900, 11), trial('empty', 1, 5000, 1)]),
      limitTable([limited({})]),
      memoryTable(memory(100, 100)),
    ]) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(header.length);
    }
  });

  it('compares what ran in the same round', () => {
    expect(rateReaches(rounds(800, 15)).map(({ measured }) => measured)).toEqual(['0.80', '1.50']);
  });

  it.each([
    [760, 19, [true, true]],
    [740, 19, [false, true]],
    [760, 21, [true, false]],
  ])('judges %d a second with a p99 of %d ms beside 1000 and 10', (rate, p99Ms, met) => {
    expect(rateReaches(rounds(rate, p99Ms)).map((reach) => reach.met)).toEqual(met);
  });

  it('wants exactly what is allowed within one window', () => {
    expect(isMet(limitReaches([limited({})]))).toBe(true);
    for (const mints of [99, 101]) {
      const statuses = { 200: mints, 429: 1000 - mints };
      expect(isMet(limitReaches([limited({ mints, statuses })]))).toBe(false);
    }
  });

  it('wants no more than is allowed over several windows, and nearly that', () => {
    const of = (mints: number) => limited({ mints, windows: 3, statuses: { 200: mints, 429: 1000 - mints } });
    expect([199, 200, 300, 301].map((mints) => isMet(limitReaches([of(mints)])))).toEqual([false, true, true, false]);
  });

  it('wants an answer for each request, and a mint for each 200', () => {
    expect(isMet(limitReaches([limited({ statuses: { 200: 100, 429: 899, 503: 1 } })]))).toBe(false);
    expect(isMet(limitReaches([limited({ statuses: { 200: 99, 429: 901 } })]))).toBe(false);
  });

  it('sees memory that grows, and not the waves in it', () => {
    expect(isMet(memoryReaches(memory(100, 140, 110, 150, 105, 145, 115, 150)))).toBe(true);
    expect(isMet(memoryReaches(memory(100, 104, 108, 112, 116, 120, 124, 128)))).toBe(false);
  });

  it('tells how much memory the whole run added, not the way from quarter to quarter', () => {
    const [reach] = memoryReaches(memory(100, 103, 106, 109, 112, 115, 118, 121));
    expect(reach).toMatchObject({ measured: '+21.0 %', met: false });
  });
});
