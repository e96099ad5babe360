import { Option, type Command } from 'commander';
import { loadNative } from '../../main/audio/native.js';
import { defaultDataFolder } from '../../main/downloads/dataFolder.js';
import { installSdk } from '../../main/downloads/installSdk.js';
import { defaultSdkVersion, sdkLicenceUrl } from '../../main/downloads/sdkArchive.js';
import { askForLicence } from '../licenceQuestion.js';
import { jsonOption } from '../options.js';
import { printJson, printLine } from '../output.js';
import { formatDownload, withProgress } from '../progress.js';

interface InstallOptions {
  version: string;
  sha256?: string;
  acceptLicence?: boolean;
  baseUrl?: string;
  cratesBaseUrl?: string;
  json?: boolean;
}

/** Adds `limpid sdk install`. */
export function registerSdk(program: Command): void {
  const sdk = program.command('sdk').description('Install the library of the licensed engine (libaic).');
  sdk.helpCommand(false);
  sdk
    .command('install')
    .description('Download the vendor’s library, check it and install it for this user.')
    .addOption(new Option('--version <version>', 'three numbers; 0.22.0 or later').default(defaultSdkVersion))
    .addOption(new Option('--sha256 <hash>', 'of the archive, instead of the one in the vendor’s Rust crate'))
    .addOption(new Option('--accept-licence', 'you have read the vendor’s licence and accept it'))
    .addOption(new Option('--base-url <url>', 'where the archives are (also LIMPID_SDK_BASE_URL)'))
    .addOption(new Option('--crates-base-url <url>', 'where the Rust crates are (also LIMPID_CRATES_BASE_URL)'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The library is under its vendor's own licence, which you must accept: ${sdkLicenceUrl}
You also need access to the vendor's tokens, from a backend of yours. Without either, Limpid uses its built-in engine.

The archive is used only when its SHA-256 is the one in checksum.txt of the vendor's Rust crate of that version
(aic-sdk-sys on crates.io), or the one you give. A download that was stopped, also by Ctrl-C, goes on the next time.
The library goes to sdk/<version>/ of Limpid's data folder (LIMPID_DATA_DIR names another). The highest version there is
used, unless AIC_LIB_PATH or the settings name a library.
Proxies: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. Certificates of your network: NODE_EXTRA_CA_CERTS.

Examples:
  limpid sdk install
  limpid sdk install --version 0.25.1 --accept-licence --json
Then: limpid models list
JSON: { "path", "sha256", "version", "compatibleModelVersion", "wasInstalled" }`,
    )
    .action(runInstall);
}

async function runInstall(options: InstallOptions): Promise<void> {
  const { version, sha256 = null, acceptLicence = false, json = false } = options;
  const native = loadNative();
  const result = await withProgress(formatDownload, ({ signal, onProgress }) =>
    installSdk(
      {
        version,
        sha256,
        dataFolder: defaultDataFolder(),
        inspect: native.inspectLicensedLibrary,
        acceptLicence: () => askForLicence(version, acceptLicence, signal),
        sdkBaseUrl: options.baseUrl ?? null,
        cratesBaseUrl: options.cratesBaseUrl ?? null,
      },
      { signal, onProgress },
    ),
  );
  if (json) return printJson(result);
  const done = result.wasInstalled ? 'was installed already' : 'is installed';
  printLine(`The library ${result.version} ${done}: ${result.path}`);
  printLine(`It takes models of version ${result.compatibleModelVersion}; “limpid models list” shows them.`);
}
