import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appState, liveNumbers, type AppState, type LiveNumbers } from '../../src/shared/state.js';
import { startCli, type RunningCli } from '../cli/runCli.js';
import { cookieOf, exchange, PanelClient } from '../main/host/panelClient.js';
import { noSoundServerReason, openRig } from './soundServer.js';

/** Breaks in the panel's own process, as a fault of ours would: an exception in a callback, and a promise nobody waits for. */
const fault = `process.on('SIGUSR2', () => {
  Promise.reject(new Error('nobody waits for this'));
  throw new Error('nobody catches this');
})`;
const soon = { timeout: 30_000, interval: 50 };

describe.skipIf(noSoundServerReason)(`an error nobody foresaw${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let panel: RunningCli;

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-mishap-'));
    panel = startCli(['panel', '--json'], {
      LIMPID_CONFIG: join(folder, 'settings.json'),
      XDG_STATE_HOME: folder,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(fault)}`,
    });
  });
  afterEach(async () => {
    panel.child.kill('SIGKILL');
    await panel.ended;
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('leaves the sound on, is written down, and is told to the window', async () => {
    await expect.poll(() => panel.stdout, soon).toContain('url');
    const { url } = JSON.parse(panel.stdout) as { url: string };
    const { port, origin } = new URL(url);
    const client = await PanelClient.open(Number(port), { origin, cookie: cookieOf(await exchange(url)) });
    let id = 0;
    const call = async <Value>(name: string, argument?: unknown): Promise<Value> => {
      const answer = (await client.call((id += 1), name, argument)) as { ok: boolean; value: Value };
      expect([name, answer.ok]).toEqual([name, true]);
      return answer.value;
    };
    const state = async (): Promise<AppState> => appState.parse(await call('state.get'));
    const numbers = (): LiveNumbers[] =>
      client.heard.flatMap((message) =>
        'event' in message && message.event === 'numbers.measured' ? [liveNumbers.parse(message.payload)] : [],
      );
    const blocks = () => numbers().at(-1)?.counters.blocksEnhanced ?? 0;

    await call('devices.choose', { direction: 'input', id: 'pulse:mic_feed.monitor' });
    await call('devices.choose', { direction: 'output', id: 'pulse:enhanced' });
    await call('live.start');
    await expect.poll(blocks, soon).toBeGreaterThan(20);

    panel.child.kill('SIGUSR2');
    await expect.poll(async () => (await state()).mishap, soon).toEqual({ code: 'mishap', params: { count: 2 } });
    const before = blocks();
    await expect.poll(blocks, soon).toBeGreaterThan(before + 20);
    expect((await state()).phase).toBe('running');
    const log = await readFile(join(folder, 'limpid', 'errors.log'), 'utf8');
    expect(log).toContain('nobody catches this');
    expect(log).toContain('nobody waits for this');

    await call('mishap.dismiss');
    expect((await state()).mishap).toBeNull();
    client.socket.close();
    panel.child.kill('SIGINT');
    expect((await panel.ended).exitCode).toBe(0);
  });
});
