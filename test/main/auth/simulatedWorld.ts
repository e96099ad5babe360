import { LimpidError } from '../../../src/shared/errors.js';
import type { FetchedToken } from '../../../src/main/auth/backendClient.js';
import type { Clock } from '../../../src/main/auth/clock.js';

interface Timer {
  atMs: number;
  run(): void;
  isOfKeeper: boolean;
}

const epochMs = Date.UTC(2026, 10, 21, 9);

/**
 * A computer whose time passes only by `advance` and `sleep`. Its monotonic clock may stand still during sleep, its wall clock may
 * be set; `trueMs` is the time of the world outside, which the backend's clock shows. Timers count on the monotonic clock.
 */
export class SimulatedWorld implements Clock {
  /** How often a timer of the one under test fired. */
  wakeUps = 0;
  #trueMs = epochMs;
  #monotonicLagMs = epochMs;
  #wallAheadMs = 0;
  #timers: Timer[] = [];

  get trueMs(): number {
    return this.#trueMs;
  }

  get timersOfKeeper(): number {
    return this.#timers.filter(({ isOfKeeper }) => isOfKeeper).length;
  }

  monotonicMs(): number {
    return this.#trueMs - this.#monotonicLagMs;
  }

  wallMs(): number {
    return Math.floor(this.#trueMs + this.#wallAheadMs);
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#schedule({ atMs: this.monotonicMs() + Math.max(1, delayMs), run, isOfKeeper: true });
  }

  /** Something outside the one under test happens after `delayMs` of waking time. */
  later(delayMs: number, run: () => void): () => void {
    return this.#schedule({ atMs: this.monotonicMs() + delayMs, run, isOfKeeper: false });
  }

  /** Puts the wall clock forward, or back. */
  setWallClock(byMs: number): void {
    this.#wallAheadMs += byMs;
  }

  /** Nothing runs for `durationMs`; which clocks go on differs between systems. What was due fires on waking. */
  async sleep(durationMs: number, goesOn: { monotonic: boolean; wall: boolean }): Promise<void> {
    this.#trueMs += durationMs;
    if (!goesOn.monotonic) this.#monotonicLagMs += durationMs;
    if (!goesOn.wall) this.#wallAheadMs -= durationMs;
    await this.advance(0);
  }

  async advance(durationMs: number): Promise<void> {
    const endMs = this.monotonicMs() + durationMs;
    await settle();
    for (;;) {
      const timer = this.#nextTimer(endMs);
      if (!timer) break;
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      this.#trueMs += Math.max(0, timer.atMs - this.monotonicMs());
      if (timer.isOfKeeper) this.wakeUps += 1;
      timer.run();
      await settle();
    }
    this.#trueMs += Math.max(0, endMs - this.monotonicMs());
  }

  #nextTimer(endMs: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) if (timer.atMs <= endMs && (!next || timer.atMs < next.atMs)) next = timer;
    return next;
  }

  #schedule(timer: Timer): () => void {
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }
}

/** Lets everything happen that waits for no timer. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface Minted {
  text: string;
  request: number;
  environment: string;
  /** By the true time. */
  expiresMs: number;
}

/** How the backend answers at present. `ageMs`: it hands out tokens that are that old. `repeats`: always the same one. */
export type BackendMode =
  | { kind: 'ok'; ageMs?: number; repeats?: boolean; hasNoDate?: boolean; hasNoIssue?: boolean; skewMs?: number }
  | { kind: 'error'; code: string; params?: Record<string, string | number> }
  | { kind: 'silent' };

/** Text that must be found nowhere. */
export const secretText = 'SECRET';

/** A backend whose tokens live `lifetimeMs`, counted in whole seconds as JWTs do. */
export class SimulatedBackend {
  mode: BackendMode = { kind: 'ok' };
  latencyMs = 100;
  lifetimeMs = 3_600_000;
  environment: string | null = 'staging';
  readonly requests: { atMs: number; trueMs: number }[] = [];
  readonly minted: Minted[] = [];
  inFlight = 0;
  mostInFlight = 0;
  onRequest: () => void = () => undefined;
  onFailure: (code: string) => void = () => undefined;
  readonly #world: SimulatedWorld;

  constructor(world: SimulatedWorld) {
    this.#world = world;
  }

  fetch(signal: AbortSignal): Promise<FetchedToken> {
    const world = this.#world;
    const startedAtMs = world.monotonicMs();
    this.onRequest();
    this.requests.push({ atMs: startedAtMs, trueMs: world.trueMs });
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const environment = this.environment ?? '';
    return new Promise((resolve, reject) => {
      let isOpen = true;
      const leave = (): void => {
        if (isOpen) this.inFlight -= 1;
        isOpen = false;
        cancel();
      };
      const cancel = world.later(this.latencyMs, () => {
        const { mode } = this;
        if (mode.kind === 'silent') return;
        leave();
        if (mode.kind === 'error') {
          this.onFailure(mode.code);
          return reject(new LimpidError(mode.code, { host: 'backend.example', status: 500, ...mode.params }));
        }
        resolve(this.#mint(mode, startedAtMs, environment));
      });
      signal.addEventListener(
        'abort',
        () => {
          leave();
          // The answer may still come, too late.
          world.later(50, () => resolve(this.#mint({ kind: 'ok' }, startedAtMs, environment)));
        },
        { once: true },
      );
    });
  }

  #mint(mode: BackendMode & { kind: 'ok' }, startedAtMs: number, environment: string): FetchedToken {
    const { ageMs = 0, repeats = false, skewMs = 0 } = mode;
    const last = this.minted.findLast((each) => each.environment === environment);
    const nowMs = this.#world.trueMs;
    const issuedMs = Math.floor((nowMs - ageMs) / 1000) * 1000;
    const minted: Minted =
      repeats && last
        ? last
        : {
            text: `e${secretText}.${this.minted.length}.${secretText}-signature`,
            request: this.requests.length,
            environment,
            expiresMs: issuedMs + this.lifetimeMs,
          };
    if (!this.minted.includes(minted)) this.minted.push(minted);
    return {
      token: minted.text,
      issuedAtMs: mode.hasNoIssue ? null : minted.expiresMs - this.lifetimeMs + skewMs,
      expiresAtMs: minted.expiresMs + skewMs,
      expiresInMs: null,
      serverNowMs: mode.hasNoDate ? null : Math.floor(nowMs / 1000) * 1000 + skewMs,
      startedAtMs,
      latencyMs: this.#world.monotonicMs() - startedAtMs,
      subject: null,
      issuer: null,
    };
  }
}

/** An engine that takes tokens as told, and notes them. */
export class SimulatedEngine {
  /** Answers to the next updates; then always the last one. `hang`: none ever. */
  answers: (number | 'hang' | Error)[] = [0];
  delayMs = 0;
  readonly applied: { token: string; trueMs: number }[] = [];
  busy = 0;
  mostBusy = 0;
  /** Ends the updates that hang. */
  release: (code: number) => void = () => undefined;
  readonly #world: SimulatedWorld;

  constructor(world: SimulatedWorld) {
    this.#world = world;
  }

  apply(token: string): Promise<number> {
    this.applied.push({ token, trueMs: this.#world.trueMs });
    this.busy += 1;
    this.mostBusy = Math.max(this.mostBusy, this.busy);
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    return new Promise((resolve, reject) => {
      const end = (code: number | Error): void => {
        this.busy -= 1;
        if (code instanceof Error) reject(code);
        else resolve(code);
      };
      if (answer === 'hang') this.release = end;
      else if (this.delayMs === 0) end(answer);
      else this.#world.later(this.delayMs, () => end(answer));
    });
  }
}
