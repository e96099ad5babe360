import { asLimpidError } from '../main/audio/native.js';
import type { LiveSession } from './liveSession.js';
import { fail, log } from './output.js';
import { prepareRecordingFolder } from './recordingFolder.js';

/** Keeps a live voice recorded: when the streams had to be reopened, in another take. */
export class LiveRecorder {
  /** Where the takes are. */
  readonly folders: string[] = [];
  readonly #session: LiveSession;
  readonly #folder: string;
  #stopListening: () => void = () => undefined;
  #starting: Promise<void> | null = null;

  constructor(session: LiveSession, folder: string) {
    this.#session = session;
    this.#folder = folder;
  }

  /** Begins the first take and follows the loop from then on. Throws `live.record-folder` or the error of the file. */
  async start(): Promise<void> {
    if (this.#session.enhancer.numbers) await this.#startTake();
    this.#stopListening = this.#session.enhancer.onNumbers(({ state, recording }) => {
      if (state !== 'running' || recording || this.#starting) return;
      this.#starting = this.#startTake()
        .catch((error: unknown) => void fail(error))
        .finally(() => (this.#starting = null));
    });
  }

  /** Completes the files. */
  async stop(): Promise<void> {
    this.#stopListening();
    await this.#starting;
    await this.#session.loop.stopRecording().catch((error: unknown) => void fail(error));
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
}
