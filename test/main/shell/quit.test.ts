import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askToDiscard, askToReload, askToStopRecording } from '../../../src/main/shell/dialogs.js';
import { guardQuit } from '../../../src/main/shell/quit.js';
import { watchUnresponsivePage } from '../../../src/main/shell/unresponsivePage.js';
import { askAboutUnsavedChanges } from '../../../src/main/shell/unsavedChanges.js';
import { asApp, asWindow, FakeApp, FakeDialog, FakeEvent, FakePowerMonitor, FakeWindow } from '../../fakes/electron.js';

function setUp({ isRecording = false } = {}) {
  const app = new FakeApp();
  const window = new FakeWindow({});
  app.adopt(window);
  const dialog = new FakeDialog();
  const powerMonitor = new FakePowerMonitor();
  const signals = new EventEmitter();
  const recording = { isOn: isRecording, stops: 0, isStuck: false };
  let ends = 0;
  let sessionEnds = 0;
  app.on('will-quit', () => (ends += 1));
  const quit = guardQuit({
    app: asApp(app),
    powerMonitor: powerMonitor as unknown as Electron.PowerMonitor,
    signals: signals as NodeJS.Process,
    isRecording: () => recording.isOn,
    stopRecording: async () => {
      recording.stops += 1;
      if (recording.isStuck) await new Promise(() => undefined);
      recording.isOn = false;
    },
    askToStopRecording: () => askToStopRecording(dialog),
    sessionEnds: () => void (sessionEnds += 1),
  });
  quit.watch(asWindow(window));
  askAboutUnsavedChanges(asWindow(window), { app: asApp(app), quit, askToDiscard: () => askToDiscard(dialog) });
  return {
    app,
    window,
    dialog,
    powerMonitor,
    signals,
    recording,
    quit,
    ends: () => ends,
    sessionEnds: () => sessionEnds,
  };
}

/** The buttons of the questions: yes comes first. */
const [yes, no] = [0, 1];

describe('quitting', () => {
  test('asks nothing while nothing is recorded', () => {
    const { app, dialog, ends } = setUp();
    app.quit();
    expect([dialog.asked, ends()]).toEqual([[], 1]);
  });

  test('while recording asks once, and goes on recording after a no', async () => {
    const { app, dialog, recording, quit, ends } = setUp({ isRecording: true });
    app.quit();
    app.quit();
    expect(dialog.asked).toHaveLength(1);
    expect(dialog.asked[0]).toMatchObject({
      cancelId: no,
      defaultId: no,
      buttons: ['Stop recording and quit', 'Keep recording'],
    });
    await dialog.answer(no);
    expect([recording, ends(), quit.isUnderWay]).toEqual([{ isOn: true, stops: 0, isStuck: false }, 0, false]);
    app.quit();
    expect(dialog.asked).toHaveLength(2);
  });

  test('while recording completes the files after a yes, and then ends', async () => {
    const { app, dialog, recording, quit, ends } = setUp({ isRecording: true });
    app.quit();
    await dialog.answer(yes);
    expect([recording.stops, ends(), quit.isUnderWay]).toEqual([1, 1, true]);
    expect(dialog.asked).toHaveLength(1);
  });

  test('does not wait for a disk that hangs for ever', async () => {
    vi.useFakeTimers();
    const { app, dialog, recording, ends } = setUp({ isRecording: true });
    recording.isStuck = true;
    app.quit();
    const answered = dialog.answer(yes);
    await vi.advanceTimersByTimeAsync(10_000);
    await answered;
    vi.useRealTimers();
    expect([dialog.asked.length, ends()]).toEqual([1, 1]);
  });

  test.each<[string, (parts: ReturnType<typeof setUp>) => void]>([
    ['the system shuts down', ({ powerMonitor }) => expect(powerMonitor.shutDown()).toBe(true)],
    ['Windows ends the session', ({ window }) => void window.emit('session-end', {})],
    ['a signal ends it', ({ signals }) => void signals.emit('SIGTERM')],
    ['its terminal is gone', ({ signals }) => void signals.emit('SIGHUP')],
  ])('when %s asks nothing, also while recording and with changes that were not saved', (_name, end) => {
    const parts = setUp({ isRecording: true });
    parts.window.webContents.keepsPage = true;
    end(parts);
    expect([parts.dialog.asked, parts.ends(), parts.window.isGone]).toEqual([[], 1, true]);
    expect([parts.recording.stops, parts.sessionEnds()]).toEqual([1, 1]);
  });

  test('has Windows wait until the files are complete, and ends then', async () => {
    const { window, recording, dialog, ends, sessionEnds } = setUp({ isRecording: true });
    const [event, again] = [new FakeEvent(), new FakeEvent()];
    window.emit('query-session-end', event);
    window.emit('query-session-end', again);
    expect([event.isPrevented, again.isPrevented, recording.stops, ends()]).toEqual([true, true, 1, 0]);
    await vi.waitFor(() => expect(ends()).toBe(1));
    expect([dialog.asked, recording.stops, sessionEnds()]).toEqual([[], 1, 1]);
  });

  test('never has Windows wait while nothing is recorded', () => {
    const { window, ends } = setUp();
    const event = new FakeEvent();
    window.emit('query-session-end', event);
    expect([event.isPrevented, ends(), window.isGone]).toEqual([false, 0, false]);
  });

  test('does not wait for a page that does not answer when the session ends, nor begin twice', () => {
    vi.useFakeTimers();
    const { signals, window, recording, ends } = setUp({ isRecording: true });
    window.close = () => undefined;
    signals.emit('SIGTERM');
    signals.emit('SIGTERM');
    expect([ends(), recording.stops]).toEqual([0, 1]);
    vi.advanceTimersByTime(2000);
    vi.useRealTimers();
    expect([ends() > 0, window.isGone]).toEqual([true, true]);
  });

  test('does not begin anew when the system shuts down while the question waits', async () => {
    const { app, dialog, powerMonitor, recording, ends } = setUp({ isRecording: true });
    app.quit();
    powerMonitor.shutDown();
    await dialog.answer(yes);
    expect([ends(), recording.stops]).toEqual([1, 1]);
  });
});

