import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SoundPlayer } from '../../../src/main/audio/soundPlayer.js';
import { readWaveforms, requireSound, type SoundPaths } from '../../../src/main/audio/sounds.js';
import type { DeviceSpec } from '../../../src/main/audio/native.js';
import { playerView, type SoundSource } from '../../../src/shared/player.js';
import { endpoint } from '../../../src/shared/state.js';
import type { PlayerNumbers } from '../../../native/index.js';
import { aDevice } from '../../fakes/appState.js';
import { FakeCatalog } from '../../fakes/devices.js';

const headphones = aDevice({ id: 'pulse:headphones', name: 'Headphones', outputs: 2 });
const speakers = aDevice({ id: 'pulse:speakers', name: 'Speakers', outputs: 2, isDefaultOutput: true });
const cable = aDevice({ id: 'pulse:cable', name: 'Cable', outputs: 2, kind: 'virtual-cable' });
const echo = aDevice({ id: 'pulse:speakers.monitor', name: 'Monitor of Speakers', inputs: 2, kind: 'monitor' });
const comparison: SoundSource = { kind: 'comparison' };
const file: SoundSource = { kind: 'file', id: 'a' };

/** A player without sound: its head moves when a test says so. */
class FakePlayer {
  readonly calls: string[] = [];
  refusal: Error | null = null;
  now: PlayerNumbers = { state: 'idle', positionSeconds: 0, version: 0, underruns: 0, error: null };

  open(paths: string[]) {
    this.calls.push(`open ${paths.join(' ')}`);
    if (this.refusal) return Promise.reject(this.refusal);
    this.now = { ...this.now, state: 'paused', positionSeconds: 0 };
    return Promise.resolve({ seconds: 10, sampleRate: 48_000, channels: 1 });
  }
  play(output: DeviceSpec) {
    this.calls.push(`play ${'name' in output ? output.name : output.kind}`);
    if (this.refusal) return Promise.reject(this.refusal);
    this.now = { ...this.now, state: 'playing' };
    return Promise.resolve();
  }
  pause() {
    this.calls.push('pause');
    this.now = { ...this.now, state: 'paused' };
    return Promise.resolve();
  }
  seek(seconds: number) {
    this.calls.push(`seek ${seconds}`);
    const state = this.now.state === 'ended' && seconds < 10 ? 'paused' : this.now.state;
    this.now = { ...this.now, state, positionSeconds: seconds };
  }
  hear(version: number) {
    this.calls.push(`hear ${version}`);
  }
  numbers() {
    return this.now;
  }
  close() {
    this.calls.push('close');
    return Promise.resolve();
  }
}

let native: FakePlayer;
let catalog: FakeCatalog;
let sounds: Map<string, SoundPaths>;
let values: { monitor: { id: string; name: string } | null; output: { id: string; name: string } | null };
let update: (changes: object) => Promise<void>;
let player: SoundPlayer;
/** A file of another format is found when this settles. */
let decoded: Promise<void>;
let goAhead: () => void;
const changed = vi.fn<() => void>();
const moved = vi.fn<(head: { positionSeconds: number }) => void>();

const view = () => playerView.parse(player.state.player);
const whenView = (expected: object): Promise<void> => vi.waitFor(() => expect(view()).toMatchObject(expected));

beforeEach(() => {
  native = new FakePlayer();
  catalog = new FakeCatalog([headphones, speakers, cable, echo]);
  sounds = new Map([
    ['comparison', { original: '/c/original.wav', enhanced: '/c/enhanced.wav' }],
    ['a', { original: '/f/a.wav', enhanced: '/f/a (enhanced).wav' }],
  ]);
  values = { monitor: null, output: headphones };
  update = async (changes) => void Object.assign(values, changes);
  decoded = Promise.resolve();
  goAhead = () => undefined;
  changed.mockReset();
  moved.mockReset();
  player = new SoundPlayer({
    makePlayer: () => native,
    sounds: {
      findSound: async (source) => {
        if (source.kind === 'file') await decoded;
        return sounds.get(source.kind === 'file' ? source.id : 'comparison') ?? null;
      },
    },
    catalog,
    settings: {
      get values() {
        return values as never;
      },
      update: (changes) => update(changes),
    },
    goAhead: () => goAhead(),
    changed,
    moved,
  });
});
afterEach(() => player.dispose());

