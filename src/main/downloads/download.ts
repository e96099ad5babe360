import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LimpidError } from '../../shared/errors.js';
import { fileError } from './failures.js';
import {
  get,
  refuseWebPage,
  statusError,
  tooLargeError,
  type HttpControls,
  type HttpHead,
  type TakeChunk,
} from './http.js';
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
  const receiver = new Receiver(job, part, received, controls.onProgress);
  try {
    await get(job.url, headers, (head) => receiver.begin(head), controls);
  } finally {
    receiver.close();
  }
  if (receiver.outcome !== 'misfit') return receiver.outcome === 'resumed';
  // What is there does not fit what the server has: without it, the next request asks for everything.
  await rm(part.path, { force: true });
  return transfer(job, part, controls);
}

/** Writes one answer into the part, each piece as it comes: what has arrived when the connection breaks is kept. */
class Receiver {
  /** `whole`: all comes from this answer · `resumed`: some was there before · `misfit`: what was there does not fit. */
  outcome: 'whole' | 'resumed' | 'misfit' = 'whole';
  #file: number | null = null;
  #bytes = 0;
  #total: number | null = null;
  #reportedMs = -Infinity;

  constructor(
    readonly job: DownloadJob,
    readonly part: PartFile,
    readonly received: number,
    readonly onProgress: DownloadControls['onProgress'],
  ) {}

  begin(head: HttpHead): TakeChunk | null {
    const { job, received } = this;
    const url = new URL(job.url);
    if (head.status === 416 && received > 0) return this.#end(wholeSize(head) === received ? 'resumed' : 'misfit');
    if (head.status !== 200 && head.status !== 206) throw statusError(head.status, url);
    refuseWebPage(head, url);
    if (head.status === 206 && rangeStart(head) !== received) {
      if (received > 0) return this.#end('misfit');
      throw statusError(head.status, url);
    }
    // 200 is the whole file: the server takes no ranges, or its file has changed.
    this.#bytes = head.status === 206 ? received : 0;
    this.#total = head.status === 206 ? wholeSize(head) : lengthOf(head);
    this.outcome = this.#bytes > 0 ? 'resumed' : 'whole';
    if ((this.#total ?? 0) > job.maxBytes) throw tooLargeError(url, job.maxBytes);
    this.#onDisk(() => {
      this.part.setValidator(validatorOf(head));
      this.#file = openSync(this.part.path, this.#bytes > 0 ? 'a' : 'w');
    });
    return (chunk) => this.#take(chunk);
  }

  /** Brings all to the disk. */
  close(): void {
    if (this.#file === null) return;
    const file = this.#file;
    this.#file = null;
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.onProgress?.(this.#bytes, this.#total ?? this.#bytes);
  }

  #end(outcome: 'resumed' | 'misfit'): null {
    this.outcome = outcome;
    return null;
  }

  #take(chunk: Buffer): void {
    if (this.#bytes + chunk.length > this.job.maxBytes) throw tooLargeError(new URL(this.job.url), this.job.maxBytes);
    this.#onDisk(() => {
      for (let done = 0; done < chunk.length;) done += writeSync(this.#file ?? -1, chunk, done);
    });
    this.#bytes += chunk.length;
    if (performance.now() - this.#reportedMs < progressEveryMs) return;
    this.#reportedMs = performance.now();
    this.onProgress?.(this.#bytes, this.#total);
  }

  #onDisk(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw fileError(error, this.job.target);
    }
  }
}

/** The start of a partial answer, from `Content-Range: bytes 100-199/200`. */
function rangeStart(head: HttpHead): number | null {
  const start = /^bytes (\d+)-/.exec(head.header('content-range') ?? '')?.[1];
  return start === undefined ? null : Number(start);
}

/** The size of the whole, from `Content-Range: bytes 100-199/200` or, with 416, `bytes * /200`. */
function wholeSize(head: HttpHead): number | null {
  const size = /\/(\d+)$/.exec(head.header('content-range') ?? '')?.[1];
  return size === undefined ? null : Number(size);
}

function lengthOf(head: HttpHead): number | null {
  const length = head.header('content-length');
  return length !== null && /^\d+$/.test(length) ? Number(length) : null;
}

/** For `If-Range`, which takes strong tags only. */
function validatorOf(head: HttpHead): string | null {
  const tag = head.header('etag');
  if (tag && !tag.startsWith('W/')) return tag;
  return head.header('last-modified');
}
