import { isAbsolute, relative, resolve } from 'node:path';
import { openDeviceCatalog, resolveDevice, type DeviceCatalog, type Direction } from '../main/audio/devices.js';
import { Enhancer } from '../main/audio/enhancer.js';
import { virtualOutput, type LiveWishes } from '../main/audio/livePlan.js';
import { loadNative, type NativeLoop } from '../main/audio/native.js';
import { removeLeftovers, VirtualMicrophone } from '../main/audio/virtualMicrophone.js';
import { Licensing } from '../main/auth/licensing.js';
import type { FixedSettings } from '../main/settings/fixedSettings.js';
import { nameWished } from '../main/settings/namedDevice.js';
import { openSettings, type DeviceWish } from '../main/settings/settings.js';
import { errorOf, LimpidError, type Notice } from '../shared/errors.js';
import type { EngineId } from '../shared/state.js';

/** What the command line says; what it leaves out comes from the settings file. */
export interface LiveChoices {
  input?: string;
  output?: string;
  engine?: EngineId;
  /** Strength 0..1. */
  level?: number;
  /** Frames a device callback. */
  period?: number;
  /** Folder for recordings. */
  record?: string;
  config?: string;
}

/** The live path without a window. */
export interface LiveSession {
  enhancer: Enhancer;
  loop: NativeLoop;
  licensing: Licensing;
  /** What was wrong with the settings file. */
  notices: Notice[];
  /** Ends the sound, the vendor's session and the virtual microphone. */
  dispose(): Promise<void>;
}

/**
 * Opens devices and enhancer for `limpid live`; nothing sounds yet. The settings file stays as it is, but for a yes to
 * loudspeakers beside a microphone. Throws `usage.no-output`, `native.missing`, `policy.*` for what is fixed otherwise, `device.*` or
 * `output.virtual-unsupported`.
 */
export async function openLiveSession(choices: LiveChoices): Promise<LiveSession> {
  const stored = await openSettings(choices.config);
  const native = loadNative();
  const licensing = await Licensing.open({ native, settings: stored });
  const { settings } = licensing;
  let catalog: DeviceCatalog | null = null;
  try {
    checkFixed(choices, settings);
    const output = choices.output ?? queryOf(settings.values.output);
    if (output === undefined) throw new LimpidError('usage.no-output');
    await removeLeftovers();
    catalog = await openDeviceCatalog(native);
    const wishes: LiveWishes = {
      ...settings.values,
      bypass: false,
      engine: choices.engine ?? settings.values.engine,
      level: choices.level ?? settings.values.level,
      periodFrames: choices.period ?? settings.values.periodFrames,
      input: findWish(choices.input ?? queryOf(settings.values.input) ?? 'default', 'input', catalog),
      output: findWish(output, 'output', catalog),
    };
    const loop = new native.Loop();
    const enhancer = new Enhancer({
      loop,
      catalog,
      virtualMicrophone: new VirtualMicrophone(),
      microphone: { status: () => 'not-needed', request: async () => 'not-needed' },
      wishes,
      engines: licensing.licence,
      remember: async ({ confirmedSpeakers }) => {
        if (confirmedSpeakers) await settings.update({ confirmedSpeakers });
      },
    });
    // What the policy fixes while the sound runs counts at once, and until it goes.
    settings.onChange(() => {
      const choose = <Name extends keyof LiveWishes>(name: Name): Pick<LiveWishes, Name> =>
        settings.lockReason(name) ? settings.values : wishes;
      const { engine } = choose('engine');
      const { level } = choose('level');
      const { input } = choose('input');
      const { periodFrames } = choose('periodFrames');
      void enhancer.adopt({ engine, level, input, output: choose('output').output, periodFrames });
    });
    return {
      enhancer,
      loop,
      licensing,
      notices: [...settings.notices, ...licensing.policy.notices],
      async dispose() {
        const disposed = enhancer.dispose().finally(() => licensing.dispose());
        await disposed.finally(() => settings.flush());
      },
    };
  } catch (error) {
    catalog?.dispose();
    await licensing.dispose().finally(() => settings.flush());
    throw error;
  }
}

/** Refuses what the administrator fixed otherwise. */
export function checkFixed({ engine, level, period, record, ...devices }: LiveChoices, settings: FixedSettings): void {
  settings.check({
    ...(engine !== undefined && { engine }),
    ...(level !== undefined && { level }),
    ...(period !== undefined && { periodFrames: period }),
  });
  for (const direction of ['input', 'output'] as const) {
    const lock = settings.lockReason(direction);
    const query = devices[direction];
    if (lock && query !== undefined && query !== queryOf(settings.values[direction])) throw errorOf(lock);
  }
  const lock = settings.lockReason('recordingsFolder');
  if (lock && record !== undefined && !isWithin(settings.values.recordingsFolder, record)) throw errorOf(lock);
}

/** Whether a folder is this one, or below it. */
function isWithin(folder: string | null, path: string): boolean {
  if (folder === null) return false;
  const way = relative(folder, resolve(path));
  return way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way);
}

/** A wish as a person would name it. */
const queryOf = (wish: DeviceWish | null): string | undefined => (wish ? (nameWished(wish) ?? wish.id) : undefined);

/** The device a person named, which must be there at the start; it may come and go later. */
function findWish(name: string, direction: Direction, catalog: DeviceCatalog): DeviceWish {
  if (direction === 'output' && name === virtualOutput.id) {
    if (!catalog.hasSoundServer) throw new LimpidError('output.virtual-unsupported');
    return virtualOutput;
  }
  const isOffered = direction === 'output' || name !== 'default';
  const device = resolveDevice(
    name,
    direction,
    catalog.devices.filter(({ kind }) => kind !== 'limpid'),
  );
  return isOffered ? { id: device.id, name: device.name } : { id: 'default', name: 'default' };
}
