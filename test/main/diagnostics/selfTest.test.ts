import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RoundTripOptions, RoundTripResult } from '../../../native/index.js';
import { judge, SelfTest, type SelfTestOptions } from '../../../src/main/diagnostics/selfTest.js';
import type { Native } from '../../../src/main/audio/native.js';
import { describe as words } from '../../../src/shared/messages/index.js';
import type { AppState } from '../../../src/shared/state.js';
import { aDevice } from '../../fakes/appState.js';

const fine: RoundTripResult = {
  chirpsPlayed: 30,
  chirpsHeard: 30,
  roundTripMs: 42.4,
  jitterMs: 1.2,
  gaps: 0,
  gapSeconds: 0,
  signalDb: -30,
  noiseDb: -60,
  underruns: 0,
  overruns: 0,
  inputRate: 48_000,
  outputRate: 48_000,
};
const microphone = aDevice({ id: 'pulse:desk', name: 'Desk', inputs: 1, isDefaultInput: true });
const headphones = aDevice({ id: 'pulse:phones', name: 'Phones', outputs: 2 });
const tick = () => new Promise((resolve) => setTimeout(resolve));

const forever = new Promise<never>(() => undefined);

/** A round trip that never ends. */
class Deaf {
  run = () => forever;
  progress = () => ({ secondsDone: 0, secondsTotal: 30 });
  cancel = () => undefined;
}

/** A test whose round trip ends when `finish` or `cancel` is called. */
function setUp(part: Partial<SelfTestOptions> = {}) {
  const opened: RoundTripOptions[] = [];
  let settle: { finish(result: RoundTripResult): void; fail(error: Error): void } | undefined;
  class RoundTrip {
    constructor(options: RoundTripOptions) {
      opened.push(options);
    }
    run() {
      return new Promise<RoundTripResult>((finish, fail) => (settle = { finish, fail }));
    }
    progress() {
      return { secondsDone: 3.7, secondsTotal: 30 };
    }
    cancel() {
      settle?.fail(Object.assign(new Error('cancelled'), { code: 'cancelled' }));
    }
  }
  const now: { phase: AppState['phase'] } = { phase: 'off' };
  const views: unknown[] = [];
  const selfTest: SelfTest = new SelfTest({
    native: { RoundTrip } as Pick<Native, 'RoundTrip'>,
    catalog: { devices: [microphone, headphones] },
    virtualMicrophone: { create: async () => 'limpid_sink' },
    wishes: () => ({ input: { id: 'default', name: 'default' }, output: { id: headphones.id, name: 'Phones' } }),
    phase: () => now.phase,
    microphone: { status: () => 'granted', request: async () => 'granted' },
    changed: () => views.push(selfTest.view),
    ...part,
  });
  return { selfTest, opened, now, views, finish: (result = fine) => settle?.finish(result) };
}

afterEach(() => void vi.useRealTimers());

