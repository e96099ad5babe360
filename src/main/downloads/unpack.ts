import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { openPromise, type Entry } from 'yauzl';
import { LimpidError } from '../../shared/errors.js';
import { codeOf, fileError } from './failures.js';

export interface UnpackLimits {
  /** Of all files together, unpacked. */
  maxBytes: number;
  maxEntries: number;
}

const defaultLimits: UnpackLimits = { maxBytes: 400_000_000, maxEntries: 10_000 };

/** Reserved by Windows in every folder and with every extension. */
const windowsDevice = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
// eslint-disable-next-line no-control-regex -- they are what is refused
const forbiddenCharacter = /[\u0000-\u001f\u007f\\:]/;
const unixTypeMask = 0o170_000;
const unixFile = 0o100_000;
const unixFolder = 0o040_000;

/** Sums up what an archive holds and throws when it is too much. */
class Budget {
  #bytes = 0;
  #entries = 0;

  constructor(readonly limits: UnpackLimits) {}

  takeEntry(): void {
    this.#entries += 1;
    if (this.#entries > this.limits.maxEntries) {
      throw new LimpidError('archive.too-many', { limit: this.limits.maxEntries });
    }
  }

  takeBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.maxBytes) throw tooLarge(this.limits);
  }
}

/**
 * Unpacks a `.zip` or `.tar.gz` (by its name) into an empty folder: plain files and folders only. Throws `archive.unsafe` for
 * anything that could end up outside of it (`..`, absolute paths, links, devices, a name that comes twice), `archive.too-large`,
 * `archive.too-many`, `archive.damaged`, and `download.*` for what the disk refuses; the folder may then hold a part of it.
 */
export async function unpack(archivePath: string, folder: string, limits: UnpackLimits = defaultLimits): Promise<void> {
  try {
    if (archivePath.endsWith('.zip')) await unpackZip(archivePath, folder, limits);
    else await readTarGz(createReadStream(archivePath), limits, (path, data) => writeEntry(folder, path, data));
  } catch (error) {
    throw archiveError(error, folder);
  }
}

/** The first file of a `.tar.gz` in memory whose path fits, or null. Throws like `unpack`. */
export async function readFromTarGz(
  archive: Buffer,
  fits: (path: string) => boolean,
  limits: UnpackLimits = defaultLimits,
): Promise<Buffer | null> {
  let found: Buffer | null = null;
  try {
    await readTarGz(Readable.from([archive]), limits, async (path, data) => {
      if (found || !data || !fits(path)) return;
      const parts: Buffer[] = [];
      for await (const chunk of data) parts.push(chunk);
      found = Buffer.concat(parts);
    });
  } catch (error) {
    throw archiveError(error, '');
  }
  return found;
}

/** Hands on each entry in turn; `data` is null for folders. What `take` leaves unread is skipped. */
async function readTarGz(
  source: Readable,
  limits: UnpackLimits,
  take: (path: string, data: AsyncIterable<Buffer> | null) => Promise<void>,
): Promise<void> {
  // What comes out of the compression is limited as well as what the files hold: an archive may be nothing but headers.
  const unzippedBudget = new Budget(limits);
  const budget = new Budget(limits);
  const unzipped = createGunzip();
  const parser = new Parser({ strict: true });
  let failure: { error: unknown } | null = null;
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  let current: PassThrough | null = null;
  const fail = (error: unknown): void => {
    failure ??= { error };
    current?.destroy(new Error('stopped'));
    stop();
  };

  const handle = async (entry: ReadEntry): Promise<void> => {
    if (failure) return;
    budget.takeEntry();
    const path = safePath(entry.path);
    if (entry.type === 'Directory') await take(path, null);
    else if (entry.type !== 'File' && entry.type !== 'OldFile') throw unsafe(entry.path);
    else {
      current = entry.pipe(new PassThrough().on('error', () => undefined));
      await take(path, counted(current, budget));
    }
  };
  let work: Promise<void> = Promise.resolve();
  parser.on('entry', (entry: ReadEntry) => {
    work = work
      .then(() => handle(entry))
      .catch(fail)
      .finally(() => {
        current?.resume();
        entry.resume();
      });
  });
  parser.on('ignoredEntry', (entry: ReadEntry) => fail(unsafe(entry.path)));
  parser.on('error', fail);

  source.on('error', (error) => unzipped.destroy(error));
  source.pipe(unzipped);
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      unzippedBudget.takeBytes(chunk.length);
      if (!parser.write(chunk)) await Promise.race([once(parser, 'drain'), stopped]);
      if (failure) break;
    }
    const ended = once(parser, 'end');
    parser.end();
    await Promise.race([ended, stopped]);
  } catch (error) {
    fail(error);
  }
  source.destroy();
  await work;
  if (failure) throw (failure as { error: unknown }).error;
}

