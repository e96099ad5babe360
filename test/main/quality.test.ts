import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGtcrnV8 } from '../../bench/peers/gtcrn-v8.js';
import { runPeer } from '../../bench/peers/peer.js';
import { loadNative } from '../../src/main/audio/native.js';
import { Fft, powerOfTwoFrom } from '../../src/main/demo/fft.js';
import { bandLevelsDb, findLag, percentile, rmsDb, siSdrDb } from '../../src/main/demo/metrics.js';
import { mixAtSnr } from '../../src/main/demo/mix.js';
import { makeNoise, noiseKinds } from '../../src/main/demo/noises.js';
import { demoRate, loadVoice } from '../../src/main/demo/voices.js';
import { readMonoWav, writeMonoWav } from '../../src/main/demo/wav.js';

/**
 * What `enhance` does to speech. Voice: the recordings of alsa-utils in the order of their names (else a synthesiser);
 * noise seeds 101 (white), 102 (pink), 103 (fan), 104 (keys) at 5 dB over the speech-active frames; SI-SDR over the
 * whole file without re-alignment.
 */
const voiceSeconds = 11;
const snrDb = 5;
const networkDelayFrames = 890;

let folder: string;
let clean: Float32Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-quality-'));
  clean = (await loadVoice(voiceSeconds)).samples;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function enhance(samples: Float32Array, level = 1): Promise<Float32Array> {
  const inputPath = join(folder, 'input.wav');
  const outputPath = join(folder, 'output.wav');
  await writeMonoWav(inputPath, { samples, sampleRate: demoRate });
  const { FileEnhancement } = loadNative();
  await new FileEnhancement({ inputPath, outputPath, engine: 'gtcrn', level }).run();
  return (await readMonoWav(outputPath)).samples;
}

/** The bare network in V8, its 890 frames of delay removed. */
async function bareNetwork(samples: Float32Array): Promise<Float32Array> {
  const padded = new Float32Array(samples.length + 2048);
  padded.set(samples);
  const { output } = runPeer(await createGtcrnV8(), padded);
  return output.slice(networkDelayFrames, networkDelayFrames + samples.length);
}

describe.each(noiseKinds)('speech in %s noise at 5 dB', (kind) => {
  let noisy: Float32Array;
  let enhanced: Float32Array;

  beforeAll(async () => {
    noisy = mixAtSnr(clean, makeNoise(kind, clean.length, 101 + noiseKinds.indexOf(kind)), snrDb, demoRate).noisy;
    enhanced = await enhance(noisy);
  });

  it('gains at least what the bare network gains', async () => {
    const before = siSdrDb(clean, noisy);
    const gain = siSdrDb(clean, enhanced) - before;
    const bareGain = siSdrDb(clean, await bareNetwork(noisy)) - before;
    expect(bareGain).toBeGreaterThan(5);
    expect(gain).toBeGreaterThanOrEqual(bareGain);
  });

  it('stays in time with the input to the sample', () => {
    const from = demoRate;
    const lag = findLag(clean.subarray(from, 5 * demoRate), enhanced, from - 2000, from + 2000);
    expect(Math.abs(lag.frames - from)).toBeLessThanOrEqual(1);
    expect(enhanced).toHaveLength(noisy.length);
  });

  it('falls by 10 dB above the network’s band in the pauses', () => {
    const voiceLevels = bandLevelsDb(clean, demoRate, 100, 16_000);
    const pauseBelow = percentile(voiceLevels, 0.2);
    const pauses = (levels: number[]): number[] => levels.filter((_, frame) => voiceLevels[frame]! <= pauseBelow);
    const input = pauses(bandLevelsDb(noisy, demoRate, 8500, 16_000));
    const output = pauses(bandLevelsDb(enhanced, demoRate, 8500, 16_000));
    expect(meanPowerDb(input) - meanPowerDb(output)).toBeGreaterThanOrEqual(10);
  });
});

describe('a clean voice', () => {
  let enhanced: Float32Array;

  beforeAll(async () => {
    enhanced = await enhance(clean);
  });

  it('keeps its speech frames above the network’s band within 6 dB', () => {
    const input = bandLevelsDb(clean, demoRate, 8500, 16_000);
    const output = bandLevelsDb(enhanced, demoRate, 8500, 16_000);
    const spoken = speechFrames(clean);
    const change = (frames: number[]): number =>
      meanPowerDb(frames.map((frame) => output[frame]!)) - meanPowerDb(frames.map((frame) => input[frame]!));
    expect(Math.abs(change(spoken))).toBeLessThanOrEqual(6);
    const within = spoken.filter((frame) => Math.abs(output[frame]! - input[frame]!) <= 6);
    expect(within.length / spoken.length).toBeGreaterThanOrEqual(0.9);
  });

  it('comes out as it went in at level 0, to −80 dB', async () => {
    const output = await enhance(clean, 0);
    const difference = output.map((sample, frame) => sample - clean[frame]!);
    expect(rmsDb(difference) - rmsDb(clean)).toBeLessThanOrEqual(-80);
  });

  it('is no worse within the network’s band at level 0.5 than at level 1', async () => {
    const reference = belowHz(clean, 8000);
    const half = siSdrDb(reference, belowHz(await enhance(clean, 0.5), 8000));
    const full = siSdrDb(reference, belowHz(enhanced, 8000));
    expect(half).toBeGreaterThanOrEqual(full);
  });
});

/** Frames within 35 dB of the loudest. */
function speechFrames(voice: Float32Array): number[] {
  const levels = bandLevelsDb(voice, demoRate, 100, 16_000);
  const loudest = Math.max(...levels);
  return levels.flatMap((level, frame) => (level > loudest - 35 ? [frame] : []));
}

function meanPowerDb(levelsDb: number[]): number {
  return 10 * Math.log10(levelsDb.reduce((sum, level) => sum + 10 ** (level / 10), 0) / levelsDb.length);
}

/** Everything above `hz` removed, without delay. */
function belowHz(samples: Float32Array, hz: number): Float32Array {
  const fft = new Fft(powerOfTwoFrom(samples.length));
  const real = new Float64Array(fft.size);
  const imaginary = new Float64Array(fft.size);
  real.set(samples);
  fft.forward(real, imaginary);
  const cut = Math.round((hz / demoRate) * fft.size);
  real.fill(0, cut, fft.size - cut);
  imaginary.fill(0, cut, fft.size - cut);
  fft.inverse(real, imaginary);
  return Float32Array.from(real.subarray(0, samples.length));
}
