import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listDevices } from '../../src/main/audio/devices.js';
import { ownerOf, removeLeftovers, VirtualMicrophone } from '../../src/main/audio/virtualMicrophone.js';
import { amplitudeBesideTone, beepsOf, toneAmplitude } from './tone.js';
import { noSoundServerReason, openRig } from './soundServer.js';

const holder = fileURLToPath(new URL('virtualMicrophoneHolder.ts', import.meta.url));

describe.skipIf(noSoundServerReason)(`the Limpid microphone${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  beforeEach(async () => {
    rig = await openRig();
  });
  afterEach(() => rig.close());

  const names = async (): Promise<string[]> =>
    (await rig.card.pactl('list', 'short', 'modules')).split('\n').filter((line) => line.includes('limpid_'));

  /** Starts another process that makes the virtual microphone. */
  async function holdElsewhere(): Promise<{ pid: number; end(signal: NodeJS.Signals): Promise<void> }> {
    const child = spawn(process.execPath, ['--import', 'tsx', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    return {
      pid: child.pid!,
      end: async (signal) => {
        child.kill(signal);
        await ended;
      },
    };
  }

  test('gives other programs what is played into it', async () => {
    const microphone = new VirtualMicrophone();
    const sink = await microphone.create();
    const recording = rig.card.record('limpid_microphone');
    await recording.started;
    await rig.card.play(beepsOf(1000, 2), sink).done;
    const samples = await recording.stop();
    expect(toneAmplitude(samples, 1000)).toBeGreaterThan(0.4);
    expect(amplitudeBesideTone(samples, 1000, 1700)).toBeLessThan(0.01);
    await microphone.remove();
  });

  test('is known as ours and described for people', async () => {
    const microphone = new VirtualMicrophone();
    await microphone.create();
    const ours = (await listDevices(null)).filter(({ kind }) => kind === 'limpid');
    expect(ours.map(({ name }) => name)).toEqual(expect.arrayContaining(['Limpid microphone', 'Limpid output']));
    await microphone.remove();
  });

  test('made twice is made once, and removing it leaves everything else', async () => {
    const microphone = new VirtualMicrophone();
    const before = await rig.card.pactl('list', 'short', 'modules');
    await microphone.create();
    const made = await names();
    await microphone.create();
    expect(await names()).toEqual(made);
    expect(made).toHaveLength(2);
    await microphone.remove();
    expect(microphone.isActive).toBe(false);
    expect(await rig.card.pactl('list', 'short', 'modules')).toBe(before);
  });

  test('that was half removed by someone else is made whole', async () => {
    const microphone = new VirtualMicrophone();
    await microphone.create();
    const source = (await names()).find((line) => line.includes('limpid_microphone'))!;
    await rig.card.unloadModule(source.split('\t')[0]!);
    await microphone.create();
    expect(await names()).toHaveLength(2);
    await microphone.remove();
  });

  test('left behind by a crash is removed at the next start', async () => {
    const other = await holdElsewhere();
    await other.end('SIGKILL');
    expect(await names()).toHaveLength(2);
    await removeLeftovers();
    expect(await names()).toEqual([]);
  });

  test('left behind by a crash does not keep the next from being made', async () => {
    const other = await holdElsewhere();
    await other.end('SIGKILL');
    const microphone = new VirtualMicrophone();
    await microphone.create();
    expect((await names()).every((line) => line.includes(ownerOf(process.pid)!))).toBe(true);
    await microphone.remove();
  });

  test('of a living process is neither removed nor replaced', async () => {
    const other = await holdElsewhere();
    const before = await names();
    await removeLeftovers();
    const microphone = new VirtualMicrophone();
    await expect(microphone.create()).rejects.toMatchObject({
      code: 'output.virtual-in-use',
      params: { pid: other.pid },
    });
    await microphone.remove();
    expect(await names()).toEqual(before);
    await other.end('SIGTERM');
  });

  test('goes when its process ends in order', async () => {
    const other = await holdElsewhere();
    expect(await names()).toHaveLength(2);
    await other.end('SIGTERM');
    expect(await names()).toEqual([]);
  });

  test('that a user made by hand is not touched', async () => {
    await rig.card.loadModule('module-null-sink', 'sink_name=limpid_sink');
    await removeLeftovers();
    await expect(new VirtualMicrophone().create()).rejects.toMatchObject({ code: 'output.virtual-name-taken' });
    expect(await names()).toHaveLength(1);
  });
});
