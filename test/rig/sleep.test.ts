import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMonoWav } from '../../src/main/demo/wav.js';
import { PanelProcess, soon } from './panelProcess.js';
import { noSoundServerReason, openRig } from './soundServer.js';

const sleptMs = 3000;
/** The process really stands still for some seconds; what its wall clock says afterwards is an hour of sleep. */
const wallClock = `process.on('SIGCONT', () => {
  const { now } = Date;
  Date.now = () => now() + 3_600_000;
})`;

describe.skipIf(noSoundServerReason)(`a computer that sleeps while it records${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let panel: PanelProcess;

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-sleep-'));
    panel = await PanelProcess.start(folder, wallClock);
  });
  afterEach(async () => {
    await panel?.kill();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes on with the voice and in another take, and both takes are whole', async () => {
    const recordings = join(folder, 'takes');
    await panel.switchOn();
    await panel.call('recording.setFolder', { folder: recordings });
    await panel.call('recording.start');
    await expect.poll(() => panel.numbers?.recordedSeconds, soon).toBeGreaterThan(0.5);

    panel.cli.child.kill('SIGSTOP');
    await sleep(sleptMs);
    panel.cli.child.kill('SIGCONT');
    await expect.poll(async () => (await panel.state()).recording?.takes, soon).toBe(2);
    await panel.soundGoesOn();
    expect((await panel.state()).phase).toBe('running');
    await panel.call('recording.stop');

    const [name = ''] = await readdir(recordings);
    const first = join(recordings, name);
    for (const take of [first, join(first, 'take-2')]) {
      const original = await readMonoWav(join(take, 'original.wav'));
      const enhanced = await readMonoWav(join(take, 'enhanced.wav'));
      expect(original.samples.length).toBeGreaterThan(0);
      expect(enhanced.samples.length).toBe(original.samples.length);
    }
    expect((await panel.state()).mishap).toBeNull();
  });
});
