import type { LicensedChoice } from '../../shared/state.js';
import { defaultDataFolder } from '../downloads/dataFolder.js';
import { listInstalledModels, listInstalledSdks } from '../downloads/installed.js';
import { asLimpidError, loadNative, type LibraryFacts } from './native.js';
import { openingLibrary } from './openedLibrary.js';

export interface LicensedFiles {
  /** The library or its folder; null: the system's loader looks for it. */
  libraryPath: string | null;
  /** null: there is none. */
  modelPath: string | null;
  /** null: no speech detector. */
  vadModelPath: string | null;
}

/**
 * Where the licensed engine's files are: what the environment names, else what was chosen, else what is installed in the data folder.
 * Of the libraries there the highest version counts; of the models the one installed last, among those that the library takes
 * where that is known. An installed speech detector joins an installed model of its version, never one that was named: it might
 * not fit. Whether a named file exists is not checked: the engine says so in its own words.
 */
export function findLicensedFiles(
  choice: Pick<LicensedChoice, 'libraryPath' | 'modelPath' | 'vadModelPath'>,
  environment: NodeJS.ProcessEnv = process.env,
  dataFolder: string = defaultDataFolder(environment),
): LicensedFiles {
  const libraryPath = environment['AIC_LIB_PATH'] || choice.libraryPath;
  const modelPath = environment['LIMPID_AIC_MODEL'] || choice.modelPath;

  const sdk = libraryPath ? undefined : listInstalledSdks(dataFolder)[0];
  const wanted = sdk?.compatibleModelVersion ?? null;
  const installed = listInstalledModels(dataFolder).filter(({ version }) => wanted === null || version === wanted);
  const model = modelPath ? undefined : installed.find(({ purpose }) => purpose === 'enhancement');
  const vadModel = installed.find(({ purpose, version }) => purpose === 'vad' && version === model?.version);
  return {
    libraryPath: libraryPath || sdk?.libraryPath || null,
    modelPath: modelPath || model?.path || null,
    vadModelPath: choice.vadModelPath || vadModel?.path || null,
  };
}

/** Opens the library alone. Resolves with null when none was named and the system's loader finds none. Throws `aic.library-*`. */
export async function inspectLibrary(libraryPath: string | null): Promise<LibraryFacts | null> {
  const native = loadNative();
  try {
    return await openingLibrary(native.inspectLicensedLibrary(libraryPath));
  } catch (cause) {
    const error = asLimpidError(cause);
    if (libraryPath === null && error.code === 'aic.library-missing') return null;
    throw error;
  }
}
