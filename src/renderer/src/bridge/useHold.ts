import { useEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { isAlone } from '../view/shortcuts.js';
import { Hold, type Presser } from './hold.js';
import { followKeys } from './singleKeys.js';

interface HoldOptions {
  pressed: boolean;
  /** A short press. */
  change: (pressed: boolean) => void;
  /** As of `Hold`. */
  hold: (held: boolean) => void;
  /** Works pressed anywhere outside of fields; null: there is none. */
  key: string | null;
}

/** The same for as long as a key is down; its letter may change by a modifier that comes later. */
const placeOf = ({ code, key }: Pick<globalThis.KeyboardEvent, 'code' | 'key'>): string => code || key.toLowerCase();

/** A toggle that also works while held: a short press switches. Keyboard and pointer behave the same, and so does `key`. */
export function useHold({ pressed, change, hold: tell, key }: HoldOptions) {
  /** Whose click is still to come, and is not one. */
  const wasHeldBy = useRef<Presser | null>(null);
  const isOn = useRef(pressed);
  useEffect(() => {
    isOn.current = pressed;
  }, [pressed]);
  const hold = useMemo(() => new Hold(tell), [tell]);
  // Who goes away while it is held lets go of it.
  useEffect(() => () => void hold.release(), [hold]);

  useEffect(() => {
    let place: string | null = null;
    return followKeys({
      onKeyDown: (event) => {
        if (key === null || !isAlone(event, key)) return false;
        if (hold.press('key')) place = placeOf(event);
        return true;
      },
      onKeyUp: (event) => {
        if (placeOf(event) !== place) return;
        place = null;
        if (hold.release('key') === 'short') change(!isOn.current);
      },
      onLost: () => {
        for (const presser of ['pointer', 'space'] as const) {
          if (hold.release(presser) === 'long') wasHeldBy.current = presser;
        }
        hold.release();
      },
    });
  }, [key, hold, change]);

  const begin = (presser: Presser) => {
    wasHeldBy.current = hold.press(presser) ? null : presser;
  };
  const end = (presser: Presser) => {
    if (hold.release(presser) === 'long') wasHeldBy.current = presser;
  };

  return {
    onPointerDown: () => begin('pointer'),
    onPointerUp: () => end('pointer'),
    onPointerCancel: () => end('pointer'),
    onPointerLeave: () => end('pointer'),
    onBlur: () => {
      end('pointer');
      end('space');
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.repeat) return;
      wasHeldBy.current = null;
      if (event.key === ' ') begin('space');
    },
    onKeyUp: (event: KeyboardEvent) => {
      if (event.key === ' ') end('space');
    },
    onClick: (event: MouseEvent) => {
      // A click without a count comes from a key, or from a program that reads the screen.
      const isOfHold = wasHeldBy.current === (event.detail > 0 ? 'pointer' : 'space');
      wasHeldBy.current = null;
      if (!isOfHold) change(!pressed);
    },
  };
}
