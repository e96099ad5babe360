import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Comparison } from '../../../src/main/audio/comparison.js';
import {
  keepRemovingLeftComparisons,
  makeComparisonFolder,
  removeLeftComparisons,
} from '../../../src/main/audio/comparisonFolder.js';
import { embeddedEngines } from '../../../src/main/audio/engineSupply.js';
import type { LoopNumbers } from '../../../src/main/audio/native.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { comparisonView } from '../../../src/shared/player.js';
import type { AppState } from '../../../src/shared/state.js';
import { aDevice, idleState } from '../../fakes/appState.js';
import { FakeCatalog, wishesFor } from '../../fakes/devices.js';
import { FakeLoop } from '../../fakes/loop.js';

const microphone = aDevice({ id: 'pulse:mic', inputs: 1, isDefaultInput: true });
const headphones = aDevice({ id: 'pulse:headphones', outputs: 2 });

/** A loop that can be recorded, as the native one is. */
class RecordedFakeLoop extends FakeLoop {
  folder: string | null = null;
  stopFailure: Error | null = null;

  startRecording(folder: string): Promise<void> {
    this.calls.push('record');
    for (const name of ['original.wav', 'enhanced.wav']) writeFileSync(join(folder, name), name);
    this.folder = folder;
    this.record(0);
    return Promise.resolve();
  }

  stopRecording(): Promise<void> {
    this.calls.push('stop recording');
    this.become({ recording: null });
    return this.stopFailure ? Promise.reject(this.stopFailure) : Promise.resolve();
  }

  record(seconds: number, error: string | null = null): void {
    this.become({ recording: { seconds, droppedFrames: 0, error } });
  }
}

let root: string;
let live: RecordedFakeLoop;
let own: RecordedFakeLoop;
let phase: AppState['phase'];
let wished: AppState['engine'];
let recording: AppState['recording'];
let permission: AppState['microphonePermission'];
let answer: (permission: AppState['microphonePermission']) => void;
let catalog: FakeCatalog;
let comparison: Comparison;
const changed = vi.fn<() => void>();
const heard = vi.fn<(level: { peakDb: number; rmsDb: number }) => void>();
const leaving = vi.fn<() => Promise<void>>();
const beginning = vi.fn<() => Promise<void>>();
const aRecording = { startedAtMs: 0, folder: null, seconds: 0, freeBytes: null, bytesPerSecond: 0, takes: 0 };

const switchOn = (): void => {
  phase = 'running';
  live.become({ state: 'running' });
};
/** What lies in the folder for temporary files. */
const left = (): string[] => readdirSync(join(root, 'temporary'));
const notice = () => comparison.view.notice;
const until = (expected: object): Promise<void> =>
  vi.waitFor(() => expect(comparisonView.parse(comparison.view)).toMatchObject(expected), { interval: 10 });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'limpid-comparing-'));
  mkdirSync(join(root, 'temporary'));
  [live, own] = [new RecordedFakeLoop(), new RecordedFakeLoop()];
  phase = 'off';
  wished = 'gtcrn';
  recording = null;
  permission = 'not-needed';
  catalog = new FakeCatalog([microphone, headphones]);
  for (const each of [changed, heard]) each.mockReset();
  leaving.mockReset().mockResolvedValue();
  beginning.mockReset().mockResolvedValue();
  comparison = new Comparison({
    loop: live,
    makeLoop: () => own,
    enhancer: {
      get numbers() {
        return phase === 'off' ? null : live.numbers();
      },
      get state() {
        return { ...idleState, phase, engine: wished };
      },
    },
    recordings: {
      get state() {
        return { recording, recordings: { ...idleState.recordings, folder: join(root, 'kept') } };
      },
    },
    catalog,
    permission: {
      status: () => permission,
      request: () => new Promise((resolve) => (answer = resolve)),
    },
    wishes: () => wishesFor(headphones),
    engines: embeddedEngines(),
    changed,
    beginning: () => beginning(),
    heard,
    leaving,
    temporaryFolder: join(root, 'temporary'),
  });
});
afterEach(async () => {
  await comparison.dispose();
  rmSync(root, { recursive: true, force: true });
});

