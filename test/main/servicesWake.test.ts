import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Enhancer } from '../../src/main/audio/enhancer.js';
import { TokenKeeper } from '../../src/main/auth/tokenKeeper.js';
import { createServices } from '../../src/main/services.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-wake-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['resume', 1],
  ['network', 0],
] as const)(
  'woken by %s, a token that is due is fetched, and devices are looked for %i times',
  async (reason, scans) => {
    const services = await createServices({
      host: 'panel',
      configPath: join(folder, 'settings.json'),
      openExternal: async () => undefined,
      microphone: { status: () => 'granted', request: async () => 'granted', openSettings: async () => undefined },
    });
    const woken = vi.spyOn(TokenKeeper.prototype, 'wake');
    const scanned = vi.spyOn(Enhancer.prototype, 'rescan').mockRejectedValue(new Error('a driver that hangs'));
    await services.wake(reason);
    expect([woken.mock.calls.length, scanned.mock.calls.length]).toEqual([1, scans]);
    await services.dispose();
  },
);
