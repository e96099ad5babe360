import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDesktop, type ShellDesktop } from '../../../src/main/shell/desktop.js';
import { followWindows } from '../../../src/main/shell/lifecycle.js';
import { createMainWindow } from '../../../src/main/shell/mainWindow.js';
import { claimSingleInstance } from '../../../src/main/shell/singleInstance.js';
import type { Updates } from '../../../src/main/shell/updates.js';
import { desktopView, type UpdatesView } from '../../../src/shared/desktop.js';
import { usualPreferences, type Preferences } from '../../../src/shared/preferences.js';
import type { AppState } from '../../../src/shared/state.js';
import {
  asApp,
  asNotification,
  asTray,
  asWindow,
  FakeApp,
  FakeDialog,
  FakeGlobalShortcut,
  fakeMenu,
  FakeNet,
  FakeNotification,
  FakePowerMonitor,
  FakeTray,
  FakeWindow,
} from '../../fakes/electron.js';
import { createContractServices } from '../../fakes/services.js';

const updatesView: UpdatesView = {
  phase: 'idle',
  channel: 'latest',
  version: null,
  progress: null,
  checkedAtMs: null,
  notice: null,
};

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'limpid-desktop-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

interface Given {
  platform?: NodeJS.Platform;
  argv?: string[];
  state?: Partial<AppState>;
  preferences?: Partial<Preferences>;
  /** What looking for a tray host answers, look by look; the last for all that follow. */
  hosts?: boolean[];
  environment?: NodeJS.ProcessEnv;
  refusesTray?: boolean;
}

/** The shell as the entry composes it, around services that only keep the contract. */
function setUp({
  platform = 'linux',
  argv = [],
  state = {},
  preferences = {},
  hosts = [true],
  environment = {},
  refusesTray = false,
}: Given = {}) {
  const app = new FakeApp();
  const services = createContractServices();
  services.state = { ...services.state, ...state, preferences: { ...usualPreferences, ...preferences } };
  const parts = {
    trays: [] as FakeTray[],
    told: [] as FakeNotification[],
    reported: [] as unknown[],
    pauses: [] as number[],
    keys: new FakeGlobalShortcut(),
    dialog: new FakeDialog(),
    powerMonitor: new FakePowerMonitor(),
    net: new FakeNet(),
    appeared: 0,
    updates: { follows: 0, isDisposed: false, kept: 0, changed: (): void => undefined },
  };
  const updates: Updates = {
    view: updatesView,
    onChange: (listener) => {
      parts.updates.changed = listener;
      return () => undefined;
    },
    check: async () => undefined,
    install: async ({ mayLeave, letGo }) => {
      if (!(await mayLeave())) return;
      letGo();
      app.quit();
    },
    keepForLater: () => void (parts.updates.kept += 1),
    follow: () => void (parts.updates.follows += 1),
    dispose: () => void (parts.updates.isDisposed = true),
  };
  const looks = [...hosts];
  const desktop: ShellDesktop = createDesktop({
    app: asApp(app),
    platform,
    environment,
    execPath: '/opt/Limpid/limpid',
    home,
    signals: new EventEmitter() as NodeJS.Process,
    tray: {
      createTray: (icon) => {
        if (refusesTray) throw new Error('no tray');
        return asTray(parts.trays[parts.trays.push(new FakeTray(icon)) - 1] as FakeTray);
      },
      Menu: fakeMenu,
      folder: '/icons',
    },
    globalShortcut: parts.keys,
    notification: {
      isSupported: () => true,
      create: (options) =>
        asNotification(parts.told[parts.told.push(new FakeNotification(options)) - 1] as FakeNotification),
    },
    power: { powerMonitor: parts.powerMonitor as unknown as Electron.PowerMonitor, net: parts.net },
    dialog: parts.dialog,
    updates,
    instance: claimSingleInstance(asApp(app), argv),
    mainWindow: () => mainWindow,
    report: (error) => parts.reported.push(error),
    nowMs: Date.now,
    findHost: async () => (looks.length > 1 ? looks.shift() : looks[0]) ?? false,
    pause: async (ms) => void parts.pauses.push(ms),
  });
  const mainWindow = createMainWindow({
    createWindow: (options) => {
      const window = new FakeWindow(options);
      app.adopt(window);
      queueMicrotask(() => window.emit('ready-to-show'));
      return asWindow(window);
    },
    preloadPath: '/preload.cjs',
    hasDevTools: false,
    url: 'app://limpid/index.html',
    readBounds: () => ({}),
    writeBounds: () => undefined,
    closing: desktop.closing,
    created: desktop.watch,
    hidden: desktop.left,
    askToReopen: async () => true,
    quit: () => app.quit(),
    nowMs: Date.now,
  });
  followWindows(asApp(app), mainWindow.open, desktop.left, platform);
  let ends = 0;
  app.on('will-quit', () => (ends += 1));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    ...parts,
    parts,
    app,
    services,
    desktop,
    mainWindow,
    settled,
    ends: () => ends,
    start: async () => {
      await desktop.follow(services, () => (parts.appeared += 1));
      await settled();
    },
    change: (changes: Partial<AppState>) => {
      services.state = { ...services.state, ...changes };
      services.emit('state.changed', services.state);
    },
    prefer: (changes: Partial<Preferences>) => services.handlers['settings.change'](changes),
  };
}

