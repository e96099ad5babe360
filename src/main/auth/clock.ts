/** The two clocks of a computer and its timer, as a parameter so that tests can run days in milliseconds. */
export interface Clock {
  /** Ms since some moment; never jumps, but may stand still while the computer sleeps. */
  monotonicMs(): number;
  /** Ms since 1970; goes on during sleep, but may be set to any value at any time. */
  wallMs(): number;
  /** Calls `run` once, not before `delayMs` have passed; later after a sleep. Returns what calls it off. Does not keep the process alive. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Differences between the clocks that are drift and rounding, not a jump. */
const jumpMs = 250;

/**
 * Time that has passed by whichever clock went on: a sleep, which may stop the monotonic clock, and a wall clock that was put
 * forward count; a wall clock that was put back does not. So it never runs behind either clock, between one reading and the
 * next. It has to be read now and then, as a sleep and a clock put back between two readings cancel each other out.
 */
export class PassedTime {
  readonly #clock: Clock;
  #wallAheadMs: number;
  #skippedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wallAheadMs = clock.wallMs() - clock.monotonicMs();
  }

  /** Ms since some moment. */
  nowMs(): number {
    const monotonicMs = this.#clock.monotonicMs();
    const wallAheadMs = this.#clock.wallMs() - monotonicMs;
    const gainedMs = wallAheadMs - this.#wallAheadMs;
    if (Math.abs(gainedMs) > jumpMs) {
      this.#wallAheadMs = wallAheadMs;
      this.#skippedMs += Math.max(0, gainedMs);
    }
    return monotonicMs + this.#skippedMs;
  }

  /** What the monotonic clock has missed by now, as of the last reading. */
  get skippedMs(): number {
    return this.#skippedMs;
  }

  /** What the wall clock shows, as it is set now, at a moment of this time. The same moment gives the same value until a clock jumps. */
  toWallMs(passedMs: number): number {
    return passedMs - this.#skippedMs + this.#wallAheadMs;
  }
}
