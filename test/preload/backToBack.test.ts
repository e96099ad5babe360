import { beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../src/main/host/gateway.js';
import { connectIpc } from '../../src/main/shell/ipc.js';
import { installBridge } from '../../src/preload/bridge.js';
import type { LimpidBridge } from '../../src/shared/contract.js';
import { LimpidError } from '../../src/shared/errors.js';
import { asWindow, FakeContextBridge, FakeIpc, FakeWebContents, FakeWindow } from '../fakes/electron.js';
import { idleState } from '../fakes/appState.js';
import { createContractServices, someNumbers, type ContractServices } from '../fakes/services.js';

let services: ContractServices;
let window: FakeWindow | null;
let ipc: FakeIpc;
let limpid: LimpidBridge;
let stop: () => void;
/** Where the files of a test lie; one that is not here has no path. */
const pathsOfFiles = new Map<File, string>();

beforeEach(() => {
  services = createContractServices();
  window = new FakeWindow({});
  ipc = new FakeIpc(window.webContents);
  const gateway = createGateway(services, 'app://limpid', () => undefined);
  stop = connectIpc(ipc.main, gateway, () => window && asWindow(window));
  const page = new FakeContextBridge();
  installBridge(page, ipc.renderer, (file) => pathsOfFiles.get(file) ?? '');
  expect([...page.exposed.keys()]).toEqual(['limpid']);
  limpid = page.exposed.get('limpid') as LimpidBridge;
});

describe('bridge and gateway back to back', () => {
  test('shows the page four functions and nothing of Electron', () => {
    expect(Object.keys(limpid).toSorted()).toEqual(['addFiles', 'call', 'on', 'stopAdding']);
    expect(Object.values(limpid).every((value) => typeof value === 'function')).toBe(true);
  });

  test('a query comes back with its value', async () => {
    expect(await limpid.call('state.get')).toEqual({ ok: true, value: idleState });
  });

  test('a command changes the state, and the page hears of it', async () => {
    const levels: number[] = [];
    limpid.on('state.changed', (state) => levels.push(state.level));
    expect(await limpid.call('live.setLevel', { level: 0.5 })).toEqual({ ok: true, value: undefined });
    expect(levels).toEqual([0.5]);
  });

  test('files are added by their paths, in parts that a call takes', async () => {
    const files = Array.from({ length: 1001 }, (_, index) => {
      const file = new File([], `${index}.wav`);
      pathsOfFiles.set(file, `/home/me/${index}.wav`);
      return file;
    });
    expect(await limpid.addFiles(files)).toEqual({ ok: true, value: null });
    const asked = services.reached.map((call) => call.split(' ').length - 1);
    expect(asked).toEqual([1000, 1]);
    expect(services.reached[1]).toBe('files.add /home/me/1000.wav');
  });

  test('what main says of files comes back', async () => {
    services.handlers['files.add'] = async ({ paths }) => {
      if (paths.includes('')) throw new LimpidError('files.path-missing');
      return undefined;
    };
    stop();
    stop = connectIpc(
      ipc.main,
      createGateway(services, 'app://limpid', () => undefined),
      () => window && asWindow(window),
    );
    expect(await limpid.addFiles([new File([], 'from a page.wav')])).toMatchObject({
      ok: false,
      error: { code: 'files.path-missing' },
    });
  });

  test('a refusal does not keep later parts back; a stop does', async () => {
    const parts: number[] = [];
    services.handlers['files.add'] = async ({ paths }) => {
      parts.push(paths.length);
      if (parts.length === 1) throw new LimpidError('files.path-missing');
      if (parts.length === 5) limpid.stopAdding();
      return undefined;
    };
    stop();
    stop = connectIpc(
      ipc.main,
      createGateway(services, 'app://limpid', () => undefined),
      () => window && asWindow(window),
    );
    const files = Array.from({ length: 3001 }, (_, index) => new File([], `${index}.wav`));
    expect(await limpid.addFiles(files)).toMatchObject({ ok: false, error: { code: 'files.path-missing' } });
    expect(parts).toEqual([1000, 1000, 1000, 1]);
    await limpid.addFiles(files);
    expect(parts).toHaveLength(5);
  });

  test('a failure keeps its code on the way', async () => {
    expect(await limpid.call('live.start')).toMatchObject({ ok: false, error: { code: 'device.busy' } });
  });

  test('a wrong argument is refused in main', async () => {
    expect(await limpid.call('live.setLevel', { level: 5 })).toMatchObject({
      ok: false,
      error: { code: 'gateway.argument' },
    });
  });

  test('names outside the contract never leave the page', async () => {
    await expect(limpid.call('ipc.anything' as 'state.get')).rejects.toThrow(TypeError);
    expect(() => limpid.on('ipc.anything' as 'state.changed', () => undefined)).toThrow(TypeError);
  });

  test('a listener that unsubscribed hears no more', () => {
    const heard: number[] = [];
    const unsubscribe = limpid.on('numbers.measured', (numbers) => heard.push(numbers.underruns));
    services.emit('numbers.measured', someNumbers);
    unsubscribe();
    services.emit('numbers.measured', someNumbers);
    expect(heard).toEqual([0]);
  });

  test.each<[string, () => void]>([
    ['another page', () => (ipc.sender = new FakeWebContents())],
    ['a frame inside the page', () => (ipc.senderFrame = { url: 'app://limpid/index.html' })],
    ['a page that is elsewhere', () => (ipc.sender.mainFrame.url = 'https://example.org/')],
    ['our scheme under another host', () => (ipc.sender.mainFrame.url = 'app://other/index.html')],
    ['no window of ours', () => (window = null)],
  ])('refuses %s', async (_who, change) => {
    change();
    expect(await limpid.call('state.get')).toMatchObject({ ok: false, error: { code: 'gateway.sender' } });
    expect(services.reached).toEqual([]);
  });

  test('sends nothing to a page that crashed or is gone', () => {
    ipc.sender.crashed = true;
    services.emit('state.changed', idleState);
    ipc.sender.crashed = false;
    ipc.sender.destroyed = true;
    services.emit('state.changed', idleState);
    expect(ipc.sender.sent).toEqual([]);
  });

  test('ends cleanly', async () => {
    stop();
    await expect(limpid.call('state.get')).rejects.toThrow(/No handler/);
    services.emit('state.changed', idleState);
    expect(ipc.sender.sent).toEqual([]);
  });
});
