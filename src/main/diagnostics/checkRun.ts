import type { CheckView } from '../../shared/diagnostics.js';
import { examine, viewOf, type Check } from './check.js';

/** The checks of the app: one run at a time, one check after the other, so that the voice keeps its time. */
export class CheckRun {
  readonly #checks: readonly Check[];
  readonly #tell: (view: CheckView) => void;
  #running: Promise<CheckView[]> | null = null;
  #last: CheckView[] = [];

  constructor(checks: readonly Check[], tell: (view: CheckView) => void) {
    this.#checks = checks;
    this.#tell = tell;
  }

  /** What came of the last whole run; empty before. */
  get last(): CheckView[] {
    return this.#last;
  }

  /** Runs all checks; whoever asks during a run gets the result of that one. Never rejects. */
  run(): Promise<CheckView[]> {
    this.#running ??= this.#runAll().finally(() => (this.#running = null));
    return this.#running;
  }

  async #runAll(): Promise<CheckView[]> {
    const views: CheckView[] = [];
    for (const { id, required } of this.#checks) this.#tell({ id, required, result: 'waiting', notice: null });
    for (const check of this.#checks) {
      const { id, required } = check;
      this.#tell({ id, required, result: 'running', notice: null });
      const view = viewOf(await examine(check));
      views.push(view);
      this.#tell(view);
    }
    this.#last = views;
    return views;
  }
}
