import { clipDb } from '../../../shared/levels.js';
import { silenceDb } from './meterScale.js';

/** How well a microphone is heard. */
export type Hearing = 'waiting' | 'silent' | 'quiet' | 'good' | 'loud';

/** A voice at a usable level has peaks from here on, in dBFS; a room without one stays below. */
const voicePeakDb = -40;
/** As long as a pause between two sentences: no verdict changes within it. */
const rememberedMs = 4000;
/** Sooner, silence may be a device that is only beginning. */
const silentAfterMs = 1500;

/** Peaks in dBFS with their times, in ms of one steady clock, oldest first. */
export type HeardPeaks = readonly { atMs: number; peakDb: number }[];

/** The peaks that still count, with a new one. */
export function addPeak(peaks: HeardPeaks, peakDb: number, nowMs: number): HeardPeaks {
  return [...peaks.filter(({ atMs }) => nowMs - atMs < rememberedMs), { atMs: nowMs, peakDb }];
}

/** What the peaks of the last seconds say. */
export function hearingOf(peaks: HeardPeaks): Hearing {
  const [first, last] = [peaks[0], peaks.at(-1)];
  if (!first || !last) return 'waiting';
  const loudestDb = Math.max(...peaks.map(({ peakDb }) => peakDb));
  if (loudestDb >= clipDb) return 'loud';
  if (loudestDb >= voicePeakDb) return 'good';
  if (loudestDb > silenceDb) return 'quiet';
  return last.atMs - first.atMs >= silentAfterMs ? 'silent' : 'waiting';
}
