import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listDevices, openDeviceCatalog, resolveDevice, type DeviceCatalog } from '../../src/main/audio/devices.js';
import { loadNative } from '../../src/main/audio/native.js';
import { noSoundServerReason, openRig } from './soundServer.js';

describe.skipIf(noSoundServerReason)(`devices of a sound server${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let catalog: DeviceCatalog | undefined;

  beforeEach(async () => {
    rig = await openRig();
  });
  afterEach(async () => {
    catalog?.dispose();
    catalog = undefined;
    await rig.close();
  });

  const ids = (): string[] => catalog?.devices.map(({ id }) => id) ?? [];

  test('are listed once, with plain ALSA PCMs and without the ways to the server', async () => {
    const devices = await listDevices(loadNative());
    const listed = devices.map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining(['pulse:mic_feed', 'pulse:mic_feed.monitor', 'pulse:enhanced']));
    expect(listed).toEqual(expect.arrayContaining(['pa:ALSA:mic', 'pa:ALSA:out']));
    expect(listed).not.toContain('pa:ALSA:pulse');
    expect(listed).not.toContain('pa:ALSA:default');
    expect(new Set(listed).size).toBe(listed.length);
    expect(devices.find(({ id }) => id === 'pulse:mic_feed.monitor')).toMatchObject({ kind: 'monitor', inputs: 1 });
  });

  test('are found by name, and ambiguous parts are refused', async () => {
    const devices = await listDevices(loadNative());
    expect(resolveDevice('mic', 'input', devices).id).toBe('pa:ALSA:mic');
    expect(resolveDevice('mic_feed.monitor', 'input', devices).id).toBe('pulse:mic_feed.monitor');
    expect(resolveDevice('enhanced', 'output', devices).id).toBe('pulse:enhanced');
    expect(() => resolveDevice('monitor of', 'input', devices)).toThrowError(
      expect.objectContaining({ code: 'device.ambiguous' }),
    );
  });

  test('keep a name that is not ASCII', async () => {
    const options = `sink_properties="device.description='Tischgerät Süd'"`;
    const module = await rig.card.loadModule('module-null-sink', 'sink_name=tisch', options);
    const devices = await listDevices(null);
    expect(devices.find(({ id }) => id === 'pulse:tisch')?.name).toBe('Tischgerät Süd');
    await rig.card.unloadModule(module);
  });

  test('that are plugged in and out appear and vanish by themselves', async () => {
    catalog = await openDeviceCatalog(null);
    const heard = vi.fn<() => void>();
    catalog.onChange(heard);
    await rig.card.plug('headset');
    await vi.waitFor(() => expect(ids()).toContain('pulse:headset'), 5000);
    await rig.card.unplug('headset');
    await vi.waitFor(() => expect(ids()).not.toContain('pulse:headset'), 5000);
    expect(heard.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('are there although the sound server does not answer the first time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limpid-pactl-'));
    const script = [
      '#!/bin/sh',
      `PATH="${process.env['PATH']}"`,
      `mkdir "${folder}/asked" 2>/dev/null || exec pactl "$@"`,
      'echo "Connection failure: Timeout" >&2',
      'exit 1',
    ];
    await writeFile(join(folder, 'pactl'), script.join('\n'), { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    try {
      catalog = await openDeviceCatalog(null);
      expect(existsSync(join(folder, 'asked'))).toBe(true);
      expect(ids()).toContain('pulse:mic_feed');
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  });

  test('follow the system’s default', async () => {
    catalog = await openDeviceCatalog(null);
    const defaults = (): string[] => catalog!.devices.filter((device) => device.isDefaultOutput).map(({ id }) => id);
    await rig.card.pactl('set-default-sink', 'enhanced');
    await vi.waitFor(() => expect(defaults()).toEqual(['pulse:enhanced']), 5000);
    await rig.card.pactl('set-default-sink', 'mic_feed');
    await vi.waitFor(() => expect(defaults()).toEqual(['pulse:mic_feed']), 5000);
  });
});

describe.skipIf(noSoundServerReason)('a sound server that ends', () => {
  test('takes its devices along, and the next one is found', async () => {
    const first = await openRig();
    const catalog = await openDeviceCatalog(null);
    expect(catalog.hasSoundServer).toBe(true);
    await first.card.stop();
    await vi.waitFor(() => expect(catalog.hasSoundServer).toBe(false), 5000);
    expect(catalog.devices).toEqual([]);
    const second = await openRig();
    await vi.waitFor(() => expect(catalog.devices.map(({ id }) => id)).toContain('pulse:enhanced'), 5000);
    catalog.dispose();
    await second.close();
    await first.close();
  });
});
