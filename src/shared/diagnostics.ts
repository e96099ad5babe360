import { z } from 'zod';
import { notice } from './notice.js';

/** One numbered check of `doctor`. */
export const checkView = z.object({
  id: z.string(),
  /** Whether a live voice is impossible when it fails. */
  required: z.boolean(),
  result: z.enum(['waiting', 'running', 'ok', 'failed']),
  /** What was found, and as its hint how to mend it; null until then. */
  notice: notice.nullable(),
});
export type CheckView = z.infer<typeof checkView>;

/**
 * How a check stands, in one word. `failed`: what is needed does not work; `impaired`: what is not needed now does not work;
 * `absent`: what is not needed was never set up.
 */
export type CheckOutcome = 'ok' | 'failed' | 'impaired' | 'absent' | 'running' | 'waiting';

const notSetUp = /[.-](?:not-installed|not-configured|missing)$/;

export function checkOutcome({
  result,
  required,
  notice: found,
}: Pick<CheckView, 'result' | 'required' | 'notice'>): CheckOutcome {
  if (result !== 'failed' || required) return result;
  return found && notSetUp.test(found.code) ? 'absent' : 'impaired';
}

/** How long a self-test takes. */
export const selfTestSeconds = 30;

/** What thirty seconds of chirps from the output to the microphone say. */
export const selfTestResult = z.object({
  /** Chirps heard of those played. */
  heard: z.number().int(),
  played: z.number().int(),
  /** From the program to the device, through the air or the cable, and back; null when no chirp was heard. */
  roundTripMs: z.number().nullable(),
  /** Between the quickest and the slowest. */
  jitterMs: z.number().nullable(),
  gaps: z.number().int(),
  gapSeconds: z.number(),
  /** Of the chirps and of what is between them, at the microphone, in dBFS. */
  signalDb: z.number().nullable(),
  noiseDb: z.number().nullable(),
  /** What it means, and what to do. */
  verdict: notice,
  passed: z.boolean(),
  inputName: z.string(),
  outputName: z.string(),
});
export type SelfTestResult = z.infer<typeof selfTestResult>;

export const selfTestView = z.object({
  /** Null while it does not run. */
  running: z.object({ seconds: z.number(), totalSeconds: z.number() }).nullable(),
  last: selfTestResult.nullable(),
});
export type SelfTestView = z.infer<typeof selfTestView>;

/** One file of a support bundle, before it is saved. */
export const bundleEntry = z.object({ name: z.string(), bytes: z.number().int(), purpose: notice, text: z.string() });
export type BundleEntry = z.infer<typeof bundleEntry>;

/** A support bundle as it was put together at one moment; `id` names it until it is saved. */
export const bundlePreview = z.object({ id: z.string(), entries: z.array(bundleEntry) });
export type BundlePreview = z.infer<typeof bundlePreview>;

/** Something that changed in a session: a device, the engine, what is heard, a problem. `atMs`: wall clock, ms since 1970. */
export const sessionChange = z.object({ atMs: z.number(), notice });
export type SessionChange = z.infer<typeof sessionChange>;

/** How many points a session has at most, and how many changes. */
export const maxSessionPoints = 600;
export const maxSessionChanges = 300;

/** What there was of a series in the whole session, second by second; the mean of levels is that of their powers. */
const seriesFacts = z.object({
  /** With sound. */
  seconds: z.number().int(),
  lowest: z.number(),
  mean: z.number(),
  highest: z.number(),
});
export type SeriesFacts = z.infer<typeof seriesFacts>;

/** The session as plots need it: equally long steps, the oldest first. Gaps (`null`) are times without sound. */
const series = z.array(z.number().nullable()).max(maxSessionPoints);
export const sessionHistory = z.object({
  startedAtMs: z.number(),
  stepSeconds: z.number(),
  inputDb: series,
  outputDb: series,
  noiseReductionDb: series,
  delayMs: series,
  loadP99: series,
  /** Under-runs in each step. */
  underruns: series,
  /** What the steps cannot tell once they are long; null: there was no sound at all. */
  facts: z.object({
    inputDb: seriesFacts.nullable(),
    outputDb: seriesFacts.nullable(),
    noiseReductionDb: seriesFacts.nullable(),
    delayMs: seriesFacts.nullable(),
    loadP99: seriesFacts.nullable(),
    underruns: seriesFacts.nullable(),
  }),
  /** Oldest first. */
  changes: z.array(sessionChange).max(maxSessionChanges),
});
export type SessionHistory = z.infer<typeof sessionHistory>;
