import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Enhancer } from '../../../src/main/audio/enhancer.js';
import type { EnhancerOptions, LiveState } from '../../../src/main/audio/enhancerOptions.js';
import { deviceNamed } from '../../../src/main/settings/namedDevice.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { aDevice } from '../../fakes/appState.js';
import { FakeCatalog, wishesFor } from '../../fakes/devices.js';
import { FakeLoop } from '../../fakes/loop.js';

const microphone = aDevice({ id: 'pulse:mic', name: 'Microphone', inputs: 1, isDefaultInput: true });
const headsetIn = aDevice({ id: 'pulse:headset.in', name: 'Headset in', inputs: 1 });
const headphones = aDevice({ id: 'pulse:phones', name: 'Headphones', outputs: 2 });
const laptopMicrophone = aDevice({ id: 'pulse:laptop.mic', name: 'Laptop mic', inputs: 1, kind: 'built-in' });
const laptopSpeakers = aDevice({ id: 'pulse:laptop.out', name: 'Laptop speakers', outputs: 2, kind: 'built-in' });
const limpidSink = aDevice({ id: 'pulse:limpid_sink', name: 'Limpid output', outputs: 1, kind: 'limpid' });
const all = [microphone, headsetIn, headphones, laptopMicrophone, laptopSpeakers];

class FakeVirtualMicrophone {
  isActive = false;
  refusal: Error | null = null;
  constructor(private readonly catalog: FakeCatalog) {}

  create(): Promise<string> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.isActive = true;
    this.catalog.devices = [...this.catalog.devices.filter(({ id }) => id !== limpidSink.id), limpidSink];
    return Promise.resolve('limpid_sink');
  }

  remove(): Promise<void> {
    this.isActive = false;
    return Promise.resolve();
  }
}

let catalog: FakeCatalog;
let loop: FakeLoop;
let virtualMicrophone: FakeVirtualMicrophone;
let permission: 'granted' | 'denied' | 'undetermined' | 'not-needed';
let answerPermission: (answer: 'granted' | 'denied') => void;
let remembered: object[];
let enhancer: Enhancer;

function open(changes: Partial<EnhancerOptions> = {}): Enhancer {
  enhancer = new Enhancer({
    loop,
    catalog,
    virtualMicrophone,
    microphone: {
      status: () => permission,
      request: () =>
        new Promise((resolve) => {
          answerPermission = (answer) => {
            permission = answer;
            resolve(answer);
          };
        }),
    },
    wishes: wishesFor(headphones),
    remember: (chosen) => {
      remembered.push(chosen);
      return Promise.resolve();
    },
    ...changes,
  });
  return enhancer;
}

/** Lets timers and promises run for `ms`. */
const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const starts = (): string[] => loop.calls.filter((call) => call.startsWith('start'));
const status = (): string => enhancer.state.status.code;

beforeEach(() => {
  vi.useFakeTimers();
  catalog = new FakeCatalog(all);
  loop = new FakeLoop();
  virtualMicrophone = new FakeVirtualMicrophone(catalog);
  permission = 'not-needed';
  remembered = [];
});
afterEach(async () => {
  const disposed = enhancer.dispose();
  await pass(20_000);
  await disposed;
  vi.useRealTimers();
});

