import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import { asLimpidError } from '../audio/native.js';
import { checkRecordingsFolder } from '../audio/recordingFolder.js';
import { isOnServer } from '../settings/licensedPath.js';
import { isMissing } from '../isMissing.js';
import { identityOf, type FileIdentity } from './outputPlace.js';

/** Why a path cannot be taken, `files.path-*`; null: it can. */
export function findRefusal(path: string): LimpidError | null {
  if (path === '') return new LimpidError('files.path-missing');
  // A path on a server makes Windows log in there as the user.
  if (isOnServer(path)) return new LimpidError('files.path-on-server', { path });
  return isAbsolute(path) ? null : new LimpidError('files.path-not-absolute', { path });
}

/** By the rules for the folder of recordings. Rejects with `files.folder-*`. */
export async function checkOutputFolder(folder: string): Promise<void> {
  await checkRecordingsFolder(folder).catch((cause: unknown) => {
    const { code, params } = asLimpidError(cause);
    if (code === 'recording.folder-on-server') throw new LimpidError('files.folder-on-server', { folder }, { cause });
    if (code === 'recording.folder-not-absolute')
      throw new LimpidError('files.folder-not-absolute', { folder }, { cause });
    throw new LimpidError('files.folder-unusable', { folder, detail: String(params['detail'] ?? code) }, { cause });
  });
}

/** A plain file with something in it. Rejects with `file.not-found`, `file.unreadable` or `file.empty`. */
export async function requireInput(path: string): Promise<FileIdentity> {
  try {
    const facts = await stat(path, { bigint: true });
    if (!facts.isFile()) throw new LimpidError('file.unreadable', { detail: path });
    if (facts.size === 0n) throw new LimpidError('file.empty', { detail: path });
    return identityOf(facts);
  } catch (error) {
    if (error instanceof LimpidError) throw error;
    throw new LimpidError(isMissing(error) ? 'file.not-found' : 'file.unreadable', { detail: path }, { cause: error });
  }
}
