import type { EventPayload } from '../../shared/contract.js';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { PlayerView, SoundSource, SoundVersion } from '../../shared/player.js';
import type { AppState, Device } from '../../shared/state.js';
import type { DeviceWish, SettingsStore } from '../settings/settings.js';
import { deviceSpec, findDefault, hasDirection, type DeviceCatalog } from './devices.js';
import { findWished, toEndpoint, toWish, virtualOutput } from './livePlan.js';
import { asLimpidError, type Native } from './native.js';
import { requireSound, type SoundLibrary, type SoundPaths } from './sounds.js';

/** The play head is told so often while it moves. */
const pollMs = 50;

const versions: readonly SoundVersion[] = ['original', 'enhanced'];

type NativePlayer = Pick<
  InstanceType<Native['Player']>,
  'open' | 'play' | 'pause' | 'seek' | 'hear' | 'numbers' | 'close'
>;

interface SoundPlayerOptions {
  /** Makes the native player when it is needed first. Throws where there is no native core. */
  makePlayer(): NativePlayer;
  sounds: SoundLibrary;
  catalog: Pick<DeviceCatalog, 'devices' | 'hasSoundServer' | 'onChange'>;
  settings: Pick<SettingsStore, 'values' | 'update'>;
  /** Throws when nothing may sound just now. */
  goAhead(): void;
  changed(): void;
  moved(head: EventPayload<'player.moved'>): void;
}

interface OpenSound {
  source: SoundSource;
  durationSeconds: number;
  heard: SoundVersion;
  positionSeconds: number;
  problem: Notice | null;
}

/** A sound that is to be opened, as soon as its files are found. */
interface Sought {
  source: SoundSource;
  leave(): void;
  /** Settles when it is open, or will not be; never rejects. */
  opening: Promise<void> | null;
}

/** The one player of the app: a sound in two versions on one play head. Its calls take effect one after the other. */
export class SoundPlayer {
  readonly #options: SoundPlayerOptions;
  #native: NativePlayer | null = null;
  #open: OpenSound | null = null;
  #sought: Sought | null = null;
  #pauses = 0;
  /** Where it plays; null while it does not. */
  #playsOn: Device | null = null;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #stopFollowing: () => void;

  constructor(options: SoundPlayerOptions) {
    this.#options = options;
    this.#stopFollowing = options.catalog.onChange(() => this.#followDevices());
  }

  get state(): { player: PlayerView | null; monitor: AppState['monitor'] } {
    const { catalog, settings } = this.#options;
    const output = this.#findOutput();
    const monitor = toEndpoint(settings.values.monitor, 'output', catalog.devices);
    return {
      player: this.#open && {
        ...this.#open,
        playing: this.#playsOn !== null,
        outputName: (this.#playsOn ?? output)?.name ?? null,
      },
      monitor: {
        ...monitor,
        devices: monitor.devices.filter(({ kind }) => kind !== 'monitor'),
        ...(monitor.chosen === null ? { chosenName: output?.name ?? null, present: output !== undefined } : {}),
      },
    };
  }

