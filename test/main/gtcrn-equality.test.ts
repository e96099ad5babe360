import { beforeAll, expect, test } from 'vitest';
import { buildEngineRunner, runCompiled } from '../../bench/peers/compiled.js';
import { createGtcrnV8 } from '../../bench/peers/gtcrn-v8.js';
import { runPeer } from '../../bench/peers/peer.js';
import { makeNoise } from '../../src/main/demo/noises.js';

/** Samples whose bit patterns differ: the first few, and how many. */
function differences(a: Float32Array, b: Float32Array): { count: number; first: number[] } {
  const bitsA = new Uint32Array(a.buffer, a.byteOffset, a.length);
  const bitsB = new Uint32Array(b.buffer, b.byteOffset, b.length);
  const where = [...bitsA.keys()].filter((index) => bitsA[index] !== bitsB[index]);
  return { count: where.length, first: where.slice(0, 5) };
}

/** Six seconds: a gliding voice-like tone in noise, then digital silence, a click, and full-scale noise. */
function testSignal(): Float32Array {
  const second = 48_000;
  const signal = makeNoise('pink', 6 * second, 11);
  let phase = 0;
  for (let frame = 0; frame < 3 * second; frame++) {
    phase += (2 * Math.PI * (140 + 40 * Math.sin(frame / 9000))) / second;
    for (let harmonic = 1; harmonic <= 15; harmonic++) signal[frame]! += (0.1 * Math.sin(harmonic * phase)) / harmonic;
  }
  signal.fill(0, 3 * second, 4 * second);
  signal[Math.round(3.5 * second)] = 1;
  for (let frame = 5 * second; frame < 6 * second; frame++) signal[frame]! *= 10;
  return signal;
}

beforeAll(buildEngineRunner, 240_000);

test('the compiled network equals its WebAssembly in V8, bit for bit', async () => {
  const signal = testSignal();
  const compiled = await runCompiled('gtcrn', signal);
  const reference = runPeer(await createGtcrnV8(), signal);
  expect(compiled.blockFrames).toBe(reference.blockFrames);
  expect(compiled.output.length).toBe(reference.output.length);
  expect(reference.output.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
  expect(differences(compiled.output, reference.output)).toEqual({ count: 0, first: [] });
}, 120_000);
