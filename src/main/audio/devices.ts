import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LimpidError } from '../../shared/errors.js';
import type { Device } from '../../shared/state.js';
import { isAlsaPlugin, portAudioKind, pulseKind } from './deviceKind.js';
import type { DeviceSpec, Native, PortAudioDevice } from './native.js';
import { followServer, listNodes, readServer, type PulseNode, type PulseServer } from './pactl.js';

export type Direction = 'input' | 'output';

/** Changes of the sound server come in bursts (a headset is a card, a sink, a source and its monitor). */
const settleMs = 150;
/** A busy server may once not answer in time. That is no reason to take it, and all its devices, for lost. */
const serverRetryMs = 500;
const serverLookMs = 2000;

/** A device list that keeps itself up to date. */
export interface DeviceCatalog {
  /** The list as last read. */
  readonly devices: Device[];
  /** Whether a PulseAudio or PipeWire server answered the last time. */
  readonly hasSoundServer: boolean;
  /**
   * Reads the list again. `reopen` also makes PortAudio look for new devices, which is refused with `device.busy`
   * while a stream is open.
   */
  refresh(options?: { reopen?: boolean }): Promise<Device[]>;
  /** Calls `listener` whenever the list is another one than before. Returns how to end that. */
  onChange(listener: () => void): () => void;
  dispose(): void;
}

type PortAudioLister = Pick<Native, 'listPortAudioDevices'>;

/** Lists what there is now, once. `native` null: without PortAudio's devices. */
export async function listDevices(
  native: PortAudioLister | null,
  options: { reopen?: boolean } = {},
): Promise<Device[]> {
  const [pulse, portAudio] = await Promise.all([listPulse(), listPortAudio(native, options.reopen ?? false)]);
  return mergeDevices(pulse, portAudio);
}

/**
 * Reads the list and follows the sound server from then on.
 * @param cleared settles when the server has no devices any more that it should not have
 */
export async function openDeviceCatalog(
  native: PortAudioLister | null,
  cleared: Promise<unknown> = Promise.resolve(),
): Promise<DeviceCatalog> {
  const listeners = new Set<() => void>();
  let devices: Device[] = [];
  // A driver that hangs must not keep the program from starting; `refresh` with `reopen` tells of it.
  let portAudio: Promise<PortAudioDevice[]> = listPortAudio(native, false).catch(() => []);
  let hasSoundServer = false;
  let reading: Promise<void> = Promise.resolve();
  let settling: NodeJS.Timeout | undefined;

  const read = async (): Promise<void> => {
    const pulse = await listPulse(hasSoundServer);
    if (hasSoundServer && !pulse) follow(serverLookMs);
    hasSoundServer = pulse !== null;
    const next = mergeDevices(pulse, await portAudio);
    if (isDeepStrictEqual(next, devices)) return;
    devices = next;
    for (const listener of listeners) listener();
  };
  const refresh = async ({ reopen = false }: { reopen?: boolean } = {}): Promise<Device[]> => {
    if (reopen) portAudio = Promise.resolve(await listPortAudio(native, true));
    reading = reading.catch(() => undefined).then(read);
    await reading;
    return devices;
  };
  const follow = (delayMs = settleMs): void => {
    clearTimeout(settling);
    settling = setTimeout(() => void refresh(), delayMs);
  };

  // PortAudio looks at the same time.
  await cleared;
  await refresh();
  const unfollow = process.platform === 'linux' ? followServer(() => follow()) : () => undefined;
  return {
    get devices() {
      return devices;
    },
    get hasSoundServer() {
      return hasSoundServer;
    },
    refresh,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      hasSoundServer = false;
      clearTimeout(settling);
      listeners.clear();
      unfollow();
    },
  };
}

interface PulseList {
  server: PulseServer;
  sources: PulseNode[];
  sinks: PulseNode[];
}

/**
 * Null when there is no sound server.
 * @param isExpected it was there a moment ago, so one that refuses is asked again too
 */
async function listPulse(isExpected = false): Promise<PulseList | null> {
  if (process.platform !== 'linux') return null;
  try {
    return await readPulse();
  } catch (error) {
    const isAbsent = error instanceof LimpidError && !error.retryable;
    if (isAbsent && !isExpected) return null;
    await sleep(serverRetryMs);
    return readPulse().catch(() => null);
  }
}

async function readPulse(): Promise<PulseList> {
  const [server, sources, sinks] = await Promise.all([readServer(), listNodes('sources'), listNodes('sinks')]);
  return { server, sources, sinks };
}

async function listPortAudio(native: PortAudioLister | null, refresh: boolean): Promise<PortAudioDevice[]> {
  return native ? native.listPortAudioDevices({ refresh }) : [];
}

/** One list of both worlds. With a sound server the defaults are the server's, and ALSA's own ways to it are left out. */
export function mergeDevices(
  pulse: PulseList | null,
  portAudio: PortAudioDevice[],
  platform: NodeJS.Platform = process.platform,
): Device[] {
  const plain = (platform === 'win32' ? onlyWasapi(portAudio) : portAudio)
    .filter(({ name, inputs, outputs }) => inputs + outputs > 0 && !(pulse && isAlsaPlugin(name)))
    .map((entry): Device => ({
      ...entry,
      id: `pa:${entry.hostApi}:${entry.name}`,
      isDefaultInput: entry.isDefaultInput && !pulse,
      isDefaultOutput: entry.isDefaultOutput && !pulse,
      kind: portAudioKind(entry.name, platform),
    }));
  if (!pulse) return uniqueById(plain);
  const { server, sources, sinks } = pulse;
  const inputs = sources.map((node) => ({
    ...fromNode(node),
    inputs: node.channels,
    isDefaultInput: node.name === server.defaultSource,
  }));
  const outputs = sinks.map((node) => ({
    ...fromNode(node),
    outputs: node.channels,
    isDefaultOutput: node.name === server.defaultSink,
  }));
  return uniqueById([...distinctNames(inputs), ...distinctNames(outputs), ...plain]);
}

