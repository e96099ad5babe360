import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  FakeApp,
  FakeContextBridge,
  FakeDialog,
  fakeMenu,
  FakeGlobalShortcut,
  FakeIpc,
  FakeNet,
  FakeNotification,
  FakePowerMonitor,
  FakeTray,
  FakeWebContents,
  FakeWindow,
} from '../fakes/electron.js';
import { idleState } from '../fakes/appState.js';
import { createContractServices } from '../fakes/services.js';
import { installBridge } from '../../src/preload/bridge.js';
import type { HostEnvironment } from '../../src/main/services.js';
import type { LimpidBridge } from '../../src/shared/contract.js';

/** Electron as the entry finds it; `log` keeps the order of what must happen before the app is ready. */
const electron = vi.hoisted(() => ({
  log: [] as string[],
  windows: [] as unknown[],
  relaunches: [] as unknown[],
  /** What `process.env` has of secrets when there is a window, and what the services are given. */
  leaked: [] as string[],
  secretVariables: undefined as NodeJS.ProcessEnv | undefined,
  parts: {} as Record<string, unknown>,
}));
vi.mock('electron', () => electron.parts);

const services = createContractServices();
services.state = { ...idleState, preferences: { ...idleState.preferences, startsAtLaunch: true } };
vi.mock('../../src/main/services.js', () => ({
  createServices: async ({ secretVariables }: HostEnvironment) => {
    electron.log.push('services');
    electron.secretVariables = secretVariables;
    return services;
  },
}));

function preparePlatform() {
  const app = new FakeApp();
  const ipc = new FakeIpc(new FakeWebContents());
  const note = (what: string) => () => void electron.log.push(what);
  Object.assign(app, {
    isPackaged: true,
    getPath: () => '/nowhere',
    getPreferredSystemLanguages: () => ['en-US'],
    relaunch: (options: unknown) => electron.relaunches.push(options),
    enableSandbox: note('sandbox'),
    whenReady: async () => note('ready')(),
  });
  class BrowserWindow extends FakeWindow {
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super(options);
      ipc.sender = this.webContents;
      electron.log.push('window');
      electron.leaked = Object.keys(process.env).filter((name) => /^of-|name:word/.test(process.env[name] ?? ''));
      electron.windows.push(this);
    }
  }
  Object.assign(electron.parts, {
    app,
    BrowserWindow,
    dialog: new FakeDialog(),
    globalShortcut: new FakeGlobalShortcut(),
    Menu: fakeMenu,
    net: new FakeNet(),
    Notification: FakeNotification,
    powerMonitor: new FakePowerMonitor(),
    Tray: FakeTray,
    ipcMain: ipc.main,
    protocol: { registerSchemesAsPrivileged: note('scheme'), handle: note('protocol') },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1000, height: 800 } }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: note('permissions'),
        setPermissionCheckHandler: () => undefined,
        setDevicePermissionHandler: () => undefined,
      },
    },
    shell: {},
    systemPreferences: {},
  });
  return { app, ipc };
}

const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
const listenersBefore = signals.map((name) => process.listeners(name));
/** Those of the app would keep this process from being ended. */
afterEach(() => {
  for (const [index, name] of signals.entries()) {
    for (const listener of process.listeners(name)) {
      if (!listenersBefore[index]?.includes(listener)) process.off(name, listener);
    }
  }
});

