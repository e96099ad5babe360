import { describe, expect, test } from 'vitest';
import { advanceMeter, emptyMeter, meterFraction } from '../../src/renderer/src/view/meterScale.js';

describe('a level on the scale', () => {
  test.each([
    [-150, 0],
    [-60, 0],
    [-30, 0.5],
    [-12, 0.8],
    [0, 1],
    [6, 1],
    [Number.NaN, 0],
    [Number.NEGATIVE_INFINITY, 0],
  ])('%d dB stands at %d', (db, fraction) => {
    expect(meterFraction(db)).toBeCloseTo(fraction, 10);
  });
});

/** The memory after peaks 50 ms apart, the first at 1 s. */
const after = (...peaks: number[]) =>
  peaks.reduce((memory, peakDb, index) => advanceMeter(memory, peakDb, 1000 + index * 50), emptyMeter);
const quiet = (count: number) => Array<number>(count).fill(-50);

describe('the held peak', () => {
  test('rises at once', () => {
    expect(after(-20).heldPeakDb).toBe(-20);
    expect(after(-20, -8).heldPeakDb).toBe(-8);
  });

  test('stays for 1.5 s', () => {
    expect(after(-8, ...quiet(30)).heldPeakDb).toBe(-8);
  });

  test('then falls by 20 dB a second, whatever the pace of the measurements', () => {
    expect(after(-8, ...quiet(40)).heldPeakDb).toBeCloseTo(-18, 6);
    const coarse = advanceMeter(after(-8), -50, 1000 + 40 * 50);
    expect(coarse.heldPeakDb).toBeCloseTo(-18, 6);
  });

  test('never falls below the present peak', () => {
    expect(after(-8, ...quiet(100)).heldPeakDb).toBe(-50);
  });
});
