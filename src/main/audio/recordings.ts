import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { RecordingsView, RecordingView } from '../../shared/recording.js';
import type { FixedSettings } from '../settings/fixedSettings.js';
import type { Enhancer } from './enhancer.js';
import { Recorder, type RecordedVoice, type Recording } from './recorder.js';
import {
  checkRecordingsFolder,
  defaultRecordingsFolder,
  discardTakeFolder,
  makeDatedFolder,
  makeRecordingsFolder,
  makeTakeFolder,
} from './recordingFolder.js';

/** How long the files may take to be completed when Limpid ends, which has 5 s for everything. */
const farewellMs = 3000;

interface RecordingsOptions {
  loop: RecordedVoice['loop'] | LimpidError;
  enhancer: Pick<Enhancer, 'numbers' | 'onNumbers' | 'onState' | 'state'>;
  settings: Pick<FixedSettings, 'values' | 'update' | 'check' | 'lockReason'>;
  /** Shows a folder to the person. */
  openFolder(path: string): Promise<void>;
  changed(): void;
  /** Where recordings go when nobody says anything else; default: in the user's folder for music. */
  usualFolder?: string;
}

/** The recordings of the app: where they go, when they begin and end, and what is said about them. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #recorder: Recorder | null;
  readonly #usualFolder: string;
  #lastFolder: string | null = null;
  #notice: Notice | null = null;

  constructor(options: RecordingsOptions) {
    const { loop, enhancer, usualFolder = defaultRecordingsFolder() } = options;
    this.#options = options;
    this.#usualFolder = usualFolder;
    this.#recorder =
      loop instanceof LimpidError
        ? null
        : new Recorder(
            { loop, enhancer },
            { changed: (recording) => this.#follow(recording), ended: (...how) => this.#conclude(...how) },
          );
    enhancer.onState(({ phase }) => {
      if (phase === 'off' || phase === 'failed') void this.stop();
    });
  }

  get state(): { recording: RecordingView | null; recordings: RecordingsView } {
    const { settings } = this.#options;
    const recording = this.#recorder?.recording;
    return {
      recording: recording ? viewOf(recording) : null,
      recordings: {
        folder: this.#folder,
        isDefault: settings.values.recordingsFolder === null,
        lockReason: settings.lockReason('recordingsFolder'),
        lastFolder: this.#lastFolder,
        notice: this.#notice,
      },
    };
  }

  /** Recorded so far, by the moment; null while nothing is recorded. */
  get seconds(): number | null {
    return this.#recorder?.recording?.seconds ?? null;
  }

  /**
   * Begins a recording in a folder of its own; does nothing while there is one. While a device is away it begins when the sound is
   * back. Rejects with `recording.sound-off`, `recording.folder-unusable`, `file.unwritable` or `file.disk-full`.
   */
  async start(): Promise<void> {
    if (!this.#recorder || this.#isSoundOff) throw new LimpidError('recording.sound-off');
    try {
      await this.#recorder.start({
        make: ([first]) => (first === undefined ? makeDatedFolder(this.#folder) : makeTakeFolder(first)),
        discard: discardTakeFolder,
      });
    } catch (error) {
      this.#notice = null;
      throw error;
    } finally {
      this.#options.changed();
    }
    // The sound may have gone off while the recording before was completed.
    if (this.#isSoundOff) await this.stop();
  }

  /** Completes the files; does nothing when nothing is recorded. Never rejects: the state says what went wrong. */
  async stop(): Promise<void> {
    await this.#recorder?.stop();
  }

  /** As `stop`, but leaves a disk that hangs to itself after 3 s. */
  async dispose(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, farewellMs)));
    await Promise.race([this.stop(), late]);
    clearTimeout(timer);
  }

  /** Where the next recordings go; null, or its path: the usual folder. Rejects with `policy.*`, `recording.folder-*` or `settings.unwritable`. */
  async setFolder(folder: string | null): Promise<void> {
    const { settings, changed } = this.#options;
    const recordingsFolder = folder === this.#usualFolder ? null : folder;
    settings.check({ recordingsFolder });
    if (folder !== null) await checkRecordingsFolder(folder);
    const written = settings.update({ recordingsFolder });
    changed();
    await written;
  }

  /**
   * Shows the folder of this recording, else of the last one, else where they all are. Rejects with `recording.cannot-open` or
   * `recording.folder-unusable`.
   */
  async openFolder(): Promise<void> {
    const folder = this.#recorder?.recording?.takes[0] ?? this.#lastFolder ?? this.#folder;
    if (folder === this.#folder) makeRecordingsFolder(folder);
    await this.#options.openFolder(folder).catch((cause: unknown) => {
      throw new LimpidError('recording.cannot-open', { folder }, { cause });
    });
  }

  get #isSoundOff(): boolean {
    const { phase } = this.#options.enhancer.state;
    return phase === 'off' || phase === 'failed';
  }

  get #folder(): string {
    return this.#options.settings.values.recordingsFolder ?? this.#usualFolder;
  }

  #follow({ isDiskLow }: Recording): void {
    this.#notice = isDiskLow ? { code: 'recording.disk-low', params: {} } : null;
    this.#options.changed();
  }

  #conclude(recording: Recording, error: LimpidError | null): void {
    const [folder = null] = recording.takes;
    if (folder !== null) this.#lastFolder = folder;
    this.#notice = error ? noticeOfFailure(error, folder ?? this.#folder) : noticeOfSuccess(recording, folder);
    this.#options.changed();
  }
}

function viewOf({ startedAtMs, takes, seconds, freeBytes, bytesPerSecond }: Recording): RecordingView {
  return { startedAtMs, folder: takes[0] ?? null, seconds, freeBytes, bytesPerSecond, takes: takes.length };
}

function noticeOfSuccess({ lostSeconds }: Recording, folder: string | null): Notice {
  if (folder === null) return { code: 'recording.nothing', params: {} };
  if (lostSeconds === 0) return { code: 'recording.saved', params: { folder } };
  return {
    code: 'recording.saved-gaps',
    params: { folder, seconds: Math.max(0.1, Math.round(lostSeconds * 10) / 10) },
  };
}

function noticeOfFailure(error: LimpidError, folder: string): Notice {
  switch (error.code) {
    case 'file.disk-full':
      return { code: 'recording.disk-full', params: { folder } };
    case 'recording.folder-gone':
      return { code: 'recording.folder-gone', params: { folder } };
    case 'recording.folder-unusable':
      return noticeOf(error);
    default:
      return { code: 'recording.failed', params: { folder } };
  }
}
