import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { askToReopen, showStartFailure } from '../../../src/main/shell/dialogs.js';
import { createElectronEnvironment } from '../../../src/main/shell/environment.js';
import { disposeBeforeQuit, followWindows } from '../../../src/main/shell/lifecycle.js';
import { readWindowBounds, writeWindowBounds } from '../../../src/main/shell/windowBounds.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { asApp, FakeApp, FakeEvent } from '../../fakes/electron.js';

const none = (): void => undefined;

type MediaStatus = 'not-determined' | 'granted' | 'denied' | 'restricted' | 'unknown';

describe('environment', () => {
  function setUp(platform: NodeJS.Platform, status: MediaStatus, answer = true) {
    const opened: string[] = [];
    const asked: string[] = [];
    const environment = createElectronEnvironment(
      { openExternal: async (url) => void opened.push(url) },
      {
        getMediaAccessStatus: () => status,
        askForMediaAccess: async (kind) => {
          asked.push(kind);
          return answer;
        },
      },
      platform,
      { resolveProxy: async (url) => `PROXY for ${url}` },
    );
    return { environment, microphone: environment.microphone, opened, asked };
  }

  test('asks the session for the way to a server', async () => {
    const { environment } = setUp('linux', 'granted');
    expect(await environment.network?.resolveProxy('https://a.example/')).toBe('PROXY for https://a.example/');
  });

  test.each<[NodeJS.Platform, MediaStatus, string]>([
    ['darwin', 'granted', 'granted'],
    ['darwin', 'denied', 'denied'],
    ['darwin', 'restricted', 'denied'],
    ['darwin', 'not-determined', 'undetermined'],
    ['win32', 'denied', 'denied'],
    ['win32', 'unknown', 'undetermined'],
    ['linux', 'denied', 'not-needed'],
  ])('on %s the microphone that is %s counts as %s', (platform, status, expected) => {
    expect(setUp(platform, status).microphone.status()).toBe(expected);
  });

  test.each([
    [true, 'granted'],
    [false, 'denied'],
  ])('macOS asks for the microphone once (answer %s)', async (answer, expected) => {
    const { microphone, asked } = setUp('darwin', 'not-determined', answer);
    expect(await microphone.request()).toBe(expected);
    expect(asked).toEqual(['microphone']);
  });

  test.each<[NodeJS.Platform, MediaStatus]>([
    ['darwin', 'denied'],
    ['win32', 'unknown'],
    ['linux', 'unknown'],
  ])('on %s with %s nobody is asked', async (platform, status) => {
    const { microphone, asked } = setUp(platform, status);
    expect(await microphone.request()).toBe(microphone.status());
    expect(asked).toEqual([]);
  });

  test('opens the page of the permission', async () => {
    const { microphone, opened } = setUp('darwin', 'denied');
    await microphone.openSettings();
    expect(opened[0]).toMatch(/Privacy_Microphone$/);
  });

  test('opens help links and refuses every other address', async () => {
    const { environment, opened } = setUp('linux', 'granted');
    await environment.openExternal('https://existential.audio/blackhole/');
    await expect(environment.openExternal('https://example.org/')).rejects.toMatchObject({ code: 'link.refused' });
    await expect(environment.openExternal('file:///bin/sh')).rejects.toMatchObject({ code: 'link.refused' });
    expect(opened).toEqual(['https://existential.audio/blackhole/']);
  });
});

test('a system that opens nothing is told as such', async () => {
  const environment = createElectronEnvironment(
    { openExternal: () => Promise.reject(new Error('Failed to open: Access is denied. (0x5)')) },
    { getMediaAccessStatus: () => 'denied', askForMediaAccess: async () => false },
    'win32',
    { resolveProxy: async () => 'DIRECT' },
  );
  const failure = { code: 'link.cannot-open' };
  await expect(environment.openExternal('https://existential.audio/blackhole/')).rejects.toMatchObject(failure);
  await expect(environment.microphone.openSettings()).rejects.toMatchObject(failure);
});

