import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Enhancer } from '../../../src/main/audio/enhancer.js';
import { loadNative, type DeviceSpec, type LoopNumbers, type NativeLoop } from '../../../src/main/audio/native.js';
import { VirtualMicrophone } from '../../../src/main/audio/virtualMicrophone.js';
import { aDevice } from '../../fakes/appState.js';
import { FakeCatalog, wishesFor } from '../../fakes/devices.js';

const microphone = aDevice({ id: 'timer:in', name: 'Timer in', inputs: 1, isDefaultInput: true });
const speaker = aDevice({ id: 'timer:out', name: 'Timer out', outputs: 1 });
const absent = aDevice({ id: 'pa:ALSA:absent', name: 'absent', inputs: 1, outputs: 1 });

/** The native loop between two timers: no sound card is needed. */
describe('an enhancer with the real loop', () => {
  let loop: NativeLoop;
  let catalog: FakeCatalog;
  let enhancer: Enhancer;

  beforeEach(() => {
    const { Loop } = loadNative();
    loop = new Loop();
    catalog = new FakeCatalog([microphone, speaker, absent]);
    enhancer = new Enhancer({
      loop,
      catalog,
      virtualMicrophone: new VirtualMicrophone(),
      microphone: { status: () => 'not-needed', request: () => Promise.resolve('not-needed') },
      wishes: { ...wishesFor(speaker), level: 0.5, periodFrames: 128 },
      remember: () => Promise.resolve(),
      toSpec: ({ id }): DeviceSpec =>
        id === absent.id ? { kind: 'portaudio', hostApi: 'ALSA', name: 'absent' } : { kind: 'timer' },
    });
  });
  afterEach(() => enhancer.dispose());

  const numbersWhen = (expected: Partial<LoopNumbers>): Promise<void> =>
    vi.waitFor(() => expect(enhancer.numbers).toMatchObject(expected), 10_000);

  test('starts with the wishes, stops and starts again', async () => {
    await enhancer.start();
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
    await numbersWhen({ engine: 'gtcrn', level: 0.5, bypass: false, inputPeriodFrames: 128 });
    await enhancer.stop();
    expect(enhancer.state.phase).toBe('off');
    expect(enhancer.numbers).toBeNull();
    expect(loop.numbers().state).toBe('idle');
    await enhancer.start();
    expect(enhancer.state.phase).toBe('running');
  });

  test('starts with what was chosen while it was off', async () => {
    await enhancer.setEngine('bypass');
    enhancer.setLevel(0.25);
    enhancer.setBypass(true);
    await enhancer.start();
    await numbersWhen({ engine: 'bypass', level: 0.25, bypass: true });
    expect(enhancer.state.status.code).toBe('status.passing-bypass');
  });

  test('changes everything while it runs, without a restart', async () => {
    await enhancer.start();
    await enhancer.setEngine('bypass');
    enhancer.setLevel(0.75);
    await numbersWhen({ engine: 'bypass', level: 0.75, restarts: 0, state: 'running' });
    await enhancer.setEngine('gtcrn');
    await numbersWhen({ engine: 'gtcrn', engineStatus: 'active', restarts: 0 });
    await vi.waitFor(() => expect(enhancer.state.status.code).toBe('status.enhancing'), 10_000);
  });

  test('waits for a lost device with closed streams', async () => {
    await enhancer.start();
    catalog.become([microphone]);
    await vi.waitFor(() => expect(loop.numbers().state).toBe('idle'), 10_000);
    expect(enhancer.state).toMatchObject({ phase: 'restarting', problem: { code: 'device.lost' } });
    catalog.become([microphone, speaker]);
    await numbersWhen({ state: 'running' });
  });

  test('tells why a device cannot be opened', async () => {
    await enhancer.choose('input', absent.id);
    await enhancer.choose('output', absent.id);
    // "none" on a computer without any sound device.
    const code = expect.stringMatching(/^device\.(unknown|none)$/);
    await expect(enhancer.start()).rejects.toMatchObject({ code });
    expect(enhancer.state).toMatchObject({ phase: 'failed', problem: { code } });
  });
});
