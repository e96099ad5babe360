import { LimpidError } from '../../shared/errors.js';
import { getDocument, type HttpControls } from './http.js';
import { compareVersions, sdkVersion } from './installed.js';
import { readFromTarGz } from './unpack.js';

/** What `limpid sdk install` installs unless told otherwise. */
export const defaultSdkVersion = '0.25.1';
/** The first whose interface the native core speaks. */
const oldestVersion = '0.22.0';

/** As the vendor names it; the archive is covered by it, and only its wrappers are free software. */
export const sdkLicenceUrl = 'https://github.com/ai-coustics/aic-sdk-c/blob/HEAD/LICENSE.AIC-SDK';

/** Rust target triples, by which the vendor names its archives. Linux means glibc. */
const triples: Partial<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-gnu',
  'linux-arm64': 'aarch64-unknown-linux-gnu',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64': 'x86_64-pc-windows-msvc',
  'win32-arm64': 'aarch64-pc-windows-msvc',
};

export interface SdkArchive {
  /** E.g. `aic-sdk-x86_64-unknown-linux-gnu-0.25.1.tar.gz`. */
  name: string;
  /** The library's file name in it. */
  library: string;
}

/** The vendor's archive for a system and processor. Throws `sdk.version`, `sdk.version-too-old` or `sdk.unsupported-platform`. */
export function sdkArchive(
  version: string,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): SdkArchive {
  if (!sdkVersion.safeParse(version).success) throw new LimpidError('sdk.version', { version: version.slice(0, 50) });
  if (compareVersions(version, oldestVersion) < 0) {
    throw new LimpidError('sdk.version-too-old', { version, oldest: oldestVersion });
  }
  const triple = triples[`${platform}-${arch}`];
  if (!triple) throw new LimpidError('sdk.unsupported-platform', { platform: `${platform} ${arch}` });
  const extension = triple.endsWith('msvc') ? 'zip' : 'tar.gz';
  const libraries: Partial<Record<NodeJS.Platform, string>> = { darwin: 'libaic.dylib', win32: 'aic.dll' };
  return { name: `aic-sdk-${triple}-${version}.${extension}`, library: libraries[platform] ?? 'libaic.so' };
}

/**
 * The SHA-256 that the vendor's Rust crate of the same version has for an archive: its build downloads the same archives and
 * checks them by this list. The crate comes from another server than the archive. Throws `sdk.no-checksum`, `archive.*`, `download.*`.
 */
export async function fetchArchiveSha256(
  version: string,
  archive: string,
  cratesBaseUrl: string,
  controls: HttpControls = {},
): Promise<string> {
  const url = `${cratesBaseUrl}/aic-sdk-sys/aic-sdk-sys-${version}.crate`;
  const crate = await getDocument(url, 20_000_000, controls).catch((error: unknown) => {
    const isMissing = error instanceof LimpidError && /^download\.(not-found|forbidden)$/.test(error.code);
    throw isMissing ? new LimpidError('sdk.no-checksum', { archive, version }) : error;
  });
  const list = await readFromTarGz(crate, (path) => /(^|\/)checksums?\.txt$/.test(path));
  const sha256 = findChecksum(list?.toString('utf8') ?? '', archive);
  if (!sha256) throw new LimpidError('sdk.no-checksum', { archive, version });
  return sha256;
}

/** The hash of a file in a list as `sha256sum` prints it; null when it is not there, or there with different hashes. */
export function findChecksum(list: string, file: string): string | null {
  const hashes = list.split(/\r?\n/).flatMap((line) => {
    const [, hash = '', name = ''] = /^\s*([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line) ?? [];
    return name.split('/').at(-1) === file ? [hash.toLowerCase()] : [];
  });
  return new Set(hashes).size === 1 ? (hashes[0] ?? null) : null;
}
