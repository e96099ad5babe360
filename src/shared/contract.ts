import { z } from 'zod';
import { backendEnvironment, connectionStep, environmentName, signInMethod } from './backend.js';
import type { CallName, EventName } from './contractNames.js';
import type { Result } from './errors.js';
import { bundlePreview, checkView, selfTestResult, sessionHistory } from './diagnostics.js';
import { fileItem, fileOptions } from './files.js';
import { soundSource, soundVersion, waveforms } from './player.js';
import { languages, preferences } from './preferences.js';
import { appState, engineId, fallbackId, licensedChoice, liveNumbers } from './state.js';

/** One call from a window to main: its argument and what it resolves with. */
interface Call<Argument extends z.ZodType = z.ZodType, Value extends z.ZodType = z.ZodType> {
  argument: Argument;
  value: Value;
}

const call = <Argument extends z.ZodType, Value extends z.ZodType>(
  argument: Argument,
  value: Value,
): Call<Argument, Value> => ({
  argument,
  value,
});

const nothing = z.undefined().or(z.null());
const spectrum = z.array(z.number().int()).length(128);
const fileId = z.string().min(1).max(64);

/**
 * Everything a window may ask of main. Gateway, preload, panel socket and the test fake are built by looping over this object.
 * Queries read, commands change; both answer `Result<value>`.
 */
