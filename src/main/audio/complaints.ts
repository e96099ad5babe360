import { noticeOf, type Notice } from '../../shared/errors.js';
import { asLimpidError } from './native.js';

/** Work beside the sound whose failure a person should see. */
export type Errand = 'engine' | 'settings';

/** What failed beside the sound: each failure stands until the same kind of work succeeds. */
export class Complaints {
  readonly #notices = new Map<Errand, Notice>();

  constructor(private readonly onChange: () => void) {}

  /** The oldest one; null when all is well. */
  get first(): Notice | null {
    return [...this.#notices.values()][0] ?? null;
  }

  /** Awaits `work` and notes how it went. Rejects with its error, as a `LimpidError`. */
  async watch(errand: Errand, work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
      this.#notices.delete(errand);
    } catch (cause) {
      const error = asLimpidError(cause);
      this.#notices.set(errand, noticeOf(error));
      throw error;
    } finally {
      this.onChange();
    }
  }

  forget(errand: Errand): void {
    this.#notices.delete(errand);
  }
}
