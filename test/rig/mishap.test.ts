import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PanelProcess, soon } from './panelProcess.js';
import { noSoundServerReason, openRig } from './soundServer.js';

/** Breaks in the panel's own process, as a fault of ours would: an exception in a callback, and a promise nobody waits for. */
const fault = `process.on('SIGUSR2', () => {
  Promise.reject(new Error('nobody waits for this'));
  throw new Error('nobody catches this');
})`;

describe.skipIf(noSoundServerReason)(`an error nobody foresaw${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let panel: PanelProcess;

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-mishap-'));
    panel = await PanelProcess.start(folder, fault);
  });
  afterEach(async () => {
    await panel?.kill();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('leaves the sound on, is written down, and is told to the window', async () => {
    await panel.switchOn();
    panel.cli.child.kill('SIGUSR2');
    await expect.poll(async () => (await panel.state()).mishap, soon).toEqual({ code: 'mishap', params: { count: 2 } });
    await panel.soundGoesOn();
    expect((await panel.state()).phase).toBe('running');
    const log = await readFile(join(folder, 'limpid', 'errors.log'), 'utf8');
    expect(log).toContain('nobody catches this');
    expect(log).toContain('nobody waits for this');

    await panel.call('mishap.dismiss');
    expect((await panel.state()).mishap).toBeNull();
    expect(await panel.interrupt()).toBe(0);
  });
});
