import type { EventPayload } from '../../shared/contract.js';
import type { Enhancer } from './enhancer.js';
import { MicrophoneOnly, type MicrophoneOnlyOptions } from './microphoneOnly.js';
import { embeddedEngines } from './engineSupply.js';

/** A window that still looks asks again before that; one that is gone keeps no microphone open. */
const listenMs = 10_000;
/** A level 10 times a second, of numbers that are read 20 times. */
const everyTicks = 2;

interface MicrophonePreviewOptions extends Pick<
  MicrophoneOnlyOptions,
  'makeLoop' | 'catalog' | 'permission' | 'wishes'
> {
  enhancer: Pick<Enhancer, 'state' | 'onState'>;
  /** Whether another part has the microphone open for itself and tells its level. */
  isHeardElsewhere(): boolean;
  heard(level: EventPayload<'microphone.heard'>): void;
}

/** A look at the microphone's level while the sound is off: nothing is enhanced, played or kept. */
export class MicrophonePreview {
  readonly #options: MicrophonePreviewOptions;
  readonly #microphone: MicrophoneOnly;
  #opening: Promise<void> | null = null;
  /** Counts what ends the look: an opening of before gives up. */
  #round = 0;
  #isAskedFor = false;
  /** The wish that the open microphone, or the one that is opened, answers. */
  #openedId: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #isDisposed = false;

  constructor(options: MicrophonePreviewOptions) {
    const { wishes, enhancer } = options;
    this.#options = options;
    this.#microphone = new MicrophoneOnly({
      ...options,
      engines: embeddedEngines(),
      wishes: () => ({ ...wishes(), engine: 'bypass' }),
      tick: () => this.#tick(),
    });
    enhancer.onState(() => this.#follow());
  }

  /**
   * Opens the microphone for ten seconds more, or closes it. Changes nothing while the sound is on. Rejects with
   * `permission.denied`, `device.lost`, `device.none` or the device's error.
   */
  async listen(listening: boolean): Promise<void> {
    if (!listening) return this.end();
    if (this.#isDisposed || this.#isSoundOn || this.#options.isHeardElsewhere()) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.end(), listenMs);
    this.#timer.unref();
    this.#isAskedFor = true;
    await this.#openWished();
  }

  /** Closes the microphone; never rejects. */
  async end(): Promise<void> {
    this.#round += 1;
    this.#isAskedFor = false;
    clearTimeout(this.#timer);
    this.#opening = null;
    await this.#microphone.close().catch(() => undefined);
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.end();
  }

  get #isSoundOn(): boolean {
    const { phase } = this.#options.enhancer.state;
    return phase !== 'off' && phase !== 'failed';
  }

  get #wishedId(): string | undefined {
    return this.#options.wishes().input?.id;
  }

  /** The live voice has the microphone to itself; another choice of microphone is what is looked at from then on. */
  #follow(): void {
    if (!this.#isAskedFor) return;
    if (this.#isSoundOn) return void this.end();
    void this.#openWished().catch(() => undefined);
  }

  async #openWished(): Promise<void> {
    this.#opening ??= this.#settle();
    const opening = this.#opening;
    try {
      await opening;
    } finally {
      if (this.#opening === opening) this.#opening = null;
    }
  }

  /** Opens the wished microphone, and again when another one, or the sound, was wished while it was opened. */
  async #settle(): Promise<void> {
    const round = this.#round;
    while (round === this.#round && !(this.#microphone.input && this.#openedId === this.#wishedId)) {
      await this.#microphone.close();
      if (round !== this.#round) return;
      const wishedId = this.#wishedId;
      this.#openedId = wishedId;
      try {
        if (!(await this.#microphone.open())) return;
      } catch (error) {
        if (round !== this.#round || wishedId === this.#wishedId) throw error;
      }
      if (round === this.#round && this.#isSoundOn) return this.end();
    }
  }

  #tick(): void {
    const { numbers } = this.#microphone;
    if (this.#isSoundOn || !numbers || numbers.state === 'idle' || numbers.state === 'failed') return void this.end();
    this.#ticks += 1;
    if (numbers.state !== 'running' || this.#ticks % everyTicks !== 0) return;
    this.#options.heard({ peakDb: numbers.inputPeakDb, rmsDb: numbers.inputRmsDb });
  }
}
