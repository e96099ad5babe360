import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import { asLimpidError, type Native } from '../audio/native.js';
import { baseUrl } from './baseUrls.js';
import { downloadFile, hashOf, type DownloadControls } from './download.js';
import { codeOf, fileError } from './failures.js';
import {
  listInstalledSdks,
  sdkFolder,
  sdkRecordPath,
  sha256Hex,
  type InstalledSdk,
  type SdkRecord,
  writeRecord,
} from './installed.js';
import { isRunning } from './partFile.js';
import { fetchArchiveSha256, sdkArchive } from './sdkArchive.js';
import { unpack } from './unpack.js';

export type InspectLibrary = Native['inspectLicensedLibrary'];

export interface SdkInstallation {
  /** The library. */
  path: string;
  /** Of the vendor's archive. */
  sha256: string;
  version: string;
  compatibleModelVersion: number;
  /** It was there before, unharmed, and nothing was downloaded. */
  wasInstalled: boolean;
}

export interface SdkInstallOptions {
  version: string;
  /** Of the archive; null: the vendor's Rust crate has it. */
  sha256: string | null;
  dataFolder: string;
  /** Opens the installed library, which proves that it works here. */
  inspect: InspectLibrary;
  /** Asked before anything is downloaded; rejects when the person does not accept the vendor's licence. */
  acceptLicence(): Promise<void>;
  sdkBaseUrl?: string | null;
  cratesBaseUrl?: string | null;
  platform?: NodeJS.Platform;
  arch?: string;
}

const maxArchiveBytes = 400_000_000;
/** A folder of a process that is gone may be cleared away after that long. */
const abandonedAfterMs = 3_600_000;
const temporaryName = /^\.\d+\.\d+\.\d+\.(\d+)-[0-9a-f]+\.tmp$/;

/**
 * Installs the vendor's library into `sdk/<version>/` of the data folder: downloads the archive, checks its SHA-256, unpacks it
 * beside, gives it its name at once, and opens the library. Several processes may do so at the same time.
 * Throws `LimpidError`: `sdk.*`, `archive.*`, `download.*`, `aic.library-*`, `cancelled`.
 */
export async function installSdk(
  options: SdkInstallOptions,
  controls: DownloadControls = {},
): Promise<SdkInstallation> {
  const { version, dataFolder, platform, arch, inspect } = options;
  const archive = sdkArchive(version, platform, arch);
  const given = options.sha256?.toLowerCase() ?? null;
  if (given !== null && !sha256Hex.safeParse(given).success) throw new LimpidError('sdk.sha256');
  const sdkBase = baseUrl('sdk', options.sdkBaseUrl, controls.environment);
  const cratesBase = baseUrl('crates', options.cratesBaseUrl, controls.environment);

  const present = await findUnharmed(dataFolder, version, given);
  if (present) return describe(present, await openLibrary(present, dataFolder, inspect), true);

  await options.acceptLicence();
  const sha256 = given ?? (await fetchArchiveSha256(version, archive.name, cratesBase, controls));
  const root = join(dataFolder, 'sdk');
  const temporary = join(root, `.${version}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  const archivePath = join(temporary, archive.name);
  const unpacked = join(temporary, 'unpacked');
  try {
    await removeAbandoned(root);
    await mkdir(unpacked, { recursive: true });
    const job = {
      url: `${sdkBase}/${version}/${archive.name}`,
      target: archivePath,
      partBase: join(root, archive.name),
    };
    await downloadFile({ ...job, sha256, maxBytes: maxArchiveBytes }, controls);
    await unpack(archivePath, unpacked);
    const library = await findLibrary(unpacked, archive.library);
    const record: SdkRecord = {
      version,
      archive: archive.name,
      sha256,
      library,
      librarySha256: await hashOf(join(unpacked, ...library.split('/'))),
      compatibleModelVersion: null,
      installedAtMs: Date.now(),
    };
    await writeRecord(join(unpacked, 'installed.json'), record);
    await moveInto(unpacked, dataFolder, record, temporary);
  } catch (error) {
    throw fileError(error, root);
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }

  const installed = listInstalledSdks(dataFolder).find((each) => each.version === version);
  if (!installed)
    throw new LimpidError('download.unwritable', { path: sdkFolder(dataFolder, version), detail: 'ENOENT' });
  return describe(installed, await openLibrary(installed, dataFolder, inspect), false);
}

const describe = (sdk: InstalledSdk, compatibleModelVersion: number, wasInstalled: boolean): SdkInstallation => ({
  path: sdk.libraryPath,
  sha256: sdk.sha256,
  version: sdk.version,
  compatibleModelVersion,
  wasInstalled,
});

/** The installation of a version (and archive, where its hash is given) whose library is still what was unpacked. */
async function findUnharmed(dataFolder: string, version: string, sha256: string | null): Promise<InstalledSdk | null> {
  const sdk = listInstalledSdks(dataFolder).find((each) => each.version === version);
  if (!sdk || (sha256 !== null && sdk.sha256 !== sha256)) return null;
  const hash = await hashOf(sdk.libraryPath).catch(() => null);
  return hash === sdk.librarySha256 ? sdk : null;
}

/** Notes which models the library takes; one that cannot be opened here is taken away again, so that nothing finds it. */
async function openLibrary(sdk: InstalledSdk, dataFolder: string, inspect: InspectLibrary): Promise<number> {
  const { libraryPath, ...record } = sdk;
  try {
    const { compatibleModelVersion } = await inspect(libraryPath);
    if (compatibleModelVersion !== record.compatibleModelVersion) {
      await writeRecord(sdkRecordPath(dataFolder, sdk.version), { ...record, compatibleModelVersion });
    }
    return compatibleModelVersion;
  } catch (error) {
    const failure = asLimpidError(error);
    if (failure.code.startsWith('aic.library-')) {
      await rm(sdkRecordPath(dataFolder, sdk.version), { force: true }).catch(() => undefined);
      await rm(sdkFolder(dataFolder, sdk.version), { recursive: true, force: true }).catch(() => undefined);
    }
    throw failure;
  }
}

/** The library's path in the unpacked archive, with slashes: in `lib/`, where the vendor has it, else the shortest. */
async function findLibrary(folder: string, name: string): Promise<string> {
  const paths = (await readdir(folder, { recursive: true, encoding: 'utf8' })).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const found = paths.filter((path) => path === name || path.endsWith(`/${name}`));
  const [shortest] = found.toSorted((one, other) => one.length - other.length || one.localeCompare(other, 'en'));
  const library = found.find((path) => path === `lib/${name}`) ?? shortest;
  if (!library) throw new LimpidError('sdk.no-library', { library: name });
  return library;
}

/** Gives what was unpacked its name. What is there already stays if it is the same and unharmed, else it goes. */
async function moveInto(unpacked: string, dataFolder: string, record: SdkRecord, temporary: string): Promise<void> {
  const target = sdkFolder(dataFolder, record.version);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rename(unpacked, target);
      return;
    } catch (error) {
      const isTaken = ['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES', 'ENOTDIR'].includes(codeOf(error));
      const isThere = await stat(target).then(
        () => true,
        () => false,
      );
      if (!isTaken || !isThere || attempt >= 3) throw error;
    }
    if (await findUnharmed(dataFolder, record.version, record.sha256)) return;
    await rename(target, join(temporary, `replaced-${attempt}`)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
}

async function removeAbandoned(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) {
    const pid = temporaryName.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(root, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > abandonedAfterMs)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
