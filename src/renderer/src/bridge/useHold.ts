import { useCallback, useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';

const holdMs = 350;

/**
 * A toggle that also works while held: a short press switches, a long one switches and switches back on release.
 * Keyboard and pointer behave the same.
 */
export function useHold(pressed: boolean, change: (pressed: boolean) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);

  const begin = useCallback(() => {
    clearTimeout(timer.current);
    held.current = false;
    timer.current = setTimeout(() => {
      held.current = true;
      change(!pressed);
    }, holdMs);
  }, [pressed, change]);

  const end = useCallback(() => {
    clearTimeout(timer.current);
    if (held.current) change(!pressed);
  }, [pressed, change]);

  return {
    onPointerDown: begin,
    onPointerUp: end,
    onPointerCancel: end,
    onPointerLeave: end,
    onBlur: end,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === ' ' && !event.repeat) begin();
    },
    onKeyUp: (event: KeyboardEvent) => {
      if (event.key === ' ') end();
    },
    onClick: (event: MouseEvent) => {
      if (held.current) {
        held.current = false;
        event.preventDefault();
        return;
      }
      change(!pressed);
    },
  };
}