const recording: AppState['recording'] = {
  startedAtMs: 0,
  folder: '/home/me/Music/Limpid/1',
  seconds: 3,
  freeBytes: null,
  bytesPerSecond: 384_000,
  takes: 1,
};

describe('a start', () => {
  test('opens the window first, then sets up the rest', async () => {
    const { start, desktop, mainWindow, trays, updates } = setUp();
    const starting = start();
    expect([mainWindow.current !== null, trays.length, updates.follows]).toEqual([true, 0, 0]);
    await starting;
    expect([mainWindow.isSeen, trays.length, updates.follows]).toEqual([true, 1, 1]);
    expect(desktopView.parse(desktop.view)).toEqual({
      hasTray: true,
      loginItem: { isSupported: true, problem: null },
      shortcutProblems: { toggle: null, bypass: null, show: null },
      command: 'limpid',
      updates: updatesView,
    });
  });

  test('that shall not be seen shows its tray alone', async () => {
    const { start, mainWindow, trays } = setUp({ argv: ['--hidden'] });
    await start();
    expect([mainWindow.current, trays.length]).toEqual([null, 1]);
    trays[0]?.click('Show Limpid');
    await Promise.resolve();
    expect(mainWindow.isSeen).toBe(true);
  });

  test('that shall not be seen waits for a tray that is on its way; power and updates do not', async () => {
    const { start, mainWindow, trays, pauses, parts } = setUp({ argv: ['--hidden'], hosts: [false, false, true] });
    const started: unknown[] = [];
    parts.pauses.push = (ms: number) => {
      started.push([ms, parts.powerMonitor.listenerCount('resume'), parts.updates.follows, parts.appeared]);
      return started.length;
    };
    await start();
    expect([mainWindow.current, trays.length, pauses.length]).toEqual([null, 1, 0]);
    expect(started).toEqual([
      [2000, 1, 1, 0],
      [2000, 1, 1, 0],
    ]);
    expect(parts.appeared).toBe(1);
  });

  test('that breaks before anybody can see Limpid says so', async () => {
    const { start, parts, services } = setUp({ argv: ['--hidden'] });
    services.handlers['state.get'] = async () => Promise.reject(new Error('broken'));
    await expect(start()).rejects.toThrow('broken');
    expect(parts.appeared).toBe(0);
  });

  test.each<[string, Given]>([
    ['there is no tray', { hosts: [false] }],
    ['the desktop refuses the icon', { refusesTray: true }],
  ])('that shall not be seen is seen where %s', async (_name, given) => {
    const { start, desktop, mainWindow } = setUp({ argv: ['--hidden'], ...given });
    await start();
    expect([mainWindow.isSeen, desktop.view.hasTray]).toEqual([true, false]);
  });

  test('by macOS at login is not seen', async () => {
    const { start, app, mainWindow } = setUp({ platform: 'darwin' });
    app.login = { ...app.login, wasOpenedAtLogin: true };
    await start();
    expect(mainWindow.current).toBeNull();
  });

  test.each([
    [['--toggle'], true, true],
    [['--toggle', '--hidden'], true, false],
    [['--bypass'], false, true],
    [['--show'], false, true],
    [['--nonsense', 'x'.repeat(100_000)], false, true],
  ])('with %j switches on: %s, shows the window: %s', async (argv, isOn, isSeen) => {
    const { start, services, mainWindow } = setUp({ argv });
    await start();
    expect(services.reached.includes('startPatiently')).toBe(isOn);
    expect([services.state.bypass, mainWindow.isSeen]).toEqual([false, isSeen]);
  });

  test('names itself to Windows as its installer does', () => {
    expect(setUp({ platform: 'win32' }).app.userModelId).toBe('app.limpid.desktop');
    expect(setUp({ platform: 'linux' }).app.userModelId).toBeNull();
  });
});

