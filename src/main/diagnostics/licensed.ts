import { LimpidError, type Notice } from '../../shared/errors.js';
import { inspectLibrary, type LicensedFiles } from '../audio/licensedFiles.js';
import { asLimpidError, loadNative } from '../audio/native.js';
import { clockSkewMs } from '../auth/backendClient.js';
import type { Licensing } from '../auth/licensing.js';
import { withLicensing } from '../auth/withLicensing.js';
import type { Check } from './check.js';

const largestSkewMs = 60_000;

/** Fetches one token by the settings that a live voice would use, and throws it away. */
export const backendCheck: Check = {
  id: 'backend',
  required: false,
  run: () => withLicensing(undefined, null, checkBackend),
};

/** Opens the licensed engine's library, wherever it would be found. */
export const libaicCheck: Check = {
  id: 'libaic',
  required: false,
  run: () => withLicensing(undefined, null, ({ files }) => checkLibrary(files)),
};

/** Loads the licensed engine's model with its library; that needs no token. */
export const modelCheck: Check = {
  id: 'model',
  required: false,
  run: () => withLicensing(undefined, null, ({ files }) => checkModel(files)),
};

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

async function checkModel({ libraryPath, modelPath, vadModelPath }: LicensedFiles): Promise<Notice> {
  if (!modelPath) throw new LimpidError('check.model-not-installed');
  const native = loadNative();
  const engine = new native.LicensedEngine({ libraryPath, modelPath, vadModelPath });
  try {
    const { modelId, sampleRate } = await engine.load();
    return { code: 'check.model', params: { model: modelId, rate: sampleRate, path: modelPath } };
  } catch (cause) {
    const error = asLimpidError(cause);
    if (error.code.startsWith('aic.library-')) throw new LimpidError('check.model-no-library', { path: modelPath });
    throw error;
  } finally {
    await engine.close();
  }
}
