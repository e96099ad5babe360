import { useCallback, useEffect, useState } from 'react';
import type { CheckView } from '../../../shared/diagnostics.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { useConnection } from './hooks.js';

export interface ChecksRun {
  views: CheckView[];
  isRunning: boolean;
  /** Why there was no run at all. */
  error: LimpidErrorShape | null;
  run(): Promise<void>;
}

const isOpen = ({ result }: CheckView) => result === 'waiting' || result === 'running';

/** The checks of the last run, also of one that another window began. */
export function useChecks(): ChecksRun {
  const { ask, on, link } = useConnection();
  const [views, setViews] = useState<CheckView[]>([]);
  const [isAsked, setIsAsked] = useState(false);
  const [error, setError] = useState<LimpidErrorShape | null>(null);

  useEffect(
    () =>
      on('diagnostics.checked', (view) => {
        setViews((before) =>
          before.some(({ id }) => id === view.id)
            ? before.map((each) => (each.id === view.id ? view : each))
            : [...before, view],
        );
      }),
    [on],
  );

  // What main did not say before it was lost, it will not say any more.
  useEffect(
    () =>
      link.subscribe(() => {
        if (!link.get().connected) setViews((before) => before.filter((view) => !isOpen(view)));
      }),
    [link],
  );

  const isRunning = isAsked || views.some(isOpen);
  const run = useCallback(async () => {
    if (isRunning) return;
    setIsAsked(true);
    setError(null);
    const answer = await ask('diagnostics.run');
    setIsAsked(false);
    if (answer?.ok) setViews(answer.value);
    else setError(answer?.error ?? null);
  }, [ask, isRunning]);

  return { views, isRunning, error, run };
}
