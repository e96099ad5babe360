import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LoopNumbers } from '../../../src/main/audio/native.js';
import { Recorder, type Recording } from '../../../src/main/audio/recorder.js';
import type { LimpidError } from '../../../src/shared/errors.js';
import { idleNumbers } from '../../fakes/loop.js';

vi.mock('node:fs/promises', { spy: true });

const running: LoopNumbers = { ...idleNumbers, state: 'running', inputRate: 48_000 };
const after = (seconds: number, part: Partial<NonNullable<LoopNumbers['recording']>> = {}): LoopNumbers => ({
  ...running,
  recording: { seconds, droppedFrames: 0, error: null, ...part },
});
const codeError = (code: string) => Object.assign(new Error(code), { code, detail: '' });

let root: string;
let takes: number;
let numbers: LoopNumbers | null;
let listeners: Set<(numbers: LoopNumbers) => void>;
const loop = {
  startRecording: vi.fn<(folder: string) => Promise<void>>(),
  stopRecording: vi.fn<() => Promise<void>>(),
};
let recorder: Recorder;
const ended = vi.fn<(recording: Recording, error: LimpidError | null) => void>();
const changed = vi.fn<(recording: Recording) => void>();

/** The loop as the enhancer reads it 20 times a second. */
const tick = (next: LoopNumbers): void => {
  numbers = next;
  for (const listener of listeners) listener(next);
};
const makeFolder = (): string => {
  const folder = join(root, String((takes += 1)));
  mkdirSync(folder);
  return folder;
};
const discard = vi.fn<(folder: string) => void>();
const folders = { make: makeFolder, discard };
const settle = () => vi.advanceTimersByTimeAsync(0);
/** A look at the disk takes real time: the file system does not know of the clock of the test. */
const look = async () => {
  const looks = vi.mocked(fsPromises.statfs).mock.calls.length;
  await vi.waitFor(
    () => {
      vi.advanceTimersByTime(5000);
      expect(vi.mocked(fsPromises.statfs).mock.calls.length).toBeGreaterThan(looks);
    },
    { interval: 1 },
  );
  await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  root = mkdtempSync(join(tmpdir(), 'limpid-recorder-'));
  takes = 0;
  numbers = running;
  listeners = new Set();
  ended.mockReset();
  discard.mockReset().mockImplementation((folder) => {
    rmSync(folder, { recursive: true });
    takes -= 1;
  });
  changed.mockReset();
  loop.stopRecording.mockReset().mockResolvedValue();
  loop.startRecording.mockReset().mockImplementation(async (folder) => {
    for (const name of ['original.wav', 'enhanced.wav']) writeFileSync(join(folder, name), '');
  });
  const enhancer = {
    get numbers() {
      return numbers;
    },
    onNumbers(listener: (numbers: LoopNumbers) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  recorder = new Recorder({ enhancer, loop }, { changed, ended });
});
afterEach(async () => {
  await recorder.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

describe('a recording', () => {
  test('counts all its takes, and ends once with complete files', async () => {
    await recorder.start(folders);
    await recorder.start(folders);
    tick(after(2.5, { droppedFrames: 4800 }));
    tick(running);
    await settle();
    tick(after(1.5));
    expect(recorder.recording).toMatchObject({ seconds: 4, lostSeconds: 0.1, bytesPerSecond: 384_000 });
    await Promise.all([recorder.stop(), recorder.stop()]);
    expect(ended).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ takes: [join(root, '1'), join(root, '2')], seconds: 4 }),
      null,
    );
    expect(recorder.recording).toBeNull();
    expect(listeners.size).toBe(0);
    await recorder.stop();
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test('waits for sound when there is none yet', async () => {
    numbers = null;
    await recorder.start(folders);
    expect(recorder.recording).toMatchObject({ takes: [], seconds: 0 });
    tick({ ...running, state: 'restarting' });
    expect(loop.startRecording).not.toHaveBeenCalled();
    tick(running);
    await settle();
    expect(recorder.recording?.takes).toEqual([join(root, '1')]);
  });

  test.each(['cancelled', 'argument'])(
    'a take whose streams close at that moment (%s) begins again with the sound',
    async (code) => {
      loop.startRecording.mockRejectedValueOnce(codeError(code));
      await recorder.start(folders);
      expect(recorder.recording?.takes).toEqual([]);
      expect(discard).toHaveBeenCalledExactlyOnceWith(join(root, '1'));
      tick(running);
      await settle();
      expect(recorder.recording?.takes).toEqual([join(root, '1')]);
      expect(discard).toHaveBeenCalledTimes(1);
      expect(ended).not.toHaveBeenCalled();
    },
  );

  test('one that cannot begin leaves nothing behind, and another can', async () => {
    loop.startRecording.mockRejectedValueOnce(codeError('file.disk-full'));
    await expect(recorder.start(folders)).rejects.toMatchObject({ code: 'file.disk-full' });
    expect(recorder.recording).toBeNull();
    expect(listeners.size).toBe(0);
    expect(ended).not.toHaveBeenCalled();
    await recorder.start(folders);
    expect(recorder.recording?.takes).toEqual([join(root, '1')]);
  });

  test('a stop while the first take opens ends it', async () => {
    const starting = recorder.start(folders);
    await Promise.all([recorder.stop(), starting]);
    expect(recorder.recording).toBeNull();
    expect(listeners.size).toBe(0);
    tick(running);
    await settle();
    expect(loop.startRecording).toHaveBeenCalledTimes(1);
  });
});

describe('one that ends while its next take opens', () => {
  test('closes that take, and another recording is not touched', async () => {
    await recorder.start(folders);
    let open = (): void => undefined;
    loop.startRecording.mockImplementationOnce(() => new Promise((resolve) => (open = resolve)));
    tick(running);
    await vi.waitFor(() => expect(loop.startRecording).toHaveBeenCalledTimes(2));
    rmSync(join(root, '1'), { recursive: true });
    await look();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
    const stops = loop.stopRecording.mock.calls.length;
    const another = recorder.start(folders);
    open();
    await another;
    expect(discard).toHaveBeenCalledExactlyOnceWith(join(root, '2'));
    expect(loop.startRecording).toHaveBeenCalledTimes(3);
    // The late take's, and the one before each take.
    expect(loop.stopRecording).toHaveBeenCalledTimes(stops + 2);
    expect(loop.stopRecording.mock.invocationCallOrder.at(-1)).toBeLessThan(
      loop.startRecording.mock.invocationCallOrder.at(-1)!,
    );
    expect(recorder.recording?.takes).toHaveLength(1);
    expect(ended.mock.lastCall?.[0].takes).toEqual([join(root, '1')]);
  });

  test('opens none any more when it was not begun', async () => {
    await recorder.start(folders);
    let close = (): void => undefined;
    loop.stopRecording.mockImplementationOnce(() => new Promise((resolve) => (close = resolve)));
    tick(running);
    rmSync(join(root, '1'), { recursive: true });
    await look();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
    close();
    await settle();
    expect(loop.startRecording).toHaveBeenCalledTimes(1);
    expect(takes).toBe(1);
  });
});

describe('what ends it early is told once', () => {
  test.each(['file.disk-full', 'file.unwritable'])('%s', async (code) => {
    await recorder.start(folders);
    loop.stopRecording.mockRejectedValue(codeError(code));
    tick(after(1, { error: code }));
    tick(after(1, { error: code }));
    await settle();
    tick(running);
    await recorder.stop();
    expect(ended).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ seconds: 1 }),
      expect.objectContaining({ code }),
    );
    expect(loop.startRecording).toHaveBeenCalledTimes(1);
  });

  test('a folder that was removed, which those who write into it do not notice', async () => {
    await recorder.start(folders);
    await look();
    expect(ended).not.toHaveBeenCalled();
    rmSync(join(root, '1'), { recursive: true });
    await look();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
    expect(ended.mock.lastCall?.[1]).toMatchObject({
      code: 'recording.folder-gone',
      params: { folder: join(root, '1') },
    });
    expect(loop.stopRecording).toHaveBeenCalled();
    expect(existsSync(join(root, '1'))).toBe(false);
  });

  test('a file that was removed from its folder', async () => {
    await recorder.start(folders);
    rmSync(join(root, '1', 'enhanced.wav'));
    await look();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
  });
});

