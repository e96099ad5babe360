import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LimpidError } from '../../shared/errors.js';
import { isMissing } from '../isMissing.js';
import { makeRecordingsFolder } from '../audio/recordingFolder.js';
import type { WorkFolder } from './workFolder.js';

/** Pauses before a file that another program holds for a moment, such as one that looks for viruses, is renamed once more. */
const renamePausesMs = [50, 100, 200, 400];

/** What tells one file from all others, by whatever path it is reached. */
export type FileIdentity = string;

export const identityOf = ({ dev, ino }: BigIntStats): FileIdentity => `${dev}:${ino}`;

/** Null when there is no such file. Rejects with what else the file system says. */
export async function identify(path: string): Promise<FileIdentity | null> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A file to write into, beside where its output will be: hidden, and gone again unless it was put in place. */
export class PartFile {
  private constructor(
    readonly path: string,
    private readonly target: string,
    private readonly forgetNote: () => Promise<void>,
  ) {}

  /**
   * Makes the folder where there is none, and makes sure that a file can be written there. What a crash leaves of it is taken away
   * at the next start. Rejects with `files.folder-unwritable` or `file.disk-full`.
   */
  static async begin(target: string, work: WorkFolder): Promise<PartFile> {
    const name = basename(target, extname(target));
    const path = join(dirname(target), `.${name}.${randomBytes(4).toString('hex')}${extname(target)}`);
    try {
      makeRecordingsFolder(dirname(target));
      const file = await open(path, 'wx');
      // A full disk may take the name and not what is in it.
      await file.write('trial').finally(() => file.close());
      await rm(path);
    } catch (cause) {
      await rm(path, { force: true }).catch(() => undefined);
      throw placeError(cause, dirname(target));
    }
    return new PartFile(path, target, await work.note(path));
  }

  /**
   * Puts what was written, and is on the disk, in place and returns where that is. What is there meanwhile is replaced only where that was wished; else
   * the name gets a number. Rejects with `files.folder-unwritable` or `file.disk-full`.
   */
  async place({ mayReplace }: { mayReplace: boolean }): Promise<string> {
    let reserved: string | null = null;
    try {
      if (!mayReplace) reserved = await reserve(this.target);
      await renamePatiently(this.path, reserved ?? this.target);
      return reserved ?? this.target;
    } catch (cause) {
      if (reserved !== null) await rm(reserved, { force: true }).catch(() => undefined);
      throw placeError(cause, dirname(this.target));
    }
  }

  /** Never rejects. */
  async discard(): Promise<void> {
    await rm(this.path, { force: true }).then(this.forgetNote, () => undefined);
  }
}

async function renamePatiently(from: string, to: string): Promise<void> {
  for (const pauseMs of renamePausesMs) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await sleep(pauseMs);
    }
  }
  await rename(from, to);
}

/** Makes an empty file of that name, or with the next free number. */
async function reserve(path: string): Promise<string> {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${stem} (${number})${ending}`;
    try {
      await (await open(candidate, 'wx')).close();
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function placeError(cause: unknown, folder: string): LimpidError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new LimpidError('file.disk-full', { detail: folder }, { cause });
  return new LimpidError('files.folder-unwritable', { folder }, { cause });
}
