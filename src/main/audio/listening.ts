import type { CallArgument, CallName, CallValue, EventPayload } from '../../shared/contract.js';
import { LimpidError } from '../../shared/errors.js';
import type { AppState } from '../../shared/state.js';
import type { HostEnvironment } from '../services.js';
import type { SettingsStore } from '../settings/settings.js';
import { Comparison, type EndingReason } from './comparison.js';
import { keepRemovingLeftComparisons } from './comparisonFolder.js';
import type { DeviceCatalog } from './devices.js';
import type { EngineSupply } from './engineSupply.js';
import type { Enhancer } from './enhancer.js';
import { MicrophonePreview } from './microphonePreview.js';
import type { Native, NativeLoop } from './native.js';
import type { Recordings } from './recordings.js';
import { SoundPlayer } from './soundPlayer.js';
import { readWaveforms, requireSound, type SoundLibrary, type SoundPaths } from './sounds.js';

interface ListeningOptions {
  /** Or why there is none. */
  native: Native | LimpidError;
  /** The loop of the live voice. */
  loop: NativeLoop | LimpidError;
  enhancer: Enhancer;
  /** A supply of its own (see `shareSupply`). */
  engines: EngineSupply;
  catalog: DeviceCatalog;
  recordings: Pick<Recordings, 'state'>;
  settings: Pick<SettingsStore, 'values' | 'update'>;
  permission: Pick<HostEnvironment['microphone'], 'status' | 'request'>;
  /** The two versions of a file of the queue. */
  pathsOfFile(id: string): Promise<SoundPaths | null>;
  /** Chirps are played and listened to: no other sound may come between, and no device be taken. */
  isSelfTestUnderWay(): boolean;
  changed(): void;
  heard(level: EventPayload<'microphone.heard'>): void;
  moved(head: EventPayload<'player.moved'>): void;
}

type Name = Extract<CallName, 'microphone.listen' | `comparison.${string}` | `player.${string}` | 'sound.waveforms'>;

/** A look at the microphone, ten seconds to compare, and the player: what is heard beside the live voice. */
export class Listening {
  readonly #native: Native | LimpidError;
  readonly #enhancer: Pick<Enhancer, 'state'>;
  readonly #isSelfTestUnderWay: () => boolean;
  /** All devices are wanted for the self-test, which may not have begun yet. */
  #isClaimed = false;
  readonly #preview: MicrophonePreview;
  readonly #comparison: Comparison;
  readonly #player: SoundPlayer;
  readonly #sounds: SoundLibrary;
  readonly #stopRemoving: () => void;

  constructor(options: ListeningOptions) {
    const { native, settings, pathsOfFile } = options;
    this.#native = native;
    this.#enhancer = options.enhancer;
    this.#isSelfTestUnderWay = () => options.isSelfTestUnderWay();
    const microphone = {
      ...options,
      makeLoop: () => new (requireNative(native).Loop)(),
      wishes: () => settings.values,
    };
    this.#comparison = new Comparison({
      ...microphone,
      // What plays would be recorded too.
      beginning: async () => {
        await Promise.all([this.#preview.end(), this.#player.pause().catch(() => undefined)]);
      },
      leaving: () => this.#player.forget(({ kind }) => kind === 'comparison'),
    });
    this.#preview = new MicrophonePreview({ ...microphone, isHeardElsewhere: () => this.#comparison.isHearing });
    this.#sounds = {
      findSound: (source) => (source.kind === 'file' ? pathsOfFile(source.id) : this.#comparison.paths),
    };
    this.#player = new SoundPlayer({
      ...options,
      sounds: this.#sounds,
      makePlayer: () => new (requireNative(native).Player)(),
      goAhead: () => {
        this.#goAfterSelfTest();
        if (this.#comparison.isUnderWay) throw new LimpidError('listening.comparing', {}, { retryable: true });
      },
    });
    this.#stopRemoving = keepRemovingLeftComparisons();
  }

  get state(): Pick<AppState, 'comparison' | 'player' | 'monitor'> {
    return { comparison: this.#comparison.view, ...this.#player.state };
  }

  readonly handlers: { [Each in Name]: (argument: CallArgument<Each>) => Promise<CallValue<Each>> } = {
    'microphone.listen': async ({ listening }) => {
      if (listening) this.#goAfterSelfTest();
      await this.#preview.listen(listening);
    },
    'comparison.record': async () => {
      this.#goAfterSelfTest();
      await this.#comparison.record();
    },
    'comparison.stop': async () => void (await this.#comparison.stop()),
    'comparison.keep': async () => void (await this.#comparison.keep()),
    'comparison.discard': async () => void (await this.#comparison.discard()),
    'player.open': async ({ source }) => void (await this.#player.open(source)),
    'player.play': async () => void (await this.#player.play()),
    'player.pause': async () => void (await this.#player.pause()),
    'player.seek': async ({ seconds }) => void (await this.#player.seek(seconds)),
    'player.hear': async ({ version }) => void (await this.#player.hear(version)),
    'player.close': async () => void (await this.#player.close()),
    'player.chooseOutput': async ({ id }) => void (await this.#player.chooseOutput(id)),
    'sound.waveforms': async ({ source, buckets }) =>
      readWaveforms(requireNative(this.#native), await requireSound(this.#sounds, source), buckets),
  };

  /** Call it before the live voice begins: a microphone that only one can have is free then. Never rejects. */
  async freeMicrophone(): Promise<void> {
    await Promise.all([
      this.#preview.end(),
      this.#comparison.freeMicrophone('comparison.sound-on').catch(() => undefined),
    ]);
  }

  /** Call it before all devices are wanted: PortAudio looks for new ones only while no stream is open. `reason` says why. Never rejects. */
  async freeDevices(reason: EndingReason): Promise<void> {
    const comparison = this.#comparison.freeMicrophone(reason).catch(() => undefined);
    await Promise.all([this.#preview.end(), comparison, this.#player.pause().catch(() => undefined)]);
  }

  /** Runs the self-test with all devices free, where it can run at all; until it is over nothing here opens one. */
  async besideNothing<Value>(selfTest: () => Promise<Value>): Promise<Value> {
    const { phase } = this.#enhancer.state;
    const isRefused = this.#isSelfTestUnderWay() || (phase !== 'off' && phase !== 'failed');
    if (isRefused || this.#isClaimed) return selfTest();
    this.#isClaimed = true;
    try {
      await this.freeDevices('comparison.self-test');
      return await selfTest();
    } finally {
      this.#isClaimed = false;
    }
  }

  /** Call it before a recording begins: the loop has one recorder. Never rejects. */
  async freeRecorder(): Promise<void> {
    await this.#comparison.freeRecorder('comparison.recording').catch(() => undefined);
  }

  /** Call it before a sound of the queue, or any (null), goes: it is played no more. Never rejects. */
  async forgetFile(id: string | null): Promise<void> {
    await this.#player.forget((source) => source.kind === 'file' && (id === null || source.id === id));
  }

  #goAfterSelfTest(): void {
    if (this.#isClaimed || this.#isSelfTestUnderWay())
      throw new LimpidError('listening.self-test', {}, { retryable: true });
  }

  async dispose(): Promise<void> {
    this.#stopRemoving();
    await Promise.all([this.#preview.dispose(), this.#player.dispose(), this.#comparison.dispose()]);
  }
}

function requireNative(native: Native | LimpidError): Native {
  if (native instanceof LimpidError) throw native;
  return native;
}