describe('wishes of an administrator', () => {
  test('are followed while the sound runs, and nothing is remembered', async () => {
    await open().start();
    loop.calls.length = 0;
    await enhancer.adopt({ engine: 'bypass', level: 0.5 });
    expect(loop.calls).toEqual(['engine bypass']);
    expect(loop.numbers().level).toBe(0.5);
    await enhancer.adopt({ input: { id: headsetIn.id, name: headsetIn.name } });
    expect(starts()).toEqual(['start headset.in phones']);
    await enhancer.adopt({ output: null, level: 0.5 });
    expect(enhancer.state).toMatchObject({ phase: 'running', engine: 'bypass', level: 0.5, output: { present: true } });
    expect(remembered).toEqual([]);
  });

  test('wait for their microphone while the one before sounds on, and take it once it is there', async () => {
    const fixed = aDevice({ id: 'pulse:jabra', name: 'Jabra', inputs: 1 });
    await open().start();
    loop.calls.length = 0;
    await enhancer.adopt({ input: deviceNamed('Jabra') });
    expect(loop.calls).toEqual([]);
    expect(enhancer.state).toMatchObject({
      phase: 'running',
      input: { present: false },
      problem: { code: 'device.awaited', params: { name: 'Jabra', input: 'Microphone', output: 'Headphones' } },
    });
    catalog.become([...all, fixed]);
    await pass();
    expect(starts()).toEqual(['start jabra phones']);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null, input: { present: true } });
  });

  test('change nothing when they go before their microphone came', async () => {
    await open().start();
    loop.calls.length = 0;
    await enhancer.adopt({ input: deviceNamed('Jabra') });
    await enhancer.adopt({ input: { id: 'default', name: 'default' } });
    expect(loop.calls).toEqual([]);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('ask no question while the sound runs, but when it is switched on the next time', async () => {
    await open().start();
    loop.calls.length = 0;
    const { id, name } = laptopSpeakers;
    await enhancer.adopt({ input: deviceNamed(laptopMicrophone.id), output: { id, name } });
    expect(loop.calls).toEqual([]);
    expect(enhancer.state).toMatchObject({
      phase: 'running',
      question: null,
      problem: { code: 'device.awaits-answer', params: { input: 'Microphone', output: 'Headphones' } },
    });
    await enhancer.stop();
    await enhancer.start();
    expect(enhancer.state).toMatchObject({ problem: null, question: { code: 'question.speakers' } });
  });

  test('leave the sound to a microphone that is no wish any more, and to the output a person chooses meanwhile', async () => {
    await open().start();
    loop.calls.length = 0;
    await enhancer.adopt({ input: deviceNamed('Jabra') });
    await enhancer.choose('output', laptopSpeakers.id);
    expect(starts()).toEqual(['start mic laptop.out']);
    await enhancer.adopt({ input: null });
    expect(starts()).toHaveLength(1);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('let a call go on when a second device fits the name', async () => {
    const evolve = aDevice({ id: 'pulse:evolve', name: 'Jabra Evolve 65', inputs: 1 });
    const second = aDevice({ id: 'pulse:evolve2', name: 'Jabra Evolve 75', inputs: 1 });
    catalog.devices = [...all, evolve];
    await open({ wishes: { ...wishesFor(headphones), input: deviceNamed('Jabra Evolve') } }).start();
    loop.calls.length = 0;
    catalog.become([...all, second, evolve]);
    await pass();
    expect(loop.calls).toEqual([]);
    expect(enhancer.state).toMatchObject({ phase: 'running', input: { chosen: evolve.id, present: true } });
    await enhancer.stop();
    await enhancer.start();
    expect(enhancer.state.problem).toMatchObject({ code: 'device.ambiguous', params: { detail: 'Jabra Evolve' } });
    expect(JSON.stringify(enhancer.state.problem)).toContain(second.id);
  });

  test('switch nothing on', async () => {
    open();
    await enhancer.adopt({ level: 0.2, input: { id: headsetIn.id, name: headsetIn.name } });
    expect(enhancer.state).toMatchObject({ phase: 'off', level: 0.2, input: { chosen: headsetIn.id } });
    expect(starts()).toEqual([]);
  });
});

describe('switching on', () => {
  test('opens the default microphone and the chosen output, and says so', async () => {
    await open().start();
    expect(starts()).toEqual(['start mic phones']);
    expect(enhancer.state).toMatchObject({
      phase: 'running',
      problem: null,
      status: { code: 'status.enhancing', params: { input: 'Microphone', output: 'Headphones' } },
    });
  });

  test('makes room when nothing speaks against it, and says before that it begins', async () => {
    const told: string[] = [];
    const makeRoom = vi.fn<() => Promise<void>>(async () => void told.push(enhancer.state.phase, loop.calls.join()));
    open();
    await enhancer.choose('output', null);
    await expect(enhancer.start({ makeRoom })).rejects.toMatchObject({ code: 'output.not-chosen' });
    permission = 'denied';
    await enhancer.choose('output', headphones.id);
    await expect(enhancer.start({ makeRoom })).rejects.toMatchObject({ code: 'permission.denied' });
    expect(makeRoom).not.toHaveBeenCalled();
    permission = 'granted';
    loop.calls.length = 0;
    await enhancer.start({ makeRoom });
    expect(told).toEqual(['starting', '']);
    await enhancer.start({ makeRoom });
    expect(makeRoom).toHaveBeenCalledTimes(1);
  });

  test('plays nothing until an output was chosen', async () => {
    open();
    await enhancer.choose('output', null);
    await expect(enhancer.start()).rejects.toMatchObject({ code: 'output.not-chosen' });
    expect(enhancer.state.problem?.code).toBe('output.not-chosen');
    expect(loop.calls.filter((call) => call !== 'stop')).toEqual([]);
    await enhancer.choose('output', headphones.id);
    expect(starts()).toEqual([]);
    await enhancer.start();
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('opens nothing a second time', async () => {
    open();
    await Promise.all([enhancer.start(), enhancer.start()]);
    await enhancer.start();
    expect(starts()).toHaveLength(1);
  });

  test('that the device refuses is off again, with the reason', async () => {
    open();
    loop.refusal = Object.assign(new Error('Busy.'), { code: 'device.busy', detail: 'hw:0' });
    await expect(enhancer.start()).rejects.toMatchObject({ code: 'device.busy' });
    expect(enhancer.state).toMatchObject({
      phase: 'failed',
      problem: { code: 'device.busy', params: { detail: 'hw:0' } },
    });
    await pass(60_000);
    expect(starts()).toHaveLength(1);
    loop.refusal = null;
    await enhancer.start();
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('that nobody waits for is tried again until the device lets it', async () => {
    open();
    loop.refusal = Object.assign(new Error('Busy.'), { code: 'device.busy', detail: 'hw:0' });
    await enhancer.start({ isPatient: true }).catch(() => undefined);
    expect(enhancer.state).toMatchObject({ phase: 'restarting', problem: { code: 'device.busy' } });
    loop.refusal = null;
    await pass(1000);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('has an end even when the driver never answers', async () => {
    open();
    loop.hangs = true;
    const started = enhancer.start().catch((error: unknown) => error);
    await pass(12_000);
    expect(await started).toMatchObject({ code: 'live.start-timeout' });
    expect(enhancer.state.phase).toBe('failed');
  });

  test('and off before the devices answered is off at once, without a failure', async () => {
    open();
    loop.hangs = true;
    const started = enhancer.start();
    await pass();
    await enhancer.stop();
    await started;
    expect(enhancer.state).toMatchObject({ phase: 'off', problem: null });
    loop.hangs = false;
    await enhancer.start();
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('again before the devices answered starts anew', async () => {
    open();
    loop.hangs = true;
    const first = enhancer.start();
    await pass();
    const stopped = enhancer.stop();
    loop.hangs = false;
    await Promise.all([first, stopped, enhancer.start()]);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
    expect(starts()).toHaveLength(2);
  });

  test('without the native core says what is missing', async () => {
    open({ loop: new LimpidError('native.missing', { detail: 'x' }) });
    await expect(enhancer.start()).rejects.toMatchObject({ code: 'native.missing' });
    await enhancer.setEngine('bypass');
    enhancer.setLevel(0.5);
    expect(enhancer.state).toMatchObject({ phase: 'failed', engine: 'bypass', level: 0.5 });
  });
});

describe('the permission for the microphone', () => {
  test('is asked for before the first capture', async () => {
    permission = 'undetermined';
    const started = open().start();
    await pass();
    catalog.become([...all]);
    await pass();
    expect(status()).toBe('status.asking-permission');
    expect(starts()).toEqual([]);
    answerPermission('granted');
    await started;
    expect(enhancer.state).toMatchObject({ phase: 'running', microphonePermission: 'granted' });
  });

  test('refused is a state', async () => {
    permission = 'undetermined';
    const started = open()
      .start()
      .catch((error: unknown) => error);
    await pass();
    answerPermission('denied');
    expect(await started).toMatchObject({ code: 'permission.denied' });
    expect(enhancer.state).toMatchObject({ phase: 'failed', problem: { code: 'permission.denied' } });
    expect(starts()).toEqual([]);
  });

  test('that cannot be asked for is a refusal, and can be asked for again', async () => {
    permission = 'undetermined';
    let request = (): Promise<'granted'> => Promise.reject(new Error('no dialog'));
    open({ microphone: { status: () => permission, request: () => request() } });
    await expect(enhancer.start()).rejects.toMatchObject({ code: 'internal' });
    expect(enhancer.state).toMatchObject({ phase: 'failed', problem: { code: 'internal' } });
    request = () => Promise.resolve('granted');
    await enhancer.start();
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('given after switching off starts nothing', async () => {
    permission = 'undetermined';
    const started = open().start();
    await pass();
    await enhancer.stop();
    answerPermission('granted');
    await started;
    expect(starts()).toEqual([]);
    expect(enhancer.state.phase).toBe('off');
  });
});

describe('loudspeakers beside the microphone', () => {
  beforeEach(async () => {
    open();
    await enhancer.choose('input', laptopMicrophone.id);
    await enhancer.choose('output', laptopSpeakers.id);
    await enhancer.start();
  });

  test('ask first', () => {
    expect(enhancer.state.question).toMatchObject({ code: 'question.speakers', params: { output: 'Laptop speakers' } });
    expect(starts()).toEqual([]);
  });

  test('play after a yes, which is remembered for that pair', async () => {
    await enhancer.answer(true);
    expect(enhancer.state).toMatchObject({ phase: 'running', question: null });
    expect(remembered).toContainEqual({ confirmedSpeakers: ['pulse:laptop.mic|pulse:laptop.out'] });
    await enhancer.stop();
    await enhancer.start();
    expect(enhancer.state.question).toBeNull();
    expect(starts()).toHaveLength(2);
  });

  test('stay silent after a no', async () => {
    await enhancer.answer(false);
    expect(enhancer.state).toMatchObject({ phase: 'off', question: null });
    expect(starts()).toEqual([]);
  });

  test('no longer ask when headphones were chosen instead', async () => {
    await enhancer.choose('output', headphones.id);
    expect(enhancer.state).toMatchObject({ phase: 'running', question: null });
  });
});

describe('devices that come and go', () => {
  test.each([
    ['input', headsetIn, 'status.waiting-input'],
    ['output', headphones, 'status.waiting-output'],
  ] as const)('a lost %s is waited for by name, and the sound resumes', async (direction, device, waiting) => {
    open();
    await enhancer.choose('input', headsetIn.id);
    await enhancer.start();
    catalog.become(all.filter((each) => each !== device));
    await pass();
    expect(enhancer.state).toMatchObject({
      phase: 'restarting',
      status: { code: waiting, params: { name: device.name } },
      problem: { code: 'device.lost', params: { name: device.name } },
    });
    expect(enhancer.state[direction]).toMatchObject({ chosen: device.id, chosenName: device.name, present: false });
    expect(loop.calls.at(-1)).toBe('stop');
    await enhancer.choose(direction, device.id);
    catalog.become(all);
    await pass();
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
    expect(starts()).toEqual(['start headset.in phones', 'start headset.in phones']);
  });

  test('that are announced before they can be opened are tried again, ever more slowly', async () => {
    await open().start();
    catalog.become([microphone]);
    await pass();
    loop.refusal = Object.assign(new Error('Not yet.'), { code: 'device.failed', detail: 'not yet' });
    catalog.become(all);
    await pass();
    expect(status()).toBe('status.waiting-retry');
    await pass(500 + 1000 + 2000);
    expect(starts()).toHaveLength(5);
    await pass(3999);
    expect(starts()).toHaveLength(5);
    loop.refusal = null;
    await pass(1);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });

  test('following the system, the sound moves with its default', async () => {
    await open().start();
    catalog.become(all.map((device) => ({ ...device, isDefaultInput: device === headsetIn })));
    await pass();
    expect(starts()).toEqual(['start mic phones', 'start headset.in phones']);
    expect(enhancer.state.input).toMatchObject({ chosen: 'default', chosenName: 'Headset in' });
  });

  test('do not disturb when they are not in use', async () => {
    await open().start();
    catalog.become([...all, aDevice({ id: 'pulse:new', inputs: 1, outputs: 2 })]);
    await pass();
    expect(starts()).toHaveLength(1);
    expect(loop.calls).not.toContain('stop');
  });

  test('switched off while waiting, nothing resumes', async () => {
    await open().start();
    catalog.become([microphone]);
    await pass();
    await enhancer.stop();
    catalog.become(all);
    await pass(60_000);
    expect(enhancer.state).toMatchObject({ phase: 'off', problem: null });
    expect(starts()).toHaveLength(1);
  });

  test('without any microphone one is waited for', async () => {
    catalog.become([headphones]);
    await open().start();
    expect(status()).toBe('status.waiting-microphone');
    catalog.become(all);
    await pass();
    expect(enhancer.state.phase).toBe('running');
  });

  test('known to PortAudio only are looked for with closed streams', async () => {
    catalog.hasSoundServer = false;
    await open().start();
    loop.become({ state: 'restarting', error: { code: 'device.failed', detail: 'unplugged' } });
    await pass(50);
    expect(loop.calls.at(-1)).toBe('stop');
    catalog.devices = [microphone];
    await pass(500);
    expect(catalog.reopened.at(-1)).toBe(true);
    expect(status()).toBe('status.waiting-output');
    catalog.devices = all;
    await pass(3000);
    expect(enhancer.state.phase).toBe('running');
    catalog.become([microphone]);
    await pass();
    await enhancer.stop();
    const looks = catalog.reopened.length;
    await pass(60_000);
    expect(catalog.reopened).toHaveLength(looks);
  });
});

test('a failed look for devices says so, and the sound goes on', async () => {
  catalog.hasSoundServer = false;
  await open().start();
  catalog.refusal = new Error('PortAudio refused.');
  await expect(enhancer.rescan()).rejects.toMatchObject({ code: 'internal' });
  expect(starts()).toHaveLength(2);
  expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  expect(loop.numbers().state).toBe('running');
  catalog.refusal = null;
  await enhancer.rescan();
});

test('nothing is made again after the end', async () => {
  open();
  await enhancer.choose('output', 'virtual');
  await enhancer.start();
  const listener = vi.spyOn(virtualMicrophone, 'create');
  catalog.refresh = () => new Promise((resolve) => setTimeout(() => resolve(catalog.devices), 1000));
  loop.refusal = Object.assign(new Error('Not yet.'), { code: 'device.failed', detail: 'not yet' });
  loop.become({ state: 'failed' });
  await pass(50 + 500);
  await enhancer.dispose();
  await pass(60_000);
  expect(virtualMicrophone.isActive).toBe(false);
  expect(listener).not.toHaveBeenCalled();
});

describe('complaints', () => {
  test('about an engine end when one could be set', async () => {
    await open().start();
    loop.refusal = Object.assign(new Error('No memory.'), { code: 'engine.prepare-failed', detail: 'memory' });
    await expect(enhancer.setEngine('bypass')).rejects.toMatchObject({ code: 'engine.prepare-failed' });
    expect(enhancer.state).toMatchObject({ engine: 'gtcrn', problem: { code: 'engine.prepare-failed' } });
    loop.refusal = null;
    await enhancer.setEngine('bypass');
    expect(enhancer.state).toMatchObject({ engine: 'bypass', problem: null });
  });

  test('about the settings end when they could be written', async () => {
    let refusal: Error | null = new LimpidError('settings.unwritable', { path: 'x', detail: 'ENOSPC' });
    open({ remember: () => (refusal ? Promise.reject(refusal) : Promise.resolve()) });
    enhancer.setLevel(0.5);
    await pass();
    expect(enhancer.state).toMatchObject({ level: 0.5, problem: { code: 'settings.unwritable' } });
    refusal = null;
    enhancer.setLevel(0.6);
    await pass();
    expect(enhancer.state.problem).toBeNull();
  });
});

describe('choosing', () => {
  test('an id that is not offered is refused and changes nothing', async () => {
    open();
    catalog.become([...all, limpidSink]);
    for (const id of ['pulse:nobody', microphone.id, limpidSink.id, 'default']) {
      await expect(enhancer.choose('output', id)).rejects.toMatchObject({ code: 'device.unknown' });
    }
    await expect(enhancer.choose('input', 'virtual')).rejects.toMatchObject({ code: 'device.unknown' });
    expect(enhancer.state.output.chosen).toBe(headphones.id);
    expect(enhancer.state.output.devices).not.toContain(limpidSink);
  });

  test('another device while running moves the sound', async () => {
    await open().start();
    await enhancer.choose('input', headsetIn.id);
    expect(starts()).toEqual(['start mic phones', 'start headset.in phones']);
    expect(remembered).toContainEqual({ input: { id: headsetIn.id, name: headsetIn.name } });
  });

  test('nothing as the output while running stops the sound', async () => {
    await open().start();
    await enhancer.choose('output', null);
    expect(loop.calls.at(-1)).toBe('stop');
    expect(enhancer.state).toMatchObject({ phase: 'off', problem: { code: 'output.not-chosen' } });
  });
});

describe('the Limpid microphone', () => {
  test('is made when it is chosen and outlives the sound', async () => {
    open();
    await enhancer.choose('output', 'virtual');
    expect(enhancer.state.virtualMicrophone).toEqual({ supported: true, active: true });
    await enhancer.start();
    expect(starts()).toEqual(['start mic limpid_sink']);
    expect(enhancer.state.output).toMatchObject({ chosen: 'virtual', chosenName: 'Limpid microphone', present: true });
    await enhancer.stop();
    expect(virtualMicrophone.isActive).toBe(true);
  });

  test('is made again when the sound server came back without it', async () => {
    open();
    await enhancer.choose('output', 'virtual');
    await enhancer.start();
    catalog.hasSoundServer = false;
    catalog.become([]);
    await pass();
    expect(enhancer.state.phase).toBe('restarting');
    catalog.hasSoundServer = true;
    catalog.become(all);
    await pass(1000);
    expect(enhancer.state).toMatchObject({ phase: 'running', virtualMicrophone: { active: true } });
  });

  test('that another Limpid has is refused', async () => {
    open();
    virtualMicrophone.refusal = new LimpidError('output.virtual-in-use', { pid: 7 });
    await enhancer.choose('output', 'virtual');
    await expect(enhancer.start()).rejects.toMatchObject({ code: 'output.virtual-in-use' });
    expect(enhancer.state).toMatchObject({ phase: 'failed', problem: { code: 'output.virtual-in-use' } });
  });

  test('cannot be chosen without a sound server', async () => {
    open();
    catalog.hasSoundServer = false;
    await expect(enhancer.choose('output', 'virtual')).rejects.toMatchObject({ code: 'output.virtual-unsupported' });
  });
});

describe('while it runs', () => {
  beforeEach(() => open().start());

  test.each([
    [{ bypass: true }, 'status.passing-bypass'],
    [{ level: 0 }, 'status.passing-level'],
    [{ engine: 'bypass' }, 'status.passing-engine'],
    [{ engineStatus: 'failed', engineReason: 'trap', heardEngine: 'bypass' }, 'status.passing-failed'],
    [{ state: 'stalled' }, 'status.stalled'],
    [{ mutedByFeedback: true }, 'status.muted-feedback'],
  ] as const)('%j reads %s', async (numbers, expected) => {
    loop.become(numbers);
    await pass(50);
    expect(status()).toBe(expected);
  });

  test('a failed engine and a mute are problems until they are over', async () => {
    loop.become({ mutedByFeedback: true });
    await pass(50);
    expect(enhancer.state).toMatchObject({ mutedByFeedback: true, problem: { code: 'feedback.muted' } });
    enhancer.unmute();
    expect(enhancer.state).toMatchObject({ mutedByFeedback: false, problem: null });
    loop.become({ engineStatus: 'failed', engineReason: 'trap', heardEngine: 'bypass' });
    await pass(50);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: { code: 'engine.passing-through' } });
  });

  test('a mute ends with the sound', async () => {
    loop.become({ mutedByFeedback: true });
    await pass(50);
    await enhancer.stop();
    expect(enhancer.state).toMatchObject({ phase: 'off', mutedByFeedback: false, problem: null });
  });

  test('what was too loud is said until it was read, or until the next start', async () => {
    loop.become({ outputPeakDb: 0 });
    await pass(50);
    loop.become({ outputPeakDb: -20 });
    await pass(1000);
    expect(enhancer.state.clipped).toEqual({ input: false, output: true });
    enhancer.clearClip('input');
    expect(enhancer.state.clipped.output).toBe(true);
    enhancer.clearClip('output');
    await pass(1000);
    expect(enhancer.state.clipped).toEqual({ input: false, output: false });
    loop.become({ inputPeakDb: -0.05 });
    await pass(50);
    await enhancer.stop();
    expect(enhancer.state.clipped).toEqual({ input: true, output: false });
    loop.become({ inputPeakDb: -20 });
    await enhancer.start();
    expect(enhancer.state.clipped).toEqual({ input: false, output: false });
  });

  test('digital silence is named after five seconds and forgotten with the first sound', async () => {
    loop.become({ inputPeakDb: -150 });
    await pass(4900);
    expect(status()).toBe('status.enhancing');
    await pass(300);
    expect(status()).toBe('input.silent');
    loop.become({ inputPeakDb: -40 });
    await pass(50);
    expect(status()).toBe('status.enhancing');
  });

  test('engine, level and bypass never reopen the streams', async () => {
    await enhancer.setEngine('bypass');
    await enhancer.setEngine('gtcrn');
    enhancer.setLevel(0.5);
    enhancer.setBypass(true);
    await pass(100);
    expect(starts()).toHaveLength(1);
    expect(loop.calls).not.toContain('stop');
    expect(remembered).toEqual([{ engine: 'bypass' }, { engine: 'gtcrn' }, { level: 0.5 }, { bypass: true }]);
  });

  test('a hold lets the other voice be heard, and is not kept', async () => {
    for (const bypass of [false, true]) {
      enhancer.setBypass(bypass);
      remembered = [];
      enhancer.holdBypass(true);
      expect([enhancer.state.bypass, loop.numbers().bypass]).toEqual([!bypass, !bypass]);
      enhancer.holdBypass(false);
      expect([enhancer.state.bypass, loop.numbers().bypass]).toEqual([bypass, bypass]);
      expect(remembered).toEqual([]);
    }
  });

  test('a hold lasts while it is renewed, and ends by itself when its window is gone', async () => {
    enhancer.holdBypass(true);
    for (let count = 0; count < 5; count += 1) {
      await pass(1000);
      enhancer.holdBypass(true);
    }
    await pass(1900);
    expect(loop.numbers().bypass).toBe(true);
    await pass(200);
    expect([enhancer.state.bypass, loop.numbers().bypass]).toEqual([false, false]);
  });

  test('a choice made during a hold is what is heard, and stays', async () => {
    enhancer.holdBypass(true);
    enhancer.setBypass(true);
    await pass(5000);
    expect([enhancer.state.bypass, loop.numbers().bypass]).toEqual([true, true]);
    expect(remembered).toEqual([{ bypass: true }]);
  });

  test('an engine that cannot be prepared leaves the one before', async () => {
    loop.refusal = Object.assign(new Error('No memory.'), { code: 'engine.prepare-failed', detail: 'no memory' });
    await expect(enhancer.setEngine('bypass')).rejects.toMatchObject({ code: 'engine.prepare-failed' });
    expect(enhancer.state).toMatchObject({ engine: 'gtcrn', phase: 'running' });
  });

  test('numbers come 20 times a second, states only when they are new', async () => {
    const states: LiveState[] = [];
    let measured = 0;
    enhancer.onState((state) => states.push(state));
    enhancer.onNumbers(() => (measured += 1));
    await pass(1000);
    expect(measured).toBe(20);
    expect(states).toEqual([]);
    enhancer.setLevel(0.5);
    enhancer.setLevel(0.5);
    expect(states.map(({ level }) => level)).toEqual([0.5]);
    await enhancer.stop();
    measured = 0;
    await pass(1000);
    expect(measured).toBe(0);
  });

  test('a loop that ended by itself is opened again', async () => {
    loop.become({ state: 'failed', error: { code: 'device.failed', detail: 'gone' } });
    await pass(50);
    expect(enhancer.state).toMatchObject({
      phase: 'restarting',
      status: { code: 'status.waiting-retry' },
      problem: { code: 'device.failed', params: { detail: 'gone' } },
    });
    await pass(500);
    expect(enhancer.state).toMatchObject({ phase: 'running', problem: null });
  });
});

test('settings that cannot be written are a problem, and the sound goes on', async () => {
  open({ remember: () => Promise.reject(new LimpidError('settings.unwritable', { path: 'p', detail: 'ENOSPC' })) });
  await enhancer.start();
  enhancer.setLevel(0.5);
  await pass(100);
  expect(enhancer.state).toMatchObject({ phase: 'running', level: 0.5, problem: { code: 'settings.unwritable' } });
});

test('an unreadable settings file is shown until the first success', async () => {
  open({ problem: { code: 'settings.lost', params: {} } });
  expect(enhancer.state.problem?.code).toBe('settings.lost');
  await enhancer.start();
  expect(enhancer.state.problem).toBeNull();
});
