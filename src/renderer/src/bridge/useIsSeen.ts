import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

/** Whether any of an element can be seen: it is in the window's present part, and the window is not hidden. */
export function useIsSeen(element: RefObject<Element | null>): boolean {
  const [isInside, setIsInside] = useState(false);
  useEffect(() => {
    if (!element.current) return undefined;
    // Several changes may come at once, oldest first.
    const observer = new IntersectionObserver((entries) => setIsInside(entries.at(-1)?.isIntersecting ?? false));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return useSyncExternalStore(followHidden, isShown) && isInside;
}

const isShown = () => !document.hidden;

function followHidden(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether the person asked the system for little motion. */
export const useWantsCalm = (): boolean => useSyncExternalStore(followCalm, () => calm.matches);

function followCalm(changed: () => void): () => void {
  calm.addEventListener('change', changed);
  return () => calm.removeEventListener('change', changed);
}
