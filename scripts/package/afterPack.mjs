// @ts-check
// What electron-builder calls when the app lies in its folder, before it is signed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { Arch } from 'electron-builder';
import { foreignBinaries } from './binaries.mjs';

/** @typedef {import('electron-builder').AfterPackContext} Context */

/**
 * The switches in Electron's program: it is no Node for others (`ELECTRON_RUN_AS_NODE`, `NODE_OPTIONS`, `--inspect`), loads
 * nothing but the app's archive, and where the system allows it checks that archive.
 * @param {string} platform as `process.platform`
 */
export const fusesFor = (platform) => ({
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // Electron has no such check on Linux.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: platform !== 'linux',
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Only about how a page's WebAssembly is run; ours has none.
  [FuseV1Options.WasmTrapHandlers]: true,
});

/** @param {Context} context */
export async function afterPack(context) {
  checkBinaries(context);
  await flipAllFuses(context);
}

/**
 * npm and node-gyp build for the computer they run on, and nothing is rebuilt here: an app for another would not find its sound.
 * @param {Context} context
 */
function checkBinaries({ packager, appOutDir, electronPlatformName, arch }) {
  const folder = join(packager.getResourcesDir(appOutDir), 'app.asar.unpacked');
  const foreign = foreignBinaries(folder, electronPlatformName, Arch[arch]);
  if (foreign.length === 0) return;
  const text = `not built for ${electronPlatformName} ${Arch[arch]}: ${foreign.join(', ')}. Package on such a computer.`;
  if (!process.env.LIMPID_ALLOW_FOREIGN_BINARIES) throw new Error(text);
  process.stderr.write(`package: ${text} Going on, because LIMPID_ALLOW_FOREIGN_BINARIES is set.\n`);
}

/**
 * Fails where the program has no such switches, or one that is not named above.
 * @param {Context} context
 */
async function flipAllFuses({ packager, appOutDir, electronPlatformName, arch }) {
  const { productFilename } = packager.appInfo;
  const names = { darwin: `${productFilename}.app`, win32: `${productFilename}.exe` };
  const { executableName } = /** @type {import('app-builder-lib').LinuxPackager} */ (packager);
  const program = join(appOutDir, names[/** @type {keyof typeof names} */ (electronPlatformName)] ?? executableName);
  if (!existsSync(program)) throw new Error(`there is no ${program} whose fuses could be set`);
  await flipFuses(program, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Apple Silicon starts nothing whose signature does not fit; a real signature follows, where there is one.
    resetAdHocDarwinSignature: process.platform === 'darwin' && Arch[arch] === 'arm64',
    ...fusesFor(electronPlatformName),
  });
}
