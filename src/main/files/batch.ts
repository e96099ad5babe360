import { Pace } from './pace.js';

/** The files since the queue was empty: how much of their bytes is done, and how long the rest takes. */
export class Batch {
  readonly #parts = new Map<string, { bytes: number; share: number }>();
  readonly #pace = new Pace();
  #allBytes = 0;
  #doneBytes = 0;

  /** Begins anew with a file that is in it already. */
  add(id: string, bytes: number): void {
    this.set(id, 0);
    const counted = Math.max(bytes, 1);
    this.#allBytes += counted - (this.#parts.get(id)?.bytes ?? 0);
    this.#parts.set(id, { bytes: counted, share: 0 });
  }

  /** @param share of this file that is done, or given up: 0..1 */
  set(id: string, share: number): void {
    const part = this.#parts.get(id);
    if (!part) return;
    this.#doneBytes += part.bytes * (share - part.share);
    part.share = share;
    this.#pace.add(this.#doneBytes);
  }

  /** Nothing was done for a while: the pace is measured anew. */
  resume(): void {
    this.#pace.reset();
  }

  /** 0..1. */
  get progress(): number {
    return this.#allBytes === 0
      ? 0
      : Math.min(1, Math.max(0, Math.round((1000 * this.#doneBytes) / this.#allBytes) / 1000));
  }

  /** Null before that is known. */
  get secondsLeft(): number | null {
    return this.#pace.secondsFor(Math.max(0, this.#allBytes - this.#doneBytes));
  }
}
