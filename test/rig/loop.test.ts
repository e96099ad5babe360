import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { analyse, makeProbe, type LiveFigures } from '../../bench/live/probe.js';
import {
  binaryCandidates,
  loadNative,
  type LoopNumbers,
  type LoopOptions,
  type NativeLoop,
} from '../../src/main/audio/native.js';
import { findLag, realignedSiSdr, rmsDb } from '../../src/main/demo/metrics.js';
import { mixAtSnr } from '../../src/main/demo/mix.js';
import { makeNoise } from '../../src/main/demo/noises.js';
import { takeOnSoundCard } from '../../src/main/demo/take.js';
import { demoRate, loadVoice } from '../../src/main/demo/voices.js';
import { readMonoWav, writeMonoWav } from '../../src/main/demo/wav.js';
import { enhancedSink, micSource, noSoundServerReason, openRig, type VirtualSoundCard } from './soundServer.js';

const throughCard: LoopOptions = {
  input: { kind: 'pulse', name: micSource },
  output: { kind: 'pulse', name: enhancedSink },
  engine: 'gtcrn',
  level: 1,
  bypass: false,
  periodFrames: 480,
  inputRate: demoRate,
  outputRate: demoRate,
};

describe.skipIf(noSoundServerReason)(`the live loop on a sound server ${noSoundServerReason ?? ''}`.trim(), () => {
  let card: VirtualSoundCard;
  let closeRig: () => Promise<void>;
  let loop: NativeLoop;
  let folder: string;

  beforeEach(async () => {
    ({ card, close: closeRig } = await openRig());
    folder = await mkdtemp(join(tmpdir(), 'limpid-loop-'));
    loop = new (loadNative().Loop)();
  });

  afterEach(async () => {
    await loop.stop();
    await closeRig();
    await rm(folder, { recursive: true, force: true });
  });

  /** Plays the probe through the running loop, does `meanwhile` after 1.5 s, and measures 5 s. */
  async function measure(meanwhile: () => Promise<void>): Promise<LiveFigures> {
    const probe = await makeProbe(8);
    const reference = card.record(micSource);
    const output = card.record();
    await Promise.all([reference.started, output.started]);
    const playback = card.play(probe);
    await sleep(500);
    const fromSeconds = (performance.now() - reference.originMs()) / 1000;
    await sleep(1500);
    await meanwhile();
    await sleep(Math.max(0, (fromSeconds + 6) * 1000 - (performance.now() - reference.originMs())));
    playback.stop();
    const samples = await Promise.all([reference.stop(), output.stop()]);
    return analyse({
      reference: { samples: samples[0], originMs: reference.originMs() },
      output: { samples: samples[1], originMs: output.originMs() },
      fromSeconds,
      toSeconds: fromSeconds + 5,
    });
  }

  const waitFor = (check: (numbers: LoopNumbers) => boolean, timeoutMs: number): Promise<void> =>
    vi.waitFor(() => expect(loop.numbers()).toSatisfy(check), { timeout: timeoutMs, interval: 100 });

  it('takes the noise from speech', async () => {
    const clean = (await loadVoice(8)).samples;
    const { noisy } = mixAtSnr(clean, makeNoise('pink', clean.length, 11), 5, demoRate);
    const signal = new AbortController().signal;
    const { original, enhanced, numbers } = await takeOnSoundCard({ noisy, folder, onProgress: () => {}, signal });
    const search = { sampleRate: demoRate, expectedLag: demoRate, searchFrames: 2 * demoRate };
    const before = realignedSiSdr(clean, original, search);
    const after = realignedSiSdr(clean, enhanced, search);
    expect(after.pieces).toBeGreaterThan(8);
    expect(after.siSdrDb - before.siSdrDb).toBeGreaterThan(7);
    expect(numbers.counters.modelLoads).toBe(1);
    expect(numbers.counters.blocksEnhanced).toBeGreaterThan(100);
  });

  it('keeps the delay when it is bypassed', async () => {
    const takeFolder = await mkdtemp(join(folder, 'bypass-'));
    await loop.start(throughCard);
    const playback = card.play(await makeProbe(5));
    await sleep(800);
    await loop.startRecording(takeFolder);
    await sleep(1500);
    loop.setBypass(true);
    await sleep(1500);
    await loop.stopRecording();
    playback.stop();
    const { samples: original } = await readMonoWav(join(takeFolder, 'original.wav'));
    const { samples: enhanced } = await readMonoWav(join(takeFolder, 'enhanced.wav'));
    const lagAt = (from: number): number =>
      findLag(original.subarray(from, from + demoRate / 2), enhanced, from - 4800, from + 4800).frames - from;
    expect(Math.abs(lagAt(0.3 * demoRate))).toBeLessThanOrEqual(1);
    const bypassed = original.length - 0.6 * demoRate;
    expect(lagAt(bypassed)).toBe(0);
    const difference = enhanced.subarray(bypassed).map((sample, index) => sample - original[bypassed + index]!);
    expect(rmsDb(difference)).toBeLessThan(-100);
    expect(loop.numbers().counters.blocksBypassed).toBeGreaterThan(50);
  });

  it('keeps the delay while the main thread hangs', async () => {
    await loop.start(throughCard);
    const figures = await measure(async () => {
      for (let stall = 0; stall < 3; stall++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        await sleep(300);
      }
    });
    expect(Math.abs(figures.endMinusStartMs)).toBeLessThan(40);
  });

  it('changes engines without a click', async () => {
    const tone = Float32Array.from(
      { length: 6 * demoRate },
      (_, frame) => 0.4 * Math.sin((2 * Math.PI * 300 * frame) / demoRate),
    );
    const takeFolder = await mkdtemp(join(folder, 'engines-'));
    await loop.start(throughCard);
    const playback = card.play(tone);
    await sleep(800);
    await loop.startRecording(takeFolder);
    for (const engine of ['bypass', 'gtcrn', 'bypass', 'gtcrn'] as const) {
      await loop.setEngine({ engine });
      await sleep(400);
    }
    await loop.stopRecording();
    playback.stop();
    const original = await readMonoWav(join(takeFolder, 'original.wav'));
    const enhanced = await readMonoWav(join(takeFolder, 'enhanced.wav'));
    expect(rmsDb(original.samples)).toBeGreaterThan(-20);
    expect(rmsDb(enhanced.samples)).toBeGreaterThan(-40);
    expect(largestStep(enhanced.samples)).toBeLessThanOrEqual(1.1 * largestStep(original.samples));
  });

  it.each([
    ['a second', 1200, 'stalled'],
    ['several seconds', 4500, 'restarting'],
  ] as const)('says so when the sound server hangs for %s, and goes on afterwards', async (_, hangMs, state) => {
    await loop.start({ ...throughCard, engine: 'bypass' });
    card.hang(true);
    try {
      await waitFor((numbers) => numbers.state === state, hangMs);
    } finally {
      card.hang(false);
    }
    await waitFor((numbers) => numbers.state === 'running', 20_000);
    const recording = card.record();
    await recording.started;
    await card.play(await makeProbe(2)).done;
    expect(rmsDb(await recording.stop())).toBeGreaterThan(-40);
  });

  it('runs in the main thread and in a worker at the same time', async () => {
    await loop.start({ ...throughCard, engine: 'bypass' });
    const numbers = await runInWorker(throughCard, 1500);
    expect(numbers.state).toBe('running');
    expect(numbers.counters.blocksEnhanced).toBeGreaterThan(10);
    await waitFor(({ state, secondsRunning }) => state === 'running' && secondsRunning > 1.5, 5000);
  });

  it('leaves nothing running when its worker is ended in the middle', async () => {
    await runInWorker(throughCard, 300, { thenStop: false });
    await loop.start({ ...throughCard, engine: 'bypass' });
    expect(loop.numbers().state).toBe('running');
  });

  it('refuses a device that is not there', async () => {
    const start = loop.start({ ...throughCard, input: { kind: 'pulse', name: 'no-such-source' } });
    await expect(start).rejects.toMatchObject({ code: expect.stringMatching(/^device\./) });
  });
});