export const calls = {
  'state.get': call(nothing, appState),
  'live.start': call(nothing, nothing),
  'live.stop': call(nothing, nothing),
  'live.setEngine': call(z.object({ engine: engineId }), nothing),
  /** What is heard while the licensed engine may not work. */
  'live.setFallback': call(z.object({ fallback: fallbackId }), nothing),
  'live.setLevel': call(z.object({ level: z.number().min(0).max(1) }), nothing),
  'live.setBypass': call(z.object({ bypass: z.boolean() }), nothing),
  /** The other voice for as long as it is held: it ends by itself two seconds after it was asked for last, and is never kept. */
  'live.holdBypass': call(z.object({ held: z.boolean() }), nothing),
  'live.unmute': call(nothing, nothing),
  /** Puts a lamp of `state.clipped` out. */
  'live.clearClip': call(z.object({ side: z.enum(['input', 'output']) }), nothing),
  /** Yes or no to `state.question`. */
  'live.answer': call(z.object({ yes: z.boolean() }), nothing),
  'devices.choose': call(
    z.object({ direction: z.enum(['input', 'output']), id: z.string().max(512).nullable() }),
    nothing,
  ),
  'devices.rescan': call(nothing, nothing),
  /** Opens the system's page for microphone permission (macOS, Windows). */
  'permission.openSettings': call(nothing, nothing),
  /** Where the licensed engine's library and models are; what is left out stays. */
  'licensed.choose': call(licensedChoice.partial(), nothing),
  /** Fetches a token now, whatever the schedule says. Rejects with what the backend answered. */
  'token.refresh': call(nothing, nothing),
  /** Writes an environment; `name` is the one to change, null adds one. A new `values.name` renames it, credential included. */
  'backend.save': call(z.object({ name: environmentName.nullable(), values: backendEnvironment }), nothing),
  'backend.remove': call(z.object({ name: environmentName }), nothing),
  'backend.select': call(z.object({ name: environmentName }), nothing),
  /** Keeps a credential in the keychain; null forgets it. It is never read back. */
  'backend.setCredential': call(
    z.object({ name: environmentName, credential: z.string().min(1).max(8192).nullable() }),
    nothing,
  ),
  /** Tries the whole way to a token, which is thrown away; each step is also told by `backend.tested` when it ends. */
  'backend.test': call(z.object({ name: environmentName }), z.array(connectionStep)),
  /**
   * Begins to sign in at an environment's identity provider: in the system's browser, or by a code that is typed in on any device.
   * Resolves when the browser was asked for, or the code is there; how it goes on is in `state.backend.signIn`.
   */
  'signIn.start': call(z.object({ name: environmentName, method: signInMethod }), nothing),
  /** Gives up a sign-in that is under way, or takes the notice of one that failed away. */
  'signIn.cancel': call(nothing, nothing),
  /** Signs out: the provider is told, and what was kept is forgotten. */
  'signIn.end': call(z.object({ name: environmentName }), nothing),
  /** New values for some of `state.preferences`; what is left out stays. They take effect at once, and are kept. */
  'settings.change': call(preferences.partial(), nothing),
  /** Records original and enhanced voice until `recording.stop`, or the sound is switched off. Rejects while it is off. */
  'recording.start': call(nothing, nothing),
  'recording.stop': call(nothing, nothing),
  /** Where the next recordings go; null: the usual folder. */
  'recording.setFolder': call(z.object({ folder: z.string().min(1).max(4000).nullable() }), nothing),
  /** Shows the folder of this or the last recording in the system's file manager; a window never names a folder for it. */
  'recording.openFolder': call(nothing, nothing),
  /** Levels of input and output in whole dBFS, 128 log-spaced bands each; null while nothing runs. Asked for by whoever draws them. */
  'live.spectra': call(nothing, z.object({ inputDb: spectrum, outputDb: spectrum }).nullable()),
  /**
   * Opens the microphone for a look at its level, without any output (`microphone.heard`); it is closed again after ten seconds unless
   * asked again. While the sound is on it changes nothing.
   */
  'microphone.listen': call(z.object({ listening: z.boolean() }), nothing),
  /** Records ten seconds before and after enhancement, for the player; with the sound off through the microphone alone. */
  'comparison.record': call(nothing, nothing),
  /** Ends the recording early: what there is can be compared. */
  'comparison.stop': call(nothing, nothing),
  /** Keeps the comparison's files in the folder for recordings. */
  'comparison.keep': call(nothing, nothing),
  'comparison.discard': call(nothing, nothing),
  /** Opens a sound in the one player, paused at its beginning. */
  'player.open': call(z.object({ source: soundSource }), nothing),
  'player.play': call(nothing, nothing),
  'player.pause': call(nothing, nothing),
  'player.seek': call(z.object({ seconds: z.number().min(0) }), nothing),
  'player.hear': call(z.object({ version: soundVersion }), nothing),
  'player.close': call(nothing, nothing),
  /** Where sounds are played; null: where the enhanced voice is heard, else the system's default. */
  'player.chooseOutput': call(z.object({ id: z.string().max(512).nullable() }), nothing),
  'sound.waveforms': call(z.object({ source: soundSource, buckets: z.number().int().min(16).max(2000) }), waveforms),
  'files.list': call(nothing, z.array(fileItem)),
  /** Files and folders by their full paths; folders are looked through. Files of a browser come by `LimpidBridge.addFiles`. */
  'files.add': call(z.object({ paths: z.array(z.string().max(4000)).min(1).max(1000) }), nothing),
  /** Null: all that wait, ask or run. */
  'files.cancel': call(z.object({ id: fileId.nullable() }), nothing),
  /** Null: all that failed or were cancelled. */
  'files.retry': call(z.object({ id: fileId.nullable() }), nothing),
  /** Takes it off the list; null: all that are through. Files on the disk stay. */
  'files.remove': call(z.object({ id: fileId.nullable() }), nothing),
  /** What to do with an output that exists already, for one file, or for all that ask or wait. */
  'files.answer': call(
    z.object({ id: fileId, answer: z.enum(['replace', 'keep-both', 'skip']), forAll: z.boolean() }),
    nothing,
  ),
  'files.setOptions': call(fileOptions.partial(), nothing),
  /** Shows the folder of a file's result in the system's file manager. */
  'files.openFolder': call(z.object({ id: fileId }), nothing),
  /** Nobody listens to a file any more: what is only being made for that is given up. */
  'files.leaveSound': call(z.object({ id: fileId }), nothing),
  /** Takes the notice of the queue away. */
  'files.dismiss': call(nothing, nothing),
  /** Runs the checks; each result is also told by `diagnostics.checked` as it comes. */
  'diagnostics.run': call(nothing, z.array(checkView)),
  /** Thirty seconds of chirps from the output to the microphone; `state.selfTest` tells how far it is. */
  'selfTest.start': call(nothing, selfTestResult.nullable()),
  'selfTest.stop': call(nothing, nothing),
  'session.history': call(nothing, sessionHistory),
  /** Writes the report of this session, one HTML file, in the language of the window; resolves with its path. */
  'report.save': call(z.object({ language: z.enum(languages) }), z.object({ path: z.string() })),
  /** What a support bundle would hold, for the person to read before it is saved. */
  'bundle.preview': call(z.object({ language: z.enum(languages) }), bundlePreview),
  /** Writes exactly what that preview held as one zip file; resolves with its path. */
  'bundle.save': call(z.object({ id: z.string().min(1).max(64) }), z.object({ path: z.string() })),
  /** Shows the folder of reports and bundles in the system's file manager. */
  'diagnostics.openFolder': call(nothing, nothing),
  /** The introduction was gone through, or skipped. */
  'welcome.finish': call(nothing, nothing),
  /** `state.mishap` was read. */
  'mishap.dismiss': call(nothing, nothing),
  /**
   * While a window records new keys, those of the whole system go to it and do nothing. Ends by itself after `recordingKeysMs`, and when the
   * window goes, leaves, crashes or loses the focus. Does nothing in a panel.
   */
  'shortcuts.record': call(z.object({ recording: z.boolean() }), nothing),
  /** Looks for a new version now; `state.desktop.updates` tells what comes of it. Rejects in a panel. */
  'updates.check': call(nothing, nothing),
  /**
   * Ends Limpid and starts the version that was downloaded; does nothing when the person keeps changes that were not saved. Rejects
   * while something is recorded.
   */
  'updates.install': call(nothing, nothing),
  /** Opens one of our own help links by name; a window never names a URL. */
  'help.open': call(z.object({ topic: z.enum(['virtual-cable']) }), nothing),
} as const satisfies Record<CallName, Call>;

