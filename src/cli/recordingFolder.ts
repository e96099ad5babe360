import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LimpidError } from '../shared/errors.js';

/** The files that the native core writes into a recording's folder. */
const recordings = ['original.wav', 'enhanced.wav'];

/**
 * Makes sure that `folder` exists and returns where to record: itself, or `take-2`, `take-3`, … inside it when it already
 * holds a recording, which is never overwritten. Throws `live.record-folder`.
 */
export function prepareRecordingFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return holdsRecording(folder) ? makeNextTake(folder, 2) : folder;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new LimpidError('live.record-folder', { folder, detail }, { cause });
  }
}

function makeNextTake(folder: string, number: number): string {
  const take = join(folder, `take-${number}`);
  mkdirSync(take, { recursive: true });
  return readdirSync(take).length === 0 ? take : makeNextTake(folder, number + 1);
}

const holdsRecording = (folder: string): boolean => readdirSync(folder).some((name) => recordings.includes(name));
