import { LimpidError, type Notice } from '../../shared/errors.js';
import { findLicensedFiles, type LicensedFiles } from '../audio/licensedFiles.js';
import { asLimpidError, loadNative } from '../audio/native.js';
import { clockSkewMs, fetchTokenWith } from '../auth/backendClient.js';
import { Licensing } from '../auth/licensing.js';
import { openSettings } from '../settings/settings.js';
import type { Check } from './check.js';

const largestSkewMs = 60_000;

/** Fetches one token by the settings that a live voice would use, and throws it away. */
export const backendCheck: Check = {
  id: 'backend',
  required: false,
  run: () => withLicensing(checkBackend),
};

/** Opens the licensed engine's library, wherever it would be found. */
export const libaicCheck: Check = {
  id: 'libaic',
  required: false,
  run: () => withLicensing(async (licensing) => checkLibrary(findFiles(licensing))),
};

/** Loads the licensed engine's model with its library; that needs no token. */
export const modelCheck: Check = {
  id: 'model',
  required: false,
  run: () => withLicensing(async (licensing) => checkModel(findFiles(licensing))),
};

async function withLicensing(check: (licensing: Licensing) => Promise<Notice>): Promise<Notice> {
  const settings = await openSettings();
  const licensing = await Licensing.open({ native: null, settings });
  try {
    return await check(licensing);
  } finally {
    await licensing.dispose();
    await settings.flush();
  }
}

async function checkBackend({ backend, credentials }: Licensing): Promise<Notice> {
  const environment = backend.requireActive();
  const { name } = environment;
  if (!environment.url) throw new LimpidError('check.backend-not-configured');
  const fetched = await fetchTokenWith(environment, () => credentials.get(name));
  const skewMs = clockSkewMs(fetched, Date.now()) ?? 0;
  if (Math.abs(skewMs) > largestSkewMs) {
    const code = skewMs > 0 ? 'check.backend-clock-behind' : 'check.backend-clock-ahead';
    throw new LimpidError(code, { environment: name, minutes: Math.round(Math.abs(skewMs) / 60_000) });
  }
  return { code: 'check.backend', params: { environment: name, latencyMs: Math.round(fetched.latencyMs) } };
}

const findFiles = ({ policy, state }: Licensing): LicensedFiles =>
  findLicensedFiles(state.licensed, policy.withoutFixed(process.env));

async function checkLibrary({ libraryPath }: LicensedFiles): Promise<Notice> {
  const native = loadNative();
  try {
    const found = await native.inspectLicensedLibrary(libraryPath);
    const { libraryPath: path, sdkVersion: version, compatibleModelVersion: modelVersion } = found;
    return { code: 'check.libaic', params: { version, path, modelVersion } };
  } catch (cause) {
    const error = asLimpidError(cause);
    if (libraryPath === null && error.code === 'aic.library-missing') {
      throw new LimpidError('check.libaic-not-installed');
    }
    throw error;
  }
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