describe('the disk', () => {
  const leave = (seconds: number) =>
    vi.mocked(fsPromises.statfs).mockImplementation((async () => ({ bavail: seconds * 384, bsize: 1000 })) as never);

  test('is low below five minutes, and no more only well above', async () => {
    leave(301);
    await recorder.start(folders);
    await vi.waitFor(() => expect(recorder.recording).toMatchObject({ freeBytes: 301 * 384_000, isDiskLow: false }));
    for (const [seconds, isDiskLow] of [
      [299, true],
      [310, true],
      [599, true],
      [601, false],
    ] as const) {
      leave(seconds);
      await look();
      await vi.waitFor(() => expect(recorder.recording).toMatchObject({ freeBytes: seconds * 384_000, isDiskLow }));
    }
  });

  test('that says nothing about itself is no reason to end', async () => {
    vi.mocked(fsPromises.statfs).mockRejectedValue(codeError('ENOSYS'));
    await recorder.start(folders);
    await look();
    expect(recorder.recording).toMatchObject({ freeBytes: null, isDiskLow: false });
    expect(ended).not.toHaveBeenCalled();
  });
});

test('a sleep while the first take waits for sound begins none', async () => {
  numbers = null;
  await recorder.start(folders);
  await vi.advanceTimersByTimeAsync(5000);
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(5000);
  expect(loop.startRecording).not.toHaveBeenCalled();
  expect(takes).toBe(0);
  expect(recorder.recording).toMatchObject({ takes: [] });
});

test('after the computer slept there is another take', async () => {
  await recorder.start(folders);
  tick(after(3));
  await look();
  expect(recorder.recording?.takes).toHaveLength(1);
  vi.setSystemTime(Date.now() + 3_600_000);
  await look();
  await vi.waitFor(() => expect(recorder.recording?.takes).toHaveLength(2));
  expect(loop.stopRecording.mock.invocationCallOrder.at(-1)).toBeLessThan(
    loop.startRecording.mock.invocationCallOrder.at(-1)!,
  );
  tick(after(1));
  expect(recorder.recording?.seconds).toBe(4);
  await look();
  expect(recorder.recording?.takes).toHaveLength(2);
});
