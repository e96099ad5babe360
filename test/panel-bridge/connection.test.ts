import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startPanel, type Panel } from '../../src/main/host/panel.js';
import { connectPanel, type LossCode, type Socket } from '../../src/panel-bridge/connection.js';
import type { LimpidBridge } from '../../src/shared/contract.js';
import { LimpidError } from '../../src/shared/errors.js';
import type { AppState } from '../../src/shared/state.js';
import { idleState } from '../fakes/appState.js';
import { createContractServices, type ContractServices } from '../fakes/services.js';
import { ask, cookieOf, exchange } from '../main/host/panelClient.js';

/** Waits for what happens by itself; generous, since the machine may be busy. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 15_000 });

let folder: string;
let services: ContractServices;
let panel: Panel;
let cookie: string;
let pausesMs: number[];
/** Lets the next attempt begin. */
let goOn: () => void;
let limpid: LimpidBridge;
let states: AppState[];
/** Names of files that cannot be read any more. */
let unreadable: string[];

const start = async (port: number) => {
  panel = await startPanel({ services, rendererRoot: folder, port, report: () => undefined });
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-bridge-'));
  await writeFile(join(folder, 'index.html'), '<head></head>');
  await writeFile(join(folder, 'panel-bridge.js'), '');
  services = createContractServices();
  await start(0);
  const { port } = panel;
  cookie = cookieOf(await exchange(panel.createLinkUrl()));
  pausesMs = [];
  states = [];
  unreadable = [];
  limpid = connectPanel({
    openSocket: async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, {
        origin: `http://127.0.0.1:${port}`,
        headers: { cookie },
      });
      socket.on('error', () => undefined);
      return socket as unknown as Socket;
    },
    explainLoss: async (): Promise<LossCode | null> => {
      const answer = await ask(port, '/session', { headers: { cookie } }).catch(() => null);
      if (!answer) return 'panel.disconnected';
      return answer.status === 401 ? 'panel.link-needed' : null;
    },
    sendFile: async (file, onSent, signal) => {
      if (unreadable.includes(file.name)) return null;
      const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
      const name = encodeURIComponent(file.name);
      const headers = { cookie, origin: `http://127.0.0.1:${port}` };
      const body = await file.text();
      onSent(1);
      const sent = ask(port, `/files?name=${name}`, { method: 'POST', headers, body }).catch(() => null);
      return Promise.race([sent, aborted]);
    },
    pause: (ms) => {
      pausesMs.push(ms);
      return new Promise((resolve) => (goOn = resolve));
    },
    random: () => 1,
  });
  limpid.on('state.changed', (state) => states.push(state));
});

