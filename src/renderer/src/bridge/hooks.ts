import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { AppState, LiveNumbers } from '../../../shared/state.js';
import type { Connection, Link } from './connection.js';

export const ConnectionContext = createContext<Connection | null>(null);

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (!connection) throw new Error('no connection around this component');
  return connection;
}

export function useLink(): Link {
  const { link } = useConnection();
  return useSyncExternalStore(link.subscribe, link.get);
}

/** What every panel of the window receives: main's state as it was told last. */
export interface StateProps {
  state: AppState;
}

/** The live numbers at a calmer pace than they are measured: for text, which nobody reads at 20 Hz. */
export function useNumbers(everyMs: number): LiveNumbers | null {
  const { numbers } = useConnection();
  const [shown, setShown] = useState(numbers.get);
  useEffect(() => {
    let pause: ReturnType<typeof setTimeout> | undefined;
    let last: LiveNumbers | null | undefined;
    const show = () => {
      last = numbers.get();
      setShown(last);
      pause = last === null ? undefined : setTimeout(endPause, everyMs);
    };
    const endPause = () => {
      pause = undefined;
      if (numbers.get() !== last) show();
    };
    const stopListening = numbers.subscribe(() => {
      if (numbers.get() === null) clearTimeout(pause);
      else if (pause !== undefined) return;
      show();
    });
    // What arrived between the first look and this effect is seen at once, not with the next.
    pause = setTimeout(endPause, 0);
    return () => {
      clearTimeout(pause);
      stopListening();
    };
  }, [numbers, everyMs]);
  return shown;
}

/** Calls `draw` for every measurement, outside React: for what moves at 20 Hz. */
export function useEveryNumber(draw: (numbers: LiveNumbers | null) => void): void {
  const { numbers } = useConnection();
  useEffect(() => {
    draw(numbers.get());
    return numbers.subscribe(() => draw(numbers.get()));
  }, [numbers, draw]);
}
