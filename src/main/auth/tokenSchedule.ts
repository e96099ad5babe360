import { LimpidError } from '../../shared/errors.js';
import type { FetchedToken } from './backendClient.js';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;

/** The keeper looks at its clocks at least this often: after a sleep a timer may be late by the whole sleep. */
export const lookEveryMs = minuteMs;

/** A credential that is refused, or that the keychain does not give, does not get better by asking; people and configuration changes do not wait for this. */
export const rejectedPauseMs = 5 * minuteMs;
const longestRetryAfterMs = 15 * minuteMs;

const firstRetryMs = 500;
const slowestRetryMs = minuteMs;
/** While somebody speaks without a token: the engine is trusted again after 3 s of success, and the voice shall be back within 12 s. */
const slowestLiveRetryMs = 8 * secondMs;
/** Full jitter may draw next to nothing again and again; this keeps a bound on the number of requests. */
const leastShare = 0.1;

/** The vendor's engine answers “not allowed”: new tokens come this long after the answer, then each time after the one before. */
const refusalGapsMs = [5 * secondMs, 10 * secondMs, 45 * secondMs];
const lastRefusalGapMs = 5 * minuteMs;

/** Times as the backend told them, and the local wall clock when the request began, ms. */
export type TokenTimes = Pick<FetchedToken, 'issuedAtMs' | 'expiresAtMs' | 'expiresInMs' | 'serverNowMs'>;

export interface TokenLife {
  /** Counted from the moment the request began; zero or less: it was out of date on arrival. */
  remainingMs: number;
  /** What the backend's clock showed, by the best guess. */
  serverNowMs: number;
  /** The backend did not tell its time, and by the local wall clock this fresh token is out of date. */
  isClockSuspect: boolean;
}

/**
 * How long a token can be used: the shortest of what its times say, by the backend's clock, less a second because they are whole
 * seconds. So a cached token that was old on arrival counts as old. `wallMs`: the local wall clock when the request began.
 */
export function measureLife(token: TokenTimes, wallMs: number): TokenLife {
  const { issuedAtMs, expiresAtMs, expiresInMs, serverNowMs } = token;
  const issuedForMs = issuedAtMs === null || issuedAtMs >= expiresAtMs ? Infinity : expiresAtMs - issuedAtMs;
  const promisedMs = expiresInMs === null || expiresInMs <= 0 ? Infinity : expiresInMs;
  const byItselfMs = Math.min(issuedForMs, promisedMs);
  const byClockMs = expiresAtMs - (serverNowMs ?? wallMs);
  const isClockSuspect = serverNowMs === null && byClockMs <= 0 && Number.isFinite(byItselfMs);
  if (isClockSuspect) {
    return { remainingMs: byItselfMs - secondMs, serverNowMs: expiresAtMs - byItselfMs, isClockSuspect };
  }
  const remainingMs = Math.min(byClockMs, byItselfMs) - secondMs;
  return { remainingMs, serverNowMs: serverNowMs ?? wallMs, isClockSuspect };
}

/** When in a life of `remainingMs` the next token is fetched: not before `fromMs`, not after `untilMs`. Never later than after a day. */
export function refreshWindow(remainingMs: number): { fromMs: number; untilMs: number } {
  const marginMs = remainingMs < 2 * minuteMs ? remainingMs * 0.2 : Math.max(minuteMs, remainingMs * 0.1);
  const fromMs = remainingMs - marginMs;
  if (fromMs >= dayMs) return { fromMs: dayMs - 10 * minuteMs, untilMs: dayMs };
  return { fromMs, untilMs: Math.min(dayMs, remainingMs - marginMs / 2) };
}

/**
 * One moment of a window, by chance, so that many clients do not ask at once: one of the looks that the keeper takes anyway
 * where the window holds any (a refresh then costs no wake-up), else near the window's beginning. All times on one clock.
 */
export function chooseRefreshMs(
  window: { fromMs: number; untilMs: number },
  nextLookMs: number,
  random: number,
): number {
  const { fromMs, untilMs } = window;
  const firstLookMs = nextLookMs + Math.max(0, Math.ceil((fromMs - nextLookMs) / lookEveryMs)) * lookEveryMs;
  const looks = Math.floor((untilMs - firstLookMs) / lookEveryMs) + 1;
  if (looks < 1) return fromMs + random * (untilMs - fromMs) * 0.2;
  return firstLookMs + Math.min(looks - 1, Math.floor(random * looks)) * lookEveryMs;
}

/** Pause after the `attempts`th failure in a row (1, 2 …). `isVoiceWaiting`: somebody speaks and has no valid token. */
export function backOffMs(attempts: number, random: number, isVoiceWaiting: boolean): number {
  const capMs = isVoiceWaiting ? slowestLiveRetryMs : slowestRetryMs;
  const ceilingMs = Math.min(capMs, firstRetryMs * 2 ** (attempts - 1));
  return ceilingMs * Math.max(leastShare, random);
}

/** Pause before the new token with index `step` (0, 1 …) that may end a refusal by the vendor. */
export function refusalGapMs(step: number): number {
  return refusalGapsMs[step] ?? lastRefusalGapMs;
}

/**
 * `plain`: tried again after a back-off · `paused`: the backend asked for `pauseMs`, or the keychain needs a person · `rejected`: it refuses the credential ·
 * `not-configured`: nothing to ask.
 */
export interface FailureKind {
  kind: 'plain' | 'paused' | 'rejected' | 'not-configured';
  /** Least time until the next request, back-off apart. */
  pauseMs: number;
}

/** Asking again does not mend these: somebody has to sign in, or to change what is configured here or at the provider. */
const personCodes = new Set([
  'signIn.needed',
  'signIn.revoked',
  'signIn.not-accepted',
  'signIn.refused',
  'signIn.denied',
  'signIn.not-configured',
]);

/** Whether a sign-in waits for a person. What else goes wrong on the way to a provider, such as the page of a hotel's network, passes. */
export const needsPerson = (error: unknown): boolean => error instanceof LimpidError && personCodes.has(error.code);

/** What an error of `fetchToken` means for the next request. */
export function classifyFailure(error: unknown): FailureKind {
  if (!(error instanceof LimpidError)) return { kind: 'plain', pauseMs: 0 };
  const { code, params } = error;
  if (code === 'backend.not-configured') return { kind: 'not-configured', pauseMs: rejectedPauseMs };
  // Asked again and again, a locked keychain may show its prompt each time; once it is back, the credentials' changes say so.
  if (/^(credential|keychain)\./.test(code)) return { kind: 'paused', pauseMs: rejectedPauseMs };
  const askedMs = params['retryAfterMs'];
  const pauseMs = typeof askedMs === 'number' && askedMs > 0 ? Math.min(askedMs, longestRetryAfterMs) : 0;
  if (code === 'backend.unauthorised' || code === 'backend.forbidden' || needsPerson(error)) {
    return { kind: 'rejected', pauseMs: Math.max(pauseMs, rejectedPauseMs) };
  }
  return { kind: pauseMs > 0 ? 'paused' : 'plain', pauseMs };
}
