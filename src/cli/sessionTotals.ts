import type { LoopNumbers } from '../main/audio/native.js';

/** What a reopened loop counts from zero again. */
const summed = [
  'secondsRunning',
  'underruns',
  'overruns',
  'droppedFrames',
  'insertedFrames',
  'nonFiniteSamples',
] as const satisfies (keyof LoopNumbers)[];
const summedCounters = ['blocksEnhanced', 'blocksBypassed', 'blocksDisallowed'] as const;

/** The numbers of a whole run: a device that was away costs its loop, and the next one counts anew. */
export class SessionTotals {
  #before: LoopNumbers | null = null;
  #latest: LoopNumbers | null = null;

  /** Takes the loop's numbers, in the order in which they were read. */
  take(numbers: LoopNumbers): void {
    const isReopened = this.#latest !== null && numbers.secondsRunning < this.#latest.secondsRunning;
    if (isReopened) this.#before = this.numbers;
    this.#latest = numbers;
  }

  /** Counts of the run so far, states and levels of the last moment; null before the first. A reopening is a restart. */
  get numbers(): LoopNumbers | null {
    const [before, latest] = [this.#before, this.#latest];
    if (!before || !latest) return latest;
    const sums = Object.fromEntries(summed.map((name) => [name, before[name] + latest[name]]));
    const counters = summedCounters.map((name) => [name, before.counters[name] + latest.counters[name]]);
    return {
      ...latest,
      ...sums,
      restarts: before.restarts + 1 + latest.restarts,
      counters: { ...latest.counters, ...Object.fromEntries(counters) },
    };
  }
}
