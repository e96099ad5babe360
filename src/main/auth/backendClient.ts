import type { BackendEnvironment } from '../../shared/backend.js';
import { LimpidError } from '../../shared/errors.js';
import { isJson } from '../../shared/isJson.js';
import { checkBackendUrl, checkHeaders } from './backendRules.js';
import { systemClock, type Clock } from './clock.js';
import { sendRequest, type ConnectionFinding, type HttpReply } from './httpClient.js';
import { openNetwork, type Network, type Route } from './network.js';
import { readTokenClaims, readTokenReply, type TokenClaims } from './tokenReply.js';

/** A token as it came from the backend, with what its schedule needs. It never leaves the memory of the main process. */
export interface FetchedToken {
  token: string;
  /** `iat`, ms since 1970 by the backend's clock; null: the token does not say. */
  issuedAtMs: number | null;
  /** `exp`, ms since 1970 by the backend's clock. */
  expiresAtMs: number;
  /** From the reply (`expires_in`); null: the reply does not say. */
  expiresInMs: number | null;
  /** The backend's clock when it answered: `Date` and `Age` of the reply. Null: the reply has no usable `Date`. */
  serverNowMs: number | null;
  /** The monotonic clock when the request began. */
  startedAtMs: number;
  /** From there to the end of the reply. */
  latencyMs: number;
  subject: string | null;
  issuer: string | null;
}

/** What is known on the way to a token, as soon as it is known; the steps come in the order of `connectionStepIds`. */
export type Finding =
  | { step: 'url'; host: string; route: Route }
  | { step: 'credential'; kind: BackendEnvironment['credentialKind'] }
  | ConnectionFinding
  | { step: 'http'; status: number }
  | { step: 'shape'; tokenPath: string }
  /** How long the token is good from now, by the best clock there is; whether `expires_at` of the reply tells another end. */
  | { step: 'claims'; remainingMs: number; isContradicted: boolean }
  | { step: 'clock'; skewMs: number | null };

export interface FetchOptions {
  /** Ends the request with `cancelled`. */
  signal?: AbortSignal;
  clock?: Clock;
  /** Default: what the variables of this process say, without the system's settings. */
  network?: Network;
  onFinding?(finding: Finding): void;
}

/** Between what a reply and its token say of the end. */
const toleranceMs = 60_000;
const maxReplyBytes = 64 * 1024;

/**
 * Asks a backend for a token. Throws `LimpidError` with `backend.*` (or `cancelled`, or `signIn.not-accepted` for the
 * 401 to a person who signed in), never with a cause and never with
 * anything of the request or the reply but the backend's host; `params.retryAfterMs` is there where the backend asked
 * for a pause (429, 5xx). The token's signature is not verified: the secret is the vendor's.
 */
export function fetchToken(
  environment: BackendEnvironment,
  credential: string | null,
  options: FetchOptions = {},
): Promise<FetchedToken> {
  return fetchTokenWith(environment, async () => credential, options);
}

/** `fetchToken` with a credential that is read on the way; what `readCredential` throws is passed on. */
export async function fetchTokenWith(
  environment: BackendEnvironment,
  readCredential: () => Promise<string | null>,
  options: FetchOptions = {},
): Promise<FetchedToken> {
  const { clock = systemClock, network = openNetwork(), onFinding = () => undefined } = options;
  const url = checkBackendUrl(environment.url);
  checkHeaders(environment.headers);
  const route = await findRoute(network, url, environment.proxy, options.signal);
  onFinding({ step: 'url', host: url.host, route });

  const headers = { ...headersOf(environment), ...authorizationOf(environment, await readCredential()) };
  onFinding({ step: 'credential', kind: environment.credentialKind });

  const deadline = startDeadline(environment.timeoutMs, url.host, clock, options.signal);
  const startedAtMs = clock.monotonicMs();
  const body = environment.method === 'POST' && environment.body ? environment.body : null;
  const { proxy, otherWays } = route;
  const { method, caFile } = environment;
  const request = { url, method, headers, body, proxy, otherWays, caFile, trust: network.trust };
  let reply: HttpReply | null = null;
  try {
    reply = await sendRequest(request, { signal: deadline.signal, onFinding });
    const serverNowMs = readServerNow(reply);
    checkStatus(reply, url, serverNowMs ?? clock.wallMs(), environment.credentialKind);
    onFinding({ step: 'http', status: reply.status });

    const text = await reply.text(maxReplyBytes);
    const latencyMs = clock.monotonicMs() - startedAtMs;
    const { token, expiresAtMs, expiresInMs } = readTokenReply(text, environment.reply, url.host);
    onFinding({ step: 'shape', tokenPath: environment.reply.token });

    const claims = readTokenClaims(token, url.host);
    const remainingMs = checkRemaining(claims, serverNowMs, clock.wallMs(), url.host);
    const differenceMs = Math.abs((expiresAtMs ?? claims.expiresAtMs) - claims.expiresAtMs);
    onFinding({ step: 'claims', remainingMs, isContradicted: differenceMs > toleranceMs });

    const fetched = { token, ...claims, expiresInMs, serverNowMs, startedAtMs, latencyMs };
    onFinding({ step: 'clock', skewMs: clockSkewMs(fetched, clock.wallMs()) });
    return fetched;
  } finally {
    deadline.end();
    reply?.close();
  }
}

