import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection } from './hooks.js';

/** How long the hand's value stays after main took it, so that a late state does not make the slider jump. */
const settleMs = 400;

/**
 * The strength as the slider shows it: the hand's value at once, main's value otherwise. One command is under way
 * at a time; while it is, only the newest value waits.
 */
export function useLevel(level: number): [shown: number, move: (level: number) => void] {
  const { command } = useConnection();
  const [pending, setPending] = useState<number | null>(null);
  const waiting = useRef<number | null>(null);
  const sending = useRef(false);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(settle.current), []);

  const send = useCallback(async () => {
    sending.current = true;
    while (waiting.current !== null) {
      const next = waiting.current;
      waiting.current = null;
      await command('live.setLevel', { level: next });
    }
    sending.current = false;
    settle.current = setTimeout(() => setPending(null), settleMs);
  }, [command]);

  const move = useCallback(
    (next: number) => {
      clearTimeout(settle.current);
      setPending(next);
      waiting.current = next;
      if (!sending.current) void send();
    },
    [send],
  );

  return [pending ?? level, move];
}
