import { LimpidError } from '../../shared/errors.js';
import type { Device } from '../../shared/state.js';
import type { HostEnvironment } from '../services.js';
import { deviceSpec, type DeviceCatalog } from './devices.js';
import type { EngineSupply } from './engineSupply.js';
import { findWished, type LiveWishes } from './livePlan.js';
import { LiveStreams, type LiveLoop } from './liveStreams.js';
import type { LoopNumbers, NativeLoop } from './native.js';

/** A loop that can be recorded. */
export type RecordedLoop = LiveLoop & Pick<NativeLoop, 'startRecording' | 'stopRecording'>;

export interface MicrophoneOnlyOptions {
  /** Makes the loop when it is needed first. Throws where there is no native core. */
  makeLoop(): RecordedLoop;
  catalog: Pick<DeviceCatalog, 'devices'>;
  permission: Pick<HostEnvironment['microphone'], 'status' | 'request'>;
  /** The microphone that is wished, and what its voice goes through. */
  wishes(): LiveWishes;
  engines: EngineSupply;
  /** Called 20 times a second while it is open. */
  tick(): void;
}

/** Where the voice goes: to nobody. What is discarded cannot howl, and needs no output. */
const nobody: Device = {
  id: 'nobody',
  name: 'nobody',
  hostApi: '',
  inputs: 0,
  outputs: 1,
  defaultRate: 48_000,
  isDefaultInput: false,
  isDefaultOutput: false,
  kind: 'virtual-cable',
};

/** The wished microphone, heard by nobody: a loop of its own beside the live one, without an output. */
export class MicrophoneOnly {
  readonly #options: MicrophoneOnlyOptions;
  #loop: RecordedLoop | null = null;
  #streams: LiveStreams | null = null;
  #input: Device | null = null;
  /** Counts what was asked for: an opening whose number is not the last one gives up. */
  #round = 0;
  /** The opening under way, or the last one: streams are opened and closed one after the other. */
  #opening: Promise<boolean> = Promise.resolve(false);

  constructor(options: MicrophoneOnlyOptions) {
    this.#options = options;
  }

  /** Null until it was opened for the first time. */
  get loop(): RecordedLoop | null {
    return this.#loop;
  }

  /** Null while it is closed. */
  get numbers(): LoopNumbers | null {
    return this.#streams?.numbers ?? null;
  }

  /** What is open; null while nothing is. */
  get input(): Device | null {
    return this.#streams?.plan ? this.#input : null;
  }

  /**
   * Asks for permission where the system has such a question, waits for the engine and opens. Resolves with whether it did;
   * false: `close` was called meanwhile. Rejects with `permission.denied`, `device.lost`, `device.none`, `native.missing` or the
   * device's error.
   */
  async open(): Promise<boolean> {
    const { catalog, engines, wishes, makeLoop, tick } = this.#options;
    const round = ++this.#round;
    const isGivenUp = (): boolean => round !== this.#round;
    await this.#requirePermission();
    if (isGivenUp()) return false;
    const wished = { ...wishes(), bypass: false };
    const input = findWished(wished.input, 'input', catalog.devices);
    if (!input) throw missing(wished);
    this.#loop ??= makeLoop();
    this.#streams ??= new LiveStreams(this.#loop, engines, tick, toSpec);
    engines.follow({ wished: wished.engine, isSounding: true });
    try {
      await engines.ready();
      await this.#opening.catch(() => undefined);
      if (isGivenUp()) return false;
      this.#input = input;
      this.#opening = this.#streams.open({ kind: 'run', input, output: nobody, key: input.id }, () => wished);
      return (await this.#opening) && !isGivenUp();
    } catch (error) {
      if (!isGivenUp()) this.#rest();
      throw error;
    }
  }

  /** Closes it; rejects with `live.stop-timeout` when a driver hangs. */
  async close(): Promise<void> {
    this.#round += 1;
    this.#rest();
    this.#streams?.giveUp();
    await this.#opening.catch(() => undefined);
    await this.#streams?.close();
  }

  #rest(): void {
    if (this.#streams) this.#options.engines.follow({ wished: 'bypass', isSounding: false });
  }

  async #requirePermission(): Promise<void> {
    const { permission } = this.#options;
    const known = permission.status();
    const answer = known === 'undetermined' ? await permission.request() : known;
    if (answer === 'denied') throw new LimpidError('permission.denied');
  }
}

const toSpec = (device: Device) => (device === nobody ? ({ kind: 'timer' } as const) : deviceSpec(device));

function missing({ input }: LiveWishes): LimpidError {
  if (!input || input.id === 'default')
    return new LimpidError('device.none', { detail: { code: 'status.microphone', params: {} } });
  return new LimpidError('device.lost', { name: input.name });
}