  /**
   * Opens a sound, paused at its beginning; what was open is closed. Finding it may take long, and nothing but what is asked of this
   * sound waits for it. Rejects with `sound.gone`, `files.*`, `file.*`, or `cancelled` when another is opened or all closed meanwhile.
   */
  async open(source: SoundSource): Promise<void> {
    this.#leave();
    const left = new Promise<never>((_, reject) => {
      this.#sought = { source, leave: () => reject(new LimpidError('cancelled')), opening: null };
    });
    const sought = this.#sought!;
    const found = Promise.race([requireSound(this.#options.sounds, source), left]);
    const opening = found.then((paths) => this.#inTurn(() => this.#openFiles(sought, paths)));
    sought.opening = opening.catch(() => undefined);
    try {
      await opening;
    } finally {
      if (this.#sought === sought) this.#sought = null;
    }
  }

  /** Plays on, from the beginning when the play head is at the end. Rejects with `player.nothing-open`, `device.*` or what `goAhead` says. */
  play(): Promise<void> {
    const pauses = this.#pauses;
    return this.#whenOpened(async () => {
      if (pauses === this.#pauses) await this.#play();
    });
  }

  /** Also what was asked to play and has not begun. */
  pause(): Promise<void> {
    this.#pauses += 1;
    return this.#inTurn(() => this.#pause());
  }

  /** Moves the play head; beyond the end: to the end. Does nothing when nothing is open. */
  seek(seconds: number): Promise<void> {
    return this.#whenOpened(async () => {
      if (!this.#open) return;
      const positionSeconds = Math.min(seconds, this.#open.durationSeconds);
      this.#native?.seek(positionSeconds);
      this.#move(positionSeconds);
      if (!this.#playsOn) return this.#options.changed();
      // It had just come to the end, and nobody was told yet.
      if (this.#native?.numbers().state !== 'paused') return;
      this.#rest();
      await this.#play();
    });
  }

  /** Switches to the other version, without a gap. Does nothing when nothing is open. */
  hear(version: SoundVersion): Promise<void> {
    return this.#whenOpened(async () => {
      if (!this.#open) return;
      this.#native?.hear(versions.indexOf(version));
      this.#open = { ...this.#open, heard: version };
      this.#options.changed();
    });
  }

  close(): Promise<void> {
    this.#leave();
    return this.#inTurn(() => this.#close());
  }

  /** Closes what is open if it is one of these, before its files go. Never rejects. */
  async forget(isGone: (source: SoundSource) => boolean): Promise<void> {
    if (this.#sought && isGone(this.#sought.source)) this.#leave();
    const closed = this.#inTurn(async () => {
      if (this.#open && isGone(this.#open.source)) await this.#close();
    });
    await closed.catch(() => undefined);
  }

  /** Where sounds are played from now on, also the one that plays. Rejects with `device.*` or `settings.unwritable`. */
  async chooseOutput(id: string | null): Promise<void> {
    const { settings, changed } = this.#options;
    const written = settings.update({ monitor: id === null ? null : this.#toMonitor(id) });
    // One that cannot be written still counts until Limpid ends: it is said when the sound is where it was wished.
    written.catch(() => undefined);
    if (this.#open) this.#open = { ...this.#open, problem: null };
    changed();
    await this.#inTurn(async () => {
      const isElsewhere = this.#playsOn !== null && this.#playsOn.id !== this.#findOutput()?.id;
      if (!isElsewhere) return;
      await this.#pause();
      await this.#play();
    });
    await written;
  }

  async dispose(): Promise<void> {
    this.#stopFollowing();
    await this.close().catch(() => undefined);
  }

  /** What is looked for is not opened. */
  #leave(): void {
    this.#sought?.leave();
    this.#sought = null;
  }

  async #openFiles(sought: Sought, { original, enhanced }: SoundPaths): Promise<void> {
    if (this.#sought !== sought) throw new LimpidError('cancelled');
    this.#native ??= this.#options.makePlayer();
    this.#rest();
    this.#open = null;
    try {
      const { seconds } = await this.#native.open([original, enhanced]);
      const { source } = sought;
      this.#open = { source, durationSeconds: seconds, heard: 'original', positionSeconds: 0, problem: null };
    } finally {
      this.#options.changed();
    }
  }

  async #close(): Promise<void> {
    this.#rest();
    if (!this.#open) return;
    this.#open = null;
    this.#options.changed();
    await this.#native?.close();
  }

  async #play(): Promise<void> {
    this.#options.goAhead();
    if (!this.#open) throw new LimpidError('player.nothing-open');
    if (this.#playsOn) return;
    try {
      const output = this.#requireOutput();
      await this.#native?.play(deviceSpec(output));
      this.#open = { ...this.#open, problem: null };
      this.#playsOn = output;
      this.#timer = setInterval(() => this.#follow(), pollMs);
    } catch (cause) {
      const error = asLimpidError(cause);
      this.#open = { ...this.#open, problem: noticeOf(error) };
      throw error;
    } finally {
      this.#options.changed();
    }
  }

  async #pause(): Promise<void> {
    // At its end it may still be closing the device.
    if (!this.#playsOn) return this.#native?.pause();
    this.#rest();
    try {
      await this.#native?.pause();
    } finally {
      if (this.#native) this.#move(this.#native.numbers().positionSeconds);
      this.#options.changed();
    }
  }

  #follow(): void {
    const numbers = this.#native?.numbers();
    if (!numbers || !this.#open) return;
    this.#move(numbers.positionSeconds);
    if (numbers.state === 'playing') return;
    this.#rest();
    if (numbers.state === 'failed') {
      const { code, detail } = numbers.error ?? { code: 'device.failed', detail: '' };
      this.#open = { ...this.#open, problem: { code, params: { detail } } };
    }
    this.#options.changed();
  }

  /** A sound server may hand the stream of a device that went away to another one, where nobody wanted it. */
  #followDevices(): void {
    const lost = this.#playsOn;
    const { devices } = this.#options.catalog;
    if (lost && !devices.some(({ id }) => id === lost.id)) {
      if (this.#open)
        this.#open = { ...this.#open, problem: { code: 'player.output-lost', params: { name: lost.name } } };
      void this.pause().catch(() => undefined);
    } else if (this.#open?.problem && !lost && this.#isBack(this.#open.problem)) {
      this.#open = { ...this.#open, problem: null };
    }
    this.#options.changed();
  }

  /** Whether the devices mended it; what else went wrong is to be read until the next try. */
  #isBack({ code, params }: Notice): boolean {
    const { devices } = this.#options.catalog;
    if (code === 'player.no-output') return this.#findOutput() !== undefined;
    return code === 'player.output-lost' && devices.some((device) => device.name === params['name']);
  }

  #move(positionSeconds: number): void {
    if (!this.#open || positionSeconds === this.#open.positionSeconds) return;
    this.#open = { ...this.#open, positionSeconds };
    this.#options.moved({ positionSeconds });
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#playsOn = null;
  }

  #requireOutput(): Device {
    const output = this.#findOutput();
    if (output) return output;
    const wish = this.#options.settings.values.monitor;
    if (wish) throw new LimpidError('player.output-lost', { name: wish.name });
    throw new LimpidError('player.no-output');
  }

  /** A chosen device that is away is waited for: nothing is played aloud where nobody asked for it. */
  #findOutput(): Device | undefined {
    const { catalog, settings } = this.#options;
    const { monitor, output } = settings.values;
    if (monitor) return findWished(monitor, 'output', catalog.devices);
    const live = findWished(output, 'output', catalog.devices);
    const isHeard = live && !['limpid', 'virtual-cable'].includes(live.kind);
    return isHeard ? live : findDefault('output', catalog.devices);
  }

  #toMonitor(id: string): DeviceWish {
    const { catalog, settings } = this.#options;
    const { devices, hasSoundServer } = catalog;
    const isOutput = devices.some((device) => device.id === id && hasDirection(device, 'output'));
    if (id === virtualOutput.id || (!isOutput && settings.values.monitor?.id !== id))
      throw new LimpidError('device.unknown', { detail: id });
    return toWish(id, 'output', { current: settings.values.monitor, devices, hasSoundServer });
  }

  /** What is asked of a sound that is still looked for is done when it is open. */
  #whenOpened(work: () => Promise<void>): Promise<void> {
    const opening = this.#sought?.opening;
    return opening ? opening.then(() => this.#inTurn(work)) : this.#inTurn(work);
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.catch(() => undefined).then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
