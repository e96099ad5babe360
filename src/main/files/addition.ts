import type { Notice } from '../../shared/errors.js';

/** What was found by additions that overlap or follow one another at once, and what they left out. */
export class Addition {
  added = 0;
  doubles = 0;
  strangers = 0;
  /** Results that lie beside their originals. */
  results = 0;
  unread: string | null = null;
  isFull = false;
  isAborted = false;
  #known = new Set<string>();

  /** @param maxFiles that the list takes */
  constructor(private readonly maxFiles: number) {}

  /**
   * One more begins.
   * @param isAlone none is under way
   * @param known paths of the files that are on the list and not through
   */
  begin(isAlone: boolean, known: Iterable<string>): void {
    if (isAlone) {
      this.#known = new Set();
      this.isAborted = false;
    }
    for (const path of known) this.#known.add(path);
  }

  /** Whether a file is on the list and not through; from now on it is. */
  isKnown(path: string): boolean {
    if (this.#known.has(path)) return true;
    this.#known.add(path);
    return false;
  }

  /** The one thing to know of it; null: all went well, or was given up. */
  get notice(): Notice | null {
    if (this.isAborted) return null;
    if (this.isFull) return { code: 'files.limit', params: { count: this.maxFiles } };
    if (this.unread !== null) return { code: 'files.folder-unread', params: { folder: this.unread } };
    if (this.strangers > 0) return { code: 'files.left-out', params: { count: this.strangers } };
    if (this.doubles > 0) return { code: 'files.doubles', params: { count: this.doubles } };
    if (this.results > 0) return { code: 'files.results-left-out', params: { count: this.results } };
    return this.added === 0 ? { code: 'files.none-found', params: {} } : null;
  }
}
