import { useCallback, useEffect, useState } from 'react';
import { linkTo, type Route } from './useRoute.js';

/**
 * The view to show. On a fresh start the introduction opens in place of Live, once; who goes on to Live from there has skipped it.
 * `welcomed`: null until main has said; `finish` tells main.
 */
export function useIntroduction(route: Route, welcomed: boolean | null, finish: () => void): Route {
  const [wasSeen, setWasSeen] = useState(false);
  if (route === 'welcome' && !wasSeen) setWasSeen(true);
  const isAtLive = route === 'live' && welcomed === false;
  useEffect(() => {
    if (!isAtLive) return;
    if (wasSeen) finish();
    else location.replace(linkTo('welcome'));
  }, [isAtLive, wasSeen, finish]);
  return isAtLive && !wasSeen ? 'welcome' : route;
}

const key = 'limpid.introduction.step';

/** The step of the introduction, from 0; it survives a reload of this window. */
export function useSteps(count: number): { step: number; go(step: number): void; forget(): void } {
  const [step, setStep] = useState(() => recall(count));
  const go = useCallback((next: number) => {
    remember(next);
    setStep(next);
  }, []);
  const forget = useCallback(() => remember(null), []);
  return { step, go, forget };
}

/** A browser may forbid its storage; then a reload begins anew. */
function recall(count: number): number {
  try {
    const step = Number(sessionStorage.getItem(key));
    return Number.isInteger(step) && step > 0 && step < count ? step : 0;
  } catch {
    return 0;
  }
}

function remember(step: number | null): void {
  try {
    if (step === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, String(step));
  } catch {
    // See above.
  }
}
