import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import { isRunning } from '../downloads/partFile.js';

/** Folders of this process, which are no leftovers. */
const ours = new Set<string>();
/** What stays free on the disk for everything else. */
const spareBytes = 64e6;
/** How often a disk that something of unknown length is written to is looked at. */
const lookEveryMs = 100;
/** The names of notes, and of what they may lead to: hidden, with the letters of chance that only we give. */
const notePattern = /^part-/;
const partPattern = /^\..*\.[0-9a-f]{8}(\.\w+)?$/;

/** A private folder for files that live no longer than this process. */
export class WorkFolder {
  readonly #parent: string;
  #made: Promise<string> | null = null;
  #isOver = false;

  /** @param parent where the folders of all processes of this user are */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** The folder, made when it is first needed, and again when it is gone. Rejects with what the file system says, or `cancelled` at the end. */
  async path(): Promise<string> {
    if (this.#isOver) throw new LimpidError('cancelled');
    const made = this.#made;
    const isThere = made !== null && (await made.then(stat).catch(() => null)) !== null;
    if (!isThere && this.#made === made) this.#made = this.#make();
    return this.#made!;
  }

  /** Makes sure that so much fits. Rejects with `file.disk-full`, which names the folder, or with what the file system says. */
  async requireSpace(bytes: number): Promise<void> {
    const folder = await this.path();
    if ((await this.freeBytes(folder)) < bytes + spareBytes)
      throw new LimpidError('file.disk-full', { detail: folder });
  }

  /**
   * Lets something of unknown length be written into the folder, and aborts it before the disk is full. Rejects with
   * `file.disk-full`, which names the folder, or as `write` does.
   */
  async whileSpace<Value>(signal: AbortSignal, write: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const full = new AbortController();
    const look = (): void => void this.requireSpace(0).catch((error: unknown) => full.abort(error));
    const timer = setInterval(look, lookEveryMs);
    try {
      return await write(AbortSignal.any([signal, full.signal]));
    } catch (error) {
      throw full.signal.aborted && !signal.aborted ? full.signal.reason : error;
    } finally {
      clearInterval(timer);
    }
  }

  /** Remembers a file of ours elsewhere, which is taken away after a crash; call the result when it is gone. Never rejects. */
  async note(path: string): Promise<() => Promise<void>> {
    try {
      const note = join(await this.path(), `part-${randomUUID()}`);
      await writeFile(note, path);
      return () => rm(note, { force: true }).catch(() => undefined);
    } catch {
      // It is only not taken away then.
      return async () => undefined;
    }
  }

  /** Takes away what processes left that are gone, such as after a crash. Never rejects. */
  async removeLeftovers(): Promise<void> {
    const names = await readdir(this.#parent).catch(() => []);
    const left = names.filter((name) => /^\d+-/.test(name) && !ours.has(name) && !isOfAnother(Number.parseInt(name)));
    for (const folder of left.map((name) => join(this.#parent, name))) {
      await removeNoted(folder);
      await remove(folder);
    }
  }

  /** Takes the folder away with all that is in it, for good. Never rejects. */
  async remove(): Promise<void> {
    this.#isOver = true;
    const folder = await this.#made?.catch(() => null);
    if (folder) await remove(folder);
  }

  /** For others to use on the disk of a folder. */
  protected async freeBytes(folder: string): Promise<number> {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  }

  async #make(): Promise<string> {
    await mkdir(this.#parent, { recursive: true, mode: 0o700 });
    // Readable by this user only, as `mkdtemp` makes them.
    const folder = await mkdtemp(join(this.#parent, `${process.pid}-`));
    ours.add(basename(folder));
    return folder;
  }
}

/** Takes away the files that the notes of a folder lead to. Never rejects. */
async function removeNoted(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!notePattern.test(name)) continue;
    const path = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (isAbsolute(path) && partPattern.test(basename(path))) await rm(path, { force: true }).catch(() => undefined);
  }
}

const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);

/** Whether another process has this id. One that had ours before us is gone. */
const isOfAnother = (pid: number): boolean => pid !== process.pid && isRunning(pid);
