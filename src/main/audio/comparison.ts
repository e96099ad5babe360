import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventPayload } from '../../shared/contract.js';
import { LimpidError, type Notice } from '../../shared/errors.js';
import type { ComparisonView } from '../../shared/player.js';
import { makeComparisonFolder, removeComparisonFolder } from './comparisonFolder.js';
import type { Enhancer } from './enhancer.js';
import { withDeadline } from './liveStreams.js';
import { MicrophoneOnly, type MicrophoneOnlyOptions, type RecordedLoop } from './microphoneOnly.js';
import { asLimpidError, type LoopNumbers } from './native.js';
import type { Recordings } from './recordings.js';
import { discardTakeFolder, makeDatedFolder, recordedFiles } from './recordingFolder.js';
import type { SoundPaths } from './sounds.js';

const totalSeconds = 10;
/** Less than that is nothing to compare. */
const leastSeconds = 1;
/** Of the looks at how it is enhanced: more of one kind is all there is to hear, fewer nobody hears. */
const nearlyAll = 0.9;
const worthSaying = 0.1;
/** How finely the state tells how far it is: each step goes to every window. */
const shownStepSeconds = 0.25;
const pollMs = 100;
/** Ten seconds that take longer have a device behind them that delivers too little. */
const patienceMs = 20_000;
/** How long closing two files may take. */
const closeDeadlineMs = 5000;
/** The same when Limpid ends, which has 5 s for everything. */
const farewellMs = 2000;

/** What a comparison was ended for. */
export type EndingReason =
  'comparison.recording' | 'comparison.sound-on' | 'comparison.self-test' | 'comparison.rescan';

type TakeLoop = Pick<RecordedLoop, 'startRecording' | 'stopRecording'>;

/** Where the ten seconds come from. */
interface Voice {
  loop: TakeLoop;
  numbers(): LoopNumbers | null;
  /** Frees what was opened for it; never rejects. */
  end(): Promise<void>;
}

type Remark = 'unchanged' | 'stand-in';

/** Ten seconds on their way. */
interface Take {
  /** The live voice is recorded, not one of our own. */
  readonly isLive: boolean;
  isGivenUp: boolean;
  folder: string | null;
  voice: Voice | null;
  seconds: number;
  timer: NodeJS.Timeout | undefined;
  startedAtMs: number;
  /** How often it was looked at, and how often it was not enhanced as wished. */
  looks: number;
  remarks: Record<Remark, number>;
  beginning: Promise<void> | null;
  ending: Promise<void> | null;
}

interface ComparisonOptions extends Omit<MicrophoneOnlyOptions, 'tick'> {
  /** The loop of the live voice; or why there is none. */
  loop: TakeLoop | LimpidError;
  enhancer: Pick<Enhancer, 'numbers' | 'state'>;
  recordings: Pick<Recordings, 'state'>;
  changed(): void;
  /** The microphone is about to be recorded: whatever else sounds or listens shall end. */
  beginning(): Promise<void>;
  /** The level of the microphone while it is recorded without the live voice. */
  heard(level: EventPayload<'microphone.heard'>): void;
  /** The files are about to go: whoever plays them shall stop. */
  leaving(): Promise<void>;
  /** Where its files are kept until they go; default: the system's folder for what may be lost. */
  temporaryFolder?: string;
}

/**
 * Ten seconds before and after, to be compared: of the live voice, or with the sound off of the microphone alone. There is one at
 * a time; its files go with the next one, and with Limpid.
 */
export class Comparison {
  readonly #options: ComparisonOptions;
  readonly #microphone: MicrophoneOnly;
  #take: Take | null = null;
  #folder: string | null = null;
  #seconds = 0;
  #notice: Notice | null = null;
  #keeping: Promise<void> | null = null;

  constructor(options: ComparisonOptions) {
    this.#options = options;
    this.#microphone = new MicrophoneOnly({ ...options, tick: () => undefined });
  }

  get view(): ComparisonView {
    const seconds = this.#take?.seconds ?? this.#seconds;
    return {
      phase: this.#phase,
      seconds: Math.min(totalSeconds, Math.floor(seconds / shownStepSeconds) * shownStepSeconds),
      totalSeconds,
      notice: this.#notice,
    };
  }

  /** It is recorded, or about to be. */
  get isUnderWay(): boolean {
    return this.#take !== null;
  }

  /** Null unless there is something to compare. */
  get paths(): SoundPaths | null {
    const folder = this.#take ? null : this.#folder;
    return folder === null ? null : { original: join(folder, 'original.wav'), enhanced: join(folder, 'enhanced.wav') };
  }

  /** The microphone is open for it, beside no live voice. */
  get isHearing(): boolean {
    return this.#take !== null && !this.#take.isLive;
  }

