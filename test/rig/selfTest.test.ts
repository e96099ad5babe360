import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDeviceCatalog, type DeviceCatalog } from '../../src/main/audio/devices.js';
import { loadNative } from '../../src/main/audio/native.js';
import { VirtualMicrophone } from '../../src/main/audio/virtualMicrophone.js';
import { SelfTest } from '../../src/main/diagnostics/selfTest.js';
import { createServices } from '../../src/main/services.js';
import type { DeviceWish } from '../../src/main/settings/settings.js';
import { enhancedSink, micFeedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

/** The shortest that there is. */
const seconds = 5;
const wish = (name: string): DeviceWish => ({ id: `pulse:${name}`, name });

describe.skipIf(noSoundServerReason)(`the self-test with real sound${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let catalog: DeviceCatalog;
  const virtualMicrophone = new VirtualMicrophone();

  beforeAll(async () => {
    rig = await openRig();
    catalog = await openDeviceCatalog(loadNative());
  });
  afterAll(async () => {
    catalog?.dispose();
    await virtualMicrophone.remove();
    await rig?.close();
  });

  const from = (output: DeviceWish): SelfTest =>
    new SelfTest({
      native: loadNative(),
      catalog,
      virtualMicrophone,
      wishes: () => ({ input: wish(micSource), output }),
      phase: () => 'off',
      microphone: { status: () => 'not-needed', request: async () => 'not-needed' },
      changed: () => undefined,
      seconds,
    });

  test('hears what comes from the output to the microphone, and from the sink to the Limpid microphone', async () => {
    const cable = await from(wish(micFeedSink)).start();
    // Two at a time that cannot hear each other.
    const [own, deaf] = await Promise.all([
      from({ id: 'virtual', name: 'Limpid microphone' }).start(),
      from(wish(enhancedSink)).start(),
    ]);
    for (const heard of [cable, own]) {
      // A virtual machine may stand still for a moment: chirps are then torn or missing, but never all of them.
      expect(heard?.played).toBeGreaterThan(4);
      expect(heard?.heard).toBeGreaterThan(2);
      expect(heard?.roundTripMs).toBeGreaterThan(0);
      expect(heard?.roundTripMs).toBeLessThan(1000);
      expect(heard?.signalDb).toBeGreaterThan(-45);
    }
    expect(deaf).toMatchObject({
      heard: 0,
      roundTripMs: null,
      passed: false,
      verdict: { code: 'selfTest.nothing-heard' },
    });
  });

  test('ends at once when the voice is switched on, which then runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limpid-self-test-'));
    const services = await createServices({
      host: 'panel',
      configPath: join(folder, 'settings.json'),
      openExternal: async () => undefined,
      microphone: {
        status: () => 'not-needed',
        request: async () => 'not-needed',
        openSettings: async () => undefined,
      },
    });
    try {
      await services.handlers['devices.choose']({ direction: 'input', id: `pulse:${micSource}` });
      await services.handlers['devices.choose']({ direction: 'output', id: `pulse:${enhancedSink}` });
      const refusal = services.handlers['selfTest.start'](undefined).catch((error: unknown) => error);
      await expect
        .poll(async () => (await services.handlers['state.get'](undefined)).selfTest.running?.seconds, {
          timeout: 10_000,
        })
        .toBeGreaterThan(0);
      await services.handlers['live.start'](undefined);
      expect(await refusal).toMatchObject({ code: 'selfTest.sound-started' });
      expect(await services.handlers['state.get'](undefined)).toMatchObject({
        phase: 'running',
        selfTest: { running: null, last: null },
      });
      await expect(services.handlers['selfTest.start'](undefined)).rejects.toMatchObject({ code: 'selfTest.sound-on' });
      await services.handlers['live.stop'](undefined);
    } finally {
      await services.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