describe('the player', () => {
  test('opens a sound in both versions, plays it, and tells the head while it moves', async () => {
    await player.open(comparison);
    expect(native.calls).toEqual(['open /c/original.wav /c/enhanced.wav']);
    expect(view()).toMatchObject({ source: comparison, playing: false, heard: 'original', positionSeconds: 0 });
    await player.play();
    await player.play();
    expect(native.calls.slice(1)).toEqual(['play headphones']);
    native.now = { ...native.now, positionSeconds: 1.5 };
    await vi.waitFor(() => expect(moved).toHaveBeenLastCalledWith({ positionSeconds: 1.5 }));
    await player.hear('enhanced');
    expect(native.calls.at(-1)).toBe('hear 1');
    await player.pause();
    expect(view()).toMatchObject({ playing: false, heard: 'enhanced', positionSeconds: 1.5 });
  });

  test('is through at the end, and plays from the beginning then', async () => {
    await player.open(comparison);
    await player.play();
    native.now = { ...native.now, state: 'ended', positionSeconds: 10 };
    await whenView({ playing: false, positionSeconds: 10, problem: null });
    await player.play();
    expect(native.calls.slice(1)).toEqual(['play headphones', 'play headphones']);
  });

  test('that is moved in the last moment plays on there; moved to the end it is through', async () => {
    await player.open(comparison);
    await player.play();
    native.now = { ...native.now, state: 'ended', positionSeconds: 10 };
    await player.seek(4);
    expect(native.calls.slice(1)).toEqual(['play headphones', 'seek 4', 'play headphones']);
    expect(view()).toMatchObject({ playing: true, positionSeconds: 4 });
    native.now = { ...native.now, state: 'ended', positionSeconds: 10 };
    await player.seek(10);
    await whenView({ playing: false, positionSeconds: 10 });
    expect(native.calls.filter((call) => call.startsWith('play'))).toHaveLength(2);
  });

  test('moves its head also while it rests, within the sound', async () => {
    await player.open(comparison);
    await player.seek(4);
    expect(moved).toHaveBeenLastCalledWith({ positionSeconds: 4 });
    await player.seek(40);
    expect(view().positionSeconds).toBe(10);
  });

  test('does what it is told one after the other', async () => {
    await Promise.all([player.open(comparison), player.seek(3), player.hear('enhanced'), player.play()]);
    expect(native.calls).toEqual(['open /c/original.wav /c/enhanced.wav', 'seek 3', 'hear 1', 'play headphones']);
    await Promise.all([player.seek(4), player.pause(), player.hear('original')]);
    expect(native.calls.slice(4)).toEqual(['seek 4', 'pause', 'hear 0']);
  });

  test('that is paused before it began does not begin', async () => {
    await Promise.all([player.open(comparison), player.play(), player.pause()]);
    expect(native.calls).toEqual(['open /c/original.wav /c/enhanced.wav']);
    expect(view().playing).toBe(false);
  });

  test('waits for no file that is still decoded: the sound before is paused and closed at once', async () => {
    await player.open(comparison);
    await player.play();
    decoded = new Promise(() => undefined);
    const opened = player.open(file).catch((error: unknown) => error);
    await player.pause();
    await player.forget(({ kind }) => kind === 'comparison');
    expect(native.calls.slice(-2)).toEqual(['pause', 'close']);
    await player.close();
    expect(await opened).toMatchObject({ code: 'cancelled' });
    expect(native.calls.filter((call) => call.startsWith('open'))).toHaveLength(1);
  });

  test.each([
    ['another', () => player.open(comparison), comparison],
    ['none', () => player.close(), null],
    ['its file gone', () => player.forget(({ kind }) => kind === 'file'), null],
  ])('leaves a file that is found late where %s is asked for meanwhile', async (_what, ask, source) => {
    let find: () => void = () => undefined;
    decoded = new Promise((resolve) => (find = resolve));
    const opened = player.open(file).catch((error: unknown) => error);
    const asked = ask();
    find();
    await asked;
    expect(await opened).toMatchObject({ code: 'cancelled' });
    expect(player.state.player?.source ?? null).toEqual(source);
  });

  test('plays nothing while nothing may sound', async () => {
    await player.open(comparison);
    goAhead = () => {
      throw new Error('quiet');
    };
    await expect(player.play()).rejects.toThrow('quiet');
    expect(native.calls).toHaveLength(1);
    expect(view().problem).toBeNull();
  });

  test('says that a sound is gone, that nothing is open, and what a file lacks', async () => {
    await expect(player.play()).rejects.toMatchObject({ code: 'player.nothing-open' });
    sounds.clear();
    await expect(player.open(file)).rejects.toMatchObject({ code: 'sound.gone' });
    sounds.set('a', { original: '/f/a.wav', enhanced: '/f/b.wav' });
    native.refusal = Object.assign(new Error('gone'), { code: 'file.not-found', detail: '/f/b.wav' });
    await expect(player.open(file)).rejects.toMatchObject({ code: 'file.not-found' });
    expect(player.state.player).toBeNull();
  });

  test('lets a sound go before its files do, and only that', async () => {
    await player.open(file);
    await player.play();
    await player.forget(({ kind }) => kind === 'comparison');
    expect(view().playing).toBe(true);
    await player.forget(({ kind }) => kind === 'file');
    expect(player.state.player).toBeNull();
    expect(native.calls.at(-1)).toBe('close');
  });
});

