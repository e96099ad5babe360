import { z } from 'zod';
import { notice } from './notice.js';

/** A recording under way. */
export const recordingView = z.object({
  /** ms since 1970. */
  startedAtMs: z.number(),
  /** Where its first take is; null until there was sound. */
  folder: z.string().nullable(),
  /** Recorded so far, as of the last look every few seconds; `LiveNumbers` has it by the moment. */
  seconds: z.number(),
  /** Free on its disk; null when that cannot be known. */
  freeBytes: z.number().nullable(),
  /** What both tracks take; 0 until there was sound. */
  bytesPerSecond: z.number(),
  /** A take more for each time the devices had to be opened anew, or the computer slept. */
  takes: z.number().int(),
});
export type RecordingView = z.infer<typeof recordingView>;

/** Where recordings go, and how the last one fared. */
export const recordingsView = z.object({
  folder: z.string(),
  /** The folder is the usual one: nobody chose another. */
  isDefault: z.boolean(),
  /** Why another folder cannot be chosen (`policy.*`); null when it can. */
  lockReason: notice.nullable(),
  /** Folder of the recording that ended last since the start of Limpid; null before. */
  lastFolder: z.string().nullable(),
  /** `recording.saved` or what went wrong with the last one, until the next; while recording, that the disk is almost full. */
  notice: notice.nullable(),
});
export type RecordingsView = z.infer<typeof recordingsView>;
