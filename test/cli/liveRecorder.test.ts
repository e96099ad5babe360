import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveRecorder } from '../../src/cli/liveRecorder.js';
import type { LoopNumbers } from '../../src/main/audio/native.js';
import { numbers } from './numbers.js';

const diskFull = Object.assign(new Error('No space.'), { code: 'file.disk-full', detail: 'takes' });

let folder: string;
let stderr: string;
let tick: (numbers: LoopNumbers) => void;
const loop = { startRecording: vi.fn<(path: string) => Promise<void>>(), stopRecording: vi.fn<() => Promise<void>>() };
const enhancer = {
  numbers: numbers as LoopNumbers | null,
  onNumbers(listener: (numbers: LoopNumbers) => void) {
    tick = listener;
    return () => void (tick = () => undefined);
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-recorder-'));
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  loop.startRecording.mockReset().mockResolvedValue();
  loop.stopRecording.mockReset().mockResolvedValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const reports = (): string[] => stderr.split('\n').filter((line) => /^[a-z-]+\.[a-z-]+: /.test(line));

test('a take that ends early is reported once, and nothing is recorded after it', async () => {
  const recorder = new LiveRecorder({ enhancer, loop }, folder);
  await recorder.start();
  tick({ ...numbers, recording: { seconds: 1, droppedFrames: 0, error: 'file.disk-full' } });
  tick({ ...numbers, recording: { seconds: 1, droppedFrames: 0, error: 'file.disk-full' } });
  tick({ ...numbers, recording: null });
  loop.stopRecording.mockRejectedValue(diskFull);
  await recorder.stop();
  expect(reports()).toEqual([expect.stringMatching(/^file\.disk-full: /)]);
  expect(loop.startRecording).toHaveBeenCalledTimes(1);
  expect(recorder.hasFailed).toBe(true);
});

test('a later take that cannot begin is reported once and not tried again', async () => {
  const recorder = new LiveRecorder({ enhancer, loop }, folder);
  await recorder.start();
  loop.startRecording.mockRejectedValue(diskFull);
  for (let reopened = 0; reopened < 3; reopened += 1) {
    tick({ ...numbers, recording: null });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await recorder.stop();
  expect(reports()).toHaveLength(1);
  expect(loop.startRecording).toHaveBeenCalledTimes(2);
  expect(recorder.hasFailed).toBe(true);
});

test('a failure that only the end shows counts', async () => {
  const recorder = new LiveRecorder({ enhancer, loop }, folder);
  await recorder.start();
  loop.stopRecording.mockRejectedValue(diskFull);
  await recorder.stop();
  expect(reports()).toHaveLength(1);
  expect(recorder.hasFailed).toBe(true);
});

test('takes that end well are no failure', async () => {
  const recorder = new LiveRecorder({ enhancer, loop }, folder);
  await recorder.start();
  tick({ ...numbers, recording: { seconds: 1, droppedFrames: 0, error: null } });
  await recorder.stop();
  expect(reports()).toEqual([]);
  expect(recorder).toMatchObject({ hasFailed: false, folders: [folder] });
});