afterEach(async () => {
  await panel.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the bridge of the panel', () => {
  test('a call made before the connection stands waits for it', async () => {
    expect(await limpid.call('state.get')).toEqual({ ok: true, value: idleState });
  });

  test('carries arguments, failures and events', async () => {
    expect(await limpid.call('live.setLevel', { level: 0.5 })).toMatchObject({ ok: true });
    await soon(() => expect(states.map((state) => state.level)).toEqual([0.5]));
    expect(await limpid.call('live.start')).toMatchObject({ ok: false, error: { code: 'device.busy' } });
  });

  test('refuses names outside the contract', async () => {
    await expect(limpid.call('other' as 'state.get')).rejects.toThrow(TypeError);
    expect(() => limpid.on('other' as 'state.changed', () => undefined)).toThrow(TypeError);
  });

  test('when the connection is lost, open and later calls fail, and the last state says so', async () => {
    await limpid.call('state.get');
    const open = limpid.call('devices.rescan');
    await panel.close();
    expect(await open).toMatchObject({ ok: false, error: { code: 'panel.disconnected', retryable: true } });
    expect(states).toEqual([{ ...idleState, status: { code: 'panel.disconnected', params: {} } }]);
    expect(await limpid.call('state.get')).toMatchObject({ ok: false, error: { code: 'panel.disconnected' } });
  });

  test('comes back by itself with longer and longer pauses, and then tells the true state', async () => {
    await limpid.call('state.get');
    const { port } = panel;
    await panel.close();
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await soon(() => expect(pausesMs).toHaveLength(attempt));
      if (attempt < 8) goOn();
    }
    expect(pausesMs).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);

    services.state = { ...idleState, level: 0.75 };
    await start(port);
    cookie = cookieOf(await exchange(panel.createLinkUrl()));
    goOn();
    await soon(() => expect(states.at(-1)).toEqual(services.state));
    expect(await limpid.call('state.get')).toMatchObject({ ok: true });
  });

  test('a panel started again asks for a new link instead of an endless “reconnecting”', async () => {
    await limpid.call('state.get');
    const { port } = panel;
    await panel.close();
    await start(port);
    await soon(() => expect(pausesMs.length).toBeGreaterThan(0));
    goOn();
    await soon(() => expect(states.at(-1)?.status.code).toBe('panel.link-needed'));
    expect(await limpid.call('state.get')).toMatchObject({
      ok: false,
      error: { code: 'panel.link-needed', retryable: false },
    });
  });

  test('sends files one after the other and tells how far they are', async () => {
    const heard: [number, number][] = [];
    const files = [new File(['four'], 'a b&.wav'), new File(['sixsix'], 'ä.mp3')];
    expect(await limpid.addFiles(files, (...far) => heard.push(far))).toEqual({ ok: true, value: null });
    expect(services.reached).toEqual(['receiveFile a b&.wav', 'receiveFile ä.mp3']);
    expect(heard).toEqual([
      [1, 10],
      [4, 10],
      [5, 10],
      [10, 10],
    ]);
  });

  test('leaves out what is no sound, and says so when the others are sent', async () => {
    const files = [new File([], 'a.txt'), new File([], 'b.wav'), new File([], 'c')];
    expect(await limpid.addFiles(files)).toMatchObject({
      ok: false,
      error: { code: 'files.left-out', params: { count: 2 } },
    });
    expect(services.reached).toEqual(['receiveFile b.wav']);
  });

  test('hands on why a file is refused, and sends the next one', async () => {
    services.receiveFile = async (name) => {
      services.reached.push(name);
      if (name === 'a.wav') throw new LimpidError('file.disk-full', { detail: name });
    };
    expect(await limpid.addFiles([new File(['x'], 'a.wav'), new File(['x'], 'b.wav')])).toMatchObject({
      ok: false,
      error: { code: 'file.disk-full', params: { detail: 'a.wav' } },
    });
    expect(services.reached).toEqual(['a.wav', 'b.wav']);
  });

  test('goes on after a file that cannot be read while the panel is there', async () => {
    unreadable = ['a.wav', 'c.wav'];
    const files = ['a.wav', 'b.wav', 'c.wav', 'd.wav'].map((name) => new File(['x'], name));
    expect(await limpid.addFiles(files)).toMatchObject({
      ok: false,
      error: {
        code: 'files.some-refused',
        params: { count: 2, reason: { code: 'files.receive-failed', params: { name: 'a.wav' } } },
      },
    });
    expect(services.reached).toEqual(['receiveFile b.wav', 'receiveFile d.wav']);
    expect(await limpid.addFiles(files.slice(0, 2))).toMatchObject({ error: { code: 'files.receive-failed' } });
  });

  test('sends no more when it is told so, and sends again later', async () => {
    services.receiveFile = async (name) => {
      services.reached.push(name);
      if (name === 'a.wav') await new Promise(() => undefined);
    };
    const adding = limpid.addFiles([new File(['x'], 'a.wav'), new File(['x'], 'b.wav')]);
    limpid.stopAdding();
    expect(await adding).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await limpid.addFiles([new File(['x'], 'c.wav')])).toEqual({ ok: true, value: null });
    expect(services.reached).toContain('c.wav');
    expect(services.reached).not.toContain('b.wav');
  });

  test('refuses a file that is too large without sending it', async () => {
    const large = { name: 'a.wav', size: 9e9 } as File;
    expect(await limpid.addFiles([large])).toMatchObject({ ok: false, error: { code: 'files.too-large' } });
    expect(services.reached).toEqual([]);
  });

  test('ends with the connection when it is lost on the way, and says so at once later', async () => {
    await limpid.call('state.get');
    services.receiveFile = () => new Promise(() => undefined);
    const adding = limpid.addFiles([new File(['x'], 'a.wav'), new File(['x'], 'b.wav')]);
    await panel.close();
    expect(await adding).toMatchObject({ ok: false, error: { code: 'panel.disconnected' } });
    expect(await limpid.addFiles([new File(['x'], 'a.wav')])).toMatchObject({
      ok: false,
      error: { code: 'panel.disconnected' },
    });
  });
});
