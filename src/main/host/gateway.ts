import { calls, type CallArgument, type EventPayload } from '../../shared/contract.js';
import { callNames, eventNames, isCallName, type CallName, type EventName } from '../../shared/contractNames.js';
import { LimpidError, type Result } from '../../shared/errors.js';
import { toErrorShape } from '../../shared/messages/index.js';
import type { Services } from '../services.js';

/** Who asks. Each host fills it from what its transport proves, never from what a message says. */
export interface Sender {
  /** The asking page is the window we opened, or a browser that holds one of our cookies. */
  isOurs: boolean;
  /** It is the page itself, not a frame inside it. */
  isMainFrame: boolean;
  /** Origin of the asking page, e.g. `app://limpid`. */
  origin: string;
}

/** The one door between windows and services, the same for Electron's IPC and the panel's socket. */
export interface Gateway {
  /** Never rejects: a refusal or a failure is a `Result` with `ok: false`. */
  dispatch(name: unknown, argument: unknown, sender: Sender): Promise<Result<unknown>>;
  /** Passes every event of the services on; returns a function that ends it. */
  forward(send: <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void): () => void;
}

type Route = (argument: unknown) => Promise<unknown>;

/**
 * @param origin the only origin whose pages may ask
 * @param report hears of failures that are ours (a value of the wrong shape, an unforeseen error); a window only learns `internal`
 */
export function createGateway(services: Services, origin: string, report: (error: unknown) => void): Gateway {
  const routes = new Map<CallName, Route>(callNames.map((name) => [name, routeOf(services, name)]));

  const answer = (name: unknown, argument: unknown, sender: Sender): Promise<unknown> => {
    if (!sender.isOurs || !sender.isMainFrame || sender.origin !== origin) throw new LimpidError('gateway.sender');
    const route = isCallName(name) ? routes.get(name) : undefined;
    if (!route) throw new LimpidError('gateway.unknown-call', { name: describeName(name) });
    return route(argument);
  };

  return {
    dispatch: async (name, argument, sender) => {
      try {
        return { ok: true, value: await answer(name, argument, sender) };
      } catch (error) {
        const shape = toErrorShape(error);
        if (shape.code === 'internal') report(error);
        return { ok: false, error: shape };
      }
    },
    forward: (send) => {
      const stops = eventNames.map((name) => services.on(name, (payload) => send(name, payload)));
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** Nothing, or an object of named fields. Electron also carries maps and bytes, which a schema takes for an object without fields. */
const isPlain = (argument: unknown): boolean =>
  argument === undefined || argument === null || Object.prototype.toString.call(argument) === '[object Object]';

/** Short, and without asking an object of the page for its text. */
const describeName = (name: unknown): string => (typeof name === 'string' ? name.slice(0, 64) : typeof name);

/** Handler and schemas of one name, with the checks around the handler. */
function routeOf<Name extends CallName>(services: Services, name: Name): Route {
  const { argument: argumentSchema, value: valueSchema } = calls[name];
  const handler = services.handlers[name];
  return async (argument) => {
    if (!isPlain(argument)) throw new LimpidError('gateway.argument', { name });
    const asked = argumentSchema.safeParse(argument);
    if (!asked.success) throw new LimpidError('gateway.argument', { name }, { cause: asked.error });
    const value = valueSchema.safeParse(await handler(asked.data as CallArgument<Name>));
    if (!value.success) throw new Error(`The answer to ${name} has the wrong shape`, { cause: value.error });
    return value.data;
  };
}
