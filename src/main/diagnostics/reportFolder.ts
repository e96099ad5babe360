import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import {
  findWanted,
  formatMoment,
  makeFolders,
  readNamedFolders,
  surroundings,
  type Surroundings,
} from '../userFolders.js';
import { writeWhole } from '../writeWhole.js';

/** `Limpid` in the user's folder for documents, or in the home folder where there is none. */
export function defaultReportFolder(given: Partial<Surroundings> = {}): string {
  const here = surroundings(given);
  const { home } = here;
  return join(findWanted([readNamedFolders(here)['DOCUMENTS'], join(home, 'Documents')], home) ?? home, 'Limpid');
}

/** Makes sure that the folder exists. Throws `report.folder-unusable`. */
export function makeReportFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

/**
 * Writes a file whole, named by the moment (`Limpid report 2026-11-21 15-04-05.html`, or `… 2.html` when there is one), and resolves
 * with its path. Only its owner may read it. Rejects with `report.folder-unusable`.
 */
export async function saveDated(
  folder: string,
  { title, ending, content, at }: { title: string; ending: string; content: string | Uint8Array; at: Date },
): Promise<string> {
  makeReportFolder(folder);
  try {
    const path = await reserve(join(folder, `${title} ${formatMoment(at)}`), ending, 1);
    await writeWhole(path, content, 0o600).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    return path;
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

/** An empty file holds the name until the whole one takes its place. */
async function reserve(stem: string, ending: string, number: number): Promise<string> {
  const path = `${stem}${number === 1 ? '' : ` ${number}`}${ending}`;
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return reserve(stem, ending, number + 1);
  }
}

const unusable = (folder: string, cause: unknown): LimpidError =>
  new LimpidError(
    'report.folder-unusable',
    { folder, detail: cause instanceof Error ? cause.message : String(cause) },
    { cause },
  );
