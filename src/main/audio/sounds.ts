import type { SoundSource, Waveforms } from '../../shared/player.js';
import { LimpidError } from '../../shared/errors.js';
import type { Native } from './native.js';

/** The two WAV files of one sound, in time with each other. */
export interface SoundPaths {
  original: string;
  enhanced: string;
}

/** Where the sounds are that can be heard before and after. */
export interface SoundLibrary {
  /** Null when there is no such sound, or none any more. */
  findSound(source: SoundSource): SoundPaths | null | Promise<SoundPaths | null>;
}

/** Rejects with `sound.gone`, or why it cannot be opened. */
export async function requireSound({ findSound }: SoundLibrary, source: SoundSource): Promise<SoundPaths> {
  const paths = await findSound(source);
  if (!paths) throw new LimpidError('sound.gone');
  return paths;
}

/** How loud both versions are over time, in `buckets` equally long pieces. Rejects with `sound.gone` or `file.*`. */
export async function readWaveforms(
  { readWaveform }: Pick<Native, 'readWaveform'>,
  { original, enhanced }: SoundPaths,
  buckets: number,
): Promise<Waveforms> {
  const [before, after] = await Promise.all([readWaveform(original, buckets), readWaveform(enhanced, buckets)]);
  return {
    seconds: Math.min(before.seconds, after.seconds),
    original: toHeights(before.peaks),
    enhanced: toHeights(after.peaks),
  };
}

/** Samples of floats may be above 1: the picture ends there. Thousandths are finer than any pixel. */
const toHeights = (peaks: Float32Array): number[] =>
  Array.from(peaks, (peak) => Math.round(Math.min(1, peak) * 1000) / 1000);
