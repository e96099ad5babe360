import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoopOptions } from '../../../native/index.js';
import { LimpidError, retryableNativeCodes } from '../../shared/errors.js';
import { vendorError } from '../../shared/vendorCodes.js';

/** The addon as `native/index.d.ts` describes it. */
export type Native = typeof import('../../../native/index.js');
export type NativeLoop = InstanceType<Native['Loop']>;
export type NativePlayer = InstanceType<Native['Player']>;
export type NativeRoundTrip = InstanceType<Native['RoundTrip']>;
export type LicensedEngine = InstanceType<Native['LicensedEngine']>;
export type DeviceSpec = LoopOptions['input'];
export type LibraryFacts = Awaited<ReturnType<Native['inspectLicensedLibrary']>>;
export type {
  EngineChoice,
  LicensedFacts,
  LoopNumbers,
  LoopOptions,
  LoopState,
  PlayerNumbers,
  PortAudioDevice,
  RoundTripOptions,
  RoundTripResult,
  Spectra,
  Waveform,
} from '../../../native/index.js';

const binaryPath = join('native', 'build', 'Release', 'limpid.node');
const nativeCode = /^(device|engine|file|aic)\.[a-z-]+$|^(cancelled|argument|internal)$/;

let loaded: Native | undefined;

/**
 * Loads the native core once per JavaScript environment.
 * Throws `LimpidError` `native.missing` with the paths that were tried and why they failed.
 */
export function loadNative(): Native {
  loaded ??= loadFirst(binaryCandidates(dirname(fileURLToPath(import.meta.url))));
  return loaded;
}

/**
 * Where the binary may be, seen from the folder of the running code: in each folder above it (sources, bundle),
 * and beside an `app.asar`, because a shared library cannot be opened inside an archive.
 */
export function binaryCandidates(folder: string): string[] {
  const parents: string[] = [];
  for (let parent = folder; parent !== dirname(parent); parent = dirname(parent)) parents.push(parent);
  return parents
    .slice(0, 6)
    .map((parent) =>
      parent.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`).replace(/app\.asar$/, 'app.asar.unpacked'),
    )
    .map((parent) => join(parent, binaryPath));
}

/** Loads the first candidate that exists and opens; exported for tests of what happens when none does. */
export function loadFirst(candidates: string[]): Native {
  const present = candidates.filter((path) => existsSync(path));
  if (present.length === 0)
    throw new LimpidError('native.missing', { detail: `not found at ${candidates.join(', ')}` });
  const require = createRequire(import.meta.url);
  const failures: string[] = [];
  for (const path of present) {
    try {
      return require(path) as Native;
    } catch (cause) {
      failures.push(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new LimpidError('native.missing', { detail: failures.join('; ') });
}

/** Gives an error of the native core (stable `code`, `detail`) the shape the rest of the program knows; others become `internal`. */
export function asLimpidError(error: unknown): LimpidError {
  if (error instanceof LimpidError) return error;
  if (!(error instanceof Error)) return new LimpidError('internal', { detail: String(error) });
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  const params = { detail: typeof detail === 'string' && detail !== '' ? detail : error.message };
  if (code === 'aic.vendor') return vendorError(Number(detail));
  if (typeof code !== 'string' || !nativeCode.test(code)) return new LimpidError('internal', params, { cause: error });
  return new LimpidError(code, params, { cause: error, retryable: retryableNativeCodes.has(code) });
}