  /**
   * Begins; does nothing while one is on its way. The comparison before goes. Rejects with `comparison.busy` while a recording is
   * under way, `comparison.no-sound` while the sound is switched on and not there, `permission.denied`, `device.*`, `file.*`.
   */
  async record(): Promise<void> {
    if (this.#take) return;
    const { enhancer, recordings, changed } = this.#options;
    if (recordings.state.recording) throw new LimpidError('comparison.busy');
    const isLive = !this.#isSoundOff;
    if (isLive && enhancer.state.phase !== 'running')
      throw new LimpidError('comparison.no-sound', {}, { retryable: true });
    const take = newTake(isLive);
    this.#take = take;
    this.#notice = null;
    changed();
    try {
      await (take.beginning = this.#begin(take));
    } catch (error) {
      await this.#leave(take);
      if (take.isGivenUp) return;
      throw asLimpidError(error);
    }
  }

  /** Ends the recording early: what there is can be compared. Does nothing when there is none. */
  async stop(): Promise<void> {
    await this.#end(null);
  }

  /** A recording is to begin: the loop of the live voice has one recorder. */
  async freeRecorder(reason: EndingReason): Promise<void> {
    if (this.#take?.isLive) await this.#end({ code: reason, params: {} });
  }

  /** Another wants the microphone, that only one may be able to have. */
  async freeMicrophone(reason: EndingReason): Promise<void> {
    if (this.isHearing) await this.#end({ code: reason, params: {} });
  }

  /**
   * Copies both files into the folder for recordings, once. Rejects with `comparison.none`, `recording.folder-unusable` or
   * `file.disk-full`; nothing is left there then.
   */
  async keep(): Promise<void> {
    const folder = this.#folder;
    if (this.#take || folder === null) throw new LimpidError('comparison.none');
    if (this.#notice?.code === 'comparison.kept') return;
    await (this.#keeping ??= this.#copy(folder).finally(() => (this.#keeping = null)));
  }

  /** Throws away what there is, or what is being recorded. */
  async discard(): Promise<void> {
    const take = this.#take;
    if (take) {
      take.isGivenUp = true;
      await this.#end(null);
    }
    this.#notice = null;
    await this.#forget();
    this.#options.changed();
  }

  /** Removes all that was recorded, and leaves a disk or a driver that hangs to itself. */
  async dispose(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, farewellMs)));
    await Promise.race([this.discard().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  get #phase(): ComparisonView['phase'] {
    if (this.#take) return this.#take.startedAtMs > 0 ? 'recording' : 'preparing';
    return this.#folder === null ? 'none' : 'ready';
  }

  async #begin(take: Take): Promise<void> {
    await this.#options.beginning();
    await this.#forget();
    if (take.isGivenUp) throw new LimpidError('cancelled');
    take.folder = await makeComparisonFolder(this.#options.temporaryFolder);
    if (take.isGivenUp) throw new LimpidError('cancelled');
    take.voice = await this.#openVoice(take);
    await take.voice.loop.startRecording(take.folder);
    if (take.isGivenUp) {
      await closeFiles(take).catch(() => undefined);
      throw new LimpidError('cancelled');
    }
    take.startedAtMs = performance.now();
    take.timer = setInterval(() => this.#follow(take), pollMs);
    this.#options.changed();
  }

  async #openVoice(take: Take): Promise<Voice> {
    const { loop, enhancer } = this.#options;
    if (loop instanceof LimpidError) throw loop;
    if (take.isLive) return { loop, numbers: () => enhancer.numbers, end: async () => undefined };
    const isOpen = await this.#microphone.open();
    const own = this.#microphone.loop;
    if (!isOpen || !own || take.isGivenUp) throw new LimpidError('cancelled');
    if (!this.#isSoundOff) {
      void this.#giveUp(take, { code: 'comparison.sound-on', params: {} });
      throw new LimpidError('cancelled');
    }
    return {
      loop: own,
      numbers: () => this.#microphone.numbers,
      end: () => this.#microphone.close().catch(() => undefined),
    };
  }

  #follow(take: Take): void {
    const { enhancer, heard, changed } = this.#options;
    const numbers = take.voice?.numbers() ?? null;
    const { recording } = numbers ?? { recording: null };
    if (numbers && recording) {
      const shown = this.view.seconds;
      take.seconds = recording.seconds;
      const remark = remarkOn(numbers, enhancer.state.engine);
      take.looks += 1;
      if (remark) take.remarks[remark] += 1;
      if (!take.isLive) heard({ peakDb: numbers.inputPeakDb, rmsDb: numbers.inputRmsDb });
      if (this.view.seconds !== shown) changed();
    }
    if (recording?.error) return void this.#end(noticeOfError(recording.error));
    if (take.seconds >= totalSeconds) return void this.#end(null);
    if (!take.isLive && !this.#isSoundOff) return void this.#end({ code: 'comparison.sound-on', params: {} });
    if (!numbers || !recording || performance.now() - take.startedAtMs > patienceMs)
      void this.#end({ code: this.#interruption(take), params: {} });
  }

  /** Why nothing comes any more. Of the live voice that may be many things: another device was chosen, or one went away. */
  #interruption({ isLive }: Take): string {
    if (!isLive) return 'comparison.interrupted';
    return this.#isSoundOff ? 'comparison.sound-off' : 'comparison.sound-interrupted';
  }

  get #isSoundOff(): boolean {
    const { phase } = this.#options.enhancer.state;
    return phase === 'off' || phase === 'failed';
  }

  async #end(reason: Notice | null): Promise<void> {
    const take = this.#take;
    if (!take) return;
    if (take.startedAtMs === 0) return this.#giveUp(take, reason);
    await (take.ending ??= this.#complete(take, reason));
  }

  /** It has not begun: whatever opens for it gives up, and the rejection of `record` says nothing. */
  async #giveUp(take: Take, reason: Notice | null): Promise<void> {
    take.isGivenUp = true;
    this.#notice = reason && { code: 'comparison.failed', params: { reason } };
    // The answer of the system, or an engine, may be long in coming: the next one need not wait for what is left of this.
    const isFree = !take.isLive && !take.voice;
    if (isFree) this.#take = null;
    this.#options.changed();
    await this.#microphone.close().catch(() => undefined);
    if (!isFree) await take.beginning?.catch(() => undefined);
    else if (take.folder !== null) await removeComparisonFolder(take.folder);
  }

  async #complete(take: Take, reason: Notice | null): Promise<void> {
    clearInterval(take.timer);
    const numbers = take.voice?.numbers();
    take.seconds = Math.max(take.seconds, numbers?.recording?.seconds ?? 0);
    const failure = await closeFiles(take).then(
      () => reason,
      (error: unknown) => reason ?? noticeOfError(asLimpidError(error).code),
    );
    await take.voice?.end();
    if (take.isGivenUp || take.seconds < leastSeconds) {
      await this.#leave(take);
      this.#notice = take.isGivenUp ? null : { code: 'comparison.failed', params: { reason: failure ?? tooShort } };
    } else {
      this.#take = null;
      this.#folder = take.folder;
      this.#seconds = take.seconds;
      this.#notice = failure
        ? { code: 'comparison.cut', params: { count: Math.floor(take.seconds), reason: failure } }
        : summarise(take);
    }
    this.#options.changed();
  }

  /** It did not come about. */
  async #leave(take: Take): Promise<void> {
    clearInterval(take.timer);
    await take.voice?.end();
    if (take.folder !== null) await removeComparisonFolder(take.folder);
    if (this.#take === take) this.#take = null;
    this.#options.changed();
  }

  async #forget(): Promise<void> {
    const folder = this.#folder;
    if (folder === null) return;
    this.#folder = null;
    this.#seconds = 0;
    await this.#keeping?.catch(() => undefined);
    await this.#options.leaving();
    await removeComparisonFolder(folder);
  }

  async #copy(from: string): Promise<void> {
    const { recordings, changed } = this.#options;
    const folder = makeDatedFolder(recordings.state.recordings.folder);
    try {
      for (const name of recordedFiles) await copyWhole(join(from, name), folder, name);
    } catch (cause) {
      discardTakeFolder(folder);
      throw unkept(folder, cause);
    }
    if (this.#folder === from) this.#notice = { code: 'comparison.kept', params: { folder } };
    changed();
  }
}

const newTake = (isLive: boolean): Take => ({
  isLive,
  isGivenUp: false,
  folder: null,
  voice: null,
  seconds: 0,
  timer: undefined,
  startedAtMs: 0,
  looks: 0,
  remarks: { unchanged: 0, 'stand-in': 0 },
  beginning: null,
  ending: null,
});

const tooShort: Notice = { code: 'comparison.too-short', params: {} };

/** A disk that hangs ends it too. */
async function closeFiles({ voice, folder }: Take): Promise<void> {
  const late = new LimpidError('file.unwritable', { detail: folder ?? '' });
  if (voice) await withDeadline(voice.loop.stopRecording(), closeDeadlineMs, late);
}

/** Why it ended early; the temporary path of its files helps nobody. */
const noticeOfError = (code: string): Notice => ({
  code: code === 'file.disk-full' ? 'comparison.disk-full' : 'comparison.unwritable',
  params: {},
});

/** What was heard instead of the wished engine, or that nothing was changed at all; null when all is as wished. */
function remarkOn(numbers: LoopNumbers, wished: Enhancer['state']['engine']): Remark | null {
  const { bypass, level, heardEngine } = numbers;
  if (bypass || level === 0 || heardEngine === 'bypass') return 'unchanged';
  return heardEngine !== wished && wished === 'aic' ? 'stand-in' : null;
}

/** What is to be known of all the seconds, or of some of them. */
function summarise({ looks, remarks }: Take): Notice | null {
  const often = (['unchanged', 'stand-in'] as const).toSorted((one, other) => remarks[other] - remarks[one])[0]!;
  const share = looks > 0 ? remarks[often] / looks : 0;
  if (share < worthSaying) return null;
  return { code: share > nearlyAll ? `comparison.${often}` : `comparison.partly-${often}`, params: {} };
}

/** Under another name first, so that a copy that was cut short never looks like a recording. */
async function copyWhole(source: string, folder: string, name: string): Promise<void> {
  const temporary = join(folder, `.${name}.tmp`);
  try {
    await copyFile(source, temporary);
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function unkept(folder: string, cause: unknown): LimpidError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new LimpidError('file.disk-full', { detail: folder }, { cause });
  return new LimpidError('recording.folder-unusable', { folder, detail: message }, { cause });
}
