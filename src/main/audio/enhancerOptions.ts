import type { LimpidError, Notice } from '../../shared/errors.js';
import type { AppState, Device } from '../../shared/state.js';
import type { HostEnvironment } from '../services.js';
import type { DeviceCatalog } from './devices.js';
import { findVirtualSink, toEndpoint, virtualOutput, type LiveWishes, type OpenDevices } from './livePlan.js';
import type { EngineSupply } from './engineSupply.js';
import type { LiveLoop } from './liveStreams.js';
import { asLimpidError, type DeviceSpec } from './native.js';
import type { VirtualMicrophone } from './virtualMicrophone.js';

export interface EnhancerOptions {
  /** Or why there is none: `start` then throws that. */
  loop: LiveLoop | LimpidError;
  catalog: DeviceCatalog;
  virtualMicrophone: Pick<VirtualMicrophone, 'isActive' | 'create' | 'remove'>;
  microphone: Pick<HostEnvironment['microphone'], 'status' | 'request'>;
  wishes: LiveWishes;
  /** Default: the engines that are compiled in. */
  engines?: EngineSupply;
  /** Keeps what the user chose, for the next time. Its failure becomes the state's problem. */
  remember(changes: Partial<LiveWishes>): Promise<void>;
  /** Shown until the first success, e.g. that the settings could not be read. */
  problem?: Notice | null;
  /** What the loop opens for a device; default: the device itself. */
  toSpec?: (device: Device) => DeviceSpec;
}

/** What an enhancer tells its owner; the rest of `AppState` is the owner's. */
export type LiveState = Omit<
  AppState,
  | 'recording'
  | 'recordings'
  | 'comparison'
  | 'player'
  | 'monitor'
  | 'files'
  | 'selfTest'
  | 'welcomed'
  | 'mishap'
  | 'engines'
  | 'fallback'
  | 'licensed'
  | 'token'
  | 'backend'
  | 'policy'
  | 'desktop'
  | 'preferences'
  | 'platform'
  | 'host'
  | 'version'
>;

/**
 * Makes the Limpid microphone while it is the wished output, also after the sound server came back without it.
 * Returns why it could not, or null.
 */
export async function keepVirtualMicrophone(
  { catalog, virtualMicrophone }: Pick<EnhancerOptions, 'catalog' | 'virtualMicrophone'>,
  { output }: LiveWishes,
): Promise<LimpidError | null> {
  if (output?.id !== virtualOutput.id || !catalog.hasSoundServer) return null;
  if (virtualMicrophone.isActive && findVirtualSink(catalog.devices)) return null;
  try {
    await virtualMicrophone.create();
    await catalog.refresh();
    return null;
  } catch (error) {
    return asLimpidError(error);
  }
}

/** The part of the state that wishes and devices make up. */
export function describeWishes(
  { catalog, virtualMicrophone, microphone }: EnhancerOptions,
  { engine, level, bypass, input, output }: LiveWishes,
  open: OpenDevices | null,
): Pick<LiveState, 'engine' | 'level' | 'bypass' | 'input' | 'output' | 'virtualMicrophone' | 'microphonePermission'> {
  const { devices, hasSoundServer } = catalog;
  return {
    engine,
    level,
    bypass,
    input: toEndpoint(input, 'input', devices, open?.input),
    output: toEndpoint(output, 'output', devices, open?.output),
    virtualMicrophone: {
      supported: hasSoundServer,
      active: virtualMicrophone.isActive && findVirtualSink(devices) !== undefined,
    },
    microphonePermission: microphone.status(),
  };
}