test('a second start acts on the first, also while a question waits', async () => {
  const question = { code: 'question.speakers', params: {} };
  const { start, app, services, settled } = setUp({ state: { phase: 'starting', question } });
  let stops = 0;
  services.handlers['live.stop'] = async () => void (stops += 1);
  await start();
  const second = new FakeApp();
  second.first = app;
  claimSingleInstance(asApp(second), ['--toggle']);
  claimSingleInstance(asApp(second), ['--bypass']);
  await settled();
  expect([stops, services.state.bypass]).toEqual([1, true]);
});

describe('closing the window', () => {
  test.each<[string, Given, { isGone: boolean; ends: number }]>([
    [
      'hides it where that is wanted and there is a tray',
      { preferences: { staysInTray: true } },
      { isGone: false, ends: 0 },
    ],
    ['ends Limpid where that is not wanted', {}, { isGone: true, ends: 1 }],
    [
      'ends Limpid where there is no tray',
      { preferences: { staysInTray: true }, hosts: [false] },
      { isGone: true, ends: 1 },
    ],
    [
      'leaves macOS its icon in the dock',
      { platform: 'darwin', preferences: { staysInTray: true } },
      { isGone: true, ends: 0 },
    ],
  ])('%s', async (_name, given, expected) => {
    const { start, app, ends, services } = setUp(given);
    await start();
    app.windows[0]?.close();
    expect({ isGone: app.windows[0]?.isGone, ends: ends() }).toEqual(expected);
    // What nobody can see does not play on.
    expect(services.reached.includes('player.pause')).toBe(expected.ends === 0);
  });

  test('follows the preference from the moment it changes', async () => {
    const { start, app, prefer } = setUp();
    await start();
    await prefer({ staysInTray: true });
    app.windows[0]?.close();
    expect(app.windows[0]?.isGone).toBe(false);
    await prefer({ staysInTray: false });
    app.windows[0]?.close();
    expect(app.windows[0]?.isGone).toBe(true);
  });

  test('asks first while recording, as it would end Limpid, and the window stays meanwhile', async () => {
    const { start, app, dialog, ends, change, settled, services } = setUp();
    await start();
    change({ recording });
    app.windows[0]?.close();
    expect([app.windows[0]?.isGone, dialog.asked.length]).toEqual([false, 1]);
    await dialog.answer(1);
    expect([app.windows[0]?.isGone, ends()]).toEqual([false, 0]);
    services.handlers['recording.stop'] = async () => {
      services.reached.push('recording.stop');
      change({ recording: null });
      return undefined;
    };
    app.windows[0]?.close();
    await dialog.answer(0);
    await settled();
    expect([services.reached.filter((name) => name === 'recording.stop').length, ends()]).toEqual([1, 1]);
  });

  test('that only hides it asks nothing, whatever is recorded', async () => {
    const { start, app, dialog, change } = setUp({ preferences: { staysInTray: true } });
    await start();
    change({ recording });
    app.windows[0]?.close();
    expect([app.windows[0]?.isVisible(), dialog.asked]).toEqual([false, []]);
  });

  test('quitting from the tray ends Limpid although its window would only be hidden', async () => {
    const { start, trays, ends } = setUp({ preferences: { staysInTray: true } });
    await start();
    trays[0]?.click('Quit Limpid');
    expect(ends()).toBe(1);
  });

  test('a shutdown of the system ends it without a question', async () => {
    const { start, powerMonitor, dialog, ends, change, updates } = setUp();
    await start();
    change({ recording });
    expect(powerMonitor.shutDown()).toBe(true);
    expect([dialog.asked, ends()]).toEqual([[], 1]);
    // Windows would end an installer in its midst.
    expect(updates.kept).toBe(1);
  });
});

describe('a question', () => {
  test('is asked in front of the window, and without one in front of none', async () => {
    const { start, app, dialog, change } = setUp({ preferences: { staysInTray: true } });
    await start();
    change({ recording });
    app.quit();
    await dialog.answer(1);
    app.windows[0]?.close();
    app.quit();
    expect(dialog.parents).toEqual([app.windows[0], null]);
  });

  test('on macOS opens a window first, as it would stop the process without one', async () => {
    const { start, app, dialog, change } = setUp({ platform: 'darwin' });
    await start();
    app.windows[0]?.close();
    change({ recording });
    app.quit();
    expect([app.windows.length, dialog.parents[0]]).toEqual([2, app.windows[1]]);
  });
});

