import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSound, type SoundTools } from './enhanceSound.js';

/** A sound before and after its enhancement, as WAV files. */
export interface HeardPaths {
  original: string;
  enhanced: string;
}

interface Heard {
  id: string;
  making: AbortController;
  isMade: boolean;
  paths: Promise<HeardPaths>;
}

/** WAV files of a sound that the player does not read by itself: of one sound at a time, made when they are first asked for. */
export class HeardSounds {
  #heard: Heard | null = null;

  constructor(private readonly tools: () => Promise<SoundTools>) {}

  /** The files of another sound go, made or not. Rejects with `files.*`, `file.*`, or `cancelled` when this one is left meanwhile. */
  pathsOf(id: string, sound: HeardPaths): Promise<HeardPaths> {
    if (this.#heard?.id !== id) {
      void this.forget();
      this.#heard = this.#make(id, sound);
    }
    return this.#heard!.paths;
  }

  /** Nobody waits for this sound any more: what is made for it only now is given up. */
  leave(id: string): void {
    if (this.#heard?.id === id && !this.#heard.isMade) void this.forget();
  }

  /** Takes the files away: of this sound, or of any. Never rejects. */
  async forget(id?: string): Promise<void> {
    const heard = this.#heard;
    if (!heard || (id !== undefined && heard.id !== id)) return;
    this.#heard = null;
    heard.making.abort();
    const paths = await heard.paths.catch(() => null);
    if (paths) await removeBoth(paths);
  }

  #make(id: string, sound: HeardPaths): Heard {
    const making = new AbortController();
    const heard: Heard = { id, making, isMade: false, paths: this.#decode(sound, making.signal) };
    heard.paths.then(
      () => (heard.isMade = true),
      () => {
        // The next who asks has another try.
        if (this.#heard === heard) this.#heard = null;
      },
    );
    return heard;
  }

  async #decode({ original, enhanced }: HeardPaths, signal: AbortSignal): Promise<HeardPaths> {
    const tools = await this.tools();
    const folder = await tools.work.path();
    const name = randomUUID();
    const paths = { original: join(folder, `${name}-original.wav`), enhanced: join(folder, `${name}-enhanced.wav`) };
    try {
      await decodeSound(original, paths.original, tools, signal);
      await decodeSound(enhanced, paths.enhanced, tools, signal);
      return paths;
    } catch (error) {
      await removeBoth(paths);
      throw error;
    }
  }
}

const removeBoth = async ({ original, enhanced }: HeardPaths): Promise<void> => {
  const remove = (path: string): Promise<void> => rm(path, { force: true, maxRetries: 3 }).catch(() => undefined);
  await Promise.all([remove(original), remove(enhanced)]);
};
