import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import type { DesktopView } from '../../shared/desktop.js';
import type { Notice } from '../../shared/errors.js';
import { defaultSettingsPath } from '../settings/settings.js';
import { autostartPath, programPath, readAutostart, writeAutostart } from './autostartEntry.js';

/** `absent`: the system knows nothing of this program; a person who switched it off would have left an entry that says so. */
type InSystem = boolean | 'absent';

/** What the system knows of starting Limpid at login. */
interface SystemEntry {
  read(): Promise<InSystem>;
  write(isOn: boolean): Promise<void>;
  /** Where it is, if it is a file. */
  path?: string;
}

export interface LoginItemParts {
  app: Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  execPath: string;
  home: string;
}

/** Whether Limpid starts when the person logs in, as the system has it. */
export interface LoginItem {
  readonly view: DesktopView['loginItem'];
  /** As the system has it; null: not supported, or it cannot be read. Never rejects. */
  read(): Promise<InSystem | null>;
  /** Makes it so and looks whether it is; what went wrong is in `view`. One at a time, the last wish wins. Never rejects. */
  write(isOn: boolean): Promise<void>;
  /** Whether what the system has was written for an administrator, also by an earlier run. */
  isFixed(): boolean;
  /** Remembers that, beside the settings: it is no wish of a person. Never rejects. */
  markFixed(isFixed: boolean): Promise<void>;
}

export function createLoginItem(parts: LoginItemParts): LoginItem {
  const { environment, platform, home } = parts;
  const entry = entryOf(parts);
  let problem: Notice | null = null;
  let wish: boolean | null = null;
  let writing: Promise<void> = Promise.resolve();
  const markPath = join(dirname(defaultSettingsPath(environment, platform, home)), 'login-item-fixed');

  const read = async (): Promise<InSystem | null> => entry?.read().catch(() => null) ?? null;

  const writeWish = async (): Promise<void> => {
    const isOn = wish;
    wish = null;
    if (!entry || isOn === null) return;
    try {
      await entry.write(isOn);
      problem = ((await entry.read()) === true) === isOn ? null : { code: 'login.refused', params: {} };
    } catch (error) {
      problem = problemOf(error, entry);
    }
  };

  return {
    get view() {
      return { isSupported: entry !== null, problem };
    },
    read,
    write(isOn) {
      wish = isOn;
      writing = writing.then(writeWish);
      return writing;
    },
    isFixed: () => entry !== null && existsSync(markPath),
    async markFixed(isFixed) {
      if (!entry || isFixed === existsSync(markPath)) return;
      // Without it the next start takes what the system has for the person's own wish.
      await (isFixed ? writeMark(markPath) : rm(markPath)).catch(() => undefined);
    },
  };
}

async function writeMark(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'Whether Limpid starts at login was fixed by an administrator.\n');
}

/** Null where a program that was not installed would be started, or where there is no such list. */
function entryOf({ app, platform, environment, execPath, home }: LoginItemParts): SystemEntry | null {
  if (!app.isPackaged) return null;
  if (platform === 'darwin') return macEntry(app);
  if (platform === 'win32') return windowsEntry(app, execPath);
  if (platform !== 'linux') return null;
  const path = autostartPath(environment, home);
  const program = programPath(environment, execPath);
  return { path, read: () => readAutostart(path), write: (isOn) => writeAutostart(path, isOn, program) };
}

const macEntry = (app: LoginItemParts['app']): SystemEntry => ({
  read: async () => app.getLoginItemSettings().openAtLogin,
  write: async (openAtLogin) => app.setLoginItemSettings({ openAtLogin }),
});

/**
 * In quotes, or Electron takes the path to end at its first space and finds the entries of others. A person may switch an entry
 * off in the Task Manager, which leaves it there; one of a Limpid that was moved since starts another path, and is none of ours.
 */
function windowsEntry(app: LoginItemParts['app'], execPath: string): SystemEntry {
  const program = { path: `"${execPath}"`, args: ['--hidden'] };
  return {
    read: async () => {
      const { launchItems } = app.getLoginItemSettings(program);
      return launchItems.length === 0 ? 'absent' : launchItems.some(({ enabled }) => enabled);
    },
    write: async (openAtLogin) => app.setLoginItemSettings({ ...program, openAtLogin, enabled: openAtLogin }),
  };
}

function problemOf(error: unknown, { path }: SystemEntry): Notice {
  const { code, message } = error as NodeJS.ErrnoException;
  if (path === undefined) return { code: 'login.refused', params: {} };
  return { code: 'login.unwritable', params: { path, detail: code ?? message } };
}
