import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appState, type AppState } from '../../src/shared/state.js';
import { noElectronReason, openApp, skipNote, type RunningApp } from './electronApp.js';

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 100 });

/**
 * The app in Electron itself. Where its program cannot run, the same is tested with the fake module: start in test/main/index.test.ts,
 * contract and senders in test/security/contract.test.ts, crash in test/main/shell/mainWindow.test.ts, second starts in
 * test/main/shell/singleInstance.test.ts.
 */
describe.skipIf(noElectronReason)(`Limpid in Electron${skipNote}`, () => {
  let limpid: RunningApp;
  beforeAll(async () => {
    limpid = await openApp();
  });
  afterAll(() => limpid?.close());

  const readState = async (): Promise<AppState> => {
    const result = await limpid.call('state.get');
    if (!result.ok) throw new Error(result.error.code);
    return appState.parse(result.value);
  };
  const countWindows = () => limpid.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

  test('shows its own page, with main behind it', async () => {
    expect(limpid.page.url()).toBe('app://limpid/index.html');
    expect(await limpid.page.title()).toContain('Limpid');
    expect(await readState()).toMatchObject({ host: 'electron', desktop: expect.anything() });
  });

  test('the page has the contract, and nothing of Electron or Node', async () => {
    const names = 'Object.keys(window.limpid).toSorted().join()';
    expect(await limpid.page.evaluate(names)).toBe('addFiles,call,on,stopAdding');
    const rest = '[typeof require, typeof process, typeof module, typeof ipcRenderer, typeof Buffer].join()';
    expect(await limpid.page.evaluate(rest)).toBe('undefined,undefined,undefined,undefined,undefined');
    const unknown = `window.limpid.call('shell.openExternal').then(() => 'answered', ({ name }) => name)`;
    expect(await limpid.page.evaluate(unknown)).toBe('TypeError');
    expect(await limpid.call('live.setLevel', { level: 7 })).toMatchObject({ error: { code: 'gateway.argument' } });
  });

  test('a page that crashed comes back in a new window with the state as it is', async () => {
    expect(await limpid.call('live.setLevel', { level: 0.25 })).toMatchObject({ ok: true });
    const another = limpid.app.waitForEvent('window');
    await limpid.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    limpid.page = await another;
    await limpid.page.locator('main').waitFor();
    expect((await readState()).level).toBe(0.25);
    await eventually(countWindows).toBe(1);
  });

  test('a second start hands over what it was started for, and ends', async () => {
    const { bypass } = await readState();
    expect(await limpid.startAgain('--bypass')).toBe(0);
    await eventually(async () => (await readState()).bypass).toBe(!bypass);
    // With a sound device or without, switching on leaves its mark.
    const { phase, status, problem } = await readState();
    expect(await limpid.startAgain('--toggle')).toBe(0);
    await eventually(async () => {
      const after = await readState();
      return JSON.stringify([after.phase, after.status, after.problem]);
    }).not.toBe(JSON.stringify([phase, status, problem]));
    expect(await limpid.startAgain('--toggle=now', '--toggl', '{"action":"quit"}')).toBe(0);
    expect(await countWindows()).toBe(1);
  });
});
