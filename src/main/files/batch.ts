import { endingOf } from '../../shared/soundEndings.js';
import { containerOf } from './containers.js';
import { Pace } from './pace.js';

/** Of usual files, until a file's own length is known: a film is not as long as its bytes. */
const bytesPerSecond = { plain: 150_000, packed: 20_000, film: 400_000 };

/** How long the sound of a file is, roughly. */
export function guessSeconds(name: string, bytes: number): number {
  const { keeps, pcm } = containerOf(endingOf(name)) ?? {};
  const kind = keeps === 'video' ? 'film' : pcm ? 'plain' : 'packed';
  return Math.max(bytes, 1) / bytesPerSecond[kind];
}

interface Part {
  seconds: number;
  share: number;
}

/** The files since the queue was empty: how much of their sound is done, and how long the rest takes. What is given up counts no more. */
export class Batch {
  readonly #parts = new Map<string, Part>();
  readonly #pace: Pace;
  #allSeconds = 0;
  #doneSeconds = 0;
  /** Of all work, that on files that were given up too: it never shrinks. */
  #workedSeconds = 0;
  #isBegun = false;

  constructor(nowMs?: () => number) {
    this.#pace = new Pace(nowMs);
  }

  /** Begins anew with a file that is in it already. */
  add(id: string, seconds: number): void {
    this.giveUp(id);
    this.#parts.set(id, { seconds, share: 0 });
    this.#allSeconds += seconds;
    this.#isBegun = true;
  }

  /**
   * @param share of this file that is done, 0..1
   * @param seconds how long its sound is, where that is known by now
   */
  set(id: string, share: number, seconds: number | null = null): void {
    const part = this.#parts.get(id);
    if (!part) return;
    const was = part.seconds * part.share;
    if (seconds !== null && seconds > 0) {
      this.#allSeconds += seconds - part.seconds;
      part.seconds = seconds;
    }
    this.#workedSeconds += part.seconds * Math.max(0, share - part.share);
    part.share = share;
    this.#doneSeconds += part.seconds * share - was;
    this.#pace.add(this.#workedSeconds);
  }

  /** Nothing more is done on this file. */
  giveUp(id: string): void {
    const part = this.#parts.get(id);
    if (!part) return;
    this.#parts.delete(id);
    this.#allSeconds -= part.seconds;
    this.#doneSeconds -= part.seconds * part.share;
  }

  /** Nothing was done for a while: the pace is measured anew. */
  resume(): void {
    this.#pace.reset();
  }

  /** 0..1. */
  get progress(): number {
    if (this.#parts.size === 0) return this.#isBegun ? 1 : 0;
    return Math.min(1, Math.max(0, Math.round((1000 * this.#doneSeconds) / this.#allSeconds) / 1000));
  }

  /** Null before that is known. */
  get secondsLeft(): number | null {
    return this.#parts.size === 0 ? null : this.#pace.secondsFor(Math.max(0, this.#allSeconds - this.#doneSeconds));
  }
}