describe('lifecycle', () => {
  let app: FakeApp;
  beforeEach(() => {
    app = new FakeApp();
  });

  test.each<[NodeJS.Platform, number, number]>([
    ['linux', 1, 0],
    ['win32', 1, 0],
    ['darwin', 0, 1],
  ])('on %s closing the last window quits %i times, and stays without a window %i times', (platform, quits, stays) => {
    let left = 0;
    followWindows(
      asApp(app),
      () => undefined,
      () => void (left += 1),
      platform,
    );
    app.emit('window-all-closed');
    expect([app.quits, left]).toEqual([quits, stays]);
  });

  test('a click in the dock shows the window', () => {
    let shown = 0;
    followWindows(
      asApp(app),
      () => void (shown += 1),
      () => undefined,
      'darwin',
    );
    app.emit('activate');
    expect(shown).toBe(1);
  });

  test('quitting waits for the services, once', async () => {
    let disposals = 0;
    let finish = (): void => undefined;
    let lastWords = 0;
    const dispose = () => {
      disposals += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    };
    disposeBeforeQuit(asApp(app), dispose, () => (lastWords += 1));
    const events = [new FakeEvent(), new FakeEvent()];
    for (const event of events) app.emit('will-quit', event);
    expect(events.map((event) => event.isPrevented)).toEqual([true, true]);
    expect([disposals, app.exitCodes, lastWords]).toEqual([1, [], 0]);
    finish();
    await vi.waitFor(() => expect(app.exitCodes).toEqual([0]), { timeout: 15_000 });
    expect(lastWords).toBe(1);
  });

  test('a failure of the services does not keep the app', async () => {
    disposeBeforeQuit(asApp(app), () => Promise.reject(new Error('no')), none);
    app.emit('will-quit', new FakeEvent());
    await vi.waitFor(() => expect(app.exitCodes).toEqual([1]), { timeout: 15_000 });
  });

  test('services that never end are left behind', () => {
    vi.useFakeTimers();
    disposeBeforeQuit(asApp(app), () => new Promise(() => undefined), none);
    app.emit('will-quit', new FakeEvent());
    vi.advanceTimersByTime(5000);
    vi.useRealTimers();
    expect(app.exitCodes).toEqual([1]);
  });
});

describe('window bounds', () => {
  const screens = [
    { x: 0, y: 25, width: 1440, height: 875 },
    { x: 1440, y: 0, width: 1920, height: 1080 },
  ];
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-bounds-'));
    path = join(folder, 'new/window.json');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const readAfter = (bounds: { x: number; y: number; width: number; height: number }, isMaximized = false) => {
    writeWindowBounds(path, bounds, isMaximized);
    return readWindowBounds(path, screens);
  };

  test('come back as they were, on a second screen too', () => {
    const bounds = { x: 1500, y: 40, width: 500, height: 800 };
    expect(readAfter(bounds)).toEqual(bounds);
  });

  test('of a maximised window are those it goes back to, and it is maximised again', async () => {
    const bounds = { x: 1500, y: 40, width: 500, height: 800 };
    expect(readAfter(bounds, true)).toEqual({ ...bounds, isMaximized: true });
    // As an earlier version wrote them.
    await writeFile(path, JSON.stringify(bounds));
    expect(readWindowBounds(path, screens)).toEqual(bounds);
  });

  test('on a screen that is gone keep their size only', () => {
    expect(readAfter({ x: 4000, y: 40, width: 450, height: 700 })).toEqual({ width: 450, height: 700 });
  });

  test('are cut to their screen and to the smallest size', () => {
    expect(readAfter({ x: 0, y: 25, width: 3000, height: 3000 })).toMatchObject({ width: 1440, height: 875 });
    expect(readAfter({ x: 100, y: 100, width: 1, height: 1 })).toMatchObject({ width: 320, height: 480 });
  });

  test.each(['', '{', '[]', '{"x":0,"y":0,"width":"wide","height":5}', '{"x":1e400}'])(
    'a broken file (%s) means the first size',
    async (text) => {
      await writeFile(path, text);
      const { x, width = 0, height = 0 } = readWindowBounds(path, screens);
      expect([x, width > 320, height > 480]).toEqual([undefined, true, true]);
    },
  );

  test('a folder that cannot be made costs only the memory', async () => {
    const file = join(folder, 'a file');
    await writeFile(file, '');
    expect(() =>
      writeWindowBounds(join(file, 'window.json'), { x: 0, y: 0, width: 500, height: 500 }, false),
    ).not.toThrow();
  });
});

describe('dialogs', () => {
  test.each([
    [0, true],
    [1, false],
  ])('button %i after crashes means reopen: %s', async (response, expected) => {
    const shown: unknown[] = [];
    const showMessageBox = async (...options: unknown[]) => {
      shown.push(...options);
      return { response, checkboxChecked: false };
    };
    expect(await askToReopen({ showMessageBox } as Parameters<typeof askToReopen>[0])).toBe(expected);
    expect(shown[0]).toMatchObject({ buttons: ['Open again', 'Quit Limpid'] });
  });

  test('a failed start says what happened, what to do, and its code', () => {
    const boxes: string[] = [];
    showStartFailure(
      { showErrorBox: (_title, content) => void boxes.push(content) },
      new LimpidError('panel.not-built'),
    );
    expect(boxes[0]).toMatch(/pages.*missing[^]*build:app[^]*panel\.not-built/);
  });
});
