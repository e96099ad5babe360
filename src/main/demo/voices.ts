import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../childEnvironment.js';
import { LimpidError } from '../../shared/errors.js';
import { readMonoWav, type MonoSound } from './wav.js';

const run = promisify(execFile);

/** The rate of all demo material. */
export const demoRate = 48_000;

export interface Voice {
  /** Mono at 48 kHz. */
  samples: Float32Array;
  source: 'alsa-utils' | 'espeak-ng' | 'say';
}

/**
 * A clean voice of exactly `seconds`, repeated as needed: the recordings of the alsa-utils package (a person, 48 kHz)
 * in the order of their names, else speech synthesised by espeak-ng or by macOS.
 * Throws `demo.no-voice` when the machine has none of them.
 */
export async function loadVoice(seconds: number): Promise<Voice> {
  const { samples, source } = (await recordedVoice()) ?? (await synthesisedVoice());
  const frames = Math.round(seconds * demoRate);
  return { samples: Float32Array.from({ length: frames }, (_, frame) => samples[frame % samples.length]!), source };
}

const recordingFolder = '/usr/share/sounds/alsa';
const recordings = [
  'Front_Center',
  'Front_Left',
  'Front_Right',
  'Rear_Center',
  'Rear_Left',
  'Rear_Right',
  'Side_Left',
  'Side_Right',
].map((name) => join(recordingFolder, `${name}.wav`));

/** The recordings of alsa-utils as single sounds, or null when the package is missing or differs. */
export async function recordedWords(): Promise<Float32Array[] | null> {
  if (!recordings.every((path) => existsSync(path))) return null;
  const sounds = await Promise.all(recordings.map(readMonoWav));
  if (sounds.some(({ sampleRate }) => sampleRate !== demoRate)) return null;
  return sounds.map(({ samples }) => samples);
}

async function recordedVoice(): Promise<Voice | null> {
  const words = await recordedWords();
  return words && { samples: joined(words), source: 'alsa-utils' };
}

const text =
  'The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. ' +
  'These days a chicken leg is a rare dish. Rice is often served in round bowls. ' +
  'The juice of lemons makes fine punch. Four hours of steady work faced us.';

async function synthesisedVoice(): Promise<Voice> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-voice-'));
  const path = join(folder, 'voice.wav');
  try {
    if (await ran('espeak-ng', ['-v', 'en', '-s', '150', '-w', path, text])) {
      return { samples: resampled(await readMonoWav(path), demoRate), source: 'espeak-ng' };
    }
    if (process.platform === 'darwin' && (await ran('say', ['-o', path, '--data-format=LEI16@48000', text]))) {
      return { samples: (await readMonoWav(path)).samples, source: 'say' };
    }
    throw new LimpidError('demo.no-voice');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** False when the program is not there; other failures throw. */
async function ran(program: string, args: string[]): Promise<boolean> {
  try {
    await run(program, args, { env: childEnvironment() });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Another rate by a Hann-windowed sinc of 32 taps; for demo material, the live path has its own converter. */
export function resampled({ samples, sampleRate }: MonoSound, toRate: number): Float32Array {
  const step = sampleRate / toRate;
  const cutoff = Math.min(1, 1 / step);
  const reach = 16 / cutoff;
  return Float32Array.from({ length: Math.floor(samples.length / step) }, (_, frame) => {
    const position = frame * step;
    let sum = 0;
    for (let index = Math.ceil(position - reach); index < position + reach; index++) {
      const distance = index - position;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[index] ?? 0) * window * cutoff * sinc(distance * cutoff);
    }
    return sum;
  });
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The sounds one after the other. */
export function joined(sounds: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(sounds.reduce((sum, sound) => sum + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    out.set(sound, at);
    at += sound.length;
  }
  return out;
}
