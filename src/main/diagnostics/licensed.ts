import { LimpidError, type Notice } from '../../shared/errors.js';
import { inspectLibrary, type LicensedFiles } from '../audio/licensedFiles.js';
import { asLimpidError, loadNative } from '../audio/native.js';
import { clockSkewMs } from '../auth/backendClient.js';
import type { Licensing } from '../auth/licensing.js';
import { withLicensing } from '../auth/withLicensing.js';
import type { Check } from './check.js';

const largestSkewMs = 60_000;

/** A request's own limit is a minute at most, and credentials come from a keychain that has its own. */
const backendDeadlineMs = 75_000;

/** Does work with everything behind the licensed engine: the app's own, or one opened for it by the settings of this user. */
export type LicensingUse = <Value>(work: (licensing: Licensing) => Promise<Value>) => Promise<Value>;

/** The checks of backend, library and model, in this order. `isChosen`: the licensed engine is, so that they are needed now. */
export const licensedChecks = (
  use: LicensingUse,
  isChosen: () => boolean = () => false,
): [backend: Check, libaic: Check, model: Check] => [
  // Fetches one token by the settings that a live voice would use, and throws it away.
  neededIf(isChosen, { id: 'backend', deadlineMs: backendDeadlineMs, run: () => use(checkBackend) }),
  // Opens the library, wherever it would be found.
  neededIf(isChosen, { id: 'libaic', run: () => use(({ files }) => checkLibrary(files)) }),
  // Loads the model with its library; that needs no token.
  neededIf(isChosen, { id: 'model', run: () => use(checkModel) }),
];

const neededIf = (isNeeded: () => boolean, check: Omit<Check, 'required'>): Check => ({
  ...check,
  get required() {
    return isNeeded();
  },
});

const openOwn: LicensingUse = (work) => withLicensing(undefined, null, work);

export const [backendCheck, libaicCheck, modelCheck] = licensedChecks(openOwn);

async function checkBackend(licensing: Licensing): Promise<Notice> {
  const { name, url } = licensing.backend.requireActive();
  if (!url) throw new LimpidError('check.backend-not-configured');
  const fetched = await licensing.fetchToken(name);
  const skewMs = clockSkewMs(fetched, Date.now()) ?? 0;
  if (Math.abs(skewMs) > largestSkewMs) {
    const code = skewMs > 0 ? 'check.backend-clock-behind' : 'check.backend-clock-ahead';
    throw new LimpidError(code, { environment: name, minutes: Math.round(Math.abs(skewMs) / 60_000) });
  }
  return { code: 'check.backend', params: { environment: name, latencyMs: Math.round(fetched.latencyMs) } };
}

async function checkLibrary({ libraryPath }: LicensedFiles): Promise<Notice> {
  const found = await inspectLibrary(libraryPath);
  if (!found) throw new LimpidError('check.libaic-not-installed');
  const { libraryPath: path, sdkVersion: version, compatibleModelVersion: modelVersion } = found;
  return { code: 'check.libaic', params: { version, path, modelVersion } };
}

async function checkModel({ files, licence }: Licensing): Promise<Notice> {
  const { libraryPath, modelPath, vadModelPath } = files;
  if (!modelPath) throw new LimpidError('check.model-not-installed');
  const { loaded } = licence.view;
  // It is in use: loading it once more would take memory, and time from the voice.
  if (loaded)
    return { code: 'check.model', params: { model: loaded.modelId, rate: loaded.sampleRate, path: modelPath } };
  const native = loadNative();
  const engine = new native.LicensedEngine({ libraryPath, modelPath, vadModelPath });
  try {
    const { modelId, sampleRate } = await engine.load();
    return { code: 'check.model', params: { model: modelId, rate: sampleRate, path: modelPath } };
  } catch (cause) {
    const error = asLimpidError(cause);
    if (error.code.startsWith('aic.library-'))
      throw new LimpidError('check.model-no-library', {
        path: modelPath,
        check: { code: 'check.name.libaic', params: {} },
      });
    throw error;
  } finally {
    await engine.close();
  }
}