async function unpackZip(archivePath: string, folder: string, limits: UnpackLimits): Promise<void> {
  const budget = new Budget(limits);
  const zip = await openPromise(archivePath, { validateEntrySizes: true });
  try {
    for await (const entry of zip.eachEntry()) {
      budget.takeEntry();
      const path = safePath(entry.fileName);
      refuseSpecial(entry);
      if (entry.fileName.endsWith('/')) {
        await writeEntry(folder, path, null);
        continue;
      }
      if (entry.uncompressedSize > limits.maxBytes) throw tooLarge(limits);
      // Whoever reads it gets the error; one that comes before that must not end the process.
      const data = (await zip.openReadStreamPromise(entry)).on('error', () => undefined);
      await writeEntry(folder, path, counted(data, budget));
    }
  } finally {
    zip.close();
  }
}

/** Links and devices are marked by the Unix mode in the upper half of the attributes; zips from Windows have none. */
function refuseSpecial(entry: Entry): void {
  const type = (entry.externalFileAttributes >>> 16) & unixTypeMask;
  const isPlain = type === 0 || type === unixFile || type === unixFolder;
  if (!isPlain || entry.isEncrypted()) throw unsafe(entry.fileName);
}

/** A path that stays inside of its folder on every system, with slashes; empty for the folder itself. Throws `archive.unsafe`. */
function safePath(path: string): string {
  const inside = path.replace(/^(\.\/)+/, '').replace(/\/$/, '');
  if (inside === '' || inside === '.') return '';
  const parts = inside.split('/');
  const isBad = (part: string) =>
    part === '' ||
    /^\.+$/.test(part) ||
    /[. ]$/.test(part) ||
    forbiddenCharacter.test(part) ||
    windowsDevice.test(part);
  if (parts.some(isBad)) throw unsafe(path);
  return parts.join('/');
}

/** Writes one file, or makes one folder (`data` is null). Nothing is ever written over. */
async function writeEntry(folder: string, path: string, data: AsyncIterable<Buffer> | null): Promise<void> {
  const target = join(folder, ...path.split('/'));
  try {
    await mkdir(data ? dirname(target) : target, { recursive: true });
    if (!data) return;
    const file = await open(target, 'wx', 0o644);
    try {
      for await (const chunk of data) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
  } catch (error) {
    const isTaken = ['EEXIST', 'EISDIR', 'ENOTDIR'].includes(codeOf(error));
    throw isTaken ? unsafe(path) : error;
  }
}

async function* counted(data: AsyncIterable<Buffer>, budget: Budget): AsyncIterable<Buffer> {
  for await (const chunk of data) {
    budget.takeBytes(chunk.length);
    yield chunk;
  }
}

const tooLarge = ({ maxBytes }: UnpackLimits): LimpidError =>
  new LimpidError('archive.too-large', { limitMb: Math.floor(maxBytes / 1e6) });

/** The name comes from the archive: what a terminal would obey is taken out. */
const unsafe = (path: string): LimpidError =>
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  new LimpidError('archive.unsafe', { path: path.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 200) });

function archiveError(error: unknown, folder: string): unknown {
  if (error instanceof LimpidError) return error;
  const text = error instanceof Error ? error.message : '';
  const name = /^(?:absolute path|invalid relative path|invalid characters in fileName): (.*)$/s.exec(text)?.[1];
  if (name !== undefined) return unsafe(name);
  return /^E[A-Z]+$/.test(codeOf(error))
    ? fileError(error, folder)
    : new LimpidError('archive.damaged', {}, { cause: error });
}
