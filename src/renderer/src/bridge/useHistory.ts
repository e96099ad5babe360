import { useEffect, useState } from 'react';
import type { SessionHistory } from '../../../shared/diagnostics.js';
import { useConnection } from './hooks.js';

/** The session, asked for again every `everyMs` while the window is seen; null before the first answer. */
export function useHistory(everyMs: number): SessionHistory | null {
  const { ask } = useConnection();
  const [history, setHistory] = useState<SessionHistory | null>(null);
  useEffect(() => {
    let isGone = false;
    const look = async () => {
      if (document.hidden) return;
      const answer = await ask('session.history');
      if (!isGone && answer?.ok) setHistory(answer.value);
    };
    void look();
    const timer = setInterval(() => void look(), everyMs);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [ask, everyMs]);
  return history;
}
