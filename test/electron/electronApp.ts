import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { binaryObstacle, electronBinary, machineObstacle } from '../../scripts/lib/electron.mjs';
import type { CallArgument, CallName, CallValue } from '../../src/shared/contract.js';
import type { Result } from '../../src/shared/errors.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const binary = electronBinary();

const findObstacle = (): string | null => {
  const machine = { platform: process.platform, isRoot: process.getuid?.() === 0, environment: process.env };
  if (!binary) return 'Electron’s program is not in node_modules/electron';
  return machineObstacle(machine) ?? binaryObstacle(binary);
};

/** Why Electron cannot be tested here, or null when it can. For `describe.skipIf`. */
export const noElectronReason = findObstacle();

// Where Electron was put in place for these tests, skipping them would say nothing.
if (noElectronReason && process.env['LIMPID_NEEDS_ELECTRON'])
  throw new Error(`Electron is needed: ${noElectronReason}`);
if (noElectronReason) process.stderr.write(`The tests in Electron are skipped: ${noElectronReason}.\n`);

/** What follows the name of a group of tests that need Electron. */
export const skipNote = noElectronReason ? ` (skipped: ${noElectronReason})` : '';

/** Folder of Electron's program, with all that lies beside it; `path` leads from there to the program. */
export function electronFolder(): { folder: string; path: string } {
  if (!binary) throw new Error('no Electron here');
  // macOS: Electron.app/Contents/MacOS/Electron
  const folder = process.platform === 'darwin' ? join(binary, '../../../..') : dirname(binary);
  return { folder, path: relative(folder, binary) };
}

export interface RunningApp {
  app: ElectronApplication;
  /** The window that is there now: another one after a crash. */
  page: Page;
  call<Name extends CallName>(name: Name, argument?: CallArgument<Name>): Promise<Result<CallValue<Name>>>;
  /** Starts Limpid a second time for the same person; resolves with the exit code. */
  startAgain(...args: string[]): Promise<number | null>;
  close(): Promise<void>;
}

/** The built app in Electron, with settings and a profile of its own; the introduction was gone through. */
export async function openApp(): Promise<RunningApp> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-electron-'));
  const settingsPath = join(folder, 'settings.json');
  await writeFile(settingsPath, JSON.stringify({ welcomed: true }));
  // The first would lead the window elsewhere, the second make a Node of Electron.
  const { ELECTRON_RENDERER_URL: _url, ELECTRON_RUN_AS_NODE: _node, ...inherited } = process.env;
  const environment = {
    ...(inherited as Record<string, string>),
    LIMPID_CONFIG: settingsPath,
    LIMPID_DATA_DIR: join(folder, 'data'),
    XDG_STATE_HOME: join(folder, 'state'),
  };
  const args = [root, `--user-data-dir=${join(folder, 'profile')}`];
  const app = await _electron.launch({ executablePath: binary ?? '', args, cwd: root, env: environment });
  const page = await app.firstWindow();
  await page.locator('main').waitFor();
  const running: RunningApp = {
    app,
    page,
    call: (name, argument) =>
      running.page.evaluate<Result<never>>(`window.limpid.call(${JSON.stringify(name)}, ${JSON.stringify(argument)})`),
    startAgain: (...more) =>
      new Promise((resolve, reject) => {
        const child = spawn(binary ?? '', [...args, ...more], { cwd: root, env: environment, stdio: 'ignore' });
        child.once('error', reject);
        child.once('exit', resolve);
      }),
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return running;
}
