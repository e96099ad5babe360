import { join } from 'node:path';
import { z } from 'zod';
import { LimpidError } from '../../shared/errors.js';
import { baseUrl } from './baseUrls.js';
import { downloadFile, type DownloadControls } from './download.js';
import { getDocument, type HttpControls } from './http.js';
import {
  listInstalledModels,
  modelFolder,
  modelId,
  plainFileName,
  sha256Hex,
  writeRecord,
  type ModelRecord,
} from './installed.js';
import { modelPurpose, type ModelPurpose } from './modelPurpose.js';

/** One build of a model in the vendor's manifest. */
const manifestFile = z.object({
  /** Its path below the base address. */
  file: z
    .string()
    .max(500)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/)
    .refine((path) => !path.split('/').includes('..') && !path.includes('//')),
  filename: plainFileName.regex(/\.aicmodel$/),
  checksum: z.string().toLowerCase().pipe(sha256Hex),
});
type ManifestFile = z.infer<typeof manifestFile>;

const manifestSchema = z.object({ models: z.record(z.string(), z.unknown()) });
const manifestModel = z.object({ versions: z.record(z.string(), z.unknown()) });

/** Model id → version → file. What is not understood is left out: the manifest grows without notice. */
export type Manifest = Map<string, Map<number, ManifestFile>>;

export interface ListedModel {
  id: string;
  purpose: ModelPurpose;
  /** Versions that the vendor has, newest first. */
  versions: number[];
  /** Whether one of them is for the library that was found; null: no library was found. */
  isCompatible: boolean | null;
  /** Path of the newest installed build (of the library's version where that is known); null: none is. */
  path: string | null;
}

export interface ModelInstallation {
  path: string;
  sha256: string;
  id: string;
  version: number;
}

const maxModelBytes = 400_000_000;
const maxManifestBytes = 5_000_000;

/** Fetches the vendor's list of models. Throws `model.manifest` or `download.*`. */
export async function fetchManifest(
  modelsBaseUrl: string | null = null,
  controls: HttpControls = {},
): Promise<Manifest> {
  const base = baseUrl('models', modelsBaseUrl, controls.environment);
  const text = (await getDocument(`${base}/manifest.json`, maxManifestBytes, controls)).toString('utf8');
  return parseManifest(text);
}

/** Reads a manifest. Throws `model.manifest` when it is none. */
export function parseManifest(text: string): Manifest {
  const manifest: Manifest = new Map();
  for (const [id, model] of Object.entries(readModels(text))) {
    const versions = new Map<number, ManifestFile>();
    for (const [name, file] of Object.entries(manifestModel.safeParse(model).data?.versions ?? {})) {
      const number = /^v([1-9]\d{0,5})$/.exec(name)?.[1];
      const build = manifestFile.safeParse(file).data;
      if (number && build) versions.set(Number(number), build);
    }
    if (modelId.safeParse(id).success && versions.size > 0) manifest.set(id, versions);
  }
  return manifest;
}

function readModels(text: string): Record<string, unknown> {
  try {
    return manifestSchema.parse(JSON.parse(text)).models;
  } catch {
    throw new LimpidError('model.manifest');
  }
}

/** What can be installed and what is, by name. `compatibleVersion` is the library's; null: no library was found. */
export function listModels(manifest: Manifest, compatibleVersion: number | null, dataFolder: string): ListedModel[] {
  const installed = listInstalledModels(dataFolder).filter(
    ({ version }) => compatibleVersion === null || version === compatibleVersion,
  );
  return [...manifest]
    .map(([id, builds]) => ({
      id,
      purpose: modelPurpose(id),
      versions: [...builds.keys()].toSorted((one, other) => other - one),
      isCompatible: compatibleVersion === null ? null : builds.has(compatibleVersion),
      path: installed.find((model) => model.id === id)?.path ?? null,
    }))
    .toSorted((one, other) => one.id.localeCompare(other.id, 'en'));
}

/**
 * Installs the build of a model whose version is exactly the library's: there is no other that it takes. The file gets its name
 * when its SHA-256 is right; the record beside it comes last. Throws `model.*`, `download.*`, `cancelled`.
 */
export async function installModel(
  options: { id: string; compatibleVersion: number; dataFolder: string; modelsBaseUrl?: string | null },
  controls: DownloadControls = {},
): Promise<ModelInstallation> {
  const { id, compatibleVersion: version, dataFolder, modelsBaseUrl = null } = options;
  const manifest = await fetchManifest(modelsBaseUrl, controls);
  const builds = manifest.get(id);
  if (!builds) throw new LimpidError('model.unknown', { id: id.slice(0, 100) });
  const build = builds.get(version);
  if (!build) {
    const versions = [...builds.keys()].toSorted((one, other) => one - other).join(', ');
    throw new LimpidError('model.incompatible', { id, version, versions });
  }

  const folder = modelFolder(dataFolder, id, version);
  const path = join(folder, build.filename);
  const url = `${baseUrl('models', modelsBaseUrl, controls.environment)}/${build.file}`;
  const { bytes } = await downloadFile(
    { url, target: path, sha256: build.checksum, maxBytes: maxModelBytes },
    controls,
  );
  const record: ModelRecord = {
    id,
    version,
    file: build.filename,
    sha256: build.checksum,
    bytes,
    installedAtMs: Date.now(),
  };
  await writeRecord(`${path}.json`, record);
  return { path, sha256: build.checksum, id, version };
}
