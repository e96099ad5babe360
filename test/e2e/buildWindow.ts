import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import config from '../../electron.vite.config.js';

export interface BuiltWindow {
  /** Folder with `index.html`, as `out/renderer` would be. */
  root: string;
  remove(): Promise<void>;
}

/** Builds the renderer as it stands, with the app's own settings, into a folder of its own: never a stale page. */
export async function buildWindow(): Promise<BuiltWindow> {
  const root = await mkdtemp(join(tmpdir(), 'limpid-window-'));
  const { renderer } = config;
  await build({
    root: resolve('src/renderer'),
    plugins: renderer?.plugins ?? [],
    base: './',
    configFile: false,
    logLevel: 'warn',
    build: { ...renderer?.build, outDir: root, emptyOutDir: true },
  });
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
