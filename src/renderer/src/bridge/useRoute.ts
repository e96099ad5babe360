import { useEffect, useRef, useState } from 'react';
import type { LeaveGuard } from './leaveGuard.js';

export const routes = ['live', 'files', 'backend', 'diagnostics', 'settings', 'help', 'welcome'] as const;
export type Route = (typeof routes)[number];

/** Where a link to a view leads; the fragment survives a reload. */
export const linkTo = (route: Route) => `#${route}`;

const readRoute = (): Route => routes.find((route) => location.hash === linkTo(route)) ?? 'live';

/** The view that the address names. Leaving one with unsaved changes goes through the guard. */
export function useRoute({ leave }: LeaveGuard): Route {
  const [route, setRoute] = useState(readRoute);
  const shown = useRef(route);

  useEffect(() => {
    const go = (next: Route) => {
      shown.current = next;
      setRoute(next);
    };
    const follow = () => {
      const next = readRoute();
      if (next === shown.current) return;
      let isGone = false;
      leave(() => {
        isGone = true;
        if (readRoute() !== next) history.replaceState(null, '', linkTo(next));
        go(next);
      });
      // The question is being asked: until it is answered, the address names what is seen.
      if (!isGone) history.replaceState(null, '', linkTo(shown.current));
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [leave]);
  return route;
}
