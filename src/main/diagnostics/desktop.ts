import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import type { Check } from './check.js';

/** Whether the window can be opened; without Electron's binary the browser panel takes its place. */
export const electronCheck: Check = {
  id: 'electron',
  required: false,
  async run() {
    const { electron } = process.versions as { electron?: string };
    if (electron) return { code: 'check.electron', params: { version: electron } };
    const { folder, version } = findElectronPackage();
    const pathFile = join(folder, 'path.txt');
    const binary = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
    const distFolder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
    if (!existsSync(join(distFolder, binary))) throw new LimpidError('check.electron-missing');
    return { code: 'check.electron', params: { version } };
  },
};

/** Whether there is a screen to open a window on. */
export const displayCheck: Check = {
  id: 'display',
  required: false,
  async run() {
    if (process.platform !== 'linux') return { code: 'check.display', params: {} };
    const display = process.env['WAYLAND_DISPLAY'] || process.env['DISPLAY'];
    if (!display) throw new LimpidError('check.display-missing');
    return { code: 'check.display', params: {} };
  },
};

function findElectronPackage(): { folder: string; version: string } {
  const require = createRequire(import.meta.url);
  try {
    const packagePath = require.resolve('electron/package.json');
    const { version } = JSON.parse(readFileSync(packagePath, 'utf8')) as { version: string };
    return { folder: dirname(packagePath), version };
  } catch (cause) {
    throw new LimpidError('check.electron-missing', {}, { cause });
  }
}
