import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Enhancer } from '../../src/main/audio/enhancer.js';
import { Recordings } from '../../src/main/audio/recordings.js';
import { createServices } from '../../src/main/services.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-services-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test('a disk that hangs keeps neither the audio nor the settings from being put away', async () => {
  const configPath = join(folder, 'settings.json');
  const services = await createServices({
    host: 'panel',
    configPath,
    openExternal: async () => undefined,
    microphone: {
      status: () => 'granted',
      request: async () => 'granted',
      openSettings: async () => undefined,
    },
  });
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