describe('changes that were not saved', () => {
  function withChanges() {
    const parts = setUp();
    parts.window.webContents.keepsPage = true;
    return parts;
  }

  test('hold the window until they may be discarded', async () => {
    const { window, dialog } = withChanges();
    window.close();
    expect([window.isGone, dialog.asked.length]).toEqual([false, 1]);
    await dialog.answer(no);
    expect(window.isGone).toBe(false);
    window.close();
    await dialog.answer(yes);
    expect(window.isGone).toBe(true);
  });

  test('hold back a quit, which goes on after a yes', async () => {
    const { app, window, dialog, quit, ends } = withChanges();
    app.quit();
    expect([ends(), quit.isUnderWay]).toEqual([0, false]);
    await dialog.answer(yes);
    expect([ends(), window.isGone]).toEqual([1, true]);
  });

  test('that stay leave everything as it was', async () => {
    const { app, dialog, quit, ends } = withChanges();
    app.quit();
    await dialog.answer(no);
    expect([ends(), quit.isUnderWay]).toEqual([0, false]);
  });

  test('hold back a reload, which comes after a yes', async () => {
    const { window, dialog } = withChanges();
    window.webContents.reload();
    expect(window.webContents.reloads).toBe(0);
    await dialog.answer(yes);
    expect([window.webContents.reloads, window.isGone]).toEqual([1, false]);
  });

  test('are asked about once at a time', () => {
    const { window, dialog } = withChanges();
    window.close();
    window.close();
    expect(dialog.asked).toHaveLength(1);
  });

  test('of a window that is gone when the answer comes are forgotten', async () => {
    const { window, dialog } = withChanges();
    window.close();
    window.destroy();
    await dialog.answer(yes);
    expect(dialog.asked).toHaveLength(1);
  });
});

describe('a page that does not answer', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  function watch() {
    const window = new FakeWindow({});
    const dialog = new FakeDialog();
    watchUnresponsivePage(asWindow(window), () => askToReload(dialog));
    return { window, dialog };
  }

  test('is waited for, then somebody is asked', async () => {
    const { window, dialog } = watch();
    window.emit('unresponsive');
    vi.advanceTimersByTime(9999);
    expect(dialog.asked).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(dialog.asked[0]).toMatchObject({ buttons: ['Load the window anew', 'Wait'], cancelId: no });
    await dialog.answer(no);
    expect(window.webContents.crashed).toBe(false);
    vi.advanceTimersByTime(10_000);
    await dialog.answer(yes);
    expect(window.webContents.crashed).toBe(true);
  });

  test('is left alone when it answers again, or is gone', async () => {
    const { window, dialog } = watch();
    window.emit('unresponsive');
    vi.advanceTimersByTime(5000);
    window.emit('responsive');
    vi.advanceTimersByTime(60_000);
    window.emit('unresponsive');
    window.destroy();
    vi.advanceTimersByTime(60_000);
    expect(dialog.asked).toHaveLength(0);
  });

  test('that answers again while somebody is asked is not ended any more', async () => {
    const { window, dialog } = watch();
    window.emit('unresponsive');
    vi.advanceTimersByTime(10_000);
    window.emit('responsive');
    await dialog.answer(yes);
    expect(window.webContents.crashed).toBe(false);
  });
});
