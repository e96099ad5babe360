import { LimpidError, type LimpidErrorShape } from './errors.js';
import { toErrorShape } from './messages/index.js';

/** Why some of many files were refused, as one error: the first reason, and for how many files there is one. */
export class Refusals {
  #first: LimpidErrorShape | null = null;
  #count = 0;

  add(error: LimpidErrorShape): void {
    this.#first ??= error;
    this.#count += countOf(error);
  }

  /** Null: nothing was refused. */
  get error(): LimpidErrorShape | null {
    const first = this.#first;
    if (!first?.params || countOf(first) === this.#count) return first;
    const { code, params } = first;
    const reason = code === manyCode ? (params['reason'] ?? code) : { code, params };
    return toErrorShape(new LimpidError(manyCode, { count: this.#count, reason }, { retryable: first.retryable }));
  }
}

const manyCode = 'files.some-refused';

/** Of how many files an error tells. */
function countOf({ code, params }: LimpidErrorShape): number {
  const count = code === manyCode || code === 'files.left-out' ? params?.['count'] : 1;
  return typeof count === 'number' ? count : 1;
}
