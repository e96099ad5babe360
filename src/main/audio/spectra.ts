import type { CallValue } from '../../shared/contract.js';
import { LimpidError } from '../../shared/errors.js';
import type { NativeLoop } from './native.js';

/** What the loop hears and plays by band, in whole dBFS: what a picture shows, in a third of the bytes. Null while nothing runs. Computed now. */
export function readSpectra(loop: Pick<NativeLoop, 'spectra'> | LimpidError): CallValue<'live.spectra'> {
  const spectra = loop instanceof LimpidError ? null : loop.spectra();
  return spectra && { inputDb: toWholeDb(spectra.input), outputDb: toWholeDb(spectra.output) };
}

const toWholeDb = (bands: Float32Array): number[] => Array.from(bands, (db) => Math.round(db));
