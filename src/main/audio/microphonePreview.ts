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
  #opening: Promise<unknown> | null = null;
  #wishedId: string | undefined;
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
    this.#wishedId = this.#options.wishes().input?.id;
    if (this.#microphone.input) return;
    this.#opening ??= this.#microphone.open();
    const opening = this.#opening;
    try {
      await opening;
    } finally {
      if (this.#opening === opening) this.#opening = null;
    }
  }

  /** Closes the microphone; never rejects. */
  async end(): Promise<void> {
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

  /** The live voice has the microphone to itself; another choice of microphone is what is looked at from then on. */
  #follow(): void {
    if (!this.#microphone.input) return;
    if (this.#isSoundOn) return void this.end();
    if (this.#options.wishes().input?.id === this.#wishedId) return;
    void this.#microphone
      .close()
      .then(() => this.listen(true))
      .catch(() => undefined);
  }

  #tick(): void {
    const { numbers } = this.#microphone;
    if (!numbers || numbers.state === 'idle' || numbers.state === 'failed') return void this.end();
    this.#ticks += 1;
    if (numbers.state !== 'running' || this.#ticks % everyTicks !== 0) return;
    this.#options.heard({ peakDb: numbers.inputPeakDb, rmsDb: numbers.inputRmsDb });
  }
}
