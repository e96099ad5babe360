import type { EnhanceFileOptions, EnhanceFileResult } from '../../../native/index.js';
import { asLimpidError, loadNative, type Native } from './native.js';

export type { EnhanceFileOptions, EnhanceFileResult } from '../../../native/index.js';

const progressEveryMs = 100;

export interface EnhanceFileControls {
  /** Cancels: the promise rejects with `cancelled` and the output stays as it was. */
  signal?: AbortSignal | undefined;
  /** Called about ten times a second, and never after the promise has settled. */
  onProgress?: (framesDone: number, framesTotal: number) => void;
  native?: Native;
}

/**
 * Enhances one WAV file into another of the same rate, channels, length, sample format and timing, on native threads.
 * Throws `LimpidError`: `file.*`, `engine.*`, `argument`, `cancelled`, `native.missing`.
 */
export async function enhanceFile(
  options: EnhanceFileOptions,
  { signal, onProgress, native = loadNative() }: EnhanceFileControls = {},
): Promise<EnhanceFileResult> {
  let timer: NodeJS.Timeout | undefined;
  let cancel: (() => void) | undefined;
  try {
    const enhancement = new native.FileEnhancement(options);
    cancel = () => enhancement.cancel();
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    if (onProgress) {
      timer = setInterval(() => {
        const { framesDone, framesTotal } = enhancement.progress();
        onProgress(framesDone, framesTotal);
      }, progressEveryMs);
    }
    return await enhancement.run();
  } catch (error) {
    throw asLimpidError(error);
  } finally {
    clearInterval(timer);
    if (cancel) signal?.removeEventListener('abort', cancel);
  }
}
