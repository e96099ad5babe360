import { z } from 'zod';
import { notice, noticeFields } from './notice.js';

/**
 * `not-configured`: no backend, or no engine that needs a token · `fetching`: the first one is on its way · `valid` ·
 * `refreshing`: valid, and the next one is on its way · `offline`: the backend gives none at the moment (`expiresAtMs`
 * says whether one is still good) · `expired`: none is good any more, and the backend gives none · `rejected`: the backend
 * refuses our credential (401, 403) · `not-allowed`: the engine's vendor refuses the token · `clock-wrong`: fresh tokens
 * are out of date at once.
 */
export const tokenState = z.enum([
  'not-configured',
  'fetching',
  'valid',
  'refreshing',
  'offline',
  'expired',
  'rejected',
  'not-allowed',
  'clock-wrong',
]);
export type TokenState = z.infer<typeof tokenState>;

/** One thing that happened to the token. Never holds any part of it. `atMs`: wall clock, ms since 1970. */
export const tokenEvent = z.object({ atMs: z.number(), notice });
export type TokenEvent = z.infer<typeof tokenEvent>;

export const maxTokenEvents = 50;

/** What a window may know of the token. Times are wall-clock ms since 1970, by this computer's clock. */
export const tokenStatus = z.object({
  state: tokenState,
  environment: z.string().nullable(),
  issuedAtMs: z.number().nullable(),
  expiresAtMs: z.number().nullable(),
  /** When the next request is due; null while one is under way or none is planned. */
  refreshAtMs: z.number().nullable(),
  lastError: z.object({ ...noticeFields, message: z.string(), hint: z.string() }).nullable(),
  /** Backend's clock minus this computer's, ms; null when the backend does not say. */
  skewMs: z.number().nullable(),
  /** Tokens that arrived, and requests that failed, since the app started. */
  refreshes: z.number().int(),
  failures: z.number().int(),
  /** Newest first. */
  history: z.array(tokenEvent).max(maxTokenEvents),
});
export type TokenStatus = z.infer<typeof tokenStatus>;
