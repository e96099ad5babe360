import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Folders of this process, which are no leftovers. */
const ours = new Set<string>();

/** A private folder for files that live no longer than this process. */
export class WorkFolder {
  readonly #parent: string;
  #made: Promise<string> | null = null;

  /** @param parent where the folders of all processes of this user are */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** The folder, made when it is first needed. Rejects with what the file system says. */
  async path(): Promise<string> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = null;
      throw error;
    });
    return this.#made;
  }

  /** Takes away what processes left that are gone, such as after a crash. Never rejects. */
  async removeLeftovers(): Promise<void> {
    const names = await readdir(this.#parent).catch(() => []);
    const left = names.filter((name) => /^\d+-/.test(name) && !ours.has(name) && !isRunning(Number.parseInt(name)));
    await Promise.all(left.map((name) => remove(join(this.#parent, name))));
  }

  /** Takes the folder away with all that is in it. Never rejects. */
  async remove(): Promise<void> {
    const folder = await this.#made?.catch(() => null);
    if (folder) await remove(folder);
  }

  async #make(): Promise<string> {
    await mkdir(this.#parent, { recursive: true, mode: 0o700 });
    // Readable by this user only, as `mkdtemp` makes them.
    const folder = await mkdtemp(join(this.#parent, `${process.pid}-`));
    ours.add(basename(folder));
    return folder;
  }
}

const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);

/** Whether another process has this id. One that had ours before us is gone. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
