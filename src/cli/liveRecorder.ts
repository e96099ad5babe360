import { Recorder, type RecordedVoice } from '../main/audio/recorder.js';
import { prepareRecordingFolder } from '../main/audio/recordingFolder.js';
import { describe } from '../shared/messages/index.js';
import { fail, log } from './output.js';

/** Records a live voice into the folder that the command line names, and tells on stderr. The first failure ends it. */
export class LiveRecorder {
  readonly #recorder: Recorder;
  readonly #folder: string;
  #folders: readonly string[] = [];
  #hasWarned = false;
  #hasFailed = false;

  constructor(voice: RecordedVoice, folder: string) {
    this.#folder = folder;
    this.#recorder = new Recorder(voice, {
      changed: ({ takes, isDiskLow }) => {
        for (const take of takes.slice(this.#folders.length)) log(`Recording into ${take}.`);
        this.#folders = takes;
        if (isDiskLow && !this.#hasWarned) log(describe({ code: 'recording.disk-low', params: {} }).message);
        this.#hasWarned ||= isDiskLow;
      },
      ended: (_, error) => {
        if (!error) return;
        this.#hasFailed = true;
        fail(error);
      },
    });
  }

  /** Where the takes are. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Whether a take is missing or ends early. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Begins the first take and follows the loop from then on. Throws `live.record-folder` or the error of the file. */
  async start(): Promise<void> {
    try {
      await this.#recorder.start({ make: () => prepareRecordingFolder(this.#folder) });
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** Completes the files. */
  stop(): Promise<void> {
    return this.#recorder.stop();
  }
}
