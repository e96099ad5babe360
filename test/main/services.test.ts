import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Enhancer } from '../../src/main/audio/enhancer.js';
import { Recordings } from '../../src/main/audio/recordings.js';
import { Licensing } from '../../src/main/auth/licensing.js';
import { createServices } from '../../src/main/services.js';
import type { AppState } from '../../src/shared/state.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-services-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const open = (configPath: string) =>
  createServices({
    host: 'panel',
    configPath,
    openExternal: async () => undefined,
    microphone: {
      status: () => 'granted',
      request: async () => 'granted',
      openSettings: async () => undefined,
    },
  });

test('a disk that hangs keeps neither the audio nor the settings from being put away', async () => {
  const configPath = join(folder, 'settings.json');
  const services = await open(configPath);
  let complete = (): void => undefined;
  const completing = new Promise<void>((resolve) => (complete = resolve));
  const asked = vi.spyOn(Recordings.prototype, 'stop').mockReturnValue(completing);
  const putAway = vi.spyOn(Enhancer.prototype, 'dispose');
  void services.handlers['settings.change']({ theme: 'dark' });
  const disposed = services.dispose();
  expect(asked.mock.invocationCallOrder[0]).toBeLessThan(putAway.mock.invocationCallOrder[0]!);
  await putAway.mock.results[0]!.value;
  await vi.waitFor(async () => expect(JSON.parse(await readFile(configPath, 'utf8'))).toMatchObject({ theme: 'dark' }));
  complete();
  await disposed;
});

test('a policy that comes, changes and goes while Limpid runs counts at once, for all who ask', async () => {
  const policyPath = join(folder, 'policy.json');
  const openLicensing = Licensing.open.bind(Licensing);
  let licensing: Licensing | null = null;
  vi.spyOn(Licensing, 'open').mockImplementation(async (options) => {
    licensing = await openLicensing({ ...options, policyPath, environment: {} });
    return licensing;
  });
  const become = async (content: object): Promise<void> => {
    await writeFile(policyPath, JSON.stringify(content));
    await licensing?.policy.reload();
  };
  const services = await open(join(folder, 'settings.json'));
  const { handlers } = services;
  const told: AppState[] = [];
  services.on('state.changed', (state) => told.push(state));
  try {
    await handlers['live.setLevel']({ level: 0.8 });
    await handlers['settings.change']({ language: 'en' });
    await become({
      reason: 'Contoso IT',
      settings: {
        engine: 'bypass',
        level: 0.5,
        language: 'de',
        input: 'Headset',
        monitor: 'Loudspeakers',
        files: { folder: folder },
      },
      updates: { channel: 'beta' },
    });
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ engine: 'bypass', level: 0.5 }));
    expect(told.at(-1)).toMatchObject({
      input: { chosenName: 'Headset' },
      preferences: { language: 'de' },
      policy: { locked: ['language', 'engine', 'level', 'input', 'monitor', 'files.folder'] },
      files: { options: { folder } },
    });
    expect(told.at(-1)?.policy.lockReason).toMatchObject({ code: 'policy.locked', params: { reason: 'Contoso IT' } });
    expect(services.updatePolicy()).toEqual({ isAllowed: true, channel: 'beta', feedUrl: null });

    const locked = { code: 'policy.locked' };
    await expect(handlers['live.setEngine']({ engine: 'gtcrn' })).rejects.toMatchObject(locked);
    await expect(handlers['live.setLevel']({ level: 1 })).rejects.toMatchObject(locked);
    await expect(handlers['devices.choose']({ direction: 'input', id: 'default' })).rejects.toMatchObject(locked);
    await expect(handlers['settings.change']({ language: 'en' })).rejects.toMatchObject(locked);
    await expect(handlers['files.setOptions']({ folder: null })).rejects.toMatchObject(locked);
    await expect(handlers['player.chooseOutput']({ id: null })).rejects.toMatchObject(locked);
    expect(await handlers['state.get'](undefined)).toMatchObject({ engine: 'bypass', level: 0.5 });
    await handlers['live.setEngine']({ engine: 'bypass' });
    await handlers['live.setBypass']({ bypass: true });

    told.length = 0;
    await become({ settings: {}, updates: { channel: 'latest' } });
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ engine: 'gtcrn', level: 0.8 }));
    expect(told.at(-1)).toMatchObject({
      input: { chosen: 'default' },
      preferences: { language: 'en' },
      policy: { locked: [] },
    });
    // Nothing that a window shows changes: the updater hears of it all the same, each time.
    for (const channel of ['alpha', 'beta', 'gamma']) {
      told.length = 0;
      await become({ updates: { channel } });
      expect(told.length).toBeGreaterThan(0);
      expect(services.updatePolicy().channel).toBe(channel);
    }
  } finally {
    await services.dispose();
  }
});
