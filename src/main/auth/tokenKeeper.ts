import { inspect } from 'node:util';
import { LimpidError, type LimpidErrorShape, type Notice } from '../../shared/errors.js';
import { describe, toErrorShape } from '../../shared/messages/index.js';
import type { TokenState, TokenStatus } from '../../shared/token.js';
import { clockSkewMs, type FetchedToken } from './backendClient.js';
import { PassedTime, systemClock, type Clock } from './clock.js';
import { durationOf } from './duration.js';
import { EngineAnswers } from './engineAnswers.js';
import { TokenApplier, type Applied } from './tokenApplier.js';
import { TokenHistory } from './tokenHistory.js';
import {
  backOffMs,
  chooseRefreshMs,
  classifyFailure,
  lookEveryMs,
  measureLife,
  refreshWindow,
  type FailureKind,
} from './tokenSchedule.js';

/** Far above the timeout of a request, which is at most a minute: only what never ends at all is given up here. */
const fetchPatienceMs = 90_000;
const applyPatienceMs = 30_000;
/** The engine's answer to a block from before the swap may still be on its way for this long. */
const settleMs = 1000;
/** A sleep, not a busy moment. */
const sleepMs = 10_000;
/** Least time between a request and the next one that only waking up asks for. */
const wakeGapMs = 5000;

export interface TokenKeeperOptions {
  /** Name of the environment that tokens come from; null: none is configured. */
  environment(): string | null;
  /** Fetches from the active environment. */
  fetch(signal: AbortSignal): Promise<FetchedToken>;
  /**
   * Hands the token to every licensed object; resolves with the vendor's code (0 accepted, 50, 52 …), or with null when there is
   * none. An engine that cannot
   * swap (53) is replaced before it resolves. May be slow; never called again before it has settled.
   */
  apply(token: string): Promise<number | null>;
  /** Whether somebody speaks through the licensed engine, so that each second without a token is heard. Call `wake` when that begins. */
  isVoiceLive(): boolean;
  clock?: Clock;
  /** Uniform in 0..1. */
  random?(): number;
}

/** Times are of `PassedTime`. */
interface HeldToken {
  token: string;
  environment: string | null;
  issuedMs: number | null;
  deadlineMs: number;
  refreshMs: number;
  /** The engine called it out of date. */
  isReported: boolean;
  isExpiryNoted: boolean;
}

/** Times of this and all below: monotonic clock. */
interface Failure extends FailureKind {
  error: LimpidErrorShape;
  atMs: number;
  /** In a row, this one included. */
  attempt: number;
  random: number;
  /** Waking up allows the next request then. */
  hastenedMs: number;
}

interface Cycle {
  environment: string | null;
  controller: AbortController;
  /** Called off: its answer counts for nothing. */
  isSuperseded: boolean;
  stage: 'fetching' | 'applying';
  isForUser: boolean;
  /** When it began, by the wall clock and by what the monotonic clock had missed until then. */
  wallMs: number;
  skippedMs: number;
  done: Promise<void>;
}

