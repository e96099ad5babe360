export type CircuitState = 'closed' | 'open' | 'half-open';

/** What a piece of work says about the other side; `undecided`: nothing, such as when nobody waited for its end. */
export type Verdict = 'alive' | 'failed' | 'undecided';

/** How a piece of work was let through. To be given back, with the verdict, whatever became of it. */
export type Pass = 'usual' | 'trial';

const failuresUntilOpen = 5;
const openMs = 10_000;

/**
 * Leaves alone for 10 s what has failed five times in a row, then lets one piece of work at a time try, until one has been
 * decided. Knows nothing but the clock that only goes forward.
 */
export class Breaker {
  #failuresInARow = 0;
  /** Null: closed. */
  #openedAtMs: number | null = null;
  #isTrying = false;

  get state(): CircuitState {
    if (this.#openedAtMs === null) return 'closed';
    return this.waitMs > 0 ? 'open' : 'half-open';
  }

  /** Until the next trial may begin; 0 where none has to be waited for, or one is under way. */
  get waitMs(): number {
    return this.#openedAtMs === null ? 0 : Math.max(0, this.#openedAtMs + openMs - performance.now());
  }

  /** Null: not now. */
  enter(): Pass | null {
    if (this.#openedAtMs === null) return 'usual';
    if (this.#isTrying || this.waitMs > 0) return null;
    this.#isTrying = true;
    return 'trial';
  }

  leave(pass: Pass, verdict: Verdict): void {
    if (pass === 'trial') this.#isTrying = false;
    // What began before it opened is no trial, however it ends.
    else if (this.#openedAtMs !== null) return;
    if (verdict === 'undecided') return;
    this.#failuresInARow = verdict === 'alive' ? 0 : this.#failuresInARow + 1;
    this.#openedAtMs = this.#failuresInARow < failuresUntilOpen ? null : performance.now();
  }
}
