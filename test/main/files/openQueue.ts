import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedEngines, type EngineSupply } from '../../../src/main/audio/engineSupply.js';
import { FileEngine } from '../../../src/main/files/fileEngine.js';
import { FileQueue, type FileQueueOptions } from '../../../src/main/files/fileQueue.js';
import { openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import { fileItem, filesView, type FileItem, type FileStatus } from '../../../src/shared/files.js';
import type { EngineId } from '../../../src/shared/state.js';

export interface OpenQueue {
  queue: FileQueue;
  settings: SettingsStore;
  /** For the files of the test. */
  folder: string;
  /** What windows heard, in its order. */
  told: { atMs: number; changed: FileItem[]; removed: string[] }[];
  opened: string[];
  /** The live screen. */
  live: { engine: EngineId; level: number };
  items(): Promise<FileItem[]>;
  /** Resolves when a file has this status. */
  until(id: string, status: FileStatus): Promise<FileItem>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<FileItem[]>;
  close(): Promise<void>;
}

/** A queue with real settings, the built-in engine and the system's ffmpeg; all it says is checked against the contract. */
export async function openQueue(
  changes: Partial<Omit<FileQueueOptions, 'engine'>> & { supply?: EngineSupply; patienceMs?: number } = {},
): Promise<OpenQueue> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-queue-'));
  const settings = await openSettings(join(folder, '.settings', 'settings.json'));
  const { supply = embeddedEngines(), patienceMs = 1000, ...options } = changes;
  const live: OpenQueue['live'] = { engine: 'gtcrn', level: 1 };
  const told: OpenQueue['told'] = [];
  const opened: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  const queue = new FileQueue({
    engine: new FileEngine({ supply, wished: () => live, patienceMs }),
    settings,
    folderForReceived: () => join(folder, 'Limpid'),
    workParent: join(folder, '.work'),
    openFolder: async (path) => void opened.push(path),
    told: (changed, removed) => {
      told.push({ atMs: performance.now(), changed: changed.map((item) => fileItem.parse(item)), removed });
      wake();
    },
    changed: () => {
      filesView.parse(queue.view);
      wake();
    },
    ...options,
  });
  const items = (): Promise<FileItem[]> => queue.handlers['files.list'](undefined);
  const when = async <Value>(find: () => Promise<Value | undefined>): Promise<Value> => {
    for (;;) {
      let look = (): void => undefined;
      const changed = new Promise<void>((resolve) => (look = resolve));
      waiting.add(look);
      const found = await find();
      if (found === undefined) await changed;
      waiting.delete(look);
      if (found !== undefined) return found;
    }
  };
  return {
    queue,
    settings,
    folder,
    told,
    opened,
    live,
    items,
    until: (id, status) => when(async () => (await items()).find((item) => item.id === id && item.status === status)),
    idle: () =>
      when(async () => {
        const all = await items();
        return all.some(({ status }) => status === 'waiting' || status === 'running') ? undefined : all;
      }),
    close: async () => {
      await queue.dispose();
      await settings.flush();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
