import type { CheckView } from '../../shared/diagnostics.js';
import { examine, viewOf, type Check } from './check.js';

/** The checks of the app: one run at a time, one check after the other, so that the voice keeps its time. */
export class CheckRun {
  readonly #checks: readonly Check[];
  readonly #tell: (views: CheckView[]) => void;
  #running: Promise<CheckView[]> | null = null;
  #last: CheckView[] = [];

  constructor(checks: readonly Check[], tell: (views: CheckView[]) => void) {
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
    let views = this.#checks.map(({ id, required }): CheckView => ({ id, required, result: 'waiting', notice: null }));
    const change = (view: CheckView): void => {
      views = views.map((each) => (each.id === view.id ? view : each));
      // The whole list: a window may have joined meanwhile.
      this.#tell(views);
    };
    for (const check of this.#checks) {
      const { id, required } = check;
      change({ id, required, result: 'running', notice: null });
      change(viewOf(await examine(check)));
    }
    this.#last = views;
    return views;
  }
}
