import type { CallArgument, CallName, CallValue, EventName, EventPayload } from '../shared/contract.js';
import type { AppState } from '../shared/state.js';

/** What differs between Electron and a browser panel; everything below `shell/` receives it as a parameter. */
export interface HostEnvironment {
  host: AppState['host'];
  /** Settings file; default: the per-user folder of the OS. */
  configPath?: string;
  openExternal(url: string): Promise<void>;
  microphone: {
    status(): AppState['microphonePermission'];
    /** Asks the person where the OS has such a question (macOS); resolves with the answer. */
    request(): Promise<AppState['microphonePermission']>;
    openSettings(): Promise<void>;
  };
}

/** The app without a window: one handler a call of the contract (they throw `LimpidError`), and the events. */
export interface Services {
  handlers: { [Name in CallName]: (argument: CallArgument<Name>) => Promise<CallValue<Name>> };
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Stops the audio, removes the virtual microphone, flushes settings. */
  dispose(): Promise<void>;
}
