import { errorOf, noticeOf, type LimpidErrorShape, type Notice } from '../../shared/errors.js';
import { toErrorShape } from '../../shared/messages/index.js';
import { describeVendorCode, vendorError } from '../../shared/vendorCodes.js';
import type { Applied } from './tokenApplier.js';
import { backOffMs, refusalGapMs } from './tokenSchedule.js';

/** “Out of date” this soon after a swap that answered the same says that a clock is wrong. */
const expiredAgainMs = 10_000;
/** After this time without trouble the next trouble is a new one. */
const forgetTroubleMs = 5 * 60_000;
const replacedCode = 53;

export interface EngineAnswersOptions {
  /** Monotonic clock, of which all times here are. */
  nowMs(): number;
  /** Uniform in 0..1. */
  random(): number;
  note(notice: Notice): void;
  /** What there is to say about the clocks when one of them must be wrong. */
  clockNotice(): Notice;
}

/** What the engine makes of the tokens it is given, and when it takes another one to change its mind. */
export class EngineAnswers {
  readonly #options: EngineAnswersOptions;
  /** The last answer to a block; null: nobody speaks, or none yet. */
  #code: number | null = null;
  /** The vendor refuses: when the next new token is tried. */
  #refusal: { nextMs: number; isNoted: boolean } | null = null;
  #refusalSteps = { done: 0, lastMs: -Infinity };
  #workedMs = -Infinity;
  /** Tokens that the engine called out of date, in one row of trouble. */
  #expiries = { count: 0, lastMs: -Infinity };
  /** When a token is wanted because the engine calls the present one out of date. */
  #demandMs: number | null = null;
  #isClockWrong = false;
  #trouble: LimpidErrorShape | null = null;

  constructor(options: EngineAnswersOptions) {
    this.#options = options;
  }

  /** Its last answer calls a token out of date. */
  get isExpired(): boolean {
    return this.#code !== null && describeVendorCode(this.#code).state === 'expired';
  }

  /** Why it refuses every token; null: it does not. */
  get refusal(): LimpidErrorShape | null {
    return this.#refusal && toErrorShape(vendorError(this.#code ?? 0));
  }

  /** It calls tokens out of date that by our clocks are good. */
  get isClockWrong(): boolean {
    return this.#isClockWrong;
  }

  /** What went wrong between a good token and the engine; null once it took one. */
  get trouble(): LimpidErrorShape | null {
    return this.#trouble;
  }

  /** When another token is wanted because of what it answered; Infinity: none is. */
  get wantedMs(): number {
    return Math.min(this.#demandMs ?? Infinity, this.#refusal?.nextMs ?? Infinity);
  }

  /** It answered to a block (0: enhanced). Returns whether that is another answer than before. */
  hear(code: number): boolean {
    const isNews = code !== this.#code;
    this.#code = code;
    if (code === 0 && isNews) this.#works();
    if (isBlocked(code) && !this.#refusal) this.#blocks(code);
    return isNews;
  }

  /** A request for a token begins at `atMs`. */
  countRequest(atMs: number): void {
    if (!this.#refusal || this.#refusal.nextMs > atMs) return;
    const done = this.#refusalSteps.done + 1;
    this.#refusalSteps = { done, lastMs: atMs };
    this.#refusal.nextMs = atMs + refusalGapMs(done);
  }

  /** Its “out of date” is about the token that was swapped in at `appliedMs`. */
  countExpiry(appliedMs: number): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#expiries.lastMs > forgetTroubleMs) this.#expiries = { count: 0, lastMs: nowMs };
    const isAgain = this.#expiries.count > 0 && nowMs - appliedMs <= expiredAgainMs;
    if (!isAgain) this.#options.note({ code: 'token.engine-expired', params: {} });
    this.#demandLater();
    if (isAgain) this.#blameClock();
  }

  /** The backend gave again the token that the engine calls out of date. */
  countSameToken(): void {
    this.#demandLater();
    this.#blameClock();
  }

  /** Reads how a swap went. Throws the vendor's `aic.*` when the engine refused the token itself. */
  readOutcome(outcome: Applied): void {
    if (outcome === 'superseded') return;
    if (outcome === 'no-engine') return void (this.#trouble = null);
    if ('code' in outcome && (outcome.code === 0 || outcome.code === replacedCode)) {
      this.#trouble = null;
      return this.#options.note({ code: outcome.code === 0 ? 'token.applied' : 'token.engine-replaced', params: {} });
    }
    const error = 'code' in outcome ? vendorError(outcome.code) : outcome.error;
    const shape = toErrorShape(error);
    const params = { code: shape.code, reason: { code: shape.code, params: shape.params ?? {} } };
    const state = 'code' in outcome ? describeVendorCode(outcome.code).state : null;
    if (state !== 'token-invalid' && state !== 'expired') {
      this.#trouble = shape;
      return this.#options.note({ code: 'token.engine-failed', params });
    }
    this.#options.note({ code: 'token.engine-refused', params });
    if (state === 'expired') this.#isClockWrong = true;
    throw error;
  }

  /** A swap has not ended after `wait`, a length of time. */
  noteSlow(wait: Notice): void {
    const notice: Notice = { code: 'token.engine-slow', params: { wait } };
    this.#options.note(notice);
    this.#trouble = toErrorShape(errorOf(notice));
  }

  /** It has a new token. */
  renewed(): void {
    this.#demandMs = null;
    if (!this.isExpired) this.#isClockWrong = false;
  }

  /** Nobody speaks any more: what it said last holds no longer. */
  forget(): void {
    this.#code = null;
    this.#refusal = null;
    this.#demandMs = null;
    this.#isClockWrong = false;
  }

  /** Tokens come from elsewhere: how often it was dissatisfied with those before counts no longer. */
  forgetTroubles(): void {
    this.#refusalSteps = { done: 0, lastMs: -Infinity };
    this.#expiries = { count: 0, lastMs: -Infinity };
    this.#demandMs = null;
    this.#isClockWrong = false;
  }

  #works(): void {
    if (this.#refusal?.isNoted || this.#isClockWrong) {
      this.#options.note({ code: 'token.engine-works', params: {} });
    }
    if (this.#refusal) this.#workedMs = this.#options.nowMs();
    this.#refusal = null;
    this.#demandMs = null;
    this.#isClockWrong = false;
  }

  #blocks(code: number): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#refusalSteps.lastMs > forgetTroubleMs) this.#refusalSteps = { done: 0, lastMs: nowMs };
    const { done, lastMs } = this.#refusalSteps;
    // An engine that flaps does not fill the history.
    const isNoted = nowMs - this.#workedMs > expiredAgainMs;
    this.#refusal = { nextMs: Math.max(nowMs, lastMs + refusalGapMs(done)), isNoted };
    if (!isNoted) return;
    const reason = noticeOf(vendorError(code));
    this.#options.note({ code: 'token.engine-blocked', params: { code: reason.code, reason } });
  }

  /** At once for the first token of a row of trouble, after a back-off for those that follow. */
  #demandLater(): void {
    const nowMs = this.#options.nowMs();
    const { count } = this.#expiries;
    this.#expiries = { count: count + 1, lastMs: nowMs };
    this.#demandMs = count === 0 ? nowMs : nowMs + backOffMs(count, this.#options.random(), false);
  }

  #blameClock(): void {
    if (this.#isClockWrong) return;
    this.#isClockWrong = true;
    this.#options.note(this.#options.clockNotice());
  }
}

/** Answers that only another token can change. */
function isBlocked(code: number): boolean {
  const { state } = describeVendorCode(code);
  return state === 'not-allowed' || state === 'token-invalid';
}
