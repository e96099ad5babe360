/** How far back the pace is measured. */
const windowMs = 12_000;
/** Of what comes in quicker succession the last counts. */
const sampleEveryMs = 100;
/** A shorter time says nothing yet. */
const shortestMs = 800;

/** How fast something grows of late: one slow or fast moment does not throw it off, a lasting change is seen within seconds. */
export class Pace {
  readonly #samples: { atMs: number; amount: number }[] = [];

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** @param amount done in all so far */
  add(amount: number): void {
    const atMs = this.nowMs();
    const [before, last] = this.#samples.slice(-2);
    if (before && last && last.atMs - before.atMs < sampleEveryMs) this.#samples.pop();
    this.#samples.push({ atMs, amount });
    while (atMs - (this.#samples[0]?.atMs ?? atMs) > windowMs) this.#samples.shift();
  }

  /** Amount a second; null before that is known, and while nothing grows. */
  get perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < shortestMs || last.amount <= first.amount) return null;
    return ((last.amount - first.amount) * 1000) / (last.atMs - first.atMs);
  }

  /** Whole seconds until this much more is done; null before that is known. */
  secondsFor(amountLeft: number): number | null {
    const { perSecond } = this;
    return perSecond === null ? null : Math.ceil(amountLeft / perSecond);
  }

  reset(): void {
    this.#samples.length = 0;
  }
}
