import { LimpidError, type Notice } from '../../shared/errors.js';
import type { AppState, Device } from '../../shared/state.js';
import { nameWished } from '../settings/namedDevice.js';
import type { DeviceWish, Settings } from '../settings/settings.js';
import { limpidSinkName } from './deviceKind.js';
import { findDefault, hasDirection, nodeNameOf, resolveDevice, type Direction } from './devices.js';

/** What the user asked for; devices are wishes that outlive their device. */
export type LiveWishes = Pick<
  Settings,
  'engine' | 'level' | 'bypass' | 'input' | 'output' | 'periodFrames' | 'confirmedSpeakers'
>;

/** Id and name of the output that other programs see as a microphone. */
export const virtualOutput: DeviceWish = { id: 'virtual', name: 'Limpid microphone' };

/** What to do about the wishes with the devices there are. */
export type LivePlan =
  | { kind: 'run'; input: Device; output: Device; key: string }
  /** A device is away: `status` says for which one to wait. */
  | { kind: 'wait'; status: Notice; problem: Notice }
  | { kind: 'ask'; question: Notice; pair: string }
  /** Only another choice helps. */
  | { kind: 'refuse'; problem: Notice };

/** Decides from wishes and devices alone; two plans with the same `key` need the same streams. */
export function planLive(wishes: LiveWishes, devices: Device[]): LivePlan {
  if (!wishes.output) return { kind: 'refuse', problem: { code: 'output.not-chosen', params: {} } };
  const input = findWished(wishes.input, 'input', devices);
  if (!input) return waitForInput(wishes.input);
  const output = findWished(wishes.output, 'output', devices);
  if (!output) {
    const { name } = wishes.output;
    return {
      kind: 'wait',
      status: { code: 'status.waiting-output', params: { name } },
      problem: { code: 'device.lost', params: { name } },
    };
  }
  const pair = `${input.id}|${output.id}`;
  const isLoud = input.kind === 'built-in' && output.kind === 'built-in';
  if (isLoud && !wishes.confirmedSpeakers.includes(pair)) {
    const question = { code: 'question.speakers', params: { input: input.name, output: output.name } };
    return { kind: 'ask', question, pair };
  }
  return { kind: 'run', input, output, key: `${pair}|${wishes.periodFrames}` };
}

/** The device that a wish means now; undefined while it is away. */
export function findWished(wish: DeviceWish | null, direction: Direction, devices: Device[]): Device | undefined {
  if (!wish) return undefined;
  if (wish.id === 'default') return findDefault(direction, devices);
  if (wish.id === virtualOutput.id) return findVirtualSink(devices);
  const name = nameWished(wish);
  if (name !== null) return findNamed(name, direction, devices);
  return devices.find((device) => device.id === wish.id && hasDirection(device, direction));
}

/** Undefined also while the name fits more than one. */
function findNamed(name: string, direction: Direction, devices: Device[]): Device | undefined {
  try {
    return resolveDevice(name, direction, listOffered(direction, devices));
  } catch {
    return undefined;
  }
}

/** The sink that feeds the Limpid microphone. */
export const findVirtualSink = (devices: Device[]): Device | undefined =>
  devices.find(({ id }) => nodeNameOf(id) === limpidSinkName);

function waitForInput(wish: DeviceWish | null): LivePlan {
  if (!wish || wish.id === 'default') {
    return {
      kind: 'wait',
      status: { code: 'status.waiting-microphone', params: {} },
      problem: { code: 'device.none', params: { detail: { code: 'status.microphone', params: {} } } },
    };
  }
  return {
    kind: 'wait',
    status: { code: 'status.waiting-input', params: { name: wish.name } },
    problem: { code: 'device.lost', params: { name: wish.name } },
  };
}

/** Whether a device is wished whose coming and going only PortAudio knows. */
export function usesPortAudio({ input, output }: LiveWishes, { hasSoundServer }: { hasSoundServer: boolean }): boolean {
  return !hasSoundServer || [input, output].some((wish) => wish?.id.startsWith('pa:'));
}

/** Devices a person may choose. Our own virtual microphone is not one of them: a voice must not run in a circle. */
const listOffered = (direction: Direction, devices: Device[]): Device[] =>
  devices.filter((device) => hasDirection(device, direction) && device.kind !== 'limpid');

/**
 * The wish behind an id that a person chose: a device of the list, the device wished before (it may be away), `default`
 * for an input, `virtual` for an output where there is a sound server. Throws `device.unknown` or `output.virtual-unsupported`.
 */
export function toWish(
  id: string,
  direction: Direction,
  { current, devices, hasSoundServer }: { current: DeviceWish | null; devices: Device[]; hasSoundServer: boolean },
): DeviceWish {
  if (current?.id === id) return current;
  if (direction === 'input' && id === 'default') return { id, name: 'default' };
  if (direction === 'output' && id === virtualOutput.id) {
    if (!hasSoundServer) throw new LimpidError('output.virtual-unsupported');
    return virtualOutput;
  }
  const device = listOffered(direction, devices).find((each) => each.id === id);
  if (!device) throw new LimpidError('device.unknown', { detail: id });
  return { id, name: device.name };
}

/** One end of the live path as a window shows it. */
export function toEndpoint(wish: DeviceWish | null, direction: Direction, devices: Device[]): AppState['input'] {
  const device = findWished(wish, direction, devices);
  const wishedName = wish?.id === 'default' ? null : (wish?.name ?? null);
  return {
    chosen: (wish && nameWished(wish) !== null ? device?.id : undefined) ?? wish?.id ?? null,
    chosenName: wish?.id === virtualOutput.id ? virtualOutput.name : (device?.name ?? wishedName),
    present: device !== undefined,
    devices: listOffered(direction, devices),
  };
}
