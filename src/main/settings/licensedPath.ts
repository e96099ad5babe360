import { isAbsolute } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import type { LicensedChanges } from './policySchema.js';

/**
 * Library and models as a window may name them: by their full path, on a disk of this computer. A relative path would depend on
 * where Limpid was started, and a path on a server (`\\server\share`) makes Windows log in there as the user.
 * Throws `licensed.path-not-absolute` or `licensed.path-on-server`.
 */
export function checkLicensedPaths({ libraryPath, modelPath, vadModelPath }: LicensedChanges): void {
  for (const path of [libraryPath, modelPath, vadModelPath]) {
    if (!path) continue;
    if (isOnServer(path)) throw new LimpidError('licensed.path-on-server', { path });
    if (!isAbsolute(path)) throw new LimpidError('licensed.path-not-absolute', { path });
  }
}

/** Whether a path is one of Windows' for servers and devices; refused on every system, as nobody needs two slashes elsewhere. */
export const isOnServer = (path: string): boolean => /^[\\/]{2}/.test(path);

/** A full path that names no server. */
export const isLocalPath = (path: string): boolean => isAbsolute(path) && !isOnServer(path);
