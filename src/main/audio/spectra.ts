import type { CallValue } from '../../shared/contract.js';
import { LimpidError } from '../../shared/errors.js';
import type { NativeLoop } from './native.js';

/** A picture shows no more than thirty a second, however many windows ask. */
const freshMs = 30;

/** As `readSpectra` of this loop, computed once for all who ask within a moment. */
export function shareSpectra(
  loop: Pick<NativeLoop, 'spectra'> | LimpidError,
  nowMs: () => number = () => performance.now(),
): () => CallValue<'live.spectra'> {
  let last: { atMs: number; spectra: CallValue<'live.spectra'> } | null = null;
  return () => {
    const atMs = nowMs();
    if (!last || atMs - last.atMs >= freshMs) last = { atMs, spectra: readSpectra(loop) };
    return last.spectra;
  };
}

/** What the loop hears and plays by band, in whole dBFS: what a picture shows, in a third of the bytes. Null while nothing runs. Computed now. */
export function readSpectra(loop: Pick<NativeLoop, 'spectra'> | LimpidError): CallValue<'live.spectra'> {
  const spectra = loop instanceof LimpidError ? null : loop.spectra();
  return spectra && { inputDb: toWholeDb(spectra.input), outputDb: toWholeDb(spectra.output) };
}

const toWholeDb = (bands: Float32Array): number[] => Array.from(bands, (db) => Math.round(db));