/**
 * The backend's clock minus this computer's, ms; null where the backend does not say. `wallNowMs`: the wall clock right
 * after the fetch. Good to half a second, as `Date` counts whole ones.
 */
export function clockSkewMs({ serverNowMs, latencyMs }: FetchedToken, wallNowMs: number): number | null {
  if (serverNowMs === null) return null;
  return Math.round(serverNowMs + 500 - (wallNowMs - latencyMs / 2));
}

/** The system may take its time to name the proxy. */
async function findRoute(network: Network, url: URL, chosen: string | null, signal?: AbortSignal): Promise<Route> {
  try {
    return await network.findRoute(url, chosen, signal);
  } catch (error) {
    throw signal?.aborted ? new LimpidError('cancelled') : error;
  }
}

/** Headers as set by hand, over what is sent by itself; names in lower case. */
function headersOf({ method, body, headers }: BackendEnvironment): Record<string, string> {
  const own: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'identity' };
  if (method === 'POST' && body)
    own['content-type'] = isJson(body) ? 'application/json' : 'application/x-www-form-urlencoded';
  return { ...own, ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])) };
}

function authorizationOf(environment: BackendEnvironment, credential: string | null): Record<string, string> {
  const { credentialKind, credentialHeader, name } = environment;
  if (credentialKind === 'none') return {};
  if (!credential) throw new LimpidError('backend.credential-missing', { environment: name });
  if (/\p{Cc}/u.test(credential)) throw new LimpidError('backend.credential-invalid');
  if (credentialKind === 'basic') {
    const pair = credential.includes(':') ? credential : `${credential}:`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
  if (!/^[\x20-\x7e]+$/.test(credential)) throw new LimpidError('backend.credential-invalid');
  if (credentialKind === 'bearer' || credentialKind === 'sign-in') return { authorization: `Bearer ${credential}` };
  checkHeaders([{ name: credentialHeader }]);
  return { [credentialHeader.toLowerCase()]: credential };
}

/** One signal for the timeout of the whole request and the caller's own; its reason is the error to throw. */
export function startDeadline(timeoutMs: number, host: string, clock: Clock, outer?: AbortSignal) {
  const controller = new AbortController();
  const cancel = () => controller.abort(new LimpidError('cancelled'));
  const stopTimer = clock.after(timeoutMs, () => {
    const params = { host, seconds: timeoutMs / 1000 };
    controller.abort(new LimpidError('backend.timeout', params, { retryable: true }));
  });
  if (outer?.aborted) cancel();
  outer?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    end() {
      stopTimer();
      outer?.removeEventListener('abort', cancel);
    },
  };
}

function checkStatus(reply: HttpReply, { host }: URL, nowMs: number, kind: BackendEnvironment['credentialKind']): void {
  const { status } = reply;
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    throw new LimpidError('backend.redirect', { host, status, target: hostOf(reply.header('location'), host) });
  }
  if (status === 401) {
    throw new LimpidError(kind === 'sign-in' ? 'signIn.not-accepted' : 'backend.unauthorised', { host });
  }
  if (status === 403) throw new LimpidError('backend.forbidden', { host });
  if (status === 404) throw new LimpidError('backend.not-found', { host });
  const pause = readRetryAfter(reply.header('retry-after'), nowMs);
  const retryAfter = pause === null ? {} : { retryAfterMs: pause };
  if (status === 429) throw new LimpidError('backend.rate-limited', { host, ...retryAfter }, { retryable: true });
  if (status >= 500) {
    throw new LimpidError('backend.server-error', { host, status, ...retryAfter }, { retryable: true });
  }
  throw new LimpidError('backend.unexpected-status', { host, status });
}

/** How long the token is good, ms. Throws `backend.expired-on-arrival`; a doubtful clock of this computer is no reason to. */
function checkRemaining(claims: TokenClaims, serverNowMs: number | null, wallMs: number, host: string): number {
  const { issuedAtMs, expiresAtMs } = claims;
  const lifetimeMs = issuedAtMs === null ? Infinity : expiresAtMs - issuedAtMs;
  const remainingMs = Math.min(expiresAtMs - (serverNowMs ?? wallMs), lifetimeMs);
  if (remainingMs > 0) return remainingMs;
  if (serverNowMs === null && lifetimeMs > 0 && Number.isFinite(lifetimeMs)) return lifetimeMs;
  throw new LimpidError('backend.expired-on-arrival', { host });
}

/** `Date`, and the `Age` of a reply that a cache kept. */
function readServerNow(reply: HttpReply): number | null {
  const dateMs = readHttpDate(reply.header('date'));
  const age = reply.header('age') ?? '';
  return dateMs === null ? null : dateMs + (/^\d{1,9}$/.test(age) ? Number(age) * 1000 : 0);
}

/** Seconds or a date, as ms from now; null where there is none. */
function readRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const dateMs = readHttpDate(text);
  return dateMs === null ? null : Math.max(0, dateMs - nowMs);
}

/** The forms of RFC 9110, which are all in GMT. */
function readHttpDate(text: string | null): number | null {
  if (!text || !/^[A-Z][a-z]{2,8}, .+ GMT$/.test(text.trim())) return null;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? null : dateMs;
}

/** Where a redirect leads to, without path and query, which may carry secrets. */
function hostOf(location: string | null, host: string): string {
  try {
    return location ? new URL(location, `https://${host}`).host || '?' : '?';
  } catch {
    return '?';
  }
}