describe('a comparison', () => {
  test('with the sound off is that of the microphone alone, which is closed afterwards', async () => {
    await comparison.record();
    expect(own.calls).toEqual(['start mic timer', 'record']);
    expect(comparison.isHearing).toBe(true);
    own.record(4.3);
    await until({ phase: 'recording', seconds: 4.25 });
    expect(heard).toHaveBeenCalledWith({ peakDb: -20, rmsDb: -30 });
    own.record(10.02);
    await until({ phase: 'ready', seconds: 10, notice: null });
    expect(own.calls.slice(2)).toEqual(['stop recording', 'stop']);
    expect(live.calls).toEqual([]);
    expect(readFileSync(comparison.paths!.original, 'utf8')).toBe('original.wav');
    expect(comparison.isHearing).toBe(false);
  });

  test('with the sound on is that of the live voice, which goes on', async () => {
    switchOn();
    await comparison.record();
    live.record(10);
    await until({ phase: 'ready' });
    expect(live.calls).toEqual(['record', 'stop recording']);
    expect(own.calls).toEqual([]);
    expect(heard).not.toHaveBeenCalled();
  });

  test('goes after a recording, and waits for sound', async () => {
    recording = aRecording;
    await expect(comparison.record()).rejects.toMatchObject({ code: 'comparison.busy' });
    recording = null;
    phase = 'restarting';
    await expect(comparison.record()).rejects.toMatchObject({ code: 'comparison.no-sound', retryable: true });
    expect(left()).toEqual([]);
    expect(comparison.view.phase).toBe('none');
  });

  test('is one at a time, whoever asks', async () => {
    await Promise.all([comparison.record(), comparison.record()]);
    await comparison.record();
    expect(own.calls).toEqual(['start mic timer', 'record']);
    expect(left()).toHaveLength(1);
  });

  test('replaces the one before, whose files go after the player let them go', async () => {
    await comparison.record();
    own.record(10);
    await until({ phase: 'ready' });
    const before = dirname(comparison.paths!.original);
    leaving.mockImplementation(async () => expect(existsSync(before)).toBe(true));
    await comparison.record();
    expect(leaving).toHaveBeenCalledTimes(1);
    expect(existsSync(before)).toBe(false);
    expect(left()).toHaveLength(1);
  });

  test('that is stopped early is what there is; within the first second it is none', async () => {
    await comparison.record();
    own.record(3);
    await comparison.stop();
    expect(comparison.view).toMatchObject({ phase: 'ready', seconds: 3, notice: null });
    await comparison.record();
    own.record(0.5);
    await comparison.stop();
    expect(notice()).toEqual({
      code: 'comparison.failed',
      params: { reason: { code: 'comparison.too-short', params: {} } },
    });
    expect(left()).toEqual([]);
  });

  test('begins when what else sounds and listens has ended', async () => {
    beginning.mockImplementation(async () => {
      expect(own.calls).toEqual([]);
      expect(comparison.isHearing).toBe(true);
    });
    await comparison.record();
    expect(beginning).toHaveBeenCalledTimes(1);
  });

  test.each(['comparison.sound-on', 'comparison.self-test', 'comparison.rescan'] as const)(
    'gives the microphone away, and says what for: %s',
    async (code) => {
      await comparison.record();
      own.record(4.9);
      await comparison.freeMicrophone(code);
      expect(comparison.view.phase).toBe('ready');
      expect(notice()).toEqual({ code: 'comparison.cut', params: { count: 4, reason: { code, params: {} } } });
      expect(own.calls.at(-1)).toBe('stop');
    },
  );

  test('gives way to a recording where that has the same loop', async () => {
    await comparison.record();
    await comparison.freeRecorder('comparison.recording');
    expect(comparison.view.phase).toBe('recording');
    await comparison.discard();
    switchOn();
    await comparison.record();
    live.record(4.9);
    await comparison.freeRecorder('comparison.recording');
    const reason = { code: 'comparison.recording', params: {} };
    expect(notice()).toEqual({ code: 'comparison.cut', params: { count: 4, reason } });
  });

  test('leaves the microphone to a voice that began without a word', async () => {
    await comparison.record();
    own.record(3);
    await until({ seconds: 3 });
    phase = 'starting';
    await until({ phase: 'ready' });
    expect(notice()?.params['reason']).toEqual({ code: 'comparison.sound-on', params: {} });
    await comparison.discard();

    phase = 'off';
    const start = own.start.bind(own);
    own.start = async (options) => {
      await start(options);
      phase = 'starting';
    };
    await comparison.record();
    expect(comparison.view).toMatchObject({
      phase: 'none',
      notice: { code: 'comparison.failed', params: { reason: { code: 'comparison.sound-on' } } },
    });
    expect(own.calls.at(-1)).toBe('stop');
    expect(left()).toEqual([]);
  });

  test('gives way to a recording also while it begins: the loop has one recorder', async () => {
    switchOn();
    let open: (() => void) | undefined;
    const startRecording = live.startRecording.bind(live);
    live.startRecording = async (folder) => {
      await new Promise<void>((resolve) => (open = resolve));
      await startRecording(folder);
    };
    const asked = comparison.record();
    await vi.waitFor(() => expect(open).toBeDefined());
    const given = vi.fn<() => void>();
    const giving = comparison.freeRecorder('comparison.recording').then(given);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(given).not.toHaveBeenCalled();
    open?.();
    await giving;
    expect(live.calls).toEqual(['record', 'stop recording']);
    await asked;
    expect(comparison.view.phase).toBe('none');
    expect(notice()).toMatchObject({ params: { reason: { code: 'comparison.recording' } } });
    expect(left()).toEqual([]);
  });

  test('of the live voice goes on when the sound is asked for once more', async () => {
    switchOn();
    await comparison.record();
    await comparison.freeMicrophone('comparison.sound-on');
    expect(comparison.view.phase).toBe('recording');
  });

  test('ends with the sound', async () => {
    switchOn();
    await comparison.record();
    live.record(2);
    await until({ seconds: 2 });
    phase = 'off';
    await until({ phase: 'ready' });
    expect(notice()?.params['reason']).toEqual({ code: 'comparison.sound-off', params: {} });
  });

  test('ends with its device', async () => {
    await comparison.record();
    own.record(2);
    await until({ seconds: 2 });
    // The watchdog reopens the streams: what was recorded is cut there.
    own.become({ state: 'restarting', recording: null });
    await until({ phase: 'ready' });
    expect(notice()?.params['reason']).toEqual({ code: 'comparison.interrupted', params: {} });
  });

  test('of the live voice says nothing of the microphone when the streams are opened anew', async () => {
    switchOn();
    await comparison.record();
    live.record(2);
    await until({ seconds: 2 });
    live.become({ recording: null });
    await until({ phase: 'ready' });
    expect(notice()?.params['reason']).toEqual({ code: 'comparison.sound-interrupted', params: {} });
  });

  test.each([
    [2, 'ready', 'comparison.cut'],
    [0.4, 'none', 'comparison.failed'],
  ])('on a disk that is full after %d s is %s', async (seconds, ends, code) => {
    await comparison.record();
    own.record(seconds);
    await vi.waitFor(() => expect(heard).toHaveBeenCalled());
    own.record(seconds, 'file.disk-full');
    await until({ phase: ends });
    expect(notice()).toMatchObject({ code, params: { reason: { code: 'comparison.disk-full' } } });
  });

  test('whose files could not be completed says so', async () => {
    await comparison.record();
    own.record(5);
    own.stopFailure = Object.assign(new Error('disk'), { code: 'file.unwritable', detail: '/tmp' });
    await comparison.stop();
    expect(notice()).toMatchObject({ code: 'comparison.cut', params: { reason: { code: 'comparison.unwritable' } } });
  });

  test.each<[string, Partial<LoopNumbers>, string | null]>([
    ['as wished', {}, null],
    ['with bypass on', { bypass: true }, 'unchanged'],
    ['without strength', { level: 0 }, 'unchanged'],
    ['without an engine', { heardEngine: 'bypass' }, 'unchanged'],
    ['by the stand-in', { heardEngine: 'gtcrn' }, 'stand-in'],
  ])('recorded %s says what that means, and whether it was so all the time', async (_how, numbers, kind) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      switchOn();
      wished = 'aic';
      const asWished: Partial<LoopNumbers> = { bypass: false, level: 1, heardEngine: 'aic' };
      const said: (string | null)[] = [];
      for (const looks of [100, 95, 40, 5]) {
        live.become({ ...asWished, ...numbers });
        await comparison.record();
        live.record(5);
        await vi.advanceTimersByTimeAsync(looks * 100);
        live.become(asWished);
        await vi.advanceTimersByTimeAsync((100 - looks) * 100);
        await comparison.stop();
        said.push(notice()?.code ?? null);
      }
      const all = kind && `comparison.${kind}`;
      expect(said).toEqual([all, all, kind && `comparison.partly-${kind}`, null]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a comparison that does not begin', () => {
  test.each([
    ['without permission', () => (permission = 'denied'), 'permission.denied'],
    ['without a microphone', () => catalog.become([headphones]), 'device.none'],
    [
      'with a device that is held elsewhere',
      () => (own.refusal = Object.assign(new Error('busy'), { code: 'device.busy', detail: 'mic' })),
      'device.busy',
    ],
  ])('%s says why, and leaves nothing', async (_why, arrange, code) => {
    arrange();
    await expect(comparison.record()).rejects.toMatchObject({ code });
    expect(comparison.view).toMatchObject({ phase: 'none', notice: null });
    expect(left()).toEqual([]);
  });

  test('can be given up while the system asks for permission, and begins when that is given', async () => {
    permission = 'undetermined';
    const given = comparison.record();
    await vi.waitFor(() => expect(answer).toBeDefined());
    expect(comparison.view.phase).toBe('preparing');
    answer('granted');
    await given;
    expect(comparison.view.phase).toBe('recording');
    await comparison.discard();

    const asked = comparison.record();
    await until({ phase: 'preparing' });
    await comparison.discard();
    answer('granted');
    await asked;
    expect(comparison.view.phase).toBe('none');
    expect(own.calls.filter((call) => call === 'record')).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  test('that was given up stands in the way of no other one', async () => {
    permission = 'undetermined';
    const answers: (typeof answer)[] = [];
    const asked = [comparison.record()];
    await vi.waitFor(() => expect(answer).toBeDefined());
    answers.push(answer);
    await comparison.discard();
    expect(comparison.view.phase).toBe('none');
    expect(left()).toEqual([]);

    asked.push(comparison.record());
    await vi.waitFor(() => expect(answer).not.toBe(answers[0]));
    answers.push(answer);
    for (const each of answers) each('granted');
    await Promise.all(asked);
    expect(comparison.view.phase).toBe('recording');
    expect(own.calls).toEqual(['start mic timer', 'record']);
    expect(left()).toHaveLength(1);
  });

  test('has no native core', async () => {
    const missing = new LimpidError('native.missing', { detail: '' });
    switchOn();
    const without = new Comparison({
      ...({} as ConstructorParameters<typeof Comparison>[0]),
      loop: missing,
      enhancer: { numbers: null, state: { ...idleState, phase: 'running' } },
      recordings: { state: { recording: null, recordings: idleState.recordings } },
      changed,
      beginning,
      leaving,
      temporaryFolder: join(root, 'temporary'),
    });
    await expect(without.record()).rejects.toBe(missing);
  });
});

describe('what becomes of a comparison', () => {
  beforeEach(async () => {
    await comparison.record();
    own.record(10);
    await until({ phase: 'ready' });
  });

  test('it is kept once, in a folder of its own among the recordings, and can still be heard', async () => {
    await Promise.all([comparison.keep(), comparison.keep()]);
    await comparison.keep();
    const [name = '', ...others] = readdirSync(join(root, 'kept'));
    expect(others).toEqual([]);
    const folder = join(root, 'kept', name);
    expect(readdirSync(folder).toSorted()).toEqual(['enhanced.wav', 'original.wav']);
    expect(readFileSync(join(folder, 'enhanced.wav'), 'utf8')).toBe('enhanced.wav');
    expect(notice()).toEqual({ code: 'comparison.kept', params: { folder } });
    expect(comparison.paths).not.toBeNull();
  });

  test('that cannot be kept leaves nothing there, and stays', async () => {
    rmSync(comparison.paths!.enhanced);
    await expect(comparison.keep()).rejects.toMatchObject({ code: 'recording.folder-unusable' });
    expect(readdirSync(join(root, 'kept'))).toEqual([]);
    writeFileSync(join(root, 'kept', 'x'), '');
    expect(comparison.view.phase).toBe('ready');
  });

  test('it is thrown away', async () => {
    await comparison.discard();
    expect(leaving).toHaveBeenCalled();
    expect(comparison.view).toMatchObject({ phase: 'none', seconds: 0, notice: null });
    expect(comparison.paths).toBeNull();
    expect(left()).toEqual([]);
    await expect(comparison.keep()).rejects.toMatchObject({ code: 'comparison.none' });
  });

  test('it goes with Limpid, also one that is on its way', async () => {
    await comparison.record();
    own.record(5);
    await comparison.dispose();
    expect(left()).toEqual([]);
    expect(own.calls.slice(-2)).toEqual(['stop recording', 'stop']);
  });
});

describe('folders that a crash left', () => {
  const parent = (): string => join(root, 'temporary');

  /** A folder that was touched so long ago, of a process of this number. */
  const aFolder = (name: string, minutesAgo: number): string => {
    const folder = join(parent(), name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'original.wav'), '');
    const then = new Date(Date.now() - minutesAgo * 60_000);
    utimesSync(folder, then, then);
    return name;
  };

  test('are removed at the next start, whatever number their process had; those in use stay', async () => {
    const ours = await makeComparisonFolder(parent());
    aFolder(`limpid-comparison-${process.pid}-before`, 5);
    aFolder(`limpid-comparison-${process.ppid}-reused`, 5);
    aFolder('limpid-comparison-999999999-gone', 5);
    const staying = [
      basename(ours),
      aFolder('limpid-comparison-999999999-elsewhere', 1),
      aFolder('something-else', 9999),
    ];
    utimesSync(ours, 0, 0);
    await removeLeftComparisons(parent());
    expect(left().toSorted()).toEqual(staying.toSorted());
  });

  test('that were just left are removed some minutes later; what is used for long is not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
    try {
      const ours = await makeComparisonFolder(parent());
      aFolder('limpid-comparison-1-just-left', 0);
      const stop = keepRemovingLeftComparisons(parent());
      await vi.advanceTimersByTimeAsync(60_000);
      expect(left()).toHaveLength(2);
      await vi.advanceTimersByTimeAsync(4 * 60_000);
      // The look goes on for a while, by the clock that it began with.
      await vi.waitFor(() => expect(left()).toEqual([basename(ours)]), { timeout: 5000 });
      vi.useRealTimers();
      expect(statSync(ours).mtimeMs).toBeGreaterThan(Date.now() + 3 * 60_000);
      stop();
    } finally {
      vi.useRealTimers();
    }
  });

  test('are missed by nobody where there is no such place', async () => {
    await expect(removeLeftComparisons(join(root, 'nowhere'))).resolves.toBeUndefined();
  });
});
