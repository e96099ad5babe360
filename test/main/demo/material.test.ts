import { describe, expect, it } from 'vitest';
import { bandLevelsDb, median, rmsDb } from '../../../src/main/demo/metrics.js';
import { frameEnergies, mixAtSnr, speechActivity } from '../../../src/main/demo/mix.js';
import { makeNoise, noiseKinds } from '../../../src/main/demo/noises.js';
import { resampled } from '../../../src/main/demo/voices.js';

const rate = 48_000;

describe.each(noiseKinds)('%s noise', (kind) => {
  it('is the same for the same seed and another for another', () => {
    expect(makeNoise(kind, 5000, 7)).toEqual(makeNoise(kind, 5000, 7));
    expect(makeNoise(kind, 5000, 7)).not.toEqual(makeNoise(kind, 5000, 8));
  });

  it('has an RMS of 0.1', () => {
    expect(rmsDb(makeNoise(kind, rate, 1))).toBeCloseTo(-20, 3);
  });
});

it('pink noise has the same power in every octave', () => {
  const pink = makeNoise('pink', 10 * rate, 1);
  const octaves = [125, 250, 500, 1000, 2000, 4000, 8000].map((low) => median(bandLevelsDb(pink, rate, low, 2 * low)));
  expect(Math.max(...octaves) - Math.min(...octaves)).toBeLessThan(2.5);
});

describe('mixing', () => {
  const clean = Float32Array.from({ length: 2 * rate }, (_, i) => (i < rate ? 0.5 * Math.sin(i * 0.1) : 0));

  it('counts speech frames only', () => {
    const active = speechActivity(clean, rate);
    expect(active.slice(0, 50).every(Boolean)).toBe(true);
    expect(active.slice(50).some(Boolean)).toBe(false);
  });

  it('hits the ratio over the speech frames', () => {
    const { noise } = mixAtSnr(clean, makeNoise('white', 2 * rate, 1), 5, rate);
    const sum = (samples: Float32Array): number => frameEnergies(samples, rate)[0]!;
    expect(10 * Math.log10(sum(clean) / sum(noise))).toBeCloseTo(5, 2);
  });

  it('refuses noise that is too short', () => {
    expect(() => mixAtSnr(clean, new Float32Array(10), 5, rate)).toThrow(RangeError);
  });
});

it('resampling keeps a tone', () => {
  const source = Float32Array.from({ length: 22_050 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 22_050));
  const out = resampled({ samples: source, sampleRate: 22_050 }, rate);
  const worst = out
    .subarray(1000, out.length - 1000)
    .reduce(
      (most, sample, i) => Math.max(most, Math.abs(sample - Math.sin((2 * Math.PI * 1000 * (i + 1000)) / rate))),
      0,
    );
  expect(worst).toBeLessThan(0.01);
});
