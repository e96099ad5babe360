import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
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

export type RunPlan = Extract<LivePlan, { kind: 'run' }>;

export const isRun = (plan: LivePlan | LimpidError): plan is RunPlan =>
  !(plan instanceof LimpidError) && plan.kind === 'run';

/** The devices of a run, by which a name that fits several goes on meaning the one that sounds. */
export type OpenDevices = Record<Direction, Device>;

/** Decides from wishes and devices alone; two plans with the same `key` need the same streams. `open`: what sounds now. */
export function planLive(wishes: LiveWishes, devices: Device[], open: OpenDevices | null = null): LivePlan {
  if (!wishes.output) return { kind: 'refuse', problem: { code: 'output.not-chosen', params: {} } };
  const input = findWished(wishes.input, 'input', devices, open?.input);
  if (!input) return waitForInput(wishes.input, devices);
  const output = findWished(wishes.output, 'output', devices, open?.output);
  if (!output) {
    const { name } = wishes.output;
    return {
      kind: 'wait',
      status: { code: 'status.waiting-output', params: { name } },
      problem: describeAbsence(wishes.output, 'output', devices),
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

/** The device that a wish means now; undefined while it is away. `open`: the device that sounds, which a name still means. */
export function findWished(
  wish: DeviceWish | null,
  direction: Direction,
  devices: Device[],
  open?: Device,
): Device | undefined {
  if (!wish) return undefined;
  if (wish.id === 'default') return findDefault(direction, devices);
  if (wish.id === virtualOutput.id) return findVirtualSink(devices);
  const name = nameWished(wish);
  if (name !== null) return findNamed(name, direction, devices, open);
  return devices.find((device) => device.id === wish.id && hasDirection(device, direction));
}

/** Undefined also while the name fits more than one. */
function findNamed(name: string, direction: Direction, devices: Device[], open?: Device): Device | undefined {
  const offered = listOffered(direction, devices);
  const resolve = (among: Device[]): Device | undefined => {
    try {
      return resolveDevice(name, direction, among);
    } catch {
      return undefined;
    }
  };
  // A second device that fits must not end a call; only `default` is to follow the system.
  const kept = name === 'default' ? [] : offered.filter(({ id }) => id === open?.id);
  return resolve(kept) ?? resolve(offered);
}

/** Why the wished device is not found: it is away, or its name fits several. */
function describeAbsence(wish: DeviceWish, direction: Direction, devices: Device[]): Notice {
  const name = nameWished(wish);
  try {
    if (name !== null) resolveDevice(name, direction, listOffered(direction, devices));
  } catch (error) {
    if (error instanceof LimpidError && error.code === 'device.ambiguous') return noticeOf(error);
  }
  return { code: 'device.lost', params: { name: wish.name } };
}

/** The sink that feeds the Limpid microphone. */
export const findVirtualSink = (devices: Device[]): Device | undefined =>
  devices.find(({ id }) => nodeNameOf(id) === limpidSinkName);

function waitForInput(wish: DeviceWish | null, devices: Device[]): LivePlan {
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
    problem: describeAbsence(wish, 'input', devices),
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
export function toEndpoint(
  wish: DeviceWish | null,
  direction: Direction,
  devices: Device[],
  open?: Device,
): AppState['input'] {
  const device = findWished(wish, direction, devices, open);
  const wishedName = wish?.id === 'default' ? null : (wish?.name ?? null);
  return {
    chosen: (wish && nameWished(wish) !== null ? device?.id : undefined) ?? wish?.id ?? null,
    chosenName: wish?.id === virtualOutput.id ? virtualOutput.name : (device?.name ?? wishedName),
    present: device !== undefined,
    devices: listOffered(direction, devices),
  };
}
