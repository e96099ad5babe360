import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LimpidError, type Notice } from '../../shared/errors.js';
import { loadNative, type LoopNumbers } from '../audio/native.js';
import { startLicensedLoop, type TokenReport } from './licensedLoop.js';
import { findLag, noiseFloorDb, realignedSiSdr } from './metrics.js';
import { mixAtSnr } from './mix.js';
import { makeNoise } from './noises.js';
import { encodePng } from './png.js';
import { beforeAfterSpectrogram } from './spectrogram.js';
import { takeOnSoundCard, takeOnTimer, type Take, type TakeOptions } from './take.js';
import { demoRate, loadVoice, type Voice } from './voices.js';
import { writeMonoWav } from './wav.js';

export interface DemoOptions {
  /** Length of the speech, 5 to 600. */
  seconds: number;
  /** Made when it is not there; files of an earlier demo in it are replaced. */
  folder: string;
  /** Default: the virtual sound card where a sound server starts, else the timer. */
  device?: 'pulse' | 'timer';
  onProgress?: (secondsDone: number) => void;
  /** Told whatever happens to the token of the demo's backend. */
  onToken?: (notice: Notice) => void;
  /** Ends the demo with `cancelled`; nothing is left running. */
  signal?: AbortSignal;
}

/** Levels in dBFS, ratios in dB. */
export interface DemoResult extends TokenReport {
  device: 'pulse' | 'timer';
  voice: Voice['source'];
  /** Length of the recording of the loop. */
  secondsProcessed: number;
  /** SI-SDR against the clean voice, pooled over realigned half seconds, and the difference. */
  siSdrBeforeDb: number;
  siSdrAfterDb: number;
  siSdrGainDb: number;
  noiseFloorBeforeDb: number;
  noiseFloorAfterDb: number;
  delay: LoopNumbers['delay'];
  load: LoopNumbers['load'];
  underruns: number;
  modelLoads: number;
  files: string[];
}

const snrDb = 5;
const seeds = { fan: 1, keys: 2 };
/** Feeding starts within this time of the recording. */
const latestStartSeconds = 4;

/**
 * The main job on real sound: a voice in the noise of a fan and a keyboard (5 dB) goes through the live loop, and what
 * comes out is compared with the clean voice. Writes `clean.wav`, `noisy.wav`, `enhanced.wav`, `heard.wav` (what came
 * out of the sound server) and `spectrogram.png`. Meanwhile a backend on this computer hands out short-lived tokens, which a
 * second voice through the licensed engine swaps in place.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new LimpidError('demo.unwritable', { folder }, { cause });
  });
  const voice = await loadVoice(options.seconds);
  const clean = voice.samples;
  const { noisy } = mixAtSnr(clean, officeNoise(clean.length), snrDb, demoRate);
  const cleanPath = join(folder, 'clean.wav');
  await writeMonoWav(cleanPath, { samples: clean, sampleRate: demoRate }).catch((cause: unknown) => {
    throw new LimpidError('demo.unwritable', { folder }, { cause });
  });
  const licensedLoop = await startLicensedLoop(loadNative(), options.onToken ?? (() => {}));
  const { device, take } = await takeOn(options.device, {
    noisy,
    folder,
    onProgress: options.onProgress ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
  }).catch(async (error: unknown) => {
    await licensedLoop.stop();
    throw error;
  });
  const tokens = await licensedLoop.stop();
  const files = [cleanPath, join(folder, 'noisy.wav'), join(folder, 'enhanced.wav')];
  if (take.heard) {
    files.push(join(folder, 'heard.wav'));
    await writeMonoWav(files.at(-1)!, { samples: take.heard, sampleRate: demoRate });
  }
  files.push(join(folder, 'spectrogram.png'));
  await writeFile(files.at(-1)!, encodePng(beforeAfterSpectrogram(take.original, take.enhanced, demoRate)));
  return { device, voice: voice.source, ...compare(clean, take), ...figuresOf(take), ...tokens, files };
}

/** On the device that was asked for; else on the virtual sound card, and on the timer when no sound server starts. */
async function takeOn(
  wish: DemoResult['device'] | undefined,
  options: TakeOptions,
): Promise<{ device: DemoResult['device']; take: Take }> {
  if (wish === 'timer') return { device: 'timer', take: await takeOnTimer(options) };
  try {
    return { device: 'pulse', take: await takeOnSoundCard(options) };
  } catch (error) {
    const canFallBack = wish === undefined && error instanceof LimpidError && error.code === 'demo.no-sound-server';
    if (!canFallBack) throw error;
    return { device: 'timer', take: await takeOnTimer(options) };
  }
}

/** A fan, and key strokes as loud as it. */
function officeNoise(frames: number): Float32Array {
  const keys = makeNoise('keys', frames, seeds.keys);
  return makeNoise('fan', frames, seeds.fan).map((sample, frame) => sample + keys[frame]!);
}

/** Judges what a listener got: what came out of the sound server, else what the loop recorded. */
function compare(clean: Float32Array, take: Take) {
  const before = place(clean, take.original);
  const after = place(clean, take.heard ?? take.enhanced);
  return {
    siSdrBeforeDb: before.siSdrDb,
    siSdrAfterDb: after.siSdrDb,
    siSdrGainDb: after.siSdrDb - before.siSdrDb,
    noiseFloorBeforeDb: before.noiseFloorDb,
    noiseFloorAfterDb: after.noiseFloorDb,
  };
}

function figuresOf({ original, numbers }: Take) {
  return {
    secondsProcessed: original.length / demoRate,
    delay: numbers.delay,
    load: numbers.load,
    underruns: numbers.underruns,
    modelLoads: numbers.counters.modelLoads,
  };
}

/** Finds the clean voice in a recording and measures the part that it covers. */
function place(clean: Float32Array, recording: Float32Array): { siSdrDb: number; noiseFloorDb: number } {
  const from = demoRate;
  const piece = clean.subarray(from, from + 3 * demoRate);
  const lag = findLag(piece, recording, 0, from + latestStartSeconds * demoRate).frames - from;
  const { siSdrDb } = realignedSiSdr(clean, recording, {
    sampleRate: demoRate,
    expectedLag: lag,
    searchFrames: demoRate / 2,
  });
  const covered = recording.subarray(Math.max(0, lag), lag + clean.length);
  return { siSdrDb, noiseFloorDb: noiseFloorDb(covered, demoRate) };
}
