import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LimpidError } from '../../shared/errors.js';
import { maxUploadBytes } from '../../shared/panelProtocol.js';
import { hasSoundEnding } from '../../shared/soundEndings.js';
import { sanitizeName } from './outputName.js';
import type { WorkFolder } from './workFolder.js';

/** What stays free on the disk for everything else. */
const spareBytes = 256e6;

export interface ReceivedFile {
  path: string;
  name: string;
  bytes: number;
}

/**
 * Keeps what a browser sends as a file in the work folder, under its own name in a folder of its own. Rejects with
 * `files.not-sound`, `files.too-large`, `files.receive-failed` or `file.disk-full`, and keeps nothing then.
 * @param announced its size as its sender says; null: nobody knows
 */
export async function receive(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  announced: number | null,
  work: WorkFolder,
): Promise<ReceivedFile> {
  const safe = sanitizeName(name);
  if (!hasSoundEnding(safe)) throw new LimpidError('files.not-sound', { name: safe });
  if ((announced ?? 0) > maxUploadBytes) throw new LimpidError('files.too-large', { name: safe });
  let folder: string | null = null;
  let bytes = 0;
  async function* limited(parent: string): AsyncGenerator<Uint8Array> {
    let checked = 0;
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxUploadBytes) throw new LimpidError('files.too-large', { name: safe });
      if (bytes - checked > spareBytes / 4) {
        checked = bytes;
        await requireSpace(parent, 0, safe);
      }
      yield chunk;
    }
  }
  try {
    const parent = await work.path();
    await requireSpace(parent, announced ?? 0, safe);
    folder = await mkdtemp(join(parent, 'received-'));
    const path = join(folder, safe);
    await pipeline(Readable.from(limited(parent)), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    if (announced !== null && bytes !== announced) throw new LimpidError('files.receive-failed', { name: safe });
    return { path, name: safe, bytes };
  } catch (cause) {
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw receiveError(cause, safe);
  }
}

async function requireSpace(folder: string, bytes: number, name: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + spareBytes) throw new LimpidError('file.disk-full', { detail: name });
}

function receiveError(cause: unknown, name: string): LimpidError {
  if (cause instanceof LimpidError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new LimpidError('file.disk-full', { detail: name }, { cause });
  return new LimpidError('files.receive-failed', { name }, { cause, retryable: true });
}