it.concurrent.each(['bypass', 'gtcrn'] as const)('never takes a voice for feedback (%s)', async (engine) => {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-voice-'));
  const wavPath = join(folder, 'voice.wav');
  const { samples } = await loadVoice(11);
  await writeMonoWav(wavPath, { samples, sampleRate: demoRate });
  const loop = new (loadNative().Loop)();
  try {
    await loop.start({ input: { kind: 'timer', wavPath }, output: { kind: 'timer' }, engine, level: 1, bypass: false });
    await sleep(11_500);
    expect(loop.numbers().mutedByFeedback).toBe(false);
  } finally {
    await loop.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

function largestStep(samples: Float32Array): number {
  let largest = 0;
  for (let index = 1; index < samples.length; index++) {
    largest = Math.max(largest, Math.abs(samples[index]! - samples[index - 1]!));
  }
  return largest;
}

/** Loads the addon a second time, in a worker, runs a loop there and resolves with its last numbers. */
async function runInWorker(
  options: LoopOptions,
  runMs: number,
  { thenStop } = { thenStop: true },
): Promise<LoopNumbers> {
  const here = dirname(fileURLToPath(import.meta.url));
  const paths = binaryCandidates(here);
  const path = paths.find((candidate) => canResolve(candidate));
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { Loop } = require(workerData.path);
     const loop = new Loop();
     loop.start(workerData.options).then(() => setTimeout(async () => {
       const numbers = loop.numbers();
       if (workerData.thenStop) await loop.stop();
       parentPort.postMessage(numbers);
       process.exit(0);
     }, workerData.runMs));`,
    { eval: true, workerData: { path, options, runMs, thenStop } },
  );
  return new Promise((resolve, reject) => {
    let numbers: LoopNumbers;
    worker.once('message', (message: LoopNumbers) => (numbers = message));
    worker.once('error', reject);
    worker.once('exit', () => (numbers ? resolve(numbers) : reject(new Error('The worker ended without numbers.'))));
  });
}

function canResolve(path: string): boolean {
  try {
    createRequire(import.meta.url).resolve(path);
    return true;
  } catch {
    return false;
  }
}
