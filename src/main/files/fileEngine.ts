import { errorOf, type LimpidError } from '../../shared/errors.js';
import type { EngineId } from '../../shared/state.js';
import type { EngineSupply, SuppliedEngine } from '../audio/engineSupply.js';

/** How long a file waits for library, model and first token: nothing is heard meanwhile, so a slow backend gets its time. */
const patienceMs = 30_000;
/** What passes by itself, soon. */
const passing: ReadonlySet<string> = new Set(['aic.loading', 'aic.waiting-token']);

export interface FileEngineOptions {
  /** A supply of its own: what it follows is no business of the live voice. */
  supply: EngineSupply;
  /** Engine and strength of the live screen. */
  wished(): { engine: EngineId; level: number };
  patienceMs?: number;
}

/** What one file is enhanced with. */
export interface FileEngineChoice extends SuppliedEngine {
  level: number;
}

/** The engine of the live screen, for files: the licensed one is kept ready from the first file on until `release`. */
export class FileEngine {
  readonly #options: FileEngineOptions;

  constructor(options: FileEngineOptions) {
    this.#options = options;
  }

  /**
   * As the live voice has it: where the licensed engine cannot work, the built-in one stands in. Rejects with the reason where the
   * unchanged voice would, for then a copy is all that came of it.
   */
  async take(signal: AbortSignal): Promise<FileEngineChoice> {
    const { supply, wished } = this.#options;
    const { engine, level } = wished();
    supply.follow({ wished: engine, isSounding: true });
    await this.#wait(engine, signal);
    const { choice, obstacle } = supply.choose(engine);
    if (obstacle && choice.engine === 'bypass') throw errorOf(obstacle);
    return { choice, level, obstacle };
  }

  /** An engine that was taken could not be made. Returns whether another one may be taken now. */
  failed(error: LimpidError): boolean {
    return this.#options.supply.failed(error);
  }

  /** No file needs an engine any more. */
  release(): void {
    this.#options.supply.follow({ wished: 'bypass', isSounding: false });
  }

  /** Ends when the engine is there, will not be soon, or is not needed any more. */
  async #wait(engine: EngineId, signal: AbortSignal): Promise<void> {
    const { supply } = this.#options;
    const waited = AbortSignal.any([signal, AbortSignal.timeout(this.#options.patienceMs ?? patienceMs)]);
    const isPassing = (): boolean => passing.has(supply.choose(engine).obstacle?.code ?? '');
    while (isPassing() && !waited.aborted) {
      await new Promise<void>((resolve) => {
        const stopListening = supply.onChange(() => go());
        const go = (): void => {
          stopListening();
          waited.removeEventListener('abort', go);
          resolve();
        };
        waited.addEventListener('abort', go);
        if (!isPassing() || waited.aborted) go();
      });
    }
  }
}
