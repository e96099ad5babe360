import { asLimpidError } from '../main/audio/native.js';
import { LimpidError } from '../shared/errors.js';
import type { LiveSession } from './liveSession.js';
import { fail, log } from './output.js';
import { prepareRecordingFolder } from './recordingFolder.js';

/** The part of a live session that is recorded. */
interface Recorded {
  enhancer: Pick<LiveSession['enhancer'], 'numbers' | 'onNumbers'>;
  loop: Pick<LiveSession['loop'], 'startRecording' | 'stopRecording'>;
}

/** Keeps a live voice recorded: when the streams had to be reopened, in another take. The first failure ends it. */
export class LiveRecorder {
  /** Where the takes are. */
  readonly folders: string[] = [];
  readonly #session: Recorded;
  readonly #folder: string;
  #stopListening: () => void = () => undefined;
  #starting: Promise<void> | null = null;
  #hasFailed = false;

  constructor(session: Recorded, folder: string) {
    this.#session = session;
    this.#folder = folder;
  }

  /** Whether a take is missing or ends early. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Begins the first take and follows the loop from then on. Throws `live.record-folder` or the error of the file. */
  async start(): Promise<void> {
    try {
      if (this.#session.enhancer.numbers) await this.#startTake();
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
    this.#stopListening = this.#session.enhancer.onNumbers(({ state, recording }) => {
      if (this.#starting || this.#hasFailed) return;
      if (recording?.error)
        return this.#giveUp(new LimpidError(recording.error, { detail: this.folders.at(-1) ?? '' }));
      if (state !== 'running' || recording) return;
      this.#starting = this.#startTake()
        .catch((error: unknown) => this.#giveUp(error))
        .finally(() => (this.#starting = null));
    });
  }

  /** Completes the files. */
  async stop(): Promise<void> {
    this.#stopListening();
    await this.#starting;
    await this.#session.loop.stopRecording().catch((error: unknown) => this.#giveUp(asLimpidError(error)));
  }

  async #startTake(): Promise<void> {
    const folder = prepareRecordingFolder(this.#folder);
    try {
      await this.#session.loop.startRecording(folder);
    } catch (error) {
      throw asLimpidError(error);
    }
    this.folders.push(folder);
    log(`Recording into ${folder}.`);
  }

  /** Reports the first failure; what follows from it would only repeat it. */
  #giveUp(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#stopListening();
    fail(error);
  }
}
