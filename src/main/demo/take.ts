import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LimpidError } from '../../shared/errors.js';
import { asLimpidError, loadNative, type LoopNumbers, type LoopOptions, type NativeLoop } from '../audio/native.js';
import { enhancedSink, micSource, VirtualSoundCard } from './virtualSoundCard.js';
import { demoRate } from './voices.js';
import { readMonoWav, writeMonoWav } from './wav.js';

/** One pass of noisy speech through the live loop. */
export interface Take {
  /** What the loop heard and what it made of it, in time with each other, as its recorder wrote them. */
  original: Float32Array;
  enhanced: Float32Array;
  /** What came out of the sound server; null on the timer device. */
  heard: Float32Array | null;
  /** The last numbers of the running loop. */
  numbers: LoopNumbers;
}

export interface TakeOptions {
  noisy: Float32Array;
  /** An existing folder; `noisy.wav` and `enhanced.wav` are put there. */
  folder: string;
  onProgress: (secondsDone: number) => void;
  signal: AbortSignal;
}

/** What is still on its way through the loop when the last sample was fed. */
const tailMs = 700;
const progressMs = 250;

/** Plays noisy speech into the virtual sound card's microphone and runs the loop between it and the card's output. Fails with `demo.no-sound-server`. */
export async function takeOnSoundCard(options: TakeOptions): Promise<Take> {
  const card = await VirtualSoundCard.start();
  const leave = card.enter();
  try {
    const path = {
      input: { kind: 'pulse', name: micSource },
      output: { kind: 'pulse', name: enhancedSink },
    } as const;
    return await runLoop(path, options, async (watch) => {
      const recording = card.record();
      await watch(recording.started);
      const playback = card.play(options.noisy);
      try {
        await watch(playback.done);
      } finally {
        playback.stop();
      }
      await sleep(tailMs, undefined, { signal: options.signal });
      return recording.stop();
    });
  } finally {
    leave();
    await card.stop();
  }
}

/** The same loop with a timer in place of devices, for machines without a sound server. */
export async function takeOnTimer(options: TakeOptions): Promise<Take> {
  const feed = join(options.folder, '.feed.wav');
  await writeMonoWav(feed, { samples: options.noisy, sampleRate: demoRate });
  const fedMs = (options.noisy.length / demoRate) * 1000;
  try {
    return await runLoop(
      { input: { kind: 'timer', wavPath: feed }, output: { kind: 'timer' } },
      options,
      async (watch) => {
        await watch(sleep(fedMs + tailMs, undefined, { signal: options.signal }));
        return null;
      },
    );
  } finally {
    await rm(feed, { force: true });
  }
}

type Watch = (until: Promise<unknown>) => Promise<void>;

async function runLoop(
  path: Pick<LoopOptions, 'input' | 'output'>,
  options: TakeOptions,
  feed: (watch: Watch) => Promise<Float32Array | null>,
): Promise<Take> {
  const folder = await mkdtemp(join(options.folder, '.take-'));
  const native = loadNative();
  const loop = new native.Loop();
  try {
    await loop.start({
      ...path,
      engine: 'gtcrn',
      level: 1,
      bypass: false,
      periodFrames: 480,
      inputRate: demoRate,
      outputRate: demoRate,
    });
    await loop.startRecording(folder);
    const heard = await feed((until) => watchLoop(loop, until, options));
    const numbers = loop.numbers();
    await loop.stopRecording();
    await loop.stop();
    await rename(join(folder, 'original.wav'), join(options.folder, 'noisy.wav'));
    await rename(join(folder, 'enhanced.wav'), join(options.folder, 'enhanced.wav'));
    const original = await readMonoWav(join(options.folder, 'noisy.wav'));
    const enhanced = await readMonoWav(join(options.folder, 'enhanced.wav'));
    return { original: original.samples, enhanced: enhanced.samples, heard, numbers };
  } catch (error) {
    throw options.signal.aborted ? new LimpidError('cancelled') : asLimpidError(error);
  } finally {
    await loop.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reports progress until `until` settles; throws when it is cancelled. */
async function watchLoop(
  loop: NativeLoop,
  until: Promise<unknown>,
  { onProgress, signal }: TakeOptions,
): Promise<void> {
  const timer = setInterval(() => onProgress(loop.numbers().secondsRunning), progressMs);
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new LimpidError('cancelled')), { once: true }),
  );
  try {
    signal.throwIfAborted();
    await Promise.race([until, aborted]);
  } finally {
    clearInterval(timer);
  }
}