/**
 * Windows shows every device once for each of its sound interfaces. WASAPI's entries have full names and the least delay;
 * PortAudio marks the default on MME's, whose names are cut to 31 characters.
 */
function onlyWasapi(list: PortAudioDevice[]): PortAudioDevice[] {
  const wasapi = list.filter(({ hostApi }) => /wasapi/i.test(hostApi));
  if (wasapi.length === 0) return list;
  const isNamedLike = (entry: PortAudioDevice, other: PortAudioDevice): boolean =>
    entry.name.startsWith(other.name.slice(0, 31));
  return wasapi.map((entry) => ({
    ...entry,
    isDefaultInput: list.some((other) => other.isDefaultInput && isNamedLike(entry, other)),
    isDefaultOutput: list.some((other) => other.isDefaultOutput && isNamedLike(entry, other)),
  }));
}

const pulsePrefix = 'pulse:';

/** The node name of a sound server's device, or null for another kind of device. */
export const nodeNameOf = (id: string): string | null =>
  id.startsWith(pulsePrefix) ? id.slice(pulsePrefix.length) : null;

function fromNode(node: PulseNode): Device {
  return {
    id: `${pulsePrefix}${node.name}`,
    name: node.description,
    hostApi: 'PulseAudio',
    inputs: 0,
    outputs: 0,
    defaultRate: node.rate,
    isDefaultInput: false,
    isDefaultOutput: false,
    kind: pulseKind(node),
  };
}

/** Adds the node name where two devices would read the same. */
function distinctNames(devices: Device[]): Device[] {
  return devices.map((device) => {
    const twins = devices.filter(({ name }) => name === device.name);
    return twins.length === 1 ? device : { ...device, name: `${device.name} (${nodeNameOf(device.id)})` };
  });
}

/** PortAudio lists some devices twice under one name; the first is the one it opens by that name. */
function uniqueById(devices: Device[]): Device[] {
  return [...new Map(devices.toReversed().map((device) => [device.id, device])).values()].toReversed();
}

/** Whether sound can go that way through the device. */
export const hasDirection = (device: Device, direction: Direction): boolean =>
  (direction === 'input' ? device.inputs : device.outputs) > 0;

/**
 * The device to use when the user follows the system: its default, unless that is no microphone (what a loudspeaker plays,
 * our own virtual microphone, another program's); then the first real one. Undefined when there is none.
 */
export function findDefault(direction: Direction, devices: Device[]): Device | undefined {
  const isDefault = (device: Device): boolean =>
    direction === 'input' ? device.isDefaultInput : device.isDefaultOutput;
  const usable = devices.filter((device) => hasDirection(device, direction) && isUnaskedUsable(device));
  return usable.find(isDefault) ?? usable.find(({ kind }) => kind !== 'plain-alsa') ?? usable[0];
}

const isUnaskedUsable = ({ kind }: Device): boolean =>
  kind !== 'monitor' && kind !== 'limpid' && kind !== 'virtual-cable';

/**
 * Finds the device a person means: its id, else its exact name (or the sound server's name of it), else a part of a name
 * that fits one device only; `default` is the system's. Throws `device.unknown`, `device.ambiguous` or `device.none`.
 */
export function resolveDevice(query: string, direction: Direction, devices: Device[]): Device {
  const usable = devices.filter((device) => hasDirection(device, direction));
  const exact = usable.find(({ id }) => id === query);
  if (exact) return exact;
  if (query === 'default') {
    const found = findDefault(direction, devices);
    if (!found) throw new LimpidError('device.none', { detail: direction });
    return found;
  }
  const part = query.trim().toLowerCase();
  const matchers: ((device: Device) => boolean)[] = [
    ({ id, name }) => name === query || nodeNameOf(id) === query,
    ({ name }) => name.toLowerCase() === part,
    ({ id, name }) => part !== '' && `${name}\n${nodeNameOf(id) ?? ''}`.toLowerCase().includes(part),
  ];
  for (const matches of matchers) {
    const found = usable.filter(matches);
    if (found.length > 1) throw new LimpidError('device.ambiguous', { detail: query, candidates: listNames(found) });
    if (found[0]) return found[0];
  }
  if (usable.length === 0) throw new LimpidError('device.none', { detail: direction });
  throw new LimpidError('device.unknown', {
    detail: `${query} (there is: ${listNames(usable)})`,
    candidates: listNames(usable),
  });
}

const listNames = (devices: Device[]): string => devices.map(({ id, name }) => `“${name}” [${id}]`).join(', ');

/** How the native loop opens a device of the list. */
export function deviceSpec({ id, hostApi }: Pick<Device, 'id' | 'hostApi'>): DeviceSpec {
  const nodeName = nodeNameOf(id);
  if (nodeName !== null) return { kind: 'pulse', name: nodeName };
  return { kind: 'portaudio', hostApi, name: id.slice(`pa:${hostApi}:`.length) };
}
