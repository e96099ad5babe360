import { LimpidError, type Notice } from '../../shared/errors.js';
import type { FileItem } from '../../shared/files.js';
import type { EnhanceFileResult } from '../audio/fileEnhancer.js';
import { asLimpidError } from '../audio/native.js';
import { enhanceSound, type EnhancedSound, type SoundTools } from './enhanceSound.js';
import type { FileEngine, FileEngineChoice } from './fileEngine.js';
import { PartFile } from './outputPlace.js';

type Result = NonNullable<FileItem['result']>;

/** One file and what its way to an output needs. */
export interface FileJob {
  path: string;
  /** What a person calls it. */
  name: string;
  engine: FileEngine;
  tools: SoundTools;
  signal: AbortSignal;
  /** Where the output of that engine goes. What it rejects with is passed on. */
  plan(taken: FileEngineChoice): Promise<{ path: string; mayReplace: boolean }>;
  /** `share` 0..1 of the file; `seconds`: its length, null while nobody knows it. */
  onProgress(share: number, seconds: number | null): void;
}

export interface FinishedFile {
  result: Result;
  /** The one thing to know of a file that was enhanced all the same. */
  notice: Notice | null;
  /** Whether the native core reads original and output by itself. */
  isPlayable: boolean;
}

/** Enhances a file, and puts the whole output in its place, or none. Rejects with all that a file can fail with. */
export async function enhanceToItsPlace(job: FileJob): Promise<FinishedFile> {
  const first = await job.engine.take(job.signal);
  const { path: target, mayReplace } = await job.plan(first);
  const part = await PartFile.begin(target, job.tools.work);
  try {
    const { done, taken, startedMs } = await enhanceWith(job, first, part).catch(inWordsOf(part.path, target));
    const path = await part.place({ mayReplace });
    const seconds = (performance.now() - startedMs) / 1000;
    return {
      result: resultOf(done, taken, path, seconds),
      notice: findNotice(job.name, done, taken),
      isPlayable: done.isPlayable,
    };
  } finally {
    await part.discard();
  }
}

/** With the engine that was taken, or the one that stands in for it where it cannot be made. */
async function enhanceWith(
  job: FileJob,
  taken: FileEngineChoice,
  part: PartFile,
): Promise<{ done: EnhancedSound; taken: FileEngineChoice; startedMs: number }> {
  const { engine, signal, onProgress } = job;
  const { choice, level } = taken;
  // Waiting for an engine is no work.
  const startedMs = performance.now();
  const sound = { inputPath: job.path, outputPath: part.path, choice, level };
  try {
    return { done: await enhanceSound(sound, { signal, onProgress }, job.tools), taken, startedMs };
  } catch (error) {
    const known = asLimpidError(error);
    if (choice.engine !== 'aic' || !known.code.startsWith('aic.') || !engine.failed(known)) throw error;
    const other = await engine.take(signal);
    if (other.choice.engine === 'aic') throw error;
    return enhanceWith(job, other, part);
  }
}

/** A person knows the output, not the file that is to become it; the name, not where it is kept. */
export const inWordsOf =
  (path: string, words: string) =>
  (error: unknown): never => {
    const known = asLimpidError(error);
    const { detail } = known.params;
    if (typeof detail !== 'string') throw known;
    throw new LimpidError(known.code, { ...known.params, detail: detail.replaceAll(path, words) }, { cause: error });
  };

function resultOf(
  { seconds, inputDb, outputDb, noiseReductionDb }: EnhanceFileResult,
  { choice }: FileEngineChoice,
  path: string,
  workingSeconds: number,
): Result {
  const realTimeFactor = workingSeconds / Math.max(seconds, 1e-6);
  return { path, seconds, inputDb, outputDb, noiseReductionDb, realTimeFactor, engine: choice.engine };
}

function findNotice(
  input: string,
  { inputTruncated, replacedBlocks, nonFiniteSamples }: EnhanceFileResult,
  { obstacle }: FileEngineChoice,
): Notice | null {
  if (obstacle) return { code: 'files.stood-in', params: { reason: obstacle } };
  if (inputTruncated) return { code: 'file.cut-short', params: { input } };
  if (replacedBlocks > 0) return { code: 'file.blocks-replaced', params: { count: replacedBlocks } };
  return nonFiniteSamples > 0 ? { code: 'file.not-finite', params: { count: nonFiniteSamples } } : null;
}
