import { Argument, Option, type Command } from 'commander';
import { inspectLibrary } from '../../main/audio/licensedFiles.js';
import { withLicensing } from '../../main/auth/withLicensing.js';
import { defaultDataFolder } from '../../main/downloads/dataFolder.js';
import { fetchManifest, installModel, listModels, type ListedModel } from '../../main/downloads/models.js';
import { LimpidError } from '../../shared/errors.js';
import { configOption, jsonOption } from '../options.js';
import { fail, formatTable, log, printJson, printLine } from '../output.js';
import { formatDownload, withProgress } from '../progress.js';

interface ModelsOptions {
  config?: string;
  baseUrl?: string;
  json?: boolean;
}

const baseUrlOption = () =>
  new Option('--base-url <url>', 'where the manifest and the models are (also LIMPID_MODELS_BASE_URL)');

const purposes = { enhancement: 'cleans a voice', vad: 'hears speech', analysis: 'scores recordings' };

/** Adds `limpid models list` and `limpid models install`. */
export function registerModels(program: Command): void {
  const models = program.command('models').description('List and install models of the licensed engine.');
  models.helpCommand(false);
  models
    .command('list')
    .description('List the vendor’s models, which of them fit the library, and which are installed.')
    .addOption(configOption())
    .addOption(baseUrlOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A library takes models of exactly one version. Without a library, all models are listed and none is marked as fitting.
Names: quail models clean for speech recognition, quail-vf keeps only the nearest speaker, sparrow and rook clean for ears;
vad hears whether someone speaks, tyto scores recordings (Limpid has no use for it).

JSON: { "models": [{ "id", "purpose", "versions", "isCompatible", "path" }], "compatibleModelVersion", "library" }`,
    )
    .action(runList);
  models
    .command('install')
    .description('Download a model that fits the library, check it and install it for this user.')
    .addArgument(new Argument('<id>', 'a model as “limpid models list” names it'))
    .addOption(configOption())
    .addOption(baseUrlOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The build whose version is exactly the one the library takes is installed, when its SHA-256 is the one in the vendor's
manifest; there is no other choice. A download that was stopped, also by Ctrl-C, goes on the next time.
The model goes to models/<id>/v<version>/ of Limpid's data folder (LIMPID_DATA_DIR names another). The model installed last
is used, unless LIMPID_AIC_MODEL or the settings name one: install a model again to go back to it. A model that hears speech
is used beside it.

Example:
  limpid models install sparrow-l-48khz
JSON: { "path", "sha256", "id", "version" }`,
    )
    .action(runInstall);
}

async function runList({ config, baseUrl, json = false }: ModelsOptions) {
  const [manifest, library] = await Promise.all([
    fetchManifest(baseUrl ?? null),
    findLibrary(config).catch((error: unknown) => {
      fail(error);
      return null;
    }),
  ]);
  const compatibleModelVersion = library?.compatibleModelVersion ?? null;
  const models = listModels(manifest, compatibleModelVersion, defaultDataFolder());
  if (json) return printJson({ models, compatibleModelVersion, library: library?.libraryPath ?? null });
  printLine(formatModels(models));
  if (compatibleModelVersion !== null) log(`“Fits”: has version ${compatibleModelVersion}, which the library takes.`);
}

async function runInstall(id: string, { config, baseUrl, json = false }: ModelsOptions) {
  const { compatibleModelVersion } = await findLibrary(config);
  const result = await withProgress(formatDownload, (controls) =>
    installModel(
      {
        id,
        compatibleVersion: compatibleModelVersion,
        dataFolder: defaultDataFolder(),
        modelsBaseUrl: baseUrl ?? null,
      },
      controls,
    ),
  );
  if (json) return printJson(result);
  printLine(`The model ${result.id}, version ${result.version}, is installed: ${result.path}`);
}

/** The library that a live voice would use. Throws `model.no-library` when there is none, and `aic.library-*` when it cannot be used. */
async function findLibrary(config: string | undefined) {
  const { libraryPath } = await withLicensing(config, null, async ({ files }) => files);
  const found = await inspectLibrary(libraryPath);
  if (!found) throw new LimpidError('model.no-library');
  return found;
}

function formatModels(models: ListedModel[]): string {
  const rows = models.map(({ id, purpose, versions, isCompatible, path }) => [
    id,
    purposes[purpose],
    versions.join(', '),
    isCompatible === null ? '' : isCompatible ? 'yes' : 'no',
    path ?? '',
  ]);
  return formatTable(['Model', 'What for', 'Versions', 'Fits', 'Installed'], rows);
}
