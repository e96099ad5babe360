import { access, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { LimpidError } from '../../shared/errors.js';
import type { Enhancer } from './enhancer.js';
import { asLimpidError, type LoopNumbers, type NativeLoop } from './native.js';
import { recordedFiles } from './recordingFolder.js';

/** How often disk and clock are looked at while recording. */
const lookEveryMs = 5000;
/** A look that comes this late by the wall clock means that the computer slept. */
const sleptAfterMs = 30_000;
/** Original and enhanced, 32-bit samples. */
const bytesPerFrame = 8;
const lowSeconds = 5 * 60;
/** Low is over only well above the mark, so that a disk at the mark does not warn again and again. */
const enoughSeconds = 2 * lowSeconds;

/** The part of a live voice that is recorded. */
export interface RecordedVoice {
  enhancer: Pick<Enhancer, 'numbers' | 'onNumbers'>;
  loop: Pick<NativeLoop, 'startRecording' | 'stopRecording'>;
}

/** A recording under way, or as it ended. */
export interface Recording {
  /** ms since 1970. */
  readonly startedAtMs: number;
  /** The folder of each take, in order; empty until sound came. */
  readonly takes: readonly string[];
  /** Recorded so far, in all takes. */
  readonly seconds: number;
  /** Left out because the disk was too slow. */
  readonly lostSeconds: number;
  /** What is left on its disk; null when that cannot be known. */
  readonly freeBytes: number | null;
  readonly bytesPerSecond: number;
  /** Less than about five minutes fit on the disk. */
  readonly isDiskLow: boolean;
}

/** Where the takes of one recording go. */
export interface TakeFolders {
  /** Names an existing folder without a recording for the take after these. */
  make(takes: readonly string[]): string;
  /** The take did not come about: nothing was recorded in the folder that was made for it. Default: it stays as it is. */
  discard?(folder: string): void;
}

interface RecorderListener {
  /** The recording that `recording` says changed: another take, or a look at the disk. */
  changed?(recording: Recording): void;
  /** Called once a recording. `error`: what ended it early, or null. The files hold what was recorded before. */
  ended?(recording: Recording, error: LimpidError | null): void;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * Keeps a live voice recorded: when the streams had to be reopened or the computer slept, in another take. The first failure ends
 * it: `file.disk-full`, `file.unwritable`, `recording.folder-gone`, or what making a folder threw. The voice goes on whatever happens.
 */
export class Recorder {
  readonly #voice: RecordedVoice;
  readonly #listener: RecorderListener;
  #folders: TakeFolders = { make: () => '' };
  #recording: Writable<Recording> | null = null;
  /** In the takes before the last one. */
  #before = { seconds: 0, lostSeconds: 0 };
  #starting: Promise<void> | null = null;
  #ending: Promise<void> | null = null;
  #stopListening: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #lookedAtMs = 0;
  #isLooking = false;

  constructor(voice: RecordedVoice, listener: RecorderListener = {}) {
    this.#voice = voice;
    this.#listener = listener;
  }

  /** Null while nothing is recorded. */
  get recording(): Recording | null {
    return this.#recording;
  }

  /**
   * Begins a recording; does nothing while there is one. Its first take begins at once, or as soon as there is sound.
   * Rejects with what making its folder throws, or the error of the file.
   */
  async start(folders: TakeFolders): Promise<void> {
    // One that is ending is none any more; a take of it may still be opening.
    while (this.#ending || (this.#starting && !this.#recording)) await (this.#ending ?? this.#starting);
    if (this.#recording) return;
    const startedAtMs = Date.now();
    this.#recording = {
      startedAtMs,
      takes: [],
      seconds: 0,
      lostSeconds: 0,
      freeBytes: null,
      bytesPerSecond: 0,
      isDiskLow: false,
    };
    this.#before = { seconds: 0, lostSeconds: 0 };
    this.#folders = folders;
    this.#lookedAtMs = startedAtMs;
    this.#stopListening = this.#voice.enhancer.onNumbers((numbers) => this.#follow(numbers));
    this.#timer = setInterval(() => void this.#look(), lookEveryMs);
    this.#timer.unref();
    try {
      if (this.#voice.enhancer.numbers) await this.#startTake();
    } catch (error) {
      this.#leave();
      throw error;
    }
    this.#tell();
  }

  /** Completes the files; resolves when they are, also when nothing is recorded. What went wrong is said by `ended`. */
  async stop(): Promise<void> {
    // With nothing to wait for the files are asked for at once, before whatever the caller does next.
    if (this.#starting) await this.#starting;
    await this.#end(null);
  }

  #follow(numbers: LoopNumbers): void {
    const { state, recording } = numbers;
    if (!this.#recording || this.#starting || this.#ending) return;
    this.#count(numbers);
    if (recording?.error) return void this.#end(new LimpidError(recording.error, { detail: this.#folder ?? '' }));
    if (state === 'running' && !recording) this.#startNextTake();
  }

  get #folder(): string | undefined {
    return this.#recording?.takes.at(-1);
  }

  #count({ recording, inputRate }: LoopNumbers): void {
    if (!recording || !this.#recording) return;
    this.#recording.seconds = this.#before.seconds + recording.seconds;
    this.#recording.lostSeconds = this.#before.lostSeconds + recording.droppedFrames / inputRate;
  }

  #startNextTake(): void {
    this.#startTake().catch((error: unknown) => this.#end(asLimpidError(error)));
  }

  async #startTake(): Promise<void> {
    const work = this.#openTake();
    const settled = work.catch(() => undefined).finally(() => (this.#starting = null));
    this.#starting = settled;
    await work;
  }

  async #openTake(): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    let folder: string | undefined;
    try {
      await this.#voice.loop.stopRecording();
      if (!this.#isCurrent(recording)) return;
      folder = this.#folders.make(recording.takes);
      await this.#voice.loop.startRecording(folder);
      if (!this.#isCurrent(recording)) return await this.#closeLateTake(folder);
      this.#before = { seconds: recording.seconds, lostSeconds: recording.lostSeconds };
      recording.takes = [...recording.takes, folder];
      recording.bytesPerSecond = (this.#voice.enhancer.numbers?.inputRate ?? 48_000) * bytesPerFrame;
    } catch (cause) {
      if (folder !== undefined) this.#folders.discard?.(folder);
      if (!this.#isCurrent(recording)) return;
      const error = asLimpidError(cause);
      // The streams closed meanwhile: the take begins when they are open again.
      if (error.code === 'cancelled' || error.code === 'argument') return;
      throw error;
    }
    this.#tell();
    // Not waited for: a disk may take its time to answer.
    void this.#readDisk(folder).then(() => this.#tell());
  }

  /** Ended meanwhile: a native recording would go on that nobody sees. */
  async #closeLateTake(folder: string): Promise<void> {
    await this.#voice.loop.stopRecording().catch(() => undefined);
    this.#folders.discard?.(folder);
  }

  #isCurrent(recording: Recording): boolean {
    return this.#recording === recording && !this.#ending;
  }

  /** Looks at clock and disk; a folder that was removed gives no error to those who write into it. */
  async #look(): Promise<void> {
    const recording = this.#recording;
    const folder = this.#folder;
    const hasSlept = Date.now() - this.#lookedAtMs > sleptAfterMs;
    this.#lookedAtMs = Date.now();
    // While a first take waits for sound there is nothing to go on with.
    if (hasSlept && folder !== undefined && !this.#starting && !this.#ending) return this.#startNextTake();
    // A disk that sleeps or hangs may keep an earlier look waiting.
    if (!recording || folder === undefined || this.#isLooking) return;
    this.#isLooking = true;
    const isGone = await isTakeGone(folder);
    await this.#readDisk(folder);
    this.#isLooking = false;
    if (this.#recording !== recording || folder !== this.#folder) return;
    if (isGone) await this.#end(new LimpidError('recording.folder-gone', { folder }));
    else this.#tell();
  }

  async #readDisk(folder: string): Promise<void> {
    const facts = await statfs(folder).catch(() => null);
    if (!this.#recording) return;
    this.#recording.freeBytes = facts && facts.bavail * facts.bsize;
    this.#recording.isDiskLow = isLow(this.#recording);
  }

  #tell(): void {
    if (this.#recording && !this.#ending) this.#listener.changed?.(this.#recording);
  }

  #end(cause: LimpidError | null): Promise<void> {
    return (this.#ending ??= this.#complete(cause).finally(() => (this.#ending = null)));
  }

  async #complete(cause: LimpidError | null): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    const { numbers } = this.#voice.enhancer;
    if (numbers) this.#count(numbers);
    this.#unfollow();
    const failure = await this.#voice.loop.stopRecording().then(() => null, asLimpidError);
    this.#leave();
    this.#listener.ended?.(recording, cause ?? failure);
  }

  #unfollow(): void {
    this.#stopListening();
    clearInterval(this.#timer);
  }

  #leave(): void {
    this.#unfollow();
    this.#recording = null;
  }
}

function isLow({ freeBytes, bytesPerSecond, isDiskLow }: Recording): boolean {
  if (freeBytes === null || bytesPerSecond === 0) return false;
  return freeBytes / bytesPerSecond < (isDiskLow ? enoughSeconds : lowSeconds);
}

async function isTakeGone(folder: string): Promise<boolean> {
  const looks = await Promise.all(recordedFiles.map((name) => isGone(join(folder, name))));
  return looks.includes(true);
}

/** Only where the system is sure: a disk that answers late or not at all is not gone. */
const isGone = (path: string): Promise<boolean> =>
  access(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => ['ENOENT', 'ENOTDIR', 'ESTALE'].includes(error.code ?? ''),
  );