describe('installing a new version', () => {
  test('asks about changes that were not saved first, and then lets the page go without a word', async () => {
    const { start, app, dialog, desktop, settled, ends } = setUp();
    await start();
    const page = app.windows[0]?.webContents;
    if (page) page.keepsPage = true;
    const refused = desktop.installUpdate();
    await settled();
    expect([dialog.asked.length, ends()]).toEqual([1, 0]);
    await dialog.answer(1);
    await refused;
    expect([app.windows[0]?.isGone, ends()]).toEqual([false, 0]);
    const installed = desktop.installUpdate();
    await settled();
    await dialog.answer(0);
    await installed;
    expect([app.windows[0]?.isGone, ends(), dialog.asked.length]).toEqual([true, 1, 2]);
  });

  test('asks nothing where nothing would be lost, or there is no page to ask', async () => {
    const { start, dialog, desktop, ends } = setUp({ argv: ['--hidden'] });
    await start();
    await desktop.installUpdate();
    expect([dialog.asked, ends()]).toEqual([[], 1]);
  });
});

describe('a desktop that shows icons', () => {
  test('only later is asked again when the window is hidden or shown', async () => {
    const { start, app, trays, desktop, settled } = setUp({
      preferences: { staysInTray: true },
      hosts: [false, false, false, false, false, true],
    });
    await start();
    expect(trays).toHaveLength(0);
    app.windows[0]?.show();
    await settled();
    expect([trays.length, desktop.view.hasTray]).toEqual([1, true]);
    app.windows[0]?.close();
    await settled();
    expect([trays.length, app.windows[0]?.isVisible()]).toEqual([1, false]);
  });

  test('no longer brings back a window that was hidden in the belief that it does', async () => {
    const { start, app, trays, desktop, settled, ends } = setUp({
      preferences: { staysInTray: true },
      hosts: [true, false, true, false],
    });
    await start();
    // Once may be a bus that is busy.
    app.windows[0]?.close();
    await settled();
    expect([trays[0]?.isGone, app.windows[0]?.isVisible()]).toEqual([false, false]);
    app.windows[0]?.hide();
    await settled();
    expect([trays[0]?.isGone, desktop.view.hasTray, app.windows[0]?.isVisible()]).toEqual([true, false, true]);
    app.windows[0]?.close();
    expect(ends()).toBe(1);
  });
});

describe('two quick crashes of the page', () => {
  test.each([true, false])(
    'leave sound, recording and tray alone, and the window as it was (seen: %s)',
    async (isSeen) => {
      const { start, app, services, mainWindow, settled, trays, dialog } = setUp({
        preferences: { staysInTray: true },
      });
      await start();
      if (!isSeen) app.windows[0]?.close();
      const reached = [...services.reached];
      for (const index of [0, 1]) {
        app.windows[index]?.crashPage();
        await settled();
      }
      expect(app.windows.map(({ isGone }) => isGone)).toEqual([true, true, false]);
      expect([mainWindow.isSeen, trays[0]?.isGone, dialog.asked]).toEqual([isSeen, false, []]);
      expect([services.reached, services.isDisposed]).toEqual([reached, false]);
    },
  );
});

