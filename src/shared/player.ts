import { z } from 'zod';
import { notice } from './notice.js';

/** The two versions of one sound, in time with each other. */
export const soundVersion = z.enum(['original', 'enhanced']);
export type SoundVersion = z.infer<typeof soundVersion>;

/** What can be heard before and after: the comparison just recorded, or a file of the queue that is done. */
export const soundSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('comparison') }),
  z.object({ kind: z.literal('file'), id: z.string().max(64) }),
]);
export type SoundSource = z.infer<typeof soundSource>;

/** The sound that is open in the player. */
export const playerView = z.object({
  source: soundSource,
  durationSeconds: z.number(),
  playing: z.boolean(),
  /** The version that is heard: one play head for both. */
  heard: soundVersion,
  /** As of this state; `player.moved` tells it while it moves. */
  positionSeconds: z.number(),
  /** Where it is heard; null: nothing to play on. */
  outputName: z.string().nullable(),
  /** Why it cannot be heard; null when it can. */
  problem: notice.nullable(),
});
export type PlayerView = z.infer<typeof playerView>;

/** Largest |sample| of each of equally long pieces, 0..1. */
const peaks = z.array(z.number());
export const waveforms = z.object({ seconds: z.number(), original: peaks, enhanced: peaks });
export type Waveforms = z.infer<typeof waveforms>;

/** “Record ten seconds and compare”. */
export const comparisonView = z.object({
  phase: z.enum(['none', 'preparing', 'recording', 'ready']),
  /** Recorded so far, and in all. */
  seconds: z.number(),
  totalSeconds: z.number(),
  /** Why the last one did not come about or is short, what to know about how it sounds, or that it was kept (`comparison.kept`); null otherwise. */
  notice: notice.nullable(),
});
export type ComparisonView = z.infer<typeof comparisonView>;
