import { describe, expect, test } from 'vitest';
import { createMainWindow, windowOptions, type Closing } from '../../../src/main/shell/mainWindow.js';
import { asWindow, FakeWindow } from '../../fakes/electron.js';

function setUp(reopen = true, loadError: Error | null = null) {
  const windows: FakeWindow[] = [];
  const told = {
    asked: 0,
    quits: 0,
    hidden: 0,
    closing: 'close' as Closing,
    created: [] as unknown[],
    bounds: [] as unknown[],
    nowMs: 0,
    isMaximized: false,
  };
  const mainWindow = createMainWindow({
    createWindow: (options) => {
      const window = new FakeWindow(options);
      window.loadError = loadError;
      windows.push(window);
      return asWindow(window);
    },
    preloadPath: '/app/out/preload/index.cjs',
    hasDevTools: false,
    url: 'app://limpid/index.html',
    readBounds: () => ({ width: 400, height: 600, isMaximized: told.isMaximized }),
    writeBounds: (bounds, isMaximized) => {
      told.bounds.push(bounds);
      told.isMaximized = isMaximized;
    },
    closing: () => told.closing,
    created: (window) => told.created.push(window),
    hidden: () => void (told.hidden += 1),
    askToReopen: async () => {
      told.asked += 1;
      return reopen;
    },
    quit: () => void (told.quits += 1),
    nowMs: () => told.nowMs,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { mainWindow, windows, told, settle };
}

describe('main window', () => {
  test('its page has a sandbox, a world of its own, no Node and no embedded browsers', () => {
    const { webPreferences } = windowOptions({ preloadPath: '/x/index.cjs', hasDevTools: false }, {});
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    const risky = ['allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures', 'additionalArguments'];
    expect(Object.keys(webPreferences ?? {}).filter((name) => risky.includes(name))).toEqual([]);
    expect(webPreferences?.preload).toMatch(/\.cjs$/);
  });

  test('opens at its remembered place and shows when it can be painted', () => {
    const { mainWindow, windows } = setUp();
    mainWindow.open();
    const [window] = windows;
    expect(window?.options).toMatchObject({ width: 400, height: 600, show: false });
    expect(window?.loaded).toBe('app://limpid/index.html');
    expect(window?.shown).toBe(0);
    window?.emit('ready-to-show');
    expect(window?.shown).toBe(1);
  });

  test('shows even when its page cannot load, but not once it is gone', async () => {
    const { mainWindow, windows, settle } = setUp(true, new Error('ERR_FAILED'));
    mainWindow.open();
    await settle();
    expect(windows[0]?.shown).toBe(1);
    windows[0]?.close();
    mainWindow.open();
    windows[1]?.close();
    await settle();
    expect(windows[1]?.shown).toBe(0);
  });

  test('there is one: opening again brings it to the front', () => {
    const { mainWindow, windows } = setUp();
    mainWindow.open();
    mainWindow.open();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.focused).toBe(1);
  });

  test('remembers its place when it closes, and can be opened again', () => {
    const { mainWindow, windows, told } = setUp();
    mainWindow.open();
    windows[0]?.close();
    expect(told.bounds).toEqual([{ x: 10, y: 20, width: 500, height: 700 }]);
    expect(mainWindow.current).toBeNull();
    mainWindow.open();
    expect(windows).toHaveLength(2);
  });

  test('that was maximised is so again once it is shown, and not before', () => {
    const { mainWindow, windows, told } = setUp();
    mainWindow.open();
    windows[0]?.emit('ready-to-show');
    expect(windows[0]?.maximized).toBe(false);
    windows[0]?.maximize();
    windows[0]?.close();
    expect(told.isMaximized).toBe(true);
    mainWindow.open();
    expect(windows[1]?.options).not.toHaveProperty('isMaximized');
    expect(windows[1]?.maximized).toBe(false);
    windows[1]?.emit('ready-to-show');
    expect(windows[1]?.maximized).toBe(true);
  });

  test('is hidden instead of closed where that is wanted, and told of; then it is not seen, until it is opened', () => {
    const { mainWindow, windows, told } = setUp();
    expect(mainWindow.isSeen).toBe(false);
    mainWindow.open();
    windows[0]?.emit('ready-to-show');
    expect(mainWindow.isSeen).toBe(true);
    told.closing = 'hide';
    windows[0]?.close();
    expect([windows[0]?.isGone, mainWindow.isSeen, told.hidden, told.quits]).toEqual([false, false, 1, 0]);
    expect(told.bounds).toHaveLength(1);
    mainWindow.open();
    expect([windows.length, mainWindow.isSeen]).toEqual([1, true]);
    if (windows[0]) windows[0].minimized = true;
    expect(mainWindow.isSeen).toBe(false);
  });

  test('asks Limpid to end where closing it would, and stays meanwhile', () => {
    const { mainWindow, windows, told } = setUp();
    mainWindow.open();
    told.closing = 'quit';
    windows[0]?.close();
    expect([windows[0]?.isGone, told.quits]).toEqual([false, 1]);
  });

  test('each is handed to those who look after its page', async () => {
    const { mainWindow, windows, told, settle } = setUp();
    mainWindow.open();
    windows[0]?.crashPage();
    await settle();
    expect(told.created).toEqual(windows);
  });

  test('one whose page crashed while it was hidden is replaced by a hidden one', async () => {
    const { mainWindow, windows, settle } = setUp();
    mainWindow.open();
    windows[0]?.emit('ready-to-show');
    windows[0]?.hide();
    windows[0]?.crashPage();
    await settle();
    windows[1]?.emit('ready-to-show');
    expect([windows.length, windows[1]?.shown]).toEqual([2, 0]);
    mainWindow.open();
    expect(windows[1]?.shown).toBe(1);
  });

  test('a crash of its page opens a new window before the old one goes, so that the app never has none', async () => {
    const { mainWindow, windows, settle, told } = setUp();
    mainWindow.open();
    let openAtClosing = 0;
    windows[0]?.on('closed', () => {
      openAtClosing = windows.filter((window) => !window.isGone).length;
    });
    windows[0]?.crashPage();
    await settle();
    expect(windows).toHaveLength(2);
    expect(openAtClosing).toBe(1);
    expect(mainWindow.current).toBe(windows[1]);
    expect(told).toMatchObject({ asked: 0, quits: 0 });
  });

  test('an orderly end of the page opens nothing', async () => {
    const { mainWindow, windows, settle } = setUp();
    mainWindow.open();
    windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    await settle();
    expect(windows).toHaveLength(1);
  });

  test.each([
    { reopen: true, windowsAfter: 4, quits: 0 },
    { reopen: false, windowsAfter: 3, quits: 1 },
  ])('the third crash within a minute asks first (reopen: $reopen)', async ({ reopen, windowsAfter, quits }) => {
    const { mainWindow, windows, told, settle } = setUp(reopen);
    mainWindow.open();
    for (let crash = 0; crash < 3; crash += 1) {
      windows.at(-1)?.crashPage();
      await settle();
    }
    expect(told).toMatchObject({ asked: 1, quits });
    expect(windows).toHaveLength(windowsAfter);
  });

  test('crashes far apart do not add up', async () => {
    const { mainWindow, windows, told, settle } = setUp();
    mainWindow.open();
    for (let crash = 0; crash < 5; crash += 1) {
      told.nowMs += 40_000;
      windows.at(-1)?.crashPage();
      await settle();
    }
    expect(told.asked).toBe(0);
    expect(windows).toHaveLength(6);
  });
});
