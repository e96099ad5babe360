import { useCallback, useState, useSyncExternalStore } from 'react';
import type { CheckView } from '../../../shared/diagnostics.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import type { Connection } from './connection.js';
import { useConnection } from './hooks.js';
import { createStore, type Store } from './store.js';

export interface ChecksRun {
  views: CheckView[];
  isRunning: boolean;
  /** Why there was no run at all. */
  error: LimpidErrorShape | null;
  run(): Promise<void>;
}

const isOpen = ({ result }: CheckView) => result === 'waiting' || result === 'running';

/** What main told of the checks, for as long as the window lives: it stays while another view is shown. */
const told = new WeakMap<Connection, Store<CheckView[]>>();

function checksOf(connection: Connection): Store<CheckView[]> {
  const known = told.get(connection);
  if (known) return known;
  const store = createStore<CheckView[]>([]);
  told.set(connection, store);
  connection.on('diagnostics.checked', (views) => store.set(views));
  connection.link.subscribe(() => {
    // What main did not say before it was lost, it may not say any more, and half of the checks tell nothing of the whole.
    if (!connection.link.get().connected && store.get().some(isOpen)) store.set([]);
  });
  return store;
}

/** The checks of the last run, also of one that another window began. */
export function useChecks(): ChecksRun {
  const connection = useConnection();
  const store = checksOf(connection);
  const views = useSyncExternalStore(store.subscribe, store.get);
  const [isAsked, setIsAsked] = useState(false);
  const [error, setError] = useState<LimpidErrorShape | null>(null);
  const isRunning = isAsked || views.some(isOpen);

  const run = useCallback(async () => {
    if (isRunning) return;
    setIsAsked(true);
    setError(null);
    const answer = await connection.ask('diagnostics.run');
    setIsAsked(false);
    if (answer?.ok) store.set(answer.value);
    else setError(answer?.error ?? null);
  }, [connection, store, isRunning]);

  return { views, isRunning, error, run };
}
