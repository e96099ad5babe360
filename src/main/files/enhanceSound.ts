import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LimpidError, type Notice } from '../../shared/errors.js';
import { endingOf, wavEndings } from '../../shared/soundEndings.js';
import { enhanceFile, type EnhanceFileResult } from '../audio/fileEnhancer.js';
import type { EngineChoice } from '../audio/native.js';
import type { Ffmpeg, ProbedSound } from './ffmpeg.js';
import { readWavRate } from './wavHeader.js';
import type { WorkFolder } from './workFolder.js';

/** How much of the work decoding and encoding are, roughly. */
const decodeShare = 0.1;
const encodeShare = 0.15;

export interface SoundJob {
  inputPath: string;
  /** Replaced when all is done. */
  outputPath: string;
  choice: EngineChoice;
  level: number;
}

export interface SoundControls {
  signal: AbortSignal;
  /** Share of the work, 0..1, and the length of the sound where that is known. */
  onProgress(share: number, seconds: number | null): void;
}

export interface SoundTools {
  /** Null: none is installed. */
  ffmpeg: Ffmpeg | null;
  work: WorkFolder;
}

export interface EnhancedSound extends EnhanceFileResult {
  /** The native core reads both original and output by itself. */
  isPlayable: boolean;
}

export const isWav = (path: string): boolean => wavEndings.includes(endingOf(path));

/**
 * Enhances a file of any format into another of the same format. What the native core does not read goes through ffmpeg and WAV files in the work
 * folder, which are gone afterwards whatever happens. Rejects with `file.*`, `files.*`, `engine.*`, `aic.*` or `cancelled`.
 */
export async function enhanceSound(job: SoundJob, controls: SoundControls, tools: SoundTools): Promise<EnhancedSound> {
  if (!isWav(job.inputPath)) return { ...(await enhanceOther(job, controls, tools)), isPlayable: false };
  try {
    return { ...(await enhanceWav(job, controls)), isPlayable: true };
  } catch (error) {
    // WAV files of telephones hold A-law and the like.
    const isOfOtherKind = error instanceof LimpidError && error.code === 'file.unsupported';
    if (!isOfOtherKind || !tools.ffmpeg) throw error;
    return { ...(await enhanceOther(job, controls, tools)), isPlayable: false };
  }
}

async function enhanceWav(job: SoundJob, { signal, onProgress }: SoundControls): Promise<EnhanceFileResult> {
  const rate = await readWavRate(job.inputPath);
  return enhanceFile(
    { inputPath: job.inputPath, outputPath: job.outputPath, level: job.level, ...job.choice },
    {
      signal,
      onProgress: (done, total) => {
        if (total > 0) onProgress(done / total, rate && total / rate);
      },
    },
  );
}

async function enhanceOther(
  job: SoundJob,
  controls: SoundControls,
  { ffmpeg, work }: SoundTools,
): Promise<EnhanceFileResult> {
  const { signal, onProgress } = controls;
  if (!ffmpeg) throw new LimpidError(noFfmpeg().code);
  const sound = await ffmpeg.probe(job.inputPath, { signal });
  const shareOf = (seconds: number, whole: number | null): number => (whole ? Math.min(seconds / whole, 1) : 0);

  return withTemporaries(work, async (before, after) => {
    await work.requireSpace(2 * bytesOf(sound));
    await work.whileSpace(signal, (whileSpace) =>
      ffmpeg.decode(job.inputPath, before, sound, {
        signal: whileSpace,
        onProgress: (seconds) => onProgress(decodeShare * shareOf(seconds, sound.seconds), sound.seconds),
      }),
    );
    // As much again; only now is it known for sure how much.
    await work.requireSpace((await stat(before)).size);
    const result = await enhanceWav(
      { ...job, inputPath: before, outputPath: after },
      {
        signal,
        onProgress: (share, seconds) => onProgress(decodeShare + (1 - decodeShare - encodeShare) * share, seconds),
      },
    ).catch(inWordsOfOriginal(job.inputPath, before));
    const files = { original: job.inputPath, wavPath: after, output: job.outputPath };
    await ffmpeg.encode(files, sound, {
      signal,
      onProgress: (seconds) => onProgress(1 - encodeShare * (1 - shareOf(seconds, result.seconds)), result.seconds),
    });
    await forceToDisk(job.outputPath);
    return result;
  });
}

/** As the native core does with what it writes. */
async function forceToDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

/** Writes the sound of any file as a WAV file into the work folder. Rejects as `enhanceSound` does. */
export async function decodeSound(
  inputPath: string,
  wavPath: string,
  { ffmpeg, work }: SoundTools,
  signal: AbortSignal,
): Promise<void> {
  if (!ffmpeg) throw new LimpidError(noFfmpeg().code);
  const sound = await ffmpeg.probe(inputPath, { signal });
  await work.requireSpace(bytesOf(sound));
  await work.whileSpace(signal, (whileSpace) => ffmpeg.decode(inputPath, wavPath, sound, { signal: whileSpace }));
}

/** Of a WAV file of floats, as far as its length is known. */
const bytesOf = ({ seconds, sampleRate, channels }: ProbedSound): number => (seconds ?? 0) * sampleRate * channels * 4;

/** Why a file other than WAV cannot be opened, and how this system gets ffmpeg. */
export function noFfmpeg(platform: NodeJS.Platform = process.platform): Notice {
  if (platform === 'win32') return { code: 'files.no-ffmpeg-windows', params: {} };
  if (platform === 'darwin') return { code: 'files.no-ffmpeg-mac', params: {} };
  return { code: 'files.no-ffmpeg-linux', params: {} };
}

async function withTemporaries<Value>(
  work: WorkFolder,
  use: (before: string, after: string) => Promise<Value>,
): Promise<Value> {
  const folder = await work.path();
  const paths = ['before', 'after'].map((name) => join(folder, `${name}-${randomUUID()}.wav`)) as [string, string];
  try {
    return await use(...paths);
  } finally {
    await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
  }
}

/** A person knows the original, not the file that was made of it. */
const inWordsOfOriginal =
  (original: string, temporary: string) =>
  (error: unknown): never => {
    if (!(error instanceof LimpidError)) throw error;
    const { detail } = error.params;
    if (typeof detail !== 'string') throw error;
    throw new LimpidError(
      error.code,
      { ...error.params, detail: detail.replaceAll(temporary, original) },
      { cause: error },
    );
  };
