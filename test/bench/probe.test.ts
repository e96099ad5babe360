import { beforeAll, describe, expect, it } from 'vitest';
import { analyse, makeProbe, type LiveFigures } from '../../bench/live/probe.js';
import { seededNormal } from '../../src/main/demo/random.js';

const rate = 48_000;
const ms = (count: number): number => Math.round((count * rate) / 1000);
let probe: Float32Array;

beforeAll(async () => {
  probe = await makeProbe(5);
});

/** Puts parts of the probe at places of an otherwise silent recording; places and parts in ms. */
function recordingOf(parts: { fromMs: number; toMs: number; atMs: number }[]): Float32Array {
  const out = new Float32Array(ms(7500));
  for (const { fromMs, toMs, atMs } of parts) out.set(probe.subarray(ms(fromMs), ms(toMs)), ms(atMs));
  return out;
}

function figures(output: Float32Array, outputOriginMs = 0): LiveFigures {
  return analyse({
    reference: { samples: probe, originMs: 0 },
    output: { samples: output, originMs: outputOriginMs },
    fromSeconds: 0,
    toSeconds: 5,
  });
}

describe('measuring a live path', () => {
  it('finds a constant delay and no loss', () => {
    const result = figures(recordingOf([{ fromMs: 0, toMs: 5000, atMs: 37 }]));
    expect(result.delayMs.median).toBeCloseTo(37, 0);
    expect(result.delayMs.p99).toBeCloseTo(37, 0);
    expect(result.lostMs).toBe(0);
    expect(result.endMinusStartMs).toBe(0);
  });

  it('takes the start of each recording into account', () => {
    const result = figures(recordingOf([{ fromMs: 0, toMs: 5000, atMs: 137 }]), -100);
    expect(result.delayMs.median).toBeCloseTo(37, 0);
  });

  it('counts a gap that makes everything later', () => {
    const result = figures(
      recordingOf([
        { fromMs: 0, toMs: 2000, atMs: 20 },
        { fromMs: 2000, toMs: 5000, atMs: 2320 },
      ]),
    );
    expect(result.endMinusStartMs).toBeCloseTo(300, 0);
    expect(result.lostMs).toBeGreaterThan(290);
    expect(result.lostMs).toBeLessThan(320);
  });

  it('counts voice that was skipped', () => {
    const result = figures(
      recordingOf([
        { fromMs: 0, toMs: 2000, atMs: 300 },
        { fromMs: 2200, toMs: 5000, atMs: 2300 },
      ]),
    );
    expect(result.endMinusStartMs).toBeCloseTo(-200, 0);
    expect(result.lostMs).toBeGreaterThan(190);
    expect(result.lostMs).toBeLessThan(320);
  });

  it('counts silence in place of voice although the delay stays', () => {
    const output = recordingOf([{ fromMs: 0, toMs: 5000, atMs: 20 }]);
    output.fill(0, ms(1500), ms(1540));
    const result = figures(output);
    expect(result.endMinusStartMs).toBe(0);
    expect(result.lostMs).toBeCloseTo(40, 0);
  });

  it('finds nothing in noise', () => {
    const normal = seededNormal(1);
    const result = figures(Float32Array.from({ length: ms(6000) }, () => 0.1 * normal()));
    expect(result.points).toEqual([]);
    expect(result.lostMs).toBeGreaterThan(4500);
  });
});
