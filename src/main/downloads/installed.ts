import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../writeWhole.js';
import { fileError } from './failures.js';
import { modelPurpose, type ModelPurpose } from './modelPurpose.js';

/** A version of the vendor's library: three numbers. */
export const sdkVersion = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/);
/** A model as the vendor's manifest names it, e.g. `quail-vf-2.0-l-16khz`; also the name of its folder. */
export const modelId = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
/** A file name without a folder. */
export const plainFileName = z
  .string()
  .max(150)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** Beside the unpacked library: `sdk/<version>/installed.json`. */
export const sdkRecord = z.object({
  version: sdkVersion,
  archive: z.string(),
  /** Of the archive. */
  sha256: sha256Hex,
  /** The library, from the folder of this file. */
  library: z.string().refine((path) => !isAbsolute(path) && !normalize(path).startsWith('..')),
  librarySha256: sha256Hex,
  /** What the library said when it was opened; null: it was not opened yet. */
  compatibleModelVersion: z.number().int().nullable(),
  installedAtMs: z.number(),
});
export type SdkRecord = z.infer<typeof sdkRecord>;

/** Beside a model: `models/<id>/v<N>/<file>.json`. */
export const modelRecord = z.object({
  id: modelId,
  version: z.number().int().min(1),
  file: plainFileName,
  sha256: sha256Hex,
  bytes: z.number().int().min(0),
  installedAtMs: z.number(),
});
export type ModelRecord = z.infer<typeof modelRecord>;

export const sdkFolder = (dataFolder: string, version: string): string => join(dataFolder, 'sdk', version);
export const sdkRecordPath = (dataFolder: string, version: string): string =>
  join(sdkFolder(dataFolder, version), 'installed.json');
export const modelFolder = (dataFolder: string, id: string, version: number): string =>
  join(dataFolder, 'models', id, `v${version}`);

export interface InstalledSdk extends SdkRecord {
  libraryPath: string;
}

export interface InstalledModel extends ModelRecord {
  path: string;
  purpose: ModelPurpose;
}

/** The libraries in the data folder, highest version first. What has no readable record, or lacks its library, is left out. */
export function listInstalledSdks(dataFolder: string): InstalledSdk[] {
  return foldersIn(join(dataFolder, 'sdk'))
    .flatMap((version): InstalledSdk[] => {
      const record = readRecord(sdkRecordPath(dataFolder, version), sdkRecord);
      if (record?.version !== version) return [];
      const libraryPath = join(sdkFolder(dataFolder, version), ...record.library.split('/'));
      return sizeOf(libraryPath) === null ? [] : [{ ...record, libraryPath }];
    })
    .toSorted((one, other) => compareVersions(other.version, one.version));
}

/**
 * The models in the data folder, the one installed last first (installing again counts); at the same time, by id and version.
 * What has no readable record, or not the recorded size, is left out.
 */
export function listInstalledModels(dataFolder: string): InstalledModel[] {
  const root = join(dataFolder, 'models');
  return foldersIn(root)
    .flatMap((id) => foldersIn(join(root, id)).map((version) => join(root, id, version)))
    .flatMap((folder) => recordsIn(folder).map((name) => ({ folder, name })))
    .flatMap(({ folder, name }): InstalledModel[] => {
      const record = readRecord(join(folder, name), modelRecord);
      if (!record || !folder.endsWith(join(record.id, `v${record.version}`)) || name !== `${record.file}.json`)
        return [];
      const path = join(folder, record.file);
      return sizeOf(path) === record.bytes ? [{ ...record, path, purpose: modelPurpose(record.id) }] : [];
    })
    .toSorted(
      (one, other) =>
        other.installedAtMs - one.installedAtMs ||
        one.id.localeCompare(other.id, 'en') ||
        other.version - one.version ||
        one.file.localeCompare(other.file, 'en'),
    );
}

/** Negative when `one` is the older version. */
export function compareVersions(one: string, other: string): number {
  const numbers = other.split('.').map(Number);
  const differences = one.split('.').map((part, index) => Number(part) - (numbers[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

function foldersIn(path: string): string[] {
  return entriesOf(path)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

const recordsIn = (path: string): string[] =>
  entriesOf(path)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.json'));

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Writes a record that is never half there. Throws `download.*`. */
export async function writeRecord(path: string, record: SdkRecord | ModelRecord): Promise<void> {
  await writeWhole(path, `${JSON.stringify(record, null, 2)}\n`).catch((error: unknown) => {
    throw fileError(error, path);
  });
}

function readRecord<Record>(path: string, schema: z.ZodType<Record>): Record | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

function sizeOf(path: string): number | null {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}