describe('a self-test', () => {
  test('goes from the chosen output to the chosen microphone, and keeps what came of it', async () => {
    const { selfTest, opened, finish } = setUp();
    const done = selfTest.start();
    await tick();
    expect(selfTest.view.running).toEqual({ seconds: 0, totalSeconds: 30 });
    expect(opened).toEqual([
      {
        input: { kind: 'pulse', name: 'desk' },
        output: { kind: 'pulse', name: 'phones' },
        seconds: 30,
        levelDb: -20,
      },
    ]);
    finish();
    const result = await done;
    expect(result).toMatchObject({ passed: true, inputName: 'Desk', outputName: 'Phones', heard: 30 });
    expect(selfTest.view).toEqual({ running: null, last: result });
  });

  test('of the Limpid microphone plays into it and listens there', async () => {
    const output = { id: 'virtual', name: 'Limpid microphone' };
    const { selfTest, opened, finish } = setUp({ wishes: () => ({ input: null, output }) });
    const done = selfTest.start();
    await tick();
    expect(opened[0]).toMatchObject({ input: { name: 'limpid_microphone' }, output: { name: 'limpid_sink' } });
    finish({ ...fine, chirpsHeard: 0, roundTripMs: null, signalDb: null });
    expect(await done).toMatchObject({ passed: false, verdict: { code: 'selfTest.virtual-silent' } });
  });

  test.each<[string, Partial<SelfTestOptions>, string]>([
    ['the sound on', { phase: () => 'running' }, 'selfTest.sound-on'],
    ['the sound waiting for a device', { phase: () => 'restarting' }, 'selfTest.sound-on'],
    ['no native core', { native: null }, 'native.missing'],
    ['no output chosen', { wishes: () => ({ input: null, output: null }) }, 'output.not-chosen'],
    ['the output away', { wishes: () => ({ input: null, output: { id: 'pulse:gone', name: 'Gone' } }) }, 'device.lost'],
    ['no microphone', { catalog: { devices: [headphones] } }, 'selfTest.no-microphone'],
    [
      'no permission',
      { microphone: { status: () => 'undetermined', request: async () => 'denied' } },
      'permission.denied',
    ],
  ])('is refused with %s, and opens nothing', async (_what, part, code) => {
    const { selfTest, opened } = setUp(part);
    await expect(selfTest.start()).rejects.toMatchObject({ code });
    expect(opened).toEqual([]);
    expect(selfTest.view.running).toBeNull();
  });

  test('is one at a time', async () => {
    const { selfTest, finish } = setUp();
    const first = selfTest.start();
    await tick();
    await expect(selfTest.start()).rejects.toMatchObject({ code: 'selfTest.busy' });
    finish();
    expect(await first).toMatchObject({ passed: true });
  });

  test('that is stopped has no result, and leaves the one before', async () => {
    const { selfTest, finish } = setUp();
    const first = selfTest.start();
    await tick();
    finish();
    const result = await first;
    const second = selfTest.start();
    await tick();
    await selfTest.stop();
    expect(await second).toBeNull();
    expect(selfTest.view).toEqual({ running: null, last: result });
  });

  test.each<[string, Partial<SelfTestOptions>]>([
    ['while the permission is asked for', { microphone: { status: () => 'undetermined', request: () => forever } }],
    [
      'while the Limpid microphone is made',
      {
        wishes: () => ({ input: null, output: { id: 'virtual', name: 'Limpid microphone' } }),
        virtualMicrophone: { create: () => forever },
      },
    ],
    ['in the same moment', {}],
  ])('can be stopped and gives way %s, and opens nothing', async (_when, part) => {
    const { selfTest, opened } = setUp(part);
    const stopped = selfTest.start();
    await selfTest.stop();
    expect(await stopped).toBeNull();
    const refused = selfTest.start().catch((error: unknown) => error);
    await selfTest.giveWay();
    expect(await refused).toMatchObject({ code: 'selfTest.sound-started' });
    expect([opened, selfTest.view.running]).toEqual([[], null]);
  });

  test('whose device does not answer is given up, also after it was stopped', async () => {
    vi.useFakeTimers();
    const { selfTest } = setUp({ native: { RoundTrip: Deaf } as unknown as Pick<Native, 'RoundTrip'> });
    const refused = selfTest.start().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    const over = selfTest.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await over;
    expect(await refused).toMatchObject({ code: 'selfTest.hung' });
    expect(selfTest.view.running).toBeNull();
  });

  test('gives way to the voice, and says why it ended', async () => {
    const { selfTest } = setUp();
    const done = selfTest.start();
    const refusal = done.catch((error: unknown) => error);
    await tick();
    await selfTest.giveWay();
    expect(await refusal).toMatchObject({ code: 'selfTest.sound-started' });
    expect(selfTest.view).toEqual({ running: null, last: null });
  });

  test('does not begin when the voice was switched on while the permission was asked for', async () => {
    const { selfTest, opened, now } = setUp({
      microphone: {
        status: () => 'undetermined',
        request: async () => {
          now.phase = 'starting';
          return 'granted';
        },
      },
    });
    await expect(selfTest.start()).rejects.toMatchObject({ code: 'selfTest.sound-started' });
    expect(opened).toEqual([]);
  });
});

describe('the verdict', () => {
  const ends = { inputName: 'Desk', outputName: 'Phones', isVirtual: false };
  test.each<[string, Partial<RoundTripResult>]>([
    ['selfTest.fine', {}],
    ['selfTest.nothing-heard', { chirpsHeard: 0, roundTripMs: null, signalDb: null, gaps: 3 }],
    ['selfTest.gaps', { gaps: 2, gapSeconds: 0.34, chirpsHeard: 20 }],
    ['selfTest.too-quiet', { chirpsHeard: 20 }],
    ['selfTest.too-quiet', { signalDb: -50, noiseDb: -55 }],
    ['selfTest.too-loud', { signalDb: -0.5 }],
    ['selfTest.late', { roundTripMs: 290 }],
  ])('is %s for %j, and says what to do', (code, part) => {
    const { verdict, passed } = judge({ ...fine, ...part }, ends);
    expect(verdict.code).toBe(code);
    expect(passed).toBe(code === 'selfTest.fine');
    const { message, hint } = words(verdict);
    expect(`${message}${hint}`).not.toContain('{');
    expect(hint).not.toBe('');
  });

  test.each<[string, Partial<RoundTripResult>]>([
    ['selfTest.virtual-gaps', { gaps: 2, gapSeconds: 0.34 }],
    ['selfTest.virtual-quiet', { chirpsHeard: 20 }],
    ['selfTest.virtual-late', { roundTripMs: 290 }],
  ])('of the Limpid microphone is %s for %j, and blames no device', (code, part) => {
    const { verdict } = judge({ ...fine, ...part }, { ...ends, isVirtual: true });
    expect(verdict.code).toBe(code);
    const { message, hint } = words(verdict);
    expect(hint).not.toMatch(/Bluetooth|cable|USB|headset/i);
    expect(`${message}${hint}`).not.toContain('{');
  });

  test('says what is often the reason, not that it is', () => {
    for (const part of [{ gaps: 1, gapSeconds: 1 }, { roundTripMs: 290 }])
      expect(words(judge({ ...fine, ...part }, ends).verdict).hint).toMatch(/Bluetooth.*often|often.*Bluetooth/);
  });
});
