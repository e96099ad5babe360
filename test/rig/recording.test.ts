import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findLag, rmsDb } from '../../src/main/demo/metrics.js';
import { loadVoice } from '../../src/main/demo/voices.js';
import { readMonoWav } from '../../src/main/demo/wav.js';
import type { Services } from '../../src/main/services.js';
import type { AppState } from '../../src/shared/state.js';
import { startCli } from '../cli/runCli.js';
import { openServices } from './openServices.js';
import { enhancedSink, micFeedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

const rate = 48_000;
const soon = { timeout: 20_000, interval: 50 };
const run = promisify(execFile);

describe.skipIf(noSoundServerReason)(`recording real sound${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let services: Services;
  let states: AppState[];

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-recording-'));
    states = [];
    services = await openServices(folder);
    services.on('state.changed', (state) => states.push(state));
    await services.handlers['recording.setFolder']({ folder: join(folder, 'recordings') });
  });
  afterEach(async () => {
    await services.dispose();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  const state = (): Promise<AppState> => services.handlers['state.get'](undefined);
  const switchOn = async (): Promise<void> => {
    await services.handlers['devices.choose']({ direction: 'input', id: `pulse:${micSource}` });
    await services.handlers['devices.choose']({ direction: 'output', id: `pulse:${enhancedSink}` });
    await services.handlers['live.start'](undefined);
    expect(await state()).toMatchObject({ phase: 'running' });
  };
  /** Starts a recording and returns its folder. */
  const record = async (): Promise<string> => {
    await services.handlers['recording.start'](undefined);
    const { recording } = await state();
    return recording?.folder ?? '';
  };
  const whenState = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await state()).toMatchObject(expected), soon);
  /** Each notice as often as it came up. */
  const notices = (): string[] => {
    const codes = states.map(({ recordings }) => recordings.notice?.code ?? '');
    return codes.filter((code, index) => code !== '' && code !== codes[index - 1]);
  };
  const readTake = async (take: string) => {
    const [original, enhanced] = await Promise.all(
      ['original.wav', 'enhanced.wav'].map((name) => readMonoWav(join(take, name))),
    );
    if (!original || !enhanced) throw new Error('a track is missing');
    expect(enhanced.samples.length).toBe(original.samples.length);
    return { original: original.samples, enhanced: enhanced.samples };
  };
  /** Audio goes on: what is played into the microphone comes out. */
  const expectSound = async (): Promise<void> => {
    const { samples } = await loadVoice(2);
    for (let attempt = 1; ; attempt += 1) {
      const heard = rig.card.record();
      await heard.started;
      await rig.card.play(samples).done;
      const level = rmsDb(await heard.stop());
      if (level > -45) return;
      expect(attempt, `heard at ${level} dB`).toBeLessThan(4);
    }
  };

  test('original and enhanced voice are aligned to the sample, whatever the delay of the engine', async () => {
    await switchOn();
    const take = await record();
    const { samples } = await loadVoice(4);
    await rig.card.play(samples).done;
    await services.handlers['recording.stop'](undefined);
    const { original, enhanced } = await readTake(take);
    expect(original.length).toBeGreaterThan(3 * rate);
    expect(enhanced).not.toEqual(original);
    const reach = 2000;
    const piece = enhanced.subarray(rate, enhanced.length - rate / 2);
    const { frames, correlation } = findLag(piece, original, rate - reach, rate + reach);
    expect(correlation).toBeGreaterThan(0.5);
    expect(Math.abs(frames - rate)).toBeLessThanOrEqual(1);
    expect(notices()).toEqual(['recording.saved']);
  });

  test('the sound that is switched off, and the app that ends, complete the files', async () => {
    await switchOn();
    const first = await record();
    await sleep(1200);
    await services.handlers['live.stop'](undefined);
    expect(await state()).toMatchObject({ recording: null, recordings: { notice: { code: 'recording.saved' } } });
    expect((await readTake(first)).original.length).toBeGreaterThan(0.5 * rate);

    await services.handlers['live.start'](undefined);
    const second = await record();
    expect(second).not.toBe(first);
    await sleep(1200);
    await services.dispose();
    expect((await readTake(second)).original.length).toBeGreaterThan(0.5 * rate);
  });

  test('a microphone pulled out and back gives another take', async () => {
    await switchOn();
    const take = await record();
    await sleep(600);
    await rig.card.unplug(micFeedSink);
    await whenState({ phase: 'restarting' });
    expect((await state()).recording).not.toBeNull();
    await rig.card.plug(micFeedSink);
    await whenState({ phase: 'running', recording: { takes: 2 } });
    await sleep(600);
    await services.handlers['recording.stop'](undefined);
    expect(readdirSync(take).toSorted()).toEqual(['enhanced.wav', 'original.wav', 'take-2']);
    for (const each of [take, join(take, 'take-2')]) expect((await readTake(each)).original.length).toBeGreaterThan(0);
  });

  test('a folder that is removed ends the recording, says so once, and the voice goes on', async () => {
    await switchOn();
    await record();
    rmSync(join(folder, 'recordings'), { recursive: true });
    await whenState({ recording: null, phase: 'running', recordings: { notice: { code: 'recording.folder-gone' } } });
    await expectSound();
    expect(notices()).toEqual(['recording.folder-gone']);
    expect(existsSync(join(folder, 'recordings'))).toBe(false);
    await record();
    await services.handlers['recording.stop'](undefined);
    expect(notices()).toEqual(['recording.folder-gone', 'recording.saved']);
  });

  test('a disk without room ends the recording with two complete files, says so once, and the voice goes on', async () => {
    await switchOn();
    // The limit of this process on the size of a file acts as a disk that is full.
    const limitFileSize = (bytes: string) => run('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
    // Soon reached: as long as it holds, a busy machine's client of the sound server cannot connect anew.
    const fullBytes = 150_000;
    try {
      await limitFileSize(String(fullBytes));
      const take = await record();
      await whenState({ recording: null, recordings: { notice: { code: 'recording.disk-full' } } });
      const { original } = await readTake(take);
      expect(original.length * 4).toBeGreaterThan(fullBytes - rate);
      expect((await stat(join(take, 'original.wav'))).size).toBeLessThanOrEqual(fullBytes);
    } finally {
      await limitFileSize('unlimited');
    }
    await whenState({ phase: 'running' });
    await expectSound();
    expect(notices()).toEqual(['recording.disk-full']);
  });

  test('a process that is killed leaves all but the last second', async () => {
    const takes = join(folder, 'takes');
    const cli = startCli(['live', '--input', micSource, '--output', enhancedSink, '--record', takes, '--json']);
    await expect.poll(() => cli.stderr, { timeout: 30_000 }).toContain('Recording into');
    const startedAtMs = performance.now();
    await sleep(3000);
    cli.child.kill('SIGKILL');
    const recordedSeconds = (performance.now() - startedAtMs) / 1000;
    await cli.ended;
    for (const name of ['original.wav', 'enhanced.wav']) {
      const { samples } = await readMonoWav(join(takes, name));
      expect(samples.length / rate).toBeGreaterThan(recordedSeconds - 1);
    }
  });
});