/**
 * Keeps a good token at hand: the one place that decides when a token is fetched. It asks for one at a time, swaps it in place,
 * and says at each moment how things stand. What it holds appears in none of its texts.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #time: PassedTime;
  readonly #applier: TokenApplier;
  readonly #engine: EngineAnswers;
  readonly #history = new TokenHistory();
  readonly #listeners = new Set<(status: TokenStatus) => void>();
  #isStarted = false;
  #held: HeldToken | null = null;
  #cycle: Cycle | null = null;
  #failure: Failure | null = null;
  #attempts = 0;
  #appliedMs = -Infinity;

  /** The backend's clock minus `PassedTime`; null: unknown. */
  #serverAheadMs: number | null = null;
  #refreshes = 0;
  #failures = 0;
  #cycleStartedMs = -Infinity;
  #nextLookMs = 0;
  #plannedMs = Infinity;
  #cancelTimer: () => void = () => undefined;
  #seen: { skippedMs: number; wallAheadMs: number };
  #published = '';

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#time = new PassedTime(this.#clock);
    this.#applier = new TokenApplier((token) => options.apply(token));
    this.#engine = new EngineAnswers({
      nowMs: () => this.#nowMs(),
      random: this.#random,
      note: (notice) => this.#note(notice),
      clockNotice: () => this.#clockNotice(),
    });
    this.#seen = this.#readJumps();
  }

  /** Begins to keep a token; fetches at once when there is no good one. Without effect when it has begun. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#seen = this.#readJumps();
    this.#look();
    // Computers that were switched on together do not stay in step.
    this.#nextLookMs = this.#nowMs() + lookEveryMs * this.#random();
    this.#plan();
  }

  /** Ends keeping: no timer and no request is left. The token stays for as long as it is good. */
  stop(): void {
    this.#isStarted = false;
    this.#supersede();
    this.#engine.forget();
    if (this.#failure?.kind === 'plain') this.#failure = null;
    this.#update();
  }

  /** Fetches a token now, whatever the schedule says; joins a request that is under way. Rejects with the backend's or the engine's error. */
  async refreshNow(): Promise<void> {
    this.#note({ code: 'token.asked', params: {} });
    for (;;) {
      const cycle = this.#cycle ?? this.#begin(true);
      cycle.isForUser = true;
      this.#update();
      try {
        return await cycle.done;
      } catch (error) {
        const isReplaced = cycle.isSuperseded && this.#isStarted;
        if (!isReplaced) throw error;
      }
    }
  }

  /** Environment, credential or policy changed: fetches at once, whatever went wrong before. A token of another environment is dropped. */
  configurationChanged(): void {
    this.#supersede();
    this.#failure = null;
    this.#attempts = 0;
    this.#engine.forgetTroubles();
    const environment = this.#options.environment();
    if (this.#held?.environment !== environment) {
      this.#held = null;
      this.#serverAheadMs = null;
      this.#applier.drop();
    }
    this.#note(
      environment === null
        ? { code: 'token.configuration-gone', params: {} }
        : { code: 'token.configuration-changed', params: { environment } },
    );
    if (this.#isStarted && environment !== null) this.#begin(false);
    this.#look();
  }

  /** The computer is back from sleep, the network is back, or somebody begins to speak: looks at once, and does not sit out a back-off. */
  wake(): void {
    this.#hasten();
    this.#look();
  }

  /**
   * What the engine answered to a block just now (0: enhanced), also when it is the same answer again. A code that was not heard
   * for a second after a swap counts as the answer to the new token.
   */
  engineAnswered(code: number): void {
    const isNews = this.#engine.hear(code);
    const verdictMs = this.#verdictMs();
    if (isNews || (verdictMs !== null && verdictMs <= this.#nowMs())) this.#look();
  }

  /** The token, while it is good by the best knowledge. */
  get token(): string | null {
    return this.#isGood() ? this.#held!.token : null;
  }

  get status(): TokenStatus {
    this.#nowMs();
    const dueMs = this.#dueMs();
    const state = this.#state();
    return {
      state,
      environment: this.#options.environment(),
      issuedAtMs: this.#toWall(this.#held?.issuedMs ?? null),
      expiresAtMs: this.#toWall(this.#held?.deadlineMs ?? null),
      refreshAtMs: this.#toWall(dueMs === null ? null : dueMs + this.#time.skippedMs),
      lastError: this.#lastError(state),
      skewMs: this.#skewMs(),
      refreshes: this.#refreshes,
      failures: this.#failures,
      history: this.#history.events,
    };
  }

  /** Calls `listener` after every real change of the status. */
  onStatus(listener: (status: TokenStatus) => void): () => void {
    if (this.#listeners.size === 0) this.#published = JSON.stringify(this.status);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  toJSON(): TokenStatus {
    return this.status;
  }

  [inspect.custom](): string {
    return `TokenKeeper ${inspect(this.status)}`;
  }

  // Looking at the clocks

  #look(): void {
    const nowMs = this.#nowMs();
    const lateMs = this.#isStarted ? nowMs - this.#plannedMs : 0;
    this.#nextLookMs = nowMs + lookEveryMs;
    if (this.#noteJumps(lateMs) && this.#cycle?.stage === 'fetching') {
      // What was asked before the sleep has no connection any more, or an answer of unknown age.
      const { isForUser } = this.#cycle;
      this.#supersede();
      this.#begin(isForUser);
    }
    if (!this.#options.isVoiceLive()) this.#engine.forget();
    const verdictMs = this.#verdictMs();
    if (verdictMs !== null && verdictMs <= nowMs) {
      this.#held!.isReported = true;
      this.#engine.countExpiry(this.#appliedMs);
    }
    if (this.#held && this.#failure && !this.#held.isExpiryNoted && !this.#isGood()) {
      this.#held.isExpiryNoted = true;
      this.#note({ code: 'token.expired', params: {} });
    }
    const dueMs = this.#dueMs();
    // A timer may be early by its resolution.
    if (dueMs !== null && dueMs <= nowMs + 1) this.#begin(false);
    this.#update();
  }

  /** Returns whether the computer slept, or seems to have. */
  #noteJumps(lateMs: number): boolean {
    const jumps = this.#readJumps();
    const skippedMs = jumps.skippedMs - this.#seen.skippedMs;
    const wallMovedMs = jumps.wallAheadMs - this.#seen.wallAheadMs;
    this.#seen = jumps;
    if (wallMovedMs <= -sleepMs) {
      this.#note({ code: 'token.clock-put-back', params: { pause: durationOf(-wallMovedMs) } });
    }
    const pauseMs = Math.max(skippedMs, lateMs);
    if (pauseMs < sleepMs) return false;
    this.#note({ code: 'token.woke', params: { pause: durationOf(pauseMs) } });
    this.#hasten();
    return true;
  }

  #hasten(): void {
    if (!this.#failure) return;
    this.#failure.hastenedMs = Math.max(this.#nowMs(), this.#cycleStartedMs + wakeGapMs);
  }

  /** When the next request is due; null while one is under way, or when none is planned. */
  #dueMs(): number | null {
    if (!this.#isStarted || this.#cycle || this.#options.environment() === null) return null;
    if (this.#failure) return this.#retryMs(this.#failure);
    if (!this.#isGood()) return this.#monotonicMs();
    const refreshMs = this.#held!.refreshMs - this.#time.skippedMs;
    return Math.min(refreshMs, this.#engine.wantedMs);
  }

  #retryMs({ kind, pauseMs, atMs, attempt, random, hastenedMs }: Failure): number {
    const backOff = atMs + backOffMs(attempt, random, this.#isVoiceWaiting());
    if (kind === 'plain') return Math.min(backOff, hastenedMs);
    return Math.max(backOff, atMs + pauseMs);
  }

  /** When the engine's “out of date” counts as its answer to the token it has; null: it does not. */
  #verdictMs(): number | null {
    if (!this.#engine.isExpired || this.#cycle || this.#failure || this.#applier.isBusy) return null;
    if (!this.#isStarted || !this.#isGood() || this.#held!.isReported) return null;
    return this.#appliedMs + settleMs;
  }

  /** Somebody speaks and has no valid token. With a wrong clock new tokens do not help, so there is no hurry. */
  #isVoiceWaiting(): boolean {
    const isLacking = !this.#isGood() || (this.#engine.isExpired && !this.#engine.isClockWrong);
    return isLacking && this.#options.isVoiceLive();
  }

  #update(): void {
    this.#plan();
    this.#publish();
  }

  #plan(): void {
    this.#cancelTimer();
    this.#plannedMs = Infinity;
    if (!this.#isStarted) return;
    const nowMs = this.#nowMs();
    const expiryMs = this.#failure && this.#isGood() ? this.#held!.deadlineMs - this.#time.skippedMs : Infinity;
    const wakeMs = Math.min(this.#nextLookMs, this.#dueMs() ?? Infinity, this.#verdictMs() ?? Infinity, expiryMs);
    const delayMs = Math.ceil(Math.max(0, wakeMs - nowMs));
    this.#plannedMs = nowMs + delayMs;
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#look());
  }

  // One request

  #begin(isForUser: boolean): Cycle {
    this.#cycleStartedMs = this.#nowMs();
    this.#engine.countRequest(this.#cycleStartedMs);
    const cycle: Cycle = {
      environment: this.#options.environment(),
      controller: new AbortController(),
      isSuperseded: false,
      stage: 'fetching',
      isForUser,
      wallMs: this.#clock.wallMs(),
      skippedMs: this.#time.skippedMs,
      done: Promise.resolve(),
    };
    this.#cycle = cycle;
    cycle.done = this.#renew(cycle).finally(() => {
      if (this.#cycle === cycle) this.#cycle = null;
      this.#update();
    });
    // Who began it without waiting for it learns of its end from the status.
    cycle.done.catch(() => undefined);
    return cycle;
  }

  /** The request under way is called off; its answer counts for nothing. */
  #supersede(): void {
    const cycle = this.#cycle;
    if (!cycle) return;
    this.#cycle = null;
    cycle.isSuperseded = true;
    cycle.controller.abort();
  }

  async #renew(cycle: Cycle): Promise<void> {
    try {
      const fetched = await this.#fetch(cycle);
      if (cycle.isSuperseded) throw new LimpidError('token.cancelled');
      const candidate = this.#judge(fetched, cycle);
      if (candidate) await this.#hand(candidate, cycle);
    } catch (error) {
      if (cycle.isSuperseded) throw new LimpidError('token.cancelled');
      this.#fail(error);
      cycle.controller.abort();
      throw error;
    }
  }

  async #fetch({ controller }: Cycle): Promise<FetchedToken> {
    const request = this.#options.fetch(controller.signal);
    const fetched = await this.#withPatience(request, fetchPatienceMs, controller.signal);
    if (fetched !== 'slow') return fetched;
    throw new LimpidError('token.fetch-hung', { wait: durationOf(fetchPatienceMs) }, { retryable: true });
  }

  /** Measures what arrived. Throws `token.outdated`; null: it is the token that the engine just called out of date. */
  #judge(fetched: FetchedToken, cycle: Cycle): HeldToken | null {
    const nowMs = this.#time.nowMs();
    const { remainingMs, serverNowMs, isClockSuspect } = measureLife(fetched, cycle.wallMs);
    // A sleep during the request counts in full.
    const startedMs = fetched.startedAtMs + cycle.skippedMs;
    const deadlineMs = startedMs + remainingMs;
    const skewMs = isClockSuspect ? serverNowMs - cycle.wallMs : clockSkewMs(fetched, this.#clock.wallMs());
    this.#serverAheadMs = skewMs === null ? null : skewMs + this.#time.toWallMs(0);
    if (deadlineMs <= nowMs) throw new LimpidError('token.outdated', {}, { retryable: true });

    const life = durationOf(deadlineMs - nowMs);
    const isSame = fetched.token === this.#held?.token;
    this.#note(isSame ? { code: 'token.unchanged', params: { life } } : { code: 'token.fetched', params: { life } });
    if (isClockSuspect) this.#note({ code: 'token.clock-suspect', params: {} });
    if (isSame && this.#held!.isReported) {
      this.#acceptSame();
      return null;
    }
    const { fromMs, untilMs } = refreshWindow(remainingMs);
    const window = { fromMs: startedMs + fromMs, untilMs: startedMs + untilMs };
    return {
      token: fetched.token,
      environment: cycle.environment,
      issuedMs: fetched.issuedAtMs === null ? null : startedMs - Math.max(0, serverNowMs - fetched.issuedAtMs),
      deadlineMs,
      refreshMs: chooseRefreshMs(window, this.#nextLookMs + this.#time.skippedMs, this.#random()),
      isReported: false,
      isExpiryNoted: false,
    };
  }

  async #hand(candidate: HeldToken, cycle: Cycle): Promise<void> {
    cycle.stage = 'applying';
    this.#update();
    const isQueued = this.#applier.isBusy;
    const handed = this.#applier.hand(candidate.token);
    const outcome = await this.#withPatience(handed, isQueued ? 0 : applyPatienceMs, cycle.controller.signal);
    if (cycle.isSuperseded) throw new LimpidError('token.cancelled');
    if (outcome !== 'slow') return this.#settle(candidate, outcome);
    if (!isQueued) this.#engine.noteSlow(durationOf(applyPatienceMs));
    this.#accept(candidate);
    void handed.then((late) => this.#settleLate(candidate, late));
  }

  /** Throws `token.cancelled` as soon as the request is superseded. */
  async #withPatience<Value>(work: Promise<Value>, patienceMs: number, signal: AbortSignal): Promise<Value | 'slow'> {
    let stopWaiting = (): void => undefined;
    const end = new Promise<'slow'>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new LimpidError('token.cancelled')), { once: true });
      if (patienceMs > 0) stopWaiting = this.#clock.after(patienceMs, () => resolve('slow'));
      else resolve('slow');
    });
    try {
      return await Promise.race([work, end]);
    } finally {
      stopWaiting();
    }
  }

  /** Throws the vendor's `aic.*` when the engine refused the token itself. */
  #settle(candidate: HeldToken, outcome: Applied): void {
    this.#engine.readOutcome(outcome);
    this.#accept(candidate);
  }

  #settleLate(candidate: HeldToken, outcome: Applied): void {
    if (candidate !== this.#held) return;
    try {
      this.#engine.readOutcome(outcome);
      this.#appliedMs = this.#nowMs();
    } catch (error) {
      if (!this.#cycle && !this.#failure) this.#fail(error);
    }
    this.#look();
  }

  #accept(candidate: HeldToken): void {
    if (this.#failure) this.#note({ code: 'token.recovered', params: {} });
    this.#held = candidate;
    this.#refreshes += 1;
    this.#failure = null;
    this.#attempts = 0;
    this.#engine.renewed();
    this.#appliedMs = this.#nowMs();
  }

  #acceptSame(): void {
    this.#refreshes += 1;
    this.#failure = null;
    this.#attempts = 0;
    this.#engine.countSameToken();
  }

  #fail(cause: unknown): void {
    const error = toErrorShape(cause);
    this.#attempts += 1;
    this.#failures += 1;
    this.#failure = {
      ...classifyFailure(cause),
      error,
      atMs: this.#nowMs(),
      attempt: this.#attempts,
      random: this.#random(),
      hastenedMs: Infinity,
    };
    const waitMs = this.#retryMs(this.#failure) - this.#failure.atMs;
    this.#history.noteFailure(error, durationOf(waitMs), this.#clock.wallMs());
  }

  // What others see

  #state(): TokenState {
    if (this.#options.environment() === null || this.#failure?.kind === 'not-configured') return 'not-configured';
    if (this.#engine.refusal) return 'not-allowed';
    if (this.#engine.isClockWrong) return 'clock-wrong';
    const isGood = this.#isGood();
    if (this.#cycle && (!this.#failure || this.#cycle.isForUser)) return isGood ? 'refreshing' : 'fetching';
    if (this.#failure?.kind === 'rejected') return 'rejected';
    if (this.#failure) return isGood || !this.#held ? 'offline' : 'expired';
    if (isGood) return 'valid';
    return this.#isStarted ? 'fetching' : 'not-configured';
  }

  #lastError(state: TokenState): TokenStatus['lastError'] {
    if (state === 'clock-wrong') {
      const notice = this.#clockNotice();
      return { ...notice, ...describe(notice) };
    }
    const refusal = state === 'not-allowed' ? this.#engine.refusal : null;
    const error = refusal ?? this.#failure?.error ?? this.#engine.trouble;
    return error && withoutRetryable(error);
  }

  #clockNotice(): Notice {
    const skewMs = this.#skewMs();
    if (skewMs === null || Math.abs(skewMs) < 2000) return { code: 'token.clock-unclear', params: {} };
    const params = { difference: durationOf(Math.abs(skewMs)) };
    return { code: skewMs > 0 ? 'token.clock-wrong-ahead' : 'token.clock-wrong-behind', params };
  }

  #skewMs(): number | null {
    return this.#serverAheadMs === null ? null : Math.round(this.#serverAheadMs - this.#time.toWallMs(0));
  }

  #isGood(): boolean {
    return this.#held !== null && this.#held.deadlineMs > this.#time.nowMs();
  }

  /** The monotonic clock. */
  #nowMs(): number {
    return this.#time.nowMs() - this.#time.skippedMs;
  }

  #monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  #toWall(passedMs: number | null): number | null {
    return passedMs === null ? null : Math.round(this.#time.toWallMs(passedMs));
  }

  #readJumps(): { skippedMs: number; wallAheadMs: number } {
    this.#time.nowMs();
    const { skippedMs } = this.#time;
    return { skippedMs, wallAheadMs: this.#time.toWallMs(skippedMs) };
  }

  #note(notice: Notice): void {
    this.#history.note(notice, this.#clock.wallMs());
  }

  #publish(): void {
    if (this.#listeners.size === 0) return;
    const { status } = this;
    const text = JSON.stringify(status);
    if (text === this.#published) return;
    this.#published = text;
    for (const listener of this.#listeners) {
      try {
        listener(status);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function withoutRetryable({ code, message, hint, params = {} }: LimpidErrorShape): TokenStatus['lastError'] {
  return { code, message, hint, params };
}