describe('while it runs', () => {
  test('keys follow the preferences, and windows hear what is wrong with them', async () => {
    const { start, desktop, keys, prefer, services, settled } = setUp();
    let heard = 0;
    desktop.onChange(() => (heard += 1));
    await start();
    const before = heard;
    keys.taken.add('Alt+B');
    await prefer({ globalShortcuts: { toggle: null, bypass: 'Alt+B', show: 'Alt+S' } });
    expect([desktop.view.shortcutProblems.bypass?.code, heard - before]).toEqual(['shortcut.taken', 1]);
    await prefer({ globalShortcuts: { toggle: null, bypass: 'Alt+X', show: 'Alt+S' } });
    keys.press('Alt+X');
    await settled();
    expect([services.state.bypass, desktop.view.shortcutProblems.bypass]).toEqual([true, null]);
  });

  describe('keys of the whole system', () => {
    const preferences = { globalShortcuts: { toggle: 'Alt+L', bypass: null, show: null } };

    test('do nothing while new ones are recorded', async () => {
      const { start, desktop, keys } = setUp({ preferences });
      await start();
      desktop.recordShortcuts(true);
      expect(keys.registered.size).toBe(0);
      desktop.recordShortcuts(false);
      expect(keys.registered.size).toBe(1);
    });

    test.each<[string, (window: FakeWindow) => void]>([
      ['loses the focus', (window) => window.emit('blur')],
      ['is hidden', (window) => window.hide()],
      ['goes', (window) => window.destroy()],
      ['crashes', (window) => window.crashPage()],
      ['loads anew', (window) => window.webContents.emit('did-start-loading')],
    ])('work again when the window that records %s', async (_name, happen) => {
      const { start, app, desktop, keys } = setUp({ platform: 'darwin', preferences });
      await start();
      desktop.recordShortcuts(true);
      happen(app.windows[0] as FakeWindow);
      expect(keys.registered.size).toBe(1);
    });

    test('work again after half a minute whatever the window does', async () => {
      const { start, desktop, keys } = setUp({ preferences });
      await start();
      vi.useFakeTimers();
      desktop.recordShortcuts(true);
      vi.advanceTimersByTime(29_999);
      expect(keys.registered.size).toBe(0);
      vi.advanceTimersByTime(1);
      vi.useRealTimers();
      expect(keys.registered.size).toBe(1);
    });
  });

  test('the command that starts it is that of the AppImage', () => {
    const { desktop } = setUp({ environment: { APPIMAGE: '/home/me/Limpid.AppImage' } });
    expect(desktop.view.command).toBe('/home/me/Limpid.AppImage');
  });

  test('on Wayland keys come with advice', async () => {
    const { start, desktop } = setUp({
      environment: { XDG_SESSION_TYPE: 'wayland' },
      preferences: { globalShortcuts: { toggle: 'Alt+L', bypass: null, show: null } },
    });
    await start();
    const { toggle } = desktop.view.shortcutProblems;
    expect([toggle?.code, toggle?.params['command']]).toEqual(['shortcut.wayland', 'limpid --toggle']);
  });

  test('the tray follows the state', async () => {
    const { start, trays, change } = setUp();
    await start();
    change({ phase: 'failed' });
    expect(trays[0]?.icon).toBe('/icons/linux/problem.png');
  });

  test('a change of the preference for the login reaches the system, and what is wrong the windows', async () => {
    const { start, desktop, app, prefer, settled } = setUp({ platform: 'darwin' });
    app.takesLoginChanges = false;
    await start();
    let heard = 0;
    desktop.onChange(() => (heard += 1));
    await prefer({ startsAtLogin: true });
    await settled();
    expect([desktop.view.loginItem.problem?.code, heard]).toEqual(['login.refused', 1]);
  });

  test('a sleep of the computer wakes the services', async () => {
    const { start, powerMonitor, services } = setUp();
    await start();
    powerMonitor.emit('resume');
    expect(services.reached).toContain('wake resume');
  });

  test('a sleep while recording asks nothing and stops nothing: the recorder begins another take', async () => {
    const { start, powerMonitor, services, dialog, change } = setUp();
    await start();
    change({ recording });
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
    expect([dialog.asked, services.reached.includes('recording.stop')]).toEqual([[], false]);
  });

  test('a worse state is told of once its window is hidden', async () => {
    const { start, app, told, change } = setUp({ preferences: { staysInTray: true }, state: { phase: 'running' } });
    await start();
    vi.useFakeTimers();
    change({ phase: 'failed', problem: { code: 'output.not-chosen', params: {} } });
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(0);
    app.windows[0]?.close();
    change({ phase: 'restarting', problem: null });
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    expect(told).toHaveLength(1);
  });

  test('news about updates reach the windows', async () => {
    const { start, desktop, updates } = setUp();
    await start();
    let heard = 0;
    desktop.onChange(() => (heard += 1));
    updates.changed();
    expect(heard).toBe(1);
  });
});

test('at the end keys, tray and events of the system are given back', async () => {
  const { start, app, keys, trays, updates, powerMonitor } = setUp({
    preferences: { globalShortcuts: { toggle: 'Alt+L', bypass: null, show: null } },
  });
  await start();
  expect([keys.registered.size, powerMonitor.listenerCount('resume')]).toEqual([1, 1]);
  app.quit();
  expect([keys.registered.size, powerMonitor.listenerCount('resume')]).toEqual([0, 0]);
  expect([trays[0]?.isGone, updates.isDisposed]).toEqual([true, true]);
});
