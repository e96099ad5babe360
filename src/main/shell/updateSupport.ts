import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Notice } from '../../shared/errors.js';

export interface Installation {
  platform: NodeJS.Platform;
  isPackaged: boolean;
  /** Of Electron: where electron-builder's `package-type` lies. */
  resourcesPath: string;
  /** Of the running program. */
  execPath: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Why this installation never updates itself; null where it can.
 *
 * A package of the system (deb) is left to the system: electron-updater could hand it a new one, but only through a question for
 * the administrator's password and `dpkg` as root, on a file that nothing but the list of versions vouches for. Those who install
 * packages have a repository, which is signed.
 */
export function whyNoUpdates({
  platform,
  isPackaged,
  resourcesPath,
  execPath,
  environment,
}: Installation): Notice | null {
  if (!isPackaged) return reason('updates.unpackaged');
  if (platform !== 'linux') return null;
  if (packageType(resourcesPath) || systemFolders.test(execPath)) return reason('updates.by-system');
  const { APPIMAGE: image, APPDIR: mounted } = environment;
  // Started from a terminal of another AppImage, we inherit that one's variables: it is not ours to replace.
  if (!image || !mounted || !execPath.startsWith(mounted + sep)) return reason('updates.no-image');
  return isReplaceable(image) ? null : reason('updates.read-only');
}

/** Where packages put programs; those that were made without a feed of versions carry no `package-type`. */
const systemFolders = /^\/(?:opt|usr)\//;

const reason = (code: string): Notice => ({ code, params: {} });

/** `deb`, `rpm` or `pacman`: electron-builder writes it into such packages, and into no other. */
function packageType(resourcesPath: string): string {
  try {
    return readFileSync(join(resourcesPath, 'package-type'), 'utf8').trim();
  } catch {
    return '';
  }
}

/** An AppImage is replaced by another file in its folder. */
function isReplaceable(image: string): boolean {
  try {
    accessSync(image, constants.R_OK);
    accessSync(dirname(image), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
