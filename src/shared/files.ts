import { z } from 'zod';
import { notice } from './notice.js';

/** `asks`: its output exists, and `files.answer` must say what to do. */
export const fileStatus = z.enum(['waiting', 'running', 'asks', 'done', 'failed', 'cancelled']);
export type FileStatus = z.infer<typeof fileStatus>;

/** One file of the queue. */
export const fileItem = z.object({
  id: z.string(),
  name: z.string(),
  /** Where it lies; null: it came through a browser. */
  folder: z.string().nullable(),
  status: fileStatus,
  /** 0..1. */
  progress: z.number().min(0).max(1),
  /** Seconds of sound a second while it runs; null before that is known. */
  speed: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** What came of it; null before it is done. Levels in dBFS. */
  result: z
    .object({
      path: z.string(),
      seconds: z.number(),
      inputDb: z.number(),
      outputDb: z.number(),
      noiseReductionDb: z.number().nullable(),
      /** Working time over length of the sound: below 1 is faster than it plays. */
      realTimeFactor: z.number(),
      engine: z.enum(['gtcrn', 'aic', 'bypass']),
    })
    .nullable(),
  /** Why it failed, what it asks, or what to know about the result. */
  notice: notice.nullable(),
});
export type FileItem = z.infer<typeof fileItem>;

/** How outputs are named and where they go. */
export const fileOptions = z.object({
  /** Null: beside the original; what came through a browser goes to the folder for recordings. */
  folder: z.string().min(1).max(4000).nullable(),
  /** Name without its ending: `{name}`, `{engine}`, `{date}`, `{time}` and any text. */
  pattern: z.string().min(1).max(200),
});
export type FileOptions = z.infer<typeof fileOptions>;

export const usualFileOptions: FileOptions = { folder: null, pattern: '{name} (enhanced)' };

const count = z.number().int();
/** The queue as a whole. */
export const filesView = z.object({
  options: fileOptions,
  /** Folders that are being looked through, and files that are being received. */
  arriving: count,
  counts: z.object({ waiting: count, running: count, asks: count, done: count, failed: count, cancelled: count }),
  /** Of all files since the queue was empty, 0..1. */
  progress: z.number().min(0).max(1),
  secondsLeft: z.number().nullable(),
  /** The ffmpeg that opens other formats than WAV; null: none is installed. */
  ffmpegVersion: z.string().nullable(),
  /** What the last addition left out, or a failure of the queue as a whole. */
  notice: notice.nullable(),
});
export type FilesView = z.infer<typeof filesView>;

export const emptyFilesView: FilesView = {
  options: usualFileOptions,
  arriving: 0,
  counts: { waiting: 0, running: 0, asks: 0, done: 0, failed: 0, cancelled: 0 },
  progress: 0,
  secondsLeft: null,
  ffmpegVersion: null,
  notice: null,
};
