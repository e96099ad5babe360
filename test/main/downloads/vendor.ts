import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sdkArchive } from '../../../src/main/downloads/sdkArchive.js';
import { buildStandIn } from '../../libaic/build.js';
import { makeTarGz, makeZip, type ArchiveEntry } from './archives.js';
import type { FaultyServer } from './faultyServer.js';

export const sha256Of = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** What the vendor's addresses are here. */
export const vendorEnvironment = ({ url }: FaultyServer): NodeJS.ProcessEnv => ({
  LIMPID_SDK_BASE_URL: `${url}/sdk`,
  LIMPID_CRATES_BASE_URL: `${url}/crates`,
  LIMPID_MODELS_BASE_URL: `${url}/models/`,
});

export interface Published {
  /** Paths on the server. */
  archivePath: string;
  cratePath: string;
  sha256: string;
}

/** Puts the stand-in library on the server as the vendor publishes his: the archive, and the crate with its hash. */
export function publishSdk(
  server: FaultyServer,
  version = '0.25.1',
  options: { entries?: ArchiveEntry[]; sums?: (right: string, archive: string) => string } = {},
): Published {
  const { name, library } = sdkArchive(version);
  const entries = options.entries ?? [
    { path: 'LICENSE.AIC-SDK', data: 'proprietary' },
    { path: 'include/aic.h', data: '// none' },
    { path: `lib/${library}`, data: readFileSync(buildStandIn().libraryPath) },
  ];
  const archive = name.endsWith('.zip') ? makeZip(entries) : makeTarGz(entries);
  const sha256 = sha256Of(archive);
  const sums = options.sums?.(sha256, name) ?? sumsOf(sha256, name);
  const crate = makeTarGz([
    { path: `aic-sdk-sys-${version}/Cargo.toml`, data: '[package]' },
    { path: `aic-sdk-sys-${version}/checksum.txt`, data: sums },
  ]);
  const archivePath = `/sdk/${version}/${name}`;
  const cratePath = `/crates/aic-sdk-sys/aic-sdk-sys-${version}.crate`;
  server.files.set(archivePath, archive);
  server.files.set(cratePath, crate);
  return { archivePath, cratePath, sha256 };
}

/** The list of the vendor's crate: other systems' archives and comments stand in it as well. */
const sumsOf = (sha256: string, archive: string): string =>
  [
    `${'0'.repeat(64)}  aic-sdk-aarch64-linux-android-0.25.1.tar.gz`,
    `${sha256}  ${archive}`,
    '# <REPLACE_WITH_SHA256>  aic-sdk-x86_64-pc-windows-gnullvm-0.25.1.tar.gz',
    '',
  ].join('\n');

/** Puts models on the server: id → version → content. */
export function publishModels(server: FaultyServer, models: Record<string, Record<number, Buffer>>): void {
  const entries = Object.entries(models).map(([id, builds]) => {
    const versions = Object.entries(builds).map(([version, content]) => {
      const filename = `${id.replaceAll(/[-.]/g, '_')}_abcd_v14.aicmodel`;
      const file = `models/${id.replaceAll('.', '-')}/v${version}/${filename}`;
      server.files.set(`/models/${file}`, content);
      const checksum = sha256Of(content);
      return [`v${version}`, { file, filename, checksum, uploaded_at: '2026-04-23T08:27:28Z', git_sha: 'abc' }];
    });
    return [id, { versions: Object.fromEntries(versions) as object }];
  });
  const manifest = { schema_version: '1.0', updated_at: '2026-04-23', models: Object.fromEntries(entries) as object };
  server.files.set('/models/manifest.json', Buffer.from(JSON.stringify(manifest)));
}
