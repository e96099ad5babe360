/** Something that may happen so many times in a window. */
export interface Counter {
  key: string;
  /** 1 or more. */
  limit: number;
}

/** The first counter that has no room left, by its place in the list, and how long its window lasts. */
export interface FullCounter {
  index: number;
  remainingMs: number;
}

/**
 * Counts in fixed windows. A window begins with the first attempt that is counted in it, and ends by the clock of the store
 * alone. A window that was made shorter holds for the counts there are, too.
 */
export interface CounterStore {
  /**
   * Adds one to each counter, or to none of them where one is full: that one is the answer. At once for everybody who asks
   * the store. Rejects where it cannot be asked.
   */
  count(counters: readonly Counter[], windowMs: number): Promise<FullCounter | null>;
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

interface Count {
  used: number;
  /** By the clock of the store, ms. */
  endsAtMs: number;
}

export interface MemoryCountersOptions {
  /** A clock that never jumps, ms. */
  nowMs?: () => number;
  /** Counters in windows under way, about 200 bytes each. Beyond that none is begun, since forgetting one would let more through than its limit. */
  maxCounters?: number;
}

/** Counts of this process alone. */
export class MemoryCounters implements CounterStore {
  readonly #nowMs: () => number;
  readonly #maxCounters: number;
  /** In the order in which their windows began, and so nearly in that in which they end. */
  readonly #counts = new Map<string, Count>();

  constructor({ nowMs = () => performance.now(), maxCounters = 500_000 }: MemoryCountersOptions = {}) {
    this.#nowMs = nowMs;
    this.#maxCounters = maxCounters;
  }

  /** Counters whose windows are not known to be over. */
  get size(): number {
    return this.#counts.size;
  }

  async count(counters: readonly Counter[], windowMs: number): Promise<FullCounter | null> {
    const nowMs = this.#nowMs();
    this.#forgetEnded(nowMs);
    const counts = counters.map(({ key }) => this.#find(key, nowMs, windowMs));
    for (const [index, { limit }] of counters.entries()) {
      const count = counts[index];
      if (count && count.used >= limit) return { index, remainingMs: count.endsAtMs - nowMs };
    }

    const begun = counts.filter((count) => !count).length;
    if (this.#counts.size + begun > this.#maxCounters) throw new Error('too many counters');
    for (const [each, { key }] of counters.entries()) {
      const count = counts[each];
      if (count) count.used += 1;
      else this.#counts.set(key, { used: 1, endsAtMs: nowMs + windowMs });
    }
    return null;
  }

  async isReachable(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.#counts.clear();
  }

  #find(key: string, nowMs: number, windowMs: number): Count | null {
    const count = this.#counts.get(key);
    if (!count) return null;
    count.endsAtMs = Math.min(count.endsAtMs, nowMs + windowMs);
    if (count.endsAtMs > nowMs) return count;
    // Deleted, so that the next window takes its place at the end of the order.
    this.#counts.delete(key);
    return null;
  }

  #forgetEnded(nowMs: number): void {
    for (const [key, { endsAtMs }] of this.#counts) {
      if (endsAtMs > nowMs) return;
      this.#counts.delete(key);
    }
  }
}
