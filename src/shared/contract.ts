import { z } from 'zod';
import { backendEnvironment, connectionStep, environmentName } from './backend.js';
import type { CallName, EventName } from './contractNames.js';
import type { Result } from './errors.js';
import { preferences } from './preferences.js';
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
  'live.unmute': call(nothing, nothing),
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
  /** New values for some of `state.preferences`; what is left out stays. They take effect at once, and are kept. */
  'settings.change': call(preferences.partial(), nothing),
  /** Records original and enhanced voice until `recording.stop`, or the sound is switched off. Rejects while it is off. */
  'recording.start': call(nothing, nothing),
  'recording.stop': call(nothing, nothing),
  /** Where the next recordings go; null: the usual folder. */
  'recording.setFolder': call(z.object({ folder: z.string().min(1).max(4000).nullable() }), nothing),
  /** Shows the folder of this or the last recording in the system's file manager; a window never names a folder for it. */
  'recording.openFolder': call(nothing, nothing),
  /** Opens one of our own help links by name; a window never names a URL. */
  'help.open': call(z.object({ topic: z.enum(['virtual-cable']) }), nothing),
} as const satisfies Record<CallName, Call>;

/** What main tells every window. */
export const events = {
  'state.changed': appState,
  'numbers.measured': liveNumbers,
  'backend.tested': z.object({ name: z.string(), step: connectionStep }),
} as const satisfies Record<EventName, z.ZodType>;

export { callNames, eventNames } from './contractNames.js';
export type { CallName, EventName };

export type CallArgument<Name extends CallName> = z.infer<(typeof calls)[Name]['argument']>;
export type CallValue<Name extends CallName> = z.infer<(typeof calls)[Name]['value']>;
export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>;

/** `window.limpid`, the same in Electron and in the browser panel. */
export interface LimpidBridge {
  call<Name extends CallName>(name: Name, argument?: CallArgument<Name>): Promise<Result<CallValue<Name>>>;
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
}
