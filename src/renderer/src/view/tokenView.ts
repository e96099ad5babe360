import type { Notice } from '../../../shared/errors.js';
import { describe, describeError, type Message } from '../../../shared/messages/index.js';
import type { AppState, LiveNumbers } from '../../../shared/state.js';
import type { TokenState, TokenStatus } from '../../../shared/token.js';
import { formatCount } from './format.js';
import { hint, text, type TextCode } from './text.js';
import { formatCountdown, formatDifference, formatTime } from './time.js';
import type { Tone } from './viewModel.js';

/** Below this the clocks count as equal. */
const skewWorthSayingMs = 5000;

export interface TokenView {
  tone: Tone;
  heading: string;
  /** The state in a few words. */
  headline: string;
  /** What it means, or what to do. */
  explanation: string;
  isBusy: boolean;
  /** Whether a refresh can be asked for at all. */
  offersRefresh: boolean;
  /** What the backend or the engine said last. */
  lastResult: string;
  totals: string;
  /** Empty while the clocks agree. */
  skew: string;
  historyLines: { atMs: number; time: string; sentence: string }[];
}

const tones: Record<TokenState, Tone> = {
  'not-configured': 'off',
  fetching: 'busy',
  valid: 'on',
  refreshing: 'busy',
  offline: 'warning',
  expired: 'problem',
  rejected: 'problem',
  'not-allowed': 'problem',
  'clock-wrong': 'problem',
};

/** Whether there is anything to say about a token: only with the engine that needs one, and a backend. */
export const showsToken = ({ token }: AppState) => token.state !== 'not-configured';

/** The token card, without what counts down. */
export function tokenView(token: TokenStatus, nowMs: number): TokenView {
  const { state, environment, lastError } = token;
  const code = stateCode(token, nowMs);
  const isBusy = state === 'fetching' || state === 'refreshing';
  const params = {
    time: token.expiresAtMs === null ? '' : formatTime(token.expiresAtMs, nowMs),
    difference: token.skewMs === null ? '' : formatDifference(token.skewMs),
  };
  return {
    tone: tones[state],
    heading: environment === null ? text('window.token') : text('window.token.of', { environment }),
    headline: text(code),
    explanation: hint(code, params),
    isBusy,
    offersRefresh: state !== 'not-configured',
    lastResult: lastResult(token),
    totals: text('window.token.totals.value', {
      refreshes: formatCount(token.refreshes),
      failures: formatCount(token.failures),
    }),
    skew: skewText(token.skewMs),
    historyLines: token.history.map(({ atMs, notice }) => ({
      atMs,
      time: formatTime(atMs, nowMs),
      sentence: describe(notice).message,
    })),
    ...(lastError && isTold(state) ? { explanation: describeError(lastError).hint } : {}),
  };
}

/** Nobody is signed in, or whoever is was not accepted. */
const signInCodes: ReadonlySet<string> = new Set(['signIn.needed', 'signIn.revoked', 'signIn.not-accepted']);

/** Whether the backend gets nothing because a person has to sign in. */
export const needsSignIn = ({ lastError }: Pick<TokenStatus, 'lastError'>): boolean => isAboutSignIn(lastError);

const isSignInCode = (code: string | undefined) => code !== undefined && signInCodes.has(code);

/** Whether that is what a notice says, or gives as its reason. */
export function isAboutSignIn(
  notice: (Pick<Notice, 'code'> & { params?: Notice['params'] | undefined }) | null,
): boolean {
  const reason = notice?.params?.['reason'];
  return isSignInCode(notice?.code) || (typeof reason === 'object' && isSignInCode(reason.code));
}

/** Why a token counts as expired that the backend takes for a good one, and what to do; null: the clocks are not why. */
export function clockProblem({ state, skewMs }: TokenStatus): Message | null {
  if (state !== 'clock-wrong') return null;
  const code: TextCode = `window.token.state.${state}${isFarApart(skewMs) ? '-by' : ''}`;
  const difference = skewMs === null ? '' : formatDifference(skewMs);
  return { message: text('window.problem.clock'), hint: hint(code, { difference }) };
}

const isFarApart = (skewMs: number | null) => skewMs !== null && Math.abs(skewMs) >= skewWorthSayingMs;

/** States whose remedy depends on what was answered, so that the answer's own hint is better than ours. */
const isTold = (state: TokenState) => state === 'rejected' || state === 'expired' || state === 'not-allowed';

