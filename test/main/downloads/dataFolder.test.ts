import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultDataFolder } from '../../../src/main/downloads/dataFolder.js';

test.each([
  [{ LIMPID_DATA_DIR: '/data' }, 'linux', '/data'],
  [{ LIMPID_DATA_DIR: '/data' }, 'win32', '/data'],
  [{ XDG_DATA_HOME: '/xdg' }, 'linux', join('/xdg', 'limpid')],
  [{ XDG_DATA_HOME: '' }, 'linux', join('/home/me', '.local', 'share', 'limpid')],
  [{ XDG_DATA_HOME: '/xdg' }, 'darwin', join('/home/me', 'Library', 'Application Support', 'Limpid')],
  [{ LOCALAPPDATA: '/local' }, 'win32', join('/local', 'Limpid')],
  [{}, 'win32', join('/home/me', 'AppData', 'Local', 'Limpid')],
] as const)('with %j on %s downloads are kept in %s', (environment, platform, folder) => {
  expect(defaultDataFolder(environment, platform, '/home/me')).toBe(folder);
});
