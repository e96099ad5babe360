import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConnectionStep } from '../../../shared/backend.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { useConnection } from './hooks.js';

export interface ConnectionTestRun {
  steps: ConnectionStep[];
  isRunning: boolean;
  /** Why there was no test at all. */
  error: LimpidErrorShape | null;
  run(): Promise<void>;
}

/** The last connection test of one environment, step by step. */
export function useConnectionTest(name: string): ConnectionTestRun {
  const { ask, onTested } = useConnection();
  const [steps, setSteps] = useState<ConnectionStep[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<LimpidErrorShape | null>(null);
  const running = useRef(false);

  useEffect(
    () =>
      onTested((tested) => {
        if (!running.current || tested.name !== name) return;
        setSteps((before) => [...before.filter(({ id }) => id !== tested.step.id), tested.step]);
      }),
    [onTested, name],
  );

  const run = useCallback(async () => {
    if (running.current) return;
    running.current = true;
    setIsRunning(true);
    setError(null);
    setSteps([]);
    const answer = await ask('backend.test', { name });
    running.current = false;
    setIsRunning(false);
    if (answer?.ok) setSteps(answer.value);
    else setError(answer?.error ?? null);
  }, [ask, name]);

  return { steps, isRunning, error, run };
}