describe('where it plays', () => {
  test.each([
    ['the live output that people hear', headphones, 'Headphones'],
    ['the usual output, where the live one is a cable', cable, 'Speakers'],
    ['the usual output, where there is no live one', null, 'Speakers'],
    ['the usual output, where the live one is the Limpid microphone', { id: 'virtual', name: 'Limpid' }, 'Speakers'],
  ])('is %s', (_what, output, name) => {
    values.output = output;
    expect(endpoint.parse(player.state.monitor)).toMatchObject({ chosen: null, chosenName: name, present: true });
    // What a loudspeaker plays is no output.
    expect(player.state.monitor.devices.map((device) => device.name)).toEqual(['Headphones', 'Speakers', 'Cable']);
  });

  test('is what was chosen, and it goes on there at once', async () => {
    await player.open(comparison);
    await player.play();
    await player.chooseOutput(speakers.id);
    expect(native.calls.slice(1)).toEqual(['play headphones', 'pause', 'play speakers']);
    expect(values.monitor).toEqual({ id: speakers.id, name: 'Speakers' });
    expect(view()).toMatchObject({ playing: true, outputName: 'Speakers' });
    await player.chooseOutput(null);
    expect(native.calls.slice(4)).toEqual(['pause', 'play headphones']);
  });

  test.each(['virtual', 'pulse:nothing', echo.id])('cannot be %s', async (id) => {
    await expect(player.chooseOutput(id)).rejects.toMatchObject({ code: 'device.unknown' });
    expect(values.monitor).toBeNull();
  });

  test('is as chosen although that cannot be written down', async () => {
    await player.open(comparison);
    await player.play();
    update = async (changes) => {
      Object.assign(values, changes);
      throw new Error('full');
    };
    await expect(player.chooseOutput(speakers.id)).rejects.toThrow('full');
    expect(view().outputName).toBe('Speakers');
  });

  test('is nowhere else while the chosen one is away', async () => {
    values.monitor = headphones;
    catalog.become([speakers]);
    await player.open(comparison);
    await expect(player.play()).rejects.toMatchObject({ code: 'player.output-lost' });
    expect(native.calls).toHaveLength(1);
    expect(view()).toMatchObject({ outputName: null, problem: { code: 'player.output-lost' } });
    catalog.become([speakers, headphones]);
    expect(view()).toMatchObject({ outputName: 'Headphones', problem: null });
  });

  test('is nowhere where there is nothing', async () => {
    values.output = null;
    catalog.become([]);
    await player.open(comparison);
    await expect(player.play()).rejects.toMatchObject({ code: 'player.no-output' });
    expect(player.state.monitor.present).toBe(false);
  });

  test('stops when its device goes, and says so', async () => {
    await player.open(comparison);
    await player.play();
    native.now = { ...native.now, positionSeconds: 2 };
    catalog.become([speakers, cable]);
    await whenView({ playing: false, positionSeconds: 2, problem: { code: 'player.output-lost' } });
    expect(native.calls.at(-1)).toBe('pause');
    catalog.become([speakers]);
    expect(view().problem).toMatchObject({ code: 'player.output-lost' });
    catalog.become([speakers, headphones]);
    expect(view().problem).toBeNull();
    // It is not played aloud by itself where nobody asked for it.
    expect(native.calls.filter((call) => call.startsWith('play'))).toEqual(['play headphones']);
  });

  test('stops when the device fails, and says why', async () => {
    await player.open(comparison);
    await player.play();
    native.now = { ...native.now, state: 'failed', error: { code: 'device.failed', detail: 'gone' } };
    await whenView({ playing: false, problem: { code: 'device.failed', params: { detail: 'gone' } } });
    native.refusal = Object.assign(new Error('busy'), { code: 'device.busy', detail: 'headphones' });
    await expect(player.play()).rejects.toMatchObject({ code: 'device.busy' });
    expect(view().problem).toMatchObject({ code: 'device.busy' });
    // Any change of the list, of a microphone too, mends nothing.
    catalog.become([headphones, speakers]);
    expect(view().problem).toMatchObject({ code: 'device.busy' });
    native.refusal = null;
    await player.play();
    expect(view().problem).toBeNull();
  });
});

describe('the waveforms of a sound', () => {
  test('are both versions, no higher than full', async () => {
    const readWaveform = async (path: string, buckets: number) => ({
      sampleRate: 48_000,
      channels: 1,
      frames: 48_000,
      seconds: path.includes('enhanced') ? 0.9 : 1,
      peaks: new Float32Array(buckets).fill(path.includes('enhanced') ? 0.25 : 1.5),
      rmsDb: -20,
    });
    const paths = await requireSound({ findSound: () => sounds.get('comparison')! }, comparison);
    expect(await readWaveforms({ readWaveform }, paths, 2)).toEqual({
      seconds: 0.9,
      original: [1, 1],
      enhanced: [0.25, 0.25],
    });
    await expect(requireSound({ findSound: () => null }, file)).rejects.toMatchObject({ code: 'sound.gone' });
  });
});
