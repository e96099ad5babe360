import type { FileItem } from '../../shared/files.js';

/** How often windows hear of changes, and of how many files at once: a message stays small. */
const tellEveryMs = 200;
const maxTold = 500;

export interface QueueListener {
  /** Files that are new or changed, in their order, and the ids of those that left the list; at most five times a second. */
  told(changed: FileItem[], removed: string[]): void;
  /** The queue as a whole changed; as often. */
  changed(): void;
}

/** Tells what changes in the queue: not each change, but how things stand a few times a second. */
export class Teller {
  readonly #changed = new Set<string>();
  #removed: string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #toldAtMs = -Infinity;
  #isStopped = false;

  /** @param items the list in its order, in which changes are told, too */
  constructor(
    private readonly items: () => Iterable<FileItem>,
    private readonly listener: QueueListener,
  ) {}

  change(id: string): void {
    this.#changed.add(id);
    this.tellSoon();
  }

  remove(id: string): void {
    this.#changed.delete(id);
    this.#removed.push(id);
    this.tellSoon();
  }

  tellSoon(): void {
    if (this.#timer || this.#isStopped) return;
    const waitMs = Math.max(0, this.#toldAtMs + tellEveryMs - performance.now());
    this.#timer = setTimeout(() => this.#tell(), waitMs);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tell(): void {
    this.#timer = null;
    this.#toldAtMs = performance.now();
    const changed: FileItem[] = [];
    for (const item of this.items()) {
      if (changed.length >= maxTold) break;
      if (this.#changed.delete(item.id)) changed.push(item);
    }
    const removed = this.#removed.splice(0);
    if (changed.length > 0 || removed.length > 0) this.listener.told(changed, removed);
    this.listener.changed();
    if (this.#changed.size > 0) this.tellSoon();
  }
}
