import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LimpidError } from '../../shared/errors.js';
import { fileError } from './failures.js';
import { get, refuseWebPage, statusError, tooLargeError, type HttpAnswer, type HttpControls } from './http.js';
import { holdPart, type PartFile } from './partFile.js';

export interface DownloadJob {
  url: string;
  /** Where the file ends up, once it is whole and right; its folder is made. */
  target: string;
  /** Where a later run looks for what was received, `<this>.<sha256>.part`; on the same disk. Default: the target. */
  partBase?: string;
  /** Lower-case hex. */
  sha256: string;
  maxBytes: number;
}

export interface DownloadControls extends HttpControls {
  /** About ten times a second; `totalBytes` is null while the server has not said. What an earlier run got counts as received. */
  onProgress?: ((receivedBytes: number, totalBytes: number | null) => void) | undefined;
  /** Pauses before going on after a failure that may pass; as many as failures in a row are borne. */
  retryDelaysMs?: readonly number[];
}

const progressEveryMs = 100;

/**
 * Downloads a file, goes on where an earlier run stopped, and gives it its name only when its SHA-256 is right; a file of that
 * name and hash is kept. What was received stays on disk, as a `.part`, when the download fails or is cancelled.
 * Returns the size. Throws `LimpidError` `download.*` or `cancelled`.
 */
export async function downloadFile(job: DownloadJob, controls: DownloadControls = {}): Promise<{ bytes: number }> {
  const { target, sha256, partBase = target } = job;
  if ((await hashOf(target).catch(() => null)) === sha256) return { bytes: (await stat(target)).size };
  const part = await holdPart(partBase, sha256).catch((error: unknown) => {
    throw fileError(error, target);
  });
  try {
    const wasResumed = await transferPatiently(job, part, controls);
    let isRight = (await hashOf(part.path)) === sha256;
    if (!isRight && wasResumed) {
      // What there was may have been damaged, or belong to content that has changed since.
      await rm(part.path, { force: true });
      await transferPatiently(job, part, controls);
      isRight = (await hashOf(part.path)) === sha256;
    }
    if (!isRight) {
      await part.discard();
      throw new LimpidError('download.hash-mismatch', { file: basename(target) });
    }
    const bytes = await part.size();
    await rename(part.path, target);
    await part.discard();
    return { bytes };
  } catch (error) {
    throw fileError(error, target);
  } finally {
    await part.release().catch(() => undefined);
  }
}

/** SHA-256 of a file in lower-case hex. Rejects with what the file system says. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Transfers the rest; failures that may pass are borne as long as there are pauses left, and count anew after every byte received.
 * Returns whether the file is put together from more than one answer.
 */
async function transferPatiently(job: DownloadJob, part: PartFile, controls: DownloadControls): Promise<boolean> {
  const { signal, retryDelaysMs = [500, 1000, 2000] } = controls;
  let failures = 0;
  for (;;) {
    const before = await part.size();
    try {
      return await transfer(job, part, controls);
    } catch (error) {
      if (!(error instanceof LimpidError) || !error.retryable) throw error;
      if ((await part.size()) > before) failures = 0;
      const delayMs = retryDelaysMs[failures];
      if (delayMs === undefined) throw error;
      failures += 1;
      await wait(delayMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
      if (signal?.aborted) throw new LimpidError('cancelled');
    }
  }
}

/** One request, for all that is missing. Returns whether there was something before. */
async function transfer(job: DownloadJob, part: PartFile, controls: DownloadControls): Promise<boolean> {
  const received = await part.size();
  const validator = received > 0 ? await part.validator() : null;
  const headers: Record<string, string> = received > 0 ? { range: `bytes=${received}-` } : {};
  if (validator) headers['if-range'] = validator;
  const outcome = await get(job.url, headers, (answer) => take(answer, received, job, part, controls), controls);
  if (outcome !== 'misfit') return outcome === 'resumed';
  // What is there does not fit what the server has: without it, the next request asks for everything.
  await rm(part.path, { force: true });
  return transfer(job, part, controls);
}

async function take(
  answer: HttpAnswer,
  received: number,
  job: DownloadJob,
  part: PartFile,
  controls: DownloadControls,
): Promise<'whole' | 'resumed' | 'misfit'> {
  const url = new URL(job.url);
  if (answer.status === 416 && received > 0) return wholeSize(answer) === received ? 'resumed' : 'misfit';
  if (answer.status !== 200 && answer.status !== 206) throw statusError(answer.status, url);
  refuseWebPage(answer, url);
  // 200 is the whole file: the server takes no ranges, or its file has changed.
  const start = answer.status === 206 ? received : 0;
  if (answer.status === 206 && rangeStart(answer) !== received) {
    if (received > 0) return 'misfit';
    throw statusError(206, url);
  }
  const total = answer.status === 206 ? wholeSize(answer) : lengthOf(answer);
  if ((total ?? 0) > job.maxBytes) throw tooLargeError(url, job.maxBytes);
  await part.setValidator(validatorOf(answer)).catch((error: unknown) => {
    throw fileError(error, job.target);
  });
  await append(answer, start, total, job, part, controls);
  return start > 0 ? 'resumed' : 'whole';
}

async function append(
  answer: HttpAnswer,
  start: number,
  total: number | null,
  { url, target, maxBytes }: DownloadJob,
  part: PartFile,
  { onProgress }: DownloadControls,
): Promise<void> {
  const onDisk = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      throw fileError(error, target);
    });
  const file = await onDisk(open(part.path, start > 0 ? 'a' : 'w'));
  let bytes = start;
  let reportedMs = -Infinity;
  try {
    for await (const chunk of answer.chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLargeError(new URL(url), maxBytes);
      await onDisk(file.writeFile(chunk));
      if (performance.now() - reportedMs < progressEveryMs) continue;
      reportedMs = performance.now();
      onProgress?.(bytes, total);
    }
    await onDisk(file.sync());
    onProgress?.(bytes, total ?? bytes);
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** The start of a partial answer, from `Content-Range: bytes 100-199/200`. */
function rangeStart(answer: HttpAnswer): number | null {
  const start = /^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1];
  return start === undefined ? null : Number(start);
}

/** The size of the whole, from `Content-Range: bytes 100-199/200` or, with 416, `bytes * /200`. */
function wholeSize(answer: HttpAnswer): number | null {
  const size = /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1];
  return size === undefined ? null : Number(size);
}

function lengthOf(answer: HttpAnswer): number | null {
  const length = answer.header('content-length');
  return length !== null && /^\d+$/.test(length) ? Number(length) : null;
}

/** For `If-Range`, which takes strong tags only. */
function validatorOf(answer: HttpAnswer): string | null {
  const tag = answer.header('etag');
  if (tag && !tag.startsWith('W/')) return tag;
  return answer.header('last-modified');
}
