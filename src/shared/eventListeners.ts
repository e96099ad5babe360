import type { EventPayload } from './contract.js';
import { eventNames, type EventName } from './contractNames.js';

type Listener<Name extends EventName> = (payload: EventPayload<Name>) => void;

/** The listening half of a bridge: who wants which event of the contract. */
export interface EventListeners {
  /** @returns a function that ends the subscription. Throws a TypeError for a name outside the contract. */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void;
  /** Ignores a name outside the contract. A listener that throws does not keep the others from hearing. */
  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void;
}

export function createEventListeners(): EventListeners {
  const listeners = new Map<EventName, Set<(payload: never) => void>>(eventNames.map((name) => [name, new Set()]));
  return {
    on: (name, listener) => {
      const known = listeners.get(name);
      if (!known) throw new TypeError(`'${String(name)}' is not an event of the contract`);
      const subscription = (payload: never): void => listener(payload);
      known.add(subscription);
      return () => void known.delete(subscription);
    },
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) {
        try {
          listener(payload as never);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
