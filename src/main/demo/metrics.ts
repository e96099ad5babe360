import { Fft, powerFrames, powerOfTwoFrom } from './fft.js';
import { frameEnergies, speechActivity } from './mix.js';

/** The lowest level that is ever reported. */
export const floorDb = -150;

/**
 * Scale-invariant signal-to-distortion ratio in dB over the whole signal, without re-alignment
 * (Le Roux et al., "SDR – half-baked or well done?", 2019). Both must have the same length.
 */
export function siSdrDb(reference: Float32Array, estimate: Float32Array): number {
  const { target, error } = projected(reference, estimate);
  return ratioDb(target, error);
}

/** Where `reference` lies in `signal`. */
export interface Lag {
  /** `signal[i + frames]` looks like `reference[i]`. */
  frames: number;
  /** Normalised correlation there, −1..1. */
  correlation: number;
}

/**
 * The lag of best normalised correlation, from `minLag` to `maxLag` frames. Only lags at which the whole reference lies
 * inside the signal count (so none below 0); when there is none the correlation is 0.
 */
export function findLag(reference: Float32Array, signal: Float32Array, minLag: number, maxLag: number): Lag {
  const first = Math.max(minLag, 0);
  const last = Math.min(maxLag, signal.length - reference.length);
  let best: Lag = { frames: first, correlation: 0 };
  if (last < first) return best;
  const section = signal.subarray(first, last + reference.length);
  const products = crossCorrelation(reference, section, last - first + 1);
  const referenceEnergy = energyOf(reference);
  let energy = energyOf(section.subarray(0, reference.length));
  for (let offset = 0; offset <= last - first; offset++) {
    const scale = Math.sqrt(referenceEnergy * Math.max(energy, 1e-20));
    const correlation = scale > 0 ? products[offset]! / scale : 0;
    if (correlation > best.correlation) best = { frames: first + offset, correlation };
    energy += (section[offset + reference.length] ?? 0) ** 2 - section[offset]! ** 2;
  }
  return best;
}

export interface RealignedSiSdr {
  siSdrDb: number;
  /** Half-second pieces with speech that were found and pooled, and those that were not found. */
  pieces: number;
  missing: number;
  /** Frames from reference to estimate, median over the pieces. */
  medianLag: number;
}

/**
 * SI-SDR of a live recording: the reference is cut in half-second pieces, each piece that holds speech is found in the
 * estimate around `expectedLag` (± `searchFrames`), and the energies of target and error are pooled over the pieces.
 * A pause of the machine shifts time and would ruin the figure over the whole recording; it does not ruin this one.
 */
export function realignedSiSdr(
  reference: Float32Array,
  estimate: Float32Array,
  options: { sampleRate: number; expectedLag: number; searchFrames: number },
): RealignedSiSdr {
  const { sampleRate, expectedLag, searchFrames } = options;
  const pieceFrames = Math.round(sampleRate / 2);
  const active = speechActivity(reference, sampleRate);
  const framesPerPiece = 25;
  const lags: number[] = [];
  let target = 0;
  let error = 0;
  let missing = 0;
  for (let start = 0; start + pieceFrames <= reference.length; start += pieceFrames) {
    const firstFrame = (start / pieceFrames) * framesPerPiece;
    const activeCount = active.slice(firstFrame, firstFrame + framesPerPiece).filter(Boolean).length;
    if (activeCount < framesPerPiece / 4) continue;
    const piece = reference.subarray(start, start + pieceFrames);
    const lag = findLag(piece, estimate, start + expectedLag - searchFrames, start + expectedLag + searchFrames);
    if (lag.correlation < 0.1) {
      missing++;
      continue;
    }
    const parts = projected(piece, estimate.subarray(lag.frames, lag.frames + pieceFrames));
    target += parts.target;
    error += parts.error;
    lags.push(lag.frames - start);
  }
  return { siSdrDb: ratioDb(target, error), pieces: lags.length, missing, medianLag: median(lags) };
}

/** Level in dBFS of the quiet parts: the 10th percentile of the levels of 20 ms frames. */
export function noiseFloorDb(samples: Float32Array, sampleRate: number): number {
  const frameLength = Math.round(0.02 * sampleRate);
  return percentile(
    frameEnergies(samples, frameLength).map((energy) => toDb(energy / frameLength)),
    0.1,
  );
}

/** RMS level in dBFS. */
export const rmsDb = (samples: Float32Array): number => toDb(energyOf(samples) / Math.max(1, samples.length));

/** Level in dB, for each frame of 2048 samples (half overlapping), of the band from `lowHz` to `highHz`. */
export function bandLevelsDb(samples: Float32Array, sampleRate: number, lowHz: number, highHz: number): number[] {
  const size = 2048;
  const firstBin = Math.ceil((lowHz / sampleRate) * size);
  const lastBin = Math.floor((highHz / sampleRate) * size);
  return powerFrames(samples, size, size / 2).map((power) => {
    let sum = 0;
    for (let bin = firstBin; bin <= lastBin; bin++) sum += power[bin]!;
    return toDb(sum);
  });
}

/** Middle value (mean of the two middle ones); NaN when empty. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Value below which `share` (0..1) of the values lie, linearly interpolated; NaN when empty. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** `result[l]` = Σ reference[i] · signal[i + l] for 0 ≤ l < `count`, by Fourier transform. */
function crossCorrelation(reference: Float32Array, signal: Float32Array, count: number): Float64Array {
  const size = powerOfTwoFrom(signal.length + reference.length);
  const fft = new Fft(size);
  const [a, aImaginary] = [new Float64Array(size), new Float64Array(size)];
  const [b, bImaginary] = [new Float64Array(size), new Float64Array(size)];
  a.set(reference);
  b.set(signal);
  fft.forward(a, aImaginary);
  fft.forward(b, bImaginary);
  for (let bin = 0; bin < size; bin++) {
    const real = a[bin]! * b[bin]! + aImaginary[bin]! * bImaginary[bin]!;
    const imaginary = a[bin]! * bImaginary[bin]! - aImaginary[bin]! * b[bin]!;
    a[bin] = real;
    aImaginary[bin] = imaginary;
  }
  fft.inverse(a, aImaginary);
  return a.subarray(0, count);
}

/** Energy of the part of `estimate` that is a multiple of `reference`, and of the rest. */
function projected(reference: Float32Array, estimate: Float32Array): { target: number; error: number } {
  if (reference.length !== estimate.length) throw new RangeError('Reference and estimate differ in length.');
  let product = 0;
  for (let index = 0; index < reference.length; index++) product += reference[index]! * estimate[index]!;
  const scale = product / Math.max(energyOf(reference), 1e-20);
  let target = 0;
  let error = 0;
  for (let index = 0; index < reference.length; index++) {
    const wanted = scale * reference[index]!;
    target += wanted * wanted;
    error += (estimate[index]! - wanted) ** 2;
  }
  return { target, error };
}

function energyOf(samples: Float32Array): number {
  let energy = 0;
  for (let index = 0; index < samples.length; index++) energy += samples[index]! * samples[index]!;
  return energy;
}

const ratioDb = (a: number, b: number): number => 10 * Math.log10(Math.max(a, 1e-20) / Math.max(b, 1e-20));
const toDb = (power: number): number => Math.max(floorDb, 10 * Math.log10(Math.max(power, 1e-20)));
