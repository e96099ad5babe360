import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDeviceCatalog, type DeviceCatalog } from '../../src/main/audio/devices.js';
import { loadNative } from '../../src/main/audio/native.js';
import { VirtualMicrophone } from '../../src/main/audio/virtualMicrophone.js';
import { SelfTest } from '../../src/main/diagnostics/selfTest.js';
import type { DeviceWish } from '../../src/main/settings/settings.js';
import { openServices } from './openServices.js';
import { enhancedSink, micFeedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

/** The shortest that there is. */
const seconds = 5;
/** So many are played in that time. */
const chirps = 11;
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

  /**
   * A virtual machine may stand still for a moment, which tears chirps: one of three tries has to be whole, and each has to tell of
   * what it lost.
   */
  async function expectHeard(output: DeviceWish): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const result = (await from(output).start())!;
      expect(result.played).toBeLessThanOrEqual(chirps);
      expect(result.heard === result.played || result.gaps > 0, JSON.stringify(result)).toBe(true);
      expect(result.heard).toBeGreaterThan(0);
      expect(result.signalDb).toBeGreaterThanOrEqual(-27);
      expect(result.signalDb).toBeLessThanOrEqual(-20);
      expect(result.roundTripMs).toBeGreaterThan(0);
      expect(result.roundTripMs).toBeLessThan(400);
      const isWhole = result.passed && result.gaps === 0 && result.heard >= 0.9 * chirps;
      if (isWhole) return;
      expect(tries, JSON.stringify(result)).toBeLessThan(3);
    }
  }

  test('hears all that comes from the output to the microphone', () => expectHeard(wish(micFeedSink)));

  test('hears all that comes from the sink to the Limpid microphone, and nothing where nothing comes', async () => {
    // Two at a time that cannot hear each other.
    const [deaf] = await Promise.all([
      from(wish(enhancedSink)).start(),
      expectHeard({ id: 'virtual', name: 'Limpid microphone' }),
    ]);
    expect(deaf).toMatchObject({
      heard: 0,
      roundTripMs: null,
      passed: false,
      verdict: { code: 'selfTest.nothing-heard' },
    });
  });

  test('ends at once when the voice is switched on, which then runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limpid-self-test-'));
    const services = await openServices(folder);
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
