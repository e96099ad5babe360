import { useEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { isAlone } from '../view/shortcuts.js';
import { Hold } from './hold.js';
import { followKeys } from './singleKeys.js';

/**
 * A toggle that also works while held: a short press switches, a long one switches and switches back on release.
 * Keyboard and pointer behave the same, and so does `key`, pressed anywhere outside of fields; null: there is none.
 */
export function useHold(pressed: boolean, change: (pressed: boolean) => void, key: string | null) {
  const wasHeld = useRef(false);
  const isOn = useRef(pressed);
  useEffect(() => {
    isOn.current = pressed;
  }, [pressed]);
  const hold = useMemo(() => new Hold(change), [change]);
  // Who goes away while it is held leaves all as it was.
  useEffect(() => () => void hold.release(), [hold]);

  useEffect(() => {
    if (key === null) return undefined;
    return followKeys({
      onKeyDown: (event) => {
        if (!isAlone(event, key)) return false;
        hold.press(isOn.current);
        return true;
      },
      onKeyUp: (event) => {
        if (event.key.toLowerCase() !== key) return;
        if (hold.release() === 'short') change(!isOn.current);
      },
      onLost: () => void hold.release(),
    });
  }, [key, hold, change]);

  const begin = () => {
    wasHeld.current = false;
    hold.press(pressed);
  };
  const end = () => {
    if (hold.release() === 'long') wasHeld.current = true;
  };
  const abandon = () => void hold.release();

  return {
    onPointerDown: begin,
    onPointerUp: end,
    onPointerCancel: abandon,
    onPointerLeave: abandon,
    onBlur: abandon,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.repeat) return;
      wasHeld.current = false;
      if (event.key === ' ') begin();
    },
    onKeyUp: (event: KeyboardEvent) => {
      if (event.key === ' ') end();
    },
    onClick: (event: MouseEvent) => {
      if (wasHeld.current) {
        wasHeld.current = false;
        event.preventDefault();
        return;
      }
      change(!pressed);
    },
  };
}
