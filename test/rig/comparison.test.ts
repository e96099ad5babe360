import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findLag, median } from '../../src/main/demo/metrics.js';
import { makeNoise } from '../../src/main/demo/noises.js';
import { loadVoice } from '../../src/main/demo/voices.js';
import { readMonoWav } from '../../src/main/demo/wav.js';
import type { Services } from '../../src/main/services.js';
import { calls, events } from '../../src/shared/contract.js';
import type { AppState } from '../../src/shared/state.js';
import { openServices } from './openServices.js';
import { enhancedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

const rate = 48_000;
const soon = { timeout: 15_000, interval: 50 };

describe.skipIf(noSoundServerReason)(`comparing before and after${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let services: Services;

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-comparing-'));
    services = await openServices(folder);
    await services.handlers['recording.setFolder']({ folder: join(folder, 'kept') });
    await services.handlers['devices.choose']({ direction: 'input', id: `pulse:${micSource}` });
  });
  afterEach(async () => {
    await services.dispose();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  const state = (): Promise<AppState> => services.handlers['state.get'](undefined);
  const whenState = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await state()).toMatchObject(expected), soon);
  const comparisonFolders = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`limpid-comparison-${process.pid}-`));
  /** A voice in noise: what the engine takes away of it is heard. */
  const noisyVoice = async (seconds: number): Promise<Float32Array> => {
    const { samples } = await loadVoice(seconds);
    const noise = makeNoise('white', samples.length, 1);
    return samples.map((sample, index) => 0.5 * sample + 0.05 * noise[index]!);
  };
  /** Records while a noisy voice is played into the microphone. */
  const compare = async (seconds: number): Promise<void> => {
    await services.handlers['comparison.record'](undefined);
    expect((await state()).comparison.phase).toBe('recording');
    await rig.card.play(await noisyVoice(seconds)).done;
    await services.handlers['comparison.stop'](undefined);
    expect((await state()).comparison).toMatchObject({ phase: 'ready', notice: null });
  };
  /** Keeps it and reads what was kept. */
  const keep = async (): Promise<{ original: Float32Array; enhanced: Float32Array }> => {
    await services.handlers['comparison.keep'](undefined);
    const { notice } = (await state()).comparison;
    expect(notice).toMatchObject({ code: 'comparison.kept' });
    const kept = String(notice?.params['folder']);
    expect(readdirSync(kept).toSorted()).toEqual(['enhanced.wav', 'original.wav']);
    const [original, enhanced] = await Promise.all(
      ['original.wav', 'enhanced.wav'].map(async (name) => (await readMonoWav(join(kept, name))).samples),
    );
    if (!original || !enhanced) throw new Error('a version is missing');
    return { original, enhanced };
  };
  /** Where a piece of a version is in what was played, and how alike the two are there: the usual one of several, as a busy machine tears some. */
  const placeOf = (samples: Float32Array, played: Float32Array, atSeconds: number[]) => {
    const found = atSeconds.map((at) => {
      const from = Math.floor(at * rate);
      const { frames, correlation } = findLag(samples.subarray(from, from + 0.1 * rate), played, 0, played.length);
      return { from, frames, startFrames: frames - from, correlation };
    });
    const usual = median(found.map(({ startFrames }) => startFrames));
    const place = found.find(({ startFrames }) => startFrames === usual)!;
    return { ...place, correlation: median(found.map(({ correlation }) => correlation)) };
  };
  /** How long nothing at all came, which is never so in a room: in pieces of 2 ms and more. */
  const silentFrames = (samples: Float32Array): number => {
    let [all, run] = [0, 0];
    for (const sample of samples) {
      if (sample === 0) run += 1;
      else [all, run] = [run >= 0.002 * rate ? all + run : all, 0];
    }
    return all;
  };
  const expectAligned = ({ original, enhanced }: { original: Float32Array; enhanced: Float32Array }): void => {
    expect(enhanced.length).toBe(original.length);
    expect(enhanced).not.toEqual(original);
    const { frames, correlation } = findLag(
      enhanced.subarray(rate / 2, 1.5 * rate),
      original,
      rate / 2 - 2000,
      rate / 2 + 2000,
    );
    expect(correlation).toBeGreaterThan(0.4);
    expect(Math.abs(frames - rate / 2)).toBeLessThanOrEqual(1);
  };

  test('with the sound off the microphone alone is recorded, and both versions are heard on one play head', async () => {
    const levels: number[] = [];
    services.on('microphone.heard', (level) => levels.push(events['microphone.heard'].parse(level).peakDb));
    await services.handlers['microphone.listen']({ listening: true });
    await vi.waitFor(() => expect(levels.length).toBeGreaterThan(2), soon);
    expect(await state()).toMatchObject({ phase: 'off', output: { chosen: null } });

    await compare(2);
    expect(Math.max(...levels)).toBeGreaterThan(-40);
    expect(await state()).toMatchObject({ phase: 'off', monitor: { chosen: null, present: true } });
    const { original, enhanced } = await keep();
    expectAligned({ original, enhanced });

    const source = { kind: 'comparison' } as const;
    const seconds = original.length / rate;
    // A busy machine starts playing late, and ends late.
    const isLoud = (sample: number): boolean => Math.abs(sample) > 0.02;
    const [begins, ends] = [original.findIndex(isLoud) / rate, original.findLastIndex(isLoud) / rate];
    const { value } = calls['sound.waveforms'];
    const drawn = value.parse(await services.handlers['sound.waveforms']({ source, buckets: 100 }));
    expect(drawn.seconds).toBeCloseTo(seconds, 2);
    expect([drawn.original.length, drawn.enhanced.length]).toEqual([100, 100]);
    expect(Math.max(...drawn.original)).toBeGreaterThan(0.05);

    await services.handlers['player.chooseOutput']({ id: `pulse:${enhancedSink}` });
    const heads: number[] = [];
    services.on('player.moved', ({ positionSeconds }) => heads.push(positionSeconds));
    const heard = rig.card.record();
    await heard.started;
    await services.handlers['player.open']({ source });
    expect((await state()).player).toMatchObject({ playing: false, heard: 'original', positionSeconds: 0 });
    await services.handlers['player.play'](undefined);
    await vi.waitFor(() => expect(heads.at(-1)).toBeGreaterThan(begins + 0.8), soon);
    const switchedAtSeconds = heads.at(-1)!;
    await services.handlers['player.hear']({ version: 'enhanced' });
    await whenState({ player: { playing: false, heard: 'enhanced' } });
    const played = await heard.stop();
    expect(heads).toEqual(heads.toSorted((one, other) => one - other));
    expect(heads.at(-1)).toBeCloseTo(seconds, 1);

    // First the original, then the enhanced version, on one and the same way through time.
    const first = placeOf(
      original,
      played,
      [0.1, 0.2, 0.3, 0.4, 0.5].map((after) => begins + after),
    );
    const second = placeOf(
      enhanced,
      played,
      [0.6, 0.5, 0.4, 0.3, 0.2].map((before) => ends - before),
    );
    expect(first.correlation).toBeGreaterThan(0.9);
    expect(second.correlation).toBeGreaterThan(0.9);
    // Only where a busy machine tore it, which is heard as silence that is in no version, is the way longer than the sound.
    const switched = Math.round(switchedAtSeconds * rate);
    const silent =
      silentFrames(played.subarray(first.frames, second.frames)) -
      silentFrames(original.subarray(first.from, switched)) -
      silentFrames(enhanced.subarray(switched, second.from));
    expect(Math.abs(second.startFrames - first.startFrames - silent) / rate).toBeLessThan(0.03);

    await services.handlers['comparison.discard'](undefined);
    expect(await state()).toMatchObject({ comparison: { phase: 'none', notice: null }, player: null });
    expect(comparisonFolders()).toEqual([]);
  });

  test('with the sound on the live voice is recorded and goes on; a recording goes before', async () => {
    await services.handlers['devices.choose']({ direction: 'output', id: `pulse:${enhancedSink}` });
    await services.handlers['live.start'](undefined);
    await compare(2);
    expectAligned(await keep());
    expect(await state()).toMatchObject({ phase: 'running' });

    await services.handlers['comparison.record'](undefined);
    await vi.waitFor(async () => expect((await state()).comparison.seconds).toBeGreaterThan(1), soon);
    expect(comparisonFolders()).toHaveLength(1);
    await services.handlers['recording.start'](undefined);
    expect(await state()).toMatchObject({
      comparison: { phase: 'ready', notice: { code: 'comparison.cut' } },
      recording: { takes: 1 },
    });
    await expect(services.handlers['comparison.record'](undefined)).rejects.toMatchObject({ code: 'comparison.busy' });
    await services.handlers['recording.stop'](undefined);
    expect(await state()).toMatchObject({ recordings: { notice: { code: 'recording.saved' } } });

    await services.handlers['comparison.record'](undefined);
    await vi.waitFor(async () => expect((await state()).comparison.seconds).toBeGreaterThan(1), soon);
    await services.handlers['live.stop'](undefined);
    await whenState({ comparison: { phase: 'ready', notice: { code: 'comparison.cut' } } });

    await services.handlers['comparison.record'](undefined);
    await services.dispose();
    expect(comparisonFolders()).toEqual([]);
  });
});