/** What main tells every window. */
export const events = {
  'state.changed': appState,
  'numbers.measured': liveNumbers,
  'backend.tested': z.object({ name: z.string(), step: connectionStep }),
  /** Level of the microphone while it is only listened to, in dBFS; 10 times a second. */
  'microphone.heard': z.object({ peakDb: z.number(), rmsDb: z.number() }),
  /** The play head, 20 times a second while it moves. */
  'player.moved': z.object({ positionSeconds: z.number() }),
  /** Files that are new or changed, in their order, and the ids of those that left the list; at most five times a second. */
  'files.changed': z.object({ changed: z.array(fileItem), removed: z.array(z.string()) }),
  /** All checks of the run that is under way, in their order, whenever one of them begins or ends. */
  'diagnostics.checked': z.array(checkView),
} as const satisfies Record<EventName, z.ZodType>;

export { callNames, eventNames } from './contractNames.js';
export type { CallName, EventName };

export type CallArgument<Name extends CallName> = z.infer<(typeof calls)[Name]['argument']>;
export type CallValue<Name extends CallName> = z.infer<(typeof calls)[Name]['value']>;
export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>;

/** `window.limpid`, the same in Electron and in the browser panel. */
export interface LimpidBridge {
  /**
   * Adds files that were dropped or picked to the queue. Electron: by their paths, folders too. Panel: each is sent to the computer
   * that runs Limpid, also when others are refused; `onProgress` tells the bytes sent and in all.
   */
  addFiles(files: readonly File[], onProgress?: (sentBytes: number, totalBytes: number) => void): Promise<Result<null>>;
  /** Hands no more files over; what an `addFiles` that is under way handed over before stays. */
  stopAdding(): void;
  call<Name extends CallName>(name: Name, argument?: CallArgument<Name>): Promise<Result<CallValue<Name>>>;
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
}
