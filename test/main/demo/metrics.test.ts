import { describe, expect, it } from 'vitest';
import {
  bandLevelsDb,
  findLag,
  median,
  noiseFloorDb,
  realignedSiSdr,
  rmsDb,
  siSdrDb,
} from '../../../src/main/demo/metrics.js';
import { makeNoise } from '../../../src/main/demo/noises.js';

const rate = 48_000;
const tone = (frequency: number, amplitude: number, frames: number): Float32Array =>
  Float32Array.from({ length: frames }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate));
const delayed = (samples: Float32Array, frames: number): Float32Array => {
  const out = new Float32Array(samples.length + frames);
  out.set(samples, frames);
  return out;
};

describe('SI-SDR', () => {
  it('is the ratio of two orthogonal parts, whatever the scale', () => {
    const voice = tone(1000, 1, rate);
    const noise = tone(2000, 0.1, rate);
    const mixture = voice.map((sample, index) => sample + noise[index]!);
    expect(siSdrDb(voice, mixture)).toBeCloseTo(20, 3);
    expect(
      siSdrDb(
        voice,
        mixture.map((sample) => sample * 0.3),
      ),
    ).toBeCloseTo(20, 3);
  });

  it('falls when the estimate is late', () => {
    const voice = makeNoise('pink', rate, 1);
    expect(siSdrDb(voice, delayed(voice, 5).subarray(0, rate))).toBeLessThan(15);
  });
});

describe('SI-SDR over realigned half seconds', () => {
  const voice = makeNoise('pink', 4 * rate, 2);
  const noise = makeNoise('white', 4 * rate, 3);
  const mixture = voice.map((sample, index) => sample + 0.1 * noise[index]!);

  it('equals the plain figure where nothing moved', () => {
    const pooled = realignedSiSdr(voice, mixture, { sampleRate: rate, expectedLag: 0, searchFrames: 480 });
    expect(pooled.pieces).toBe(8);
    expect(pooled.siSdrDb).toBeCloseTo(siSdrDb(voice, mixture), 1);
  });

  it('is not ruined by a pause of the machine, which ruins the plain figure', () => {
    const paused = new Float32Array(voice.length);
    paused.set(mixture.subarray(0, 2 * rate));
    paused.set(mixture.subarray(2 * rate, 4 * rate - 400), 2 * rate + 400);
    const pooled = realignedSiSdr(voice, paused, { sampleRate: rate, expectedLag: 0, searchFrames: 960 });
    expect(siSdrDb(voice, paused)).toBeLessThan(3);
    expect(pooled.siSdrDb).toBeGreaterThan(siSdrDb(voice, mixture) - 0.5);
    expect(pooled.missing).toBe(1); // the last piece ends outside the recording
  });

  it('says which pieces were not found', () => {
    const other = makeNoise('white', 4 * rate, 9);
    expect(realignedSiSdr(voice, other, { sampleRate: rate, expectedLag: 0, searchFrames: 480 }).missing).toBe(8);
  });
});

describe('lag', () => {
  it('is found to the sample within noise', () => {
    const voice = makeNoise('pink', rate, 4);
    const late = delayed(voice, 1234).map((sample, index) => sample + 0.02 * Math.sin(index * 0.3));
    const lag = findLag(voice.subarray(0, rate / 2), late, 0, 4000);
    expect(lag.frames).toBe(1234);
    expect(lag.correlation).toBeGreaterThan(0.9);
  });

  it('has no correlation where the reference does not fit', () => {
    const voice = makeNoise('pink', 1000, 4);
    expect(findLag(voice, voice.subarray(0, 500), 0, 100).correlation).toBe(0);
  });
});

describe('levels', () => {
  it('reads a sine at −20 dBFS peak as −23 dB RMS', () => {
    expect(rmsDb(tone(1000, 0.1, rate))).toBeCloseTo(-23.01, 1);
  });

  it('takes the noise floor from the pauses', () => {
    const signal = tone(1000, 0.5, rate);
    signal.fill(0, rate / 2);
    tone(700, 0.001, rate / 2).forEach((sample, index) => (signal[rate / 2 + index] = sample));
    expect(noiseFloorDb(signal, rate)).toBeCloseTo(-63, 0);
  });

  it('finds a tone in its band only', () => {
    const signal = tone(10_000, 0.5, rate);
    const inBand = median(bandLevelsDb(signal, rate, 8500, 16_000));
    expect(inBand - median(bandLevelsDb(signal, rate, 200, 4000))).toBeGreaterThan(60);
  });
});