describe('the Electron entry', () => {
  test('sets everything up in order, and its window and main understand each other', async () => {
    const { app, ipc } = preparePlatform();
    // What the development server is named by leads a packaged app nowhere.
    vi.stubEnv('ELECTRON_RENDERER_URL', 'http://127.0.0.1:5173/');
    const secrets = { LIMPID_BACKEND_CREDENTIAL: 'of-nobody', HTTPS_PROXY: 'http://name:word@proxy.example:3128' };
    for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
    const watched = ['uncaughtException', 'unhandledRejection'] as const;
    const before = watched.map((name) => process.listeners(name as 'uncaughtException'));
    await import('../../src/main/index.js');
    await vi.waitFor(() => expect(electron.windows).toHaveLength(1), { timeout: 15_000 });
    expect(electron.log).toEqual(['sandbox', 'scheme', 'ready', 'services', 'permissions', 'protocol', 'window']);
    expect(app.listenerCount('web-contents-created')).toBe(1);

    expect(fakeMenu.current).toHaveLength(process.platform === 'darwin' ? 4 : 1);
    // Electron sends `process.env` to the preload of every page.
    expect([electron.leaked, electron.secretVariables]).toEqual([[], secrets]);
    expect(process.env['HTTPS_PROXY']).toBe('http://proxy.example:3128');

    const [window] = electron.windows as FakeWindow[];
    vi.unstubAllEnvs();
    expect(window?.loaded).toBe('app://limpid/index.html');
    expect(window?.options.webPreferences?.devTools).toBe(false);
    expect(window?.options.webPreferences?.preload).toMatch(/out\/preload\/index\.cjs$/);
    const page = new FakeContextBridge();
    installBridge(page, ipc.renderer, () => '');
    const limpid = page.exposed.get('limpid') as LimpidBridge;
    expect(await limpid.call('state.get')).toEqual({ ok: true, value: services.state });
    await vi.waitFor(() => expect(services.reached).toContain('startPatiently'), { timeout: 15_000 });

    // What a second start asks for, and keys of the whole system, reach the same services.
    app.emit('second-instance', {}, [], '/', { action: 'bypass', isHidden: false });
    await vi.waitFor(() => expect(services.state.bypass).toBe(true), { timeout: 15_000 });
    window?.emit('ready-to-show');
    const shortcuts = electron.parts['globalShortcut'] as FakeGlobalShortcut;
    const change = { globalShortcuts: { toggle: null, bypass: 'Alt+B', show: null } };
    await limpid.call('settings.change', change);
    await vi.waitFor(() => expect(shortcuts.registered.size).toBe(1), { timeout: 15_000 });

    app.emit('will-quit', { preventDefault: () => undefined });
    // It is too late for this one, and the one that asked has ended already.
    app.emit('second-instance', {}, [], '/', { action: 'toggle', isHidden: false });
    await vi.waitFor(() => expect(app.exitCodes).toEqual([0]), { timeout: 15_000 });
    expect(services.isDisposed).toBe(true);
    expect(electron.relaunches).toEqual([{ args: ['--toggle'] }]);

    // Errors that nobody foresaw do not end the process with its sound; those of the tests that follow go to Vitest again.
    watched.forEach((name, index) => {
      const [ours, ...more] = process
        .listeners(name as 'uncaughtException')
        .filter((listener) => !before[index]?.includes(listener));
      expect([typeof ours, more.length]).toEqual(['function', 0]);
      if (ours) process.off(name, ours);
    });
  });

  test('ends at once where another Limpid of the same person runs, which is told what this one was for', async () => {
    vi.resetModules();
    const { app } = preparePlatform();
    const first = new FakeApp();
    const sent: unknown[] = [];
    first.on('second-instance', (_event, _argv, _folder, data) => sent.push(data));
    app.first = first;
    const windows = electron.windows.length;
    const watched = ['uncaughtException', 'unhandledRejection'] as const;
    const before = watched.map((name) => process.listeners(name as 'uncaughtException'));
    await import('../../src/main/index.js');
    watched.forEach((name, index) => {
      for (const listener of process.listeners(name as 'uncaughtException')) {
        if (!before[index]?.includes(listener)) process.off(name, listener);
      }
    });
    expect([app.quits, electron.windows.length]).toEqual([1, windows]);
    expect(sent).toEqual([{ action: null, isHidden: false }]);
  });

  test('ends with the reason where it cannot open a window', async () => {
    vi.resetModules();
    const { app } = preparePlatform();
    const shown: string[] = [];
    electron.parts['dialog'] = { showErrorBox: (_title: string, text: string) => shown.push(text) };
    electron.parts['BrowserWindow'] = function BrowserWindow() {
      throw new Error('no display');
    };
    const watched = ['uncaughtException', 'unhandledRejection'] as const;
    const before = watched.map((name) => process.listeners(name as 'uncaughtException'));
    await import('../../src/main/index.js');
    await vi.waitFor(() => expect(app.exitCodes).toEqual([1]), { timeout: 15_000 });
    expect(shown).toHaveLength(1);
    watched.forEach((name, index) => {
      for (const listener of process.listeners(name as 'uncaughtException')) {
        if (!before[index]?.includes(listener)) process.off(name, listener);
      }
    });
  });

  test('ends with the reason when something breaks before there is a window', async () => {
    vi.resetModules();
    const { app } = preparePlatform();
    const shown: string[] = [];
    Object.assign(app, {
      whenReady: () => new Promise(() => undefined),
      exit: (code: number) => app.exitCodes.push(code),
    });
    electron.parts['dialog'] = { showErrorBox: (_title: string, text: string) => shown.push(text) };
    const before = process.listeners('uncaughtException');
    const rejections = process.listeners('unhandledRejection');
    await import('../../src/main/index.js');
    const [writesDown, ends] = process.listeners('uncaughtException').filter((listener) => !before.includes(listener));
    ends?.(new Error('no such module'), 'uncaughtException');
    expect([shown.length, app.exitCodes]).toEqual([1, [1]]);
    if (writesDown) process.off('uncaughtException', writesDown);
    for (const listener of process.listeners('unhandledRejection')) {
      if (!rejections.includes(listener)) process.off('unhandledRejection', listener);
    }
  });
});
