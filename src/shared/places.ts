import type { AppState } from './state.js';

interface Places {
  system: string;
  settings: string;
  log: string;
}

/** What the system is called, and where it keeps files of ours, as its users write such paths. */
export const places: Record<AppState['platform'], Places> = {
  linux: {
    system: 'Linux',
    settings: '~/.config/limpid/settings.json',
    log: '~/.local/state/limpid/errors.log',
  },
  darwin: {
    system: 'macOS',
    settings: '~/Library/Application Support/Limpid/settings.json',
    log: '~/Library/Logs/Limpid/errors.log',
  },
  win32: {
    system: 'Windows',
    settings: '%APPDATA%\\Limpid\\settings.json',
    log: '%LOCALAPPDATA%\\Limpid\\errors.log',
  },
};
