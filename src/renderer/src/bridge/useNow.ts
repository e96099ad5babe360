import { useEffect, useState } from 'react';

/** The wall clock, ms since 1970, looked at every `everyMs` while the window is seen. */
export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) setNowMs(Date.now());
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [everyMs]);
  return nowMs;
}
