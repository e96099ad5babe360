import { seededNormal, seededRandom } from './random.js';

export const noiseKinds = ['white', 'pink', 'fan', 'keys'] as const;
export type NoiseKind = (typeof noiseKinds)[number];

/**
 * Noise at 48 kHz with an RMS of 0.1: `white`; `pink` (−3 dB an octave); `fan` (a low hum with harmonics under a
 * broad rush of air); `keys` (key clicks, 3 to 9 a second, over a faint room). `seed` makes it repeatable.
 */
export function makeNoise(kind: NoiseKind, frames: number, seed: number): Float32Array {
  return scaledToRms(generators[kind](frames, seed), 0.1);
}

const sampleRate = 48_000;

const generators: Record<NoiseKind, (frames: number, seed: number) => Float32Array> = {
  white: makeWhite,
  pink: makePink,
  fan: makeFan,
  keys: makeKeys,
};

function makeWhite(frames: number, seed: number): Float32Array {
  const normal = seededNormal(seed);
  return Float32Array.from({ length: frames }, normal);
}

/** Sum of five first-order low-passes an octave and a half apart: within about 1 dB of −3 dB an octave, 20 Hz to 20 kHz. */
function makePink(frames: number, seed: number): Float32Array {
  const normal = seededNormal(seed);
  const poles = [20, 90, 400, 1800, 8000].map((cornerHz) => Math.exp((-2 * Math.PI * cornerHz) / sampleRate));
  const states = poles.map(() => 0);
  const out = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const white = normal();
    let sum = 0;
    poles.forEach((pole, index) => {
      states[index] = pole * states[index]! + Math.sqrt(1 - pole) * white;
      sum += states[index]!;
    });
    out[frame] = sum;
  }
  return out;
}

function makeFan(frames: number, seed: number): Float32Array {
  const normal = seededNormal(seed);
  const humHz = [47, 94, 141, 188, 282];
  const humGain = [0.5, 0.8, 0.4, 0.3, 0.15];
  const airPole = Math.exp((-2 * Math.PI * 900) / sampleRate);
  const airScale = Math.sqrt(1 - airPole * airPole);
  let air = 0;
  const out = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const seconds = frame / sampleRate;
    const flutter = 1 + 0.1 * Math.sin(2 * Math.PI * 0.7 * seconds);
    air = airPole * air + airScale * normal();
    let hum = 0;
    humHz.forEach((frequency, index) => (hum += humGain[index]! * Math.sin(2 * Math.PI * frequency * seconds)));
    out[frame] = flutter * (hum + 0.9 * air) + 0.05 * normal();
  }
  return out;
}

/** A key stroke is two clicks, 60 to 110 ms apart (down, up), each a decaying burst of noise and a resonance of 2 to 5 kHz. */
function makeKeys(frames: number, seed: number): Float32Array {
  const uniform = seededRandom(seed);
  const normal = seededNormal(seed + 1);
  const out = Float32Array.from({ length: frames }, () => 0.004 * normal());
  const click = (start: number, gain: number): void => {
    const ringHz = 2000 + 3000 * uniform();
    const decayFrames = sampleRate * (0.004 + 0.006 * uniform());
    const end = Math.min(frames, start + Math.round(6 * decayFrames));
    for (let frame = start; frame < end; frame++) {
      const age = frame - start;
      const ring = Math.sin((2 * Math.PI * ringHz * age) / sampleRate);
      out[frame]! += gain * Math.exp(-age / decayFrames) * (0.7 * normal() + 0.6 * ring);
    }
  };
  let stroke = 0;
  while (stroke < frames) {
    const gain = 0.5 + 0.5 * uniform();
    click(stroke, gain);
    click(stroke + Math.round(sampleRate * (0.06 + 0.05 * uniform())), 0.5 * gain);
    stroke += Math.round(sampleRate * (0.11 + 0.22 * uniform()));
  }
  return out;
}

function scaledToRms(samples: Float32Array, rms: number): Float32Array {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const gain = energy > 0 ? rms / Math.sqrt(energy / samples.length) : 0;
  return samples.map((sample) => sample * gain);
}
