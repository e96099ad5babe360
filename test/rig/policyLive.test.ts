import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Licensing } from '../../src/main/auth/licensing.js';
import type { Services } from '../../src/main/services.js';
import type { AppState } from '../../src/shared/state.js';
import { openServices } from './openServices.js';
import { noSoundServerReason, openRig } from './soundServer.js';
import { beepsOf, toneAmplitude } from './tone.js';

/** Of a tone at 0.5: pauses of a busy machine take their share of each piece. */
const audible = 0.2;
const soon = { timeout: 15_000, interval: 50 };

interface Stream {
  client: string;
  properties: Record<string, string>;
}

describe.skipIf(noSoundServerReason)(`a policy and a voice that runs ${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let services: Services;
  let licensing: Licensing | null = null;

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-policy-live-'));
    const open = Licensing.open.bind(Licensing);
    vi.spyOn(Licensing, 'open').mockImplementation(async (options) => {
      licensing = await open({ ...options, policyPath: join(folder, 'policy.json') });
      return licensing;
    });
    services = await openServices(folder);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await services.dispose();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  const become = async (text: string): Promise<void> => {
    await writeFile(join(folder, 'policy.json'), text);
    await licensing?.policy.reload();
  };
  const whenState = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await services.handlers['state.get'](undefined)).toMatchObject(expected), soon);
  const ownStreams = async (): Promise<string[]> => {
    const list = await Promise.all(
      ['source-outputs', 'sink-inputs'].map((what) => rig.card.pactl('-f', 'json', 'list', what)),
    );
    return list
      .flatMap((text) => JSON.parse(text) as Stream[])
      .filter(({ properties }) => properties['application.process.id'] === String(process.pid))
      .map(({ client }) => client);
  };
  const hearBeeps = async (): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      const recording = rig.card.record();
      await recording.started;
      await rig.card.play(beepsOf(1000, 2)).done;
      const amplitude = toneAmplitude(await recording.stop(), 1000);
      if (amplitude > audible || attempt === 4) return amplitude;
    }
  };

  test('that comes, breaks and goes changes engine and strength, and opens no stream anew', async () => {
    await services.handlers['devices.choose']({ direction: 'input', id: 'pulse:mic_feed.monitor' });
    await services.handlers['devices.choose']({ direction: 'output', id: 'pulse:enhanced' });
    await services.handlers['live.start'](undefined);
    await whenState({ phase: 'running', heardEngine: 'gtcrn' });
    const streams = await ownStreams();
    expect(streams.length).toBe(2);
    const phases = new Set<AppState['phase']>();
    services.on('state.changed', ({ phase }) => void phases.add(phase));

    await become(JSON.stringify({ settings: { engine: 'bypass', level: 0.5 } }));
    await whenState({ engine: 'bypass', heardEngine: 'bypass', level: 0.5 });
    expect(await hearBeeps()).toBeGreaterThan(audible);
    await become('{ "settings": ');
    await expect(services.handlers['live.setEngine']({ engine: 'gtcrn' })).rejects.toMatchObject({
      code: 'policy.locked',
    });
    await become('{}');
    await whenState({ engine: 'gtcrn', heardEngine: 'gtcrn', level: 1 });
    expect([...phases]).toEqual(['running']);
    expect(await ownStreams()).toEqual(streams);
  });
});
