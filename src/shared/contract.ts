import { z } from 'zod';
import type { CallName, EventName } from './contractNames.js';
import type { Result } from './errors.js';
import { appState, engineId, liveNumbers } from './state.js';

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
  /** Opens one of our own help links by name; a window never names a URL. */
  'help.open': call(z.object({ topic: z.enum(['virtual-cable']) }), nothing),
} as const satisfies Record<CallName, Call>;

/** What main tells every window. */
export const events = {
  'state.changed': appState,
  'numbers.measured': liveNumbers,
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