function stateCode(token: TokenStatus, nowMs: number): TextCode {
  const { state, expiresAtMs, skewMs, lastError } = token;
  const isGood = expiresAtMs !== null && expiresAtMs > nowMs;
  const isBusy = state === 'fetching' || state === 'refreshing';
  if (needsSignIn(token) && lastError?.code !== 'signIn.not-accepted' && !isGood && !isBusy)
    return 'window.token.state.sign-in';
  if (state === 'offline' && isGood) return 'window.token.state.offline-good';
  if (state === 'clock-wrong' && isFarApart(skewMs)) return 'window.token.state.clock-wrong-by';
  return `window.token.state.${state}`;
}

function lastResult({ lastError, refreshes }: TokenStatus): string {
  if (lastError) return describeError(lastError).message;
  return text(refreshes > 0 ? 'window.token.last.ok' : 'window.token.last.none');
}

function skewText(skewMs: number | null): string {
  if (skewMs === null || Math.abs(skewMs) < skewWorthSayingMs) return '';
  const difference = formatDifference(skewMs);
  return text(skewMs > 0 ? 'window.token.skew.ahead' : 'window.token.skew.behind', { difference });
}

export interface Countdown {
  label: string;
  value: string;
}

/** Until the token ends: changes every second. */
export function expiryCountdown({ expiresAtMs }: TokenStatus, nowMs: number): Countdown {
  if (expiresAtMs === null) return { label: text('window.token.expiry'), value: text('window.token.none') };
  if (expiresAtMs <= nowMs) return { label: text('window.token.expired'), value: formatTime(expiresAtMs, nowMs) };
  return { label: text('window.token.expires'), value: formatCountdown(expiresAtMs - nowMs) };
}

/** Until the next request: changes every second. */
export function refreshCountdown({ state, expiresAtMs, refreshAtMs }: TokenStatus, nowMs: number): Countdown {
  const renews = expiresAtMs !== null && expiresAtMs > nowMs;
  const label = text(renews ? 'window.token.refreshes.next' : 'window.token.tries.next');
  if (state === 'fetching' || state === 'refreshing') return { label, value: text('window.token.refreshes.now') };
  if (refreshAtMs !== null && refreshAtMs <= nowMs) return { label, value: text('window.token.refreshes.now') };
  if (refreshAtMs === null) return { label, value: text('window.token.refreshes.none') };
  return {
    label: text(renews ? 'window.token.refreshes' : 'window.token.tries'),
    value: formatCountdown(refreshAtMs - nowMs),
  };
}

/**
 * Plain text for a support request: times in UTC, no token, no credential, no address. `numbers`: of the running loop, null
 * while none runs.
 */
export function tokenReport(state: AppState, numbers: LiveNumbers | null, nowMs: number): string {
  const { token, licensed, engine, heardEngine, fallback } = state;
  const none = text('window.token.report.none');
  const utc = (ms: number | null) => (ms === null ? none : new Date(ms).toISOString());
  const lines = [
    text('window.token.report.title', { version: state.version, platform: state.platform, host: state.host }),
    utc(nowMs),
    text('window.token.report.engine', { engine, heard: heardEngine, fallback }),
    text('window.token.report.licensed', {
      sdk: licensed.loaded?.sdkVersion ?? none,
      model: licensed.loaded?.modelId ?? none,
    }),
    text('window.token.report.environment', { environment: token.environment ?? none }),
    text('window.token.report.state', { state: token.state }),
    text('window.token.report.times', {
      issued: utc(token.issuedAtMs),
      expires: utc(token.expiresAtMs),
      refresh: utc(token.refreshAtMs),
    }),
    text('window.token.report.skew', {
      skew:
        token.skewMs === null ? none : text('window.token.report.milliseconds', { value: Math.round(token.skewMs) }),
    }),
    text('window.token.report.totals', { refreshes: token.refreshes, failures: token.failures }),
    text('window.token.report.error', {
      code: token.lastError?.code ?? none,
      message: token.lastError ? describeError(token.lastError).message : none,
    }),
    text('window.token.report.blocks', {
      bypassed: numbers?.counters.blocksBypassed ?? none,
      disallowed: numbers?.counters.blocksDisallowed ?? none,
    }),
    text('window.token.report.events'),
    ...token.history.map(({ atMs, notice }) => `${utc(atMs)} ${notice.code}: ${describe(notice).message}`),
  ];
  return `${lines.join('\n')}\n`;
}
