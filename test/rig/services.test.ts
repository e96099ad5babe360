import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Services } from '../../src/main/services.js';
import { startAtLaunch } from '../../src/main/startAtLaunch.js';
import type { CallArgument } from '../../src/shared/contract.js';
import { calls, events } from '../../src/shared/contract.js';
import { usualPreferences } from '../../src/shared/preferences.js';
import type { AppState, LiveNumbers } from '../../src/shared/state.js';
import { toneAmplitude, beepsOf } from './tone.js';
import { openServices } from './openServices.js';
import { noSoundServerReason, openRig } from './soundServer.js';

/** Of a tone at 0.5: pauses of a busy machine take their share of each piece. */
const audible = 0.2;
const soon = { timeout: 15_000, interval: 50 };

interface Stream {
  client: string;
  source?: number;
  sink?: number;
  properties: Record<string, string>;
}

describe.skipIf(noSoundServerReason)(`the services with real sound${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let services: Services;

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-services-'));
    services = await open();
  });
  afterEach(async () => {
    await services.dispose();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (): Promise<Services> => openServices(folder);
  const state = (): Promise<AppState> => services.handlers['state.get'](undefined);
  const choose = (direction: CallArgument<'devices.choose'>['direction'], id: string): Promise<unknown> =>
    services.handlers['devices.choose']({ direction, id });
  const start = (): Promise<unknown> => services.handlers['live.start'](undefined);
  /** Our own open streams: the connection of each (under-runs renew the stream within it), and its source or sink. */
  const streams = async (what: 'source-outputs' | 'sink-inputs'): Promise<{ client: string; device: number }[]> => {
    const list = JSON.parse(await rig.card.pactl('-f', 'json', 'list', what)) as Stream[];
    return list
      .filter(({ properties }) => properties['application.process.id'] === String(process.pid))
      .map(({ client, source, sink }) => ({ client, device: source ?? sink ?? -1 }));
  };
  const sourceIndex = async (source: string): Promise<number> => {
    const rows = (await rig.card.pactl('list', 'short', 'sources')).split('\n').map((line) => line.split('\t'));
    return Number(rows.find(([, name]) => name === source)?.[0]);
  };
  /** Plays into the microphone and returns how loud it comes out: tried again, because a sink just plugged in starts late. */
  const hearBeeps = async (source?: string): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      const recording = rig.card.record(source);
      await recording.started;
      await rig.card.play(beepsOf(1000, 2)).done;
      const amplitude = toneAmplitude(await recording.stop(), 1000);
      if (amplitude > audible || attempt === 4) return amplitude;
    }
  };
  const whenState = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await state()).toMatchObject(expected), soon);

  test('change a preference at once, leave the others, and keep it', async () => {
    await services.handlers['settings.change']({ theme: 'dark' });
    const told: AppState['preferences'][] = [];
    services.on('state.changed', ({ preferences }) => void told.push(preferences));
    await services.handlers['settings.change']({ language: 'de', theme: undefined });
    expect(told).toEqual([{ ...usualPreferences, language: 'de', theme: 'dark' }]);
    await services.dispose();
    services = await open();
    expect((await state()).preferences).toEqual({ ...usualPreferences, language: 'de', theme: 'dark' });
  });

  test('start idle, with a state that fits the contract', async () => {
    const idle = calls['state.get'].value.parse(await state());
    expect(idle).toMatchObject({ phase: 'off', platform: 'linux', output: { chosen: null } });
    expect(idle.engines).toContainEqual({ id: 'gtcrn', bandwidthHz: 8000 });
    await expect(start()).rejects.toMatchObject({ code: 'output.not-chosen' });
  });

  test('enhance what the microphone hears, with numbers that fit the contract', async () => {
    await choose('input', 'pulse:mic_feed.monitor');
    await choose('output', 'pulse:enhanced');
    const measured: LiveNumbers[] = [];
    services.on('numbers.measured', (numbers) => measured.push(numbers));
    await start();
    expect(await state()).toMatchObject({ phase: 'running', problem: null });
    await services.handlers['live.setBypass']({ bypass: true });
    expect(await hearBeeps()).toBeGreaterThan(audible);
    expect(measured.length).toBeGreaterThan(10);
    for (const numbers of measured) events['numbers.measured'].parse(numbers);
    expect(Math.max(...measured.map(({ inputPeakDb }) => inputPeakDb))).toBeGreaterThan(-8);
    await services.handlers['live.stop'](undefined);
    expect(await state()).toMatchObject({ phase: 'off', status: { code: 'status.off' } });
  });

  test('switch the sound on at the next start where that was chosen, and tell the spectra of what is heard', async () => {
    const loudestHz = async (): Promise<number | null> => {
      const spectra = await services.handlers['live.spectra'](undefined);
      const inputDb: number[] = calls['live.spectra'].value.parse(spectra)?.inputDb ?? [];
      const loudestDb = Math.max(...inputDb);
      return loudestDb < -30 ? null : 50 * 400 ** ((inputDb.indexOf(loudestDb) + 0.5) / 128);
    };
    expect(await services.handlers['live.spectra'](undefined)).toBeNull();
    await choose('input', 'pulse:mic_feed.monitor');
    await choose('output', 'pulse:enhanced');
    await services.handlers['settings.change']({ startsAtLaunch: true });
    await services.dispose();
    services = await open();
    expect((await state()).phase).toBe('off');
    await startAtLaunch(services);
    expect(await state()).toMatchObject({ phase: 'running', problem: null });
    const playing = rig.card.play(beepsOf(2000, 3));
    await vi.waitFor(async () => expect(Math.abs((await loudestHz())! - 2000)).toBeLessThan(100), soon);
    await playing.done;
    await services.handlers['live.stop'](undefined);
    expect(await services.handlers['live.spectra'](undefined)).toBeNull();
  });

  test.each([
    ['input', 'mic_feed', 'status.waiting-input'],
    ['output', 'enhanced', 'status.waiting-output'],
  ] as const)('wait for an unplugged %s and go on when it is back', async (_direction, sink, waiting) => {
    await choose('input', 'pulse:mic_feed.monitor');
    await choose('output', 'pulse:enhanced');
    await start();
    await rig.card.unplug(sink);
    await whenState({ phase: 'restarting', status: { code: waiting }, problem: { code: 'device.lost' } });
    await rig.card.plug(sink);
    await whenState({ phase: 'running', problem: null });
    await services.handlers['live.setBypass']({ bypass: true });
    expect(await hearBeeps()).toBeGreaterThan(audible);
  });

  test('move with the system’s default microphone', async () => {
    const remap = (name: string): Promise<string> =>
      rig.card.loadModule('module-remap-source', `source_name=${name}`, 'master=mic_feed.monitor');
    await remap('first');
    await remap('second');
    await rig.card.pactl('set-default-source', 'first');
    await vi.waitFor(
      async () =>
        expect((await state()).input.devices.find(({ isDefaultInput }) => isDefaultInput)?.id).toBe('pulse:first'),
      soon,
    );
    await choose('output', 'pulse:enhanced');
    await start();
    const first = (await state()).input.chosenName;
    await rig.card.pactl('set-default-source', 'second');
    await vi.waitFor(async () => expect((await state()).input.chosenName).not.toBe(first), soon);
    const second = await sourceIndex('second');
    await vi.waitFor(
      async () => expect((await streams('source-outputs')).map(({ device }) => device)).toEqual([second]),
      soon,
    );
    await whenState({ phase: 'running', input: { chosen: 'default' } });
  });

  test('ask before a loudspeaker beside the microphone plays', async () => {
    const internal = 'device.form_factor=internal';
    await rig.card.loadModule('module-null-sink', 'sink_name=laptop_out', `sink_properties="${internal}"`);
    const source = ['source_name=laptop_mic', 'master=mic_feed.monitor', `source_properties="${internal}"`];
    await rig.card.loadModule('module-remap-source', ...source);
    await vi.waitFor(() => choose('output', 'pulse:laptop_out'), soon);
    await vi.waitFor(() => choose('input', 'pulse:laptop_mic'), soon);
    await start();
    expect(await state()).toMatchObject({ phase: 'starting', question: { code: 'question.speakers' } });
    expect(await streams('sink-inputs')).toEqual([]);
    await services.handlers['live.answer']({ yes: true });
    expect(await state()).toMatchObject({ phase: 'running', question: null });
  });

  test('are a microphone for other programs, which outlives a stop and goes at the end', async () => {
    await choose('input', 'pulse:mic_feed.monitor');
    await choose('output', 'virtual');
    await start();
    expect(await state()).toMatchObject({ phase: 'running', virtualMicrophone: { supported: true, active: true } });
    await services.handlers['live.setBypass']({ bypass: true });
    expect(await hearBeeps('limpid_microphone')).toBeGreaterThan(audible);
    await services.handlers['live.stop'](undefined);
    expect(await rig.card.pactl('list', 'short', 'sources')).toContain('limpid_microphone');
    await services.dispose();
    expect(await rig.card.pactl('list', 'short', 'sources')).not.toContain('limpid_microphone');
  });

  test('remember what was chosen, and play nothing by themselves', async () => {
    await choose('input', 'pulse:mic_feed.monitor');
    await choose('output', 'pulse:enhanced');
    await services.handlers['live.setLevel']({ level: 0.5 });
    await services.handlers['live.setEngine']({ engine: 'bypass' });
    await services.dispose();
    expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toMatchObject({ level: 0.5 });
    services = await open();
    expect(await state()).toMatchObject({
      phase: 'off',
      engine: 'bypass',
      level: 0.5,
      input: { chosen: 'pulse:mic_feed.monitor', present: true },
      output: { chosen: 'pulse:enhanced', present: true },
    });
  });

  test('change engine, strength and bypass without opening the streams again', async () => {
    await choose('input', 'pulse:mic_feed.monitor');
    await choose('output', 'pulse:enhanced');
    await start();
    const both = async () => [...(await streams('source-outputs')), ...(await streams('sink-inputs'))];
    const before = await vi.waitFor(async () => {
      const found = await both();
      expect(found).toHaveLength(2);
      return found;
    }, soon);
    await services.handlers['live.setEngine']({ engine: 'bypass' });
    await services.handlers['live.setLevel']({ level: 0.3 });
    await services.handlers['live.setBypass']({ bypass: true });
    await services.handlers['live.setEngine']({ engine: 'gtcrn' });
    await vi.waitFor(async () => expect(await both()).toEqual(before), soon);
    expect(await state()).toMatchObject({ phase: 'running', engine: 'gtcrn', level: 0.3, bypass: true });
  });
});
