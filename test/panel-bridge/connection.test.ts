import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startPanel, type Panel } from '../../src/main/host/panel.js';
import { connectPanel, type LossCode, type Socket } from '../../src/panel-bridge/connection.js';
import type { LimpidBridge } from '../../src/shared/contract.js';
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
  limpid = connectPanel({
    openSocket: async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, {
        origin: `http://127.0.0.1:${port}`,
        headers: { cookie },
      });
      socket.on('error', () => undefined);
      return socket as unknown as Socket;
    },
    explainLoss: async (): Promise<LossCode> => {
      const answer = await ask(port, '/session', { headers: { cookie } }).catch(() => null);
      return answer?.status === 401 ? 'panel.link-needed' : 'panel.disconnected';
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
});
