import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { childEnvironment } from '../childEnvironment.js';
import { LimpidError } from '../../shared/errors.js';
import { limpidSinkName, limpidSourceName } from './deviceKind.js';
import { listModules, listNodes, pactl, type PulseModule } from './pactl.js';

/**
 * The "Limpid microphone" that other programs can record from (Linux, PulseAudio or PipeWire): Limpid plays into a null sink,
 * and a remapped source offers that sink's monitor as a microphone. Both modules carry their owner's process in their
 * properties, so that a later start removes what a crash left behind, and never what a living process uses.
 */
export class VirtualMicrophone {
  #modules: number[] = [];
  #owner: string;
  readonly #removeAtExit = (): void => {
    for (const index of this.#modules)
      spawnSync('pactl', ['unload-module', String(index)], { timeout: 1000, stdio: 'ignore', env: childEnvironment() });
  };

  /** `owner` is the process whose end makes the devices leftovers; default: this one. */
  constructor(owner = ownerOf(process.pid)) {
    this.#owner = owner ?? `${process.pid}.0`;
  }

  /** Whether the devices were made and not removed since. The server may have lost them: `create` puts that right. */
  get isActive(): boolean {
    return this.#modules.length > 0;
  }

  /**
   * Makes sure that both devices exist and returns the name of the sink to play into. Throws `output.virtual-in-use` when
   * another Limpid has them, `output.virtual-name-taken` when someone made devices of these names, `sound-server.unavailable`
   * when the server refuses.
   */
  async create(): Promise<string> {
    const ours = findOurs(await listModules());
    const foreign = ours.find(({ owner }) => owner !== this.#owner && isAlive(owner));
    if (foreign) throw new LimpidError('output.virtual-in-use', { pid: Number.parseInt(foreign.owner, 10) });
    const mine = ours.filter(({ owner }) => owner === this.#owner);
    if (mine.length === 2) {
      this.#hold(mine.map(({ index }) => index));
      return limpidSinkName;
    }
    await unload(ours.map(({ index }) => index));
    await requireFreeNames();
    await this.#load();
    return limpidSinkName;
  }

  /** Removes exactly what `create` made. What the server does not let go now, the end of the process tries again. */
  async remove(): Promise<void> {
    const mine = await this.#mine();
    if (!mine) return;
    await unload(mine);
    this.#hold((await this.#mine()) ?? mine);
  }

  /** Our own modules, or null when the server does not answer. */
  async #mine(): Promise<number[] | null> {
    const modules = await listModules().catch(() => null);
    return modules && findOurs(modules).flatMap(({ index, owner }) => (owner === this.#owner ? [index] : []));
  }

  async #load(): Promise<void> {
    const owner = `limpid.owner=${this.#owner}`;
    const sink = await load('module-null-sink', [
      `sink_name=${limpidSinkName}`,
      'rate=48000',
      'channels=1',
      `sink_properties="device.description='Limpid output' ${owner}"`,
    ]);
    this.#hold([sink]);
    try {
      const source = await load('module-remap-source', [
        `source_name=${limpidSourceName}`,
        `master=${limpidSinkName}.monitor`,
        `source_properties="device.description='Limpid microphone' ${owner}"`,
      ]);
      this.#hold([source, sink]);
    } catch (error) {
      await this.remove();
      throw error;
    }
  }

  #hold(modules: number[]): void {
    this.#modules = modules;
    process.off('exit', this.#removeAtExit);
    if (modules.length > 0) process.on('exit', this.#removeAtExit);
  }
}

/** Removes the virtual microphones of Limpid processes that are no more. Does nothing without a sound server. */
export async function removeLeftovers(): Promise<void> {
  if (process.platform !== 'linux') return;
  const modules = await listModules().catch(() => []);
  const left = findOurs(modules).filter(({ owner }) => !isAlive(owner));
  await unload(left.map(({ index }) => index));
}

interface OurModule extends PulseModule {
  owner: string;
}

/** Modules that carry one of our device names and an owner, the source before its sink. */
export function findOurs(modules: PulseModule[]): OurModule[] {
  const kinds = [
    { name: 'module-remap-source', device: `source_name=${limpidSourceName}` },
    { name: 'module-null-sink', device: `sink_name=${limpidSinkName}` },
  ];
  return kinds.flatMap(({ name, device }) =>
    modules
      .filter((module) => module.name === name && module.argument.split(/\s/).includes(device))
      .flatMap((module) => {
        const owner = /limpid\.owner=(\d+\.\d+)/.exec(module.argument)?.[1];
        return owner ? [{ ...module, owner }] : [];
      }),
  );
}

/** The server would give a second device of a name another name, and the voice would go into the first. */
async function requireFreeNames(): Promise<void> {
  const [sources, sinks] = await Promise.all([listNodes('sources'), listNodes('sinks')]);
  const taken = [...sources, ...sinks].find(({ name }) => name === limpidSinkName || name === limpidSourceName);
  if (taken) throw new LimpidError('output.virtual-name-taken', { name: taken.name });
}

async function load(module: string, args: string[]): Promise<number> {
  return Number.parseInt(await pactl('load-module', module, ...args), 10);
}

/** Unloading the sink may already have taken the source along. */
async function unload(indices: number[]): Promise<void> {
  for (const index of indices) await pactl('unload-module', String(index)).catch(() => undefined);
}

/**
 * "pid.start": a process by its id and its start in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)), because
 * ids are used again. Null when there is no such process.
 */
export function ownerOf(pid: number): string | null {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    return `${pid}.${afterName.split(' ')[19] ?? 0}`;
  } catch {
    return null;
  }
}

const isAlive = (owner: string): boolean => ownerOf(Number.parseInt(owner, 10)) === owner;
