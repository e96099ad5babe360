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
