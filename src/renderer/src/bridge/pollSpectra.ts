import type { Spectra } from '../view/spectrogram.js';

/** While nothing runs it is not worth asking often. */
const idleMs = 500;

/**
 * Asks for spectra again and again, one request at a time: at most every `everyMs`, and never for more than half of the time, so
 * that a main that is slow is asked less. Returns what ends it; an answer that comes later is dropped.
 */
export function pollSpectra(
  ask: () => Promise<Spectra | null>,
  everyMs: number,
  draw: (spectra: Spectra) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const look = async () => {
    const beganMs = performance.now();
    const spectra = await ask();
    if (isEnded) return;
    const tookMs = performance.now() - beganMs;
    if (spectra) draw(spectra);
    timer = setTimeout(() => void look(), spectra ? Math.max(everyMs - tookMs, tookMs) : Math.max(idleMs, everyMs));
  };
  void look();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
