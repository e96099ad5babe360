import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';

/** Keeps people from losing what they typed. */
export interface LeaveGuard {
  setUnsaved(form: string, isUnsaved: boolean): void;
  /** Goes at once when nothing would be lost, else after the answer. `form`: only this one would be lost; default: all. */
  leave(go: () => void, form?: string): void;
}

export const LeaveGuardContext = createContext<LeaveGuard | null>(null);

export function useLeaveGuard(): LeaveGuard {
  const guard = useContext(LeaveGuardContext);
  if (!guard) throw new Error('no leave guard around this component');
  return guard;
}

/** Tells the guard about one form for as long as that form is shown. */
export function useUnsaved(form: string, isUnsaved: boolean): void {
  const { setUnsaved } = useLeaveGuard();
  useEffect(() => {
    setUnsaved(form, isUnsaved);
    return () => setUnsaved(form, false);
  }, [setUnsaved, form, isUnsaved]);
}

interface OwnedGuard {
  guard: LeaveGuard;
  isUnsaved: boolean;
  /** Whether the question is to be asked now. */
  isAsking: boolean;
  answer(discard: boolean): void;
}

/** The guard itself, for the one component around all forms. */
export function useOwnLeaveGuard(): OwnedGuard {
  const [forms] = useState(() => new Set<string>());
  const [isUnsaved, setIsUnsaved] = useState(false);
  const [waiting, setWaiting] = useState<{ go(): void } | null>(null);

  const setUnsaved = useCallback(
    (form: string, isFormUnsaved: boolean) => {
      if (isFormUnsaved) forms.add(form);
      else forms.delete(form);
      setIsUnsaved(forms.size > 0);
    },
    [forms],
  );
  const leave = useCallback(
    (go: () => void, form?: string) => {
      const isLosing = form === undefined ? forms.size > 0 : forms.has(form);
      if (isLosing) setWaiting({ go });
      else go();
    },
    [forms],
  );
  const guard = useMemo(() => ({ setUnsaved, leave }), [setUnsaved, leave]);

  return {
    guard,
    isUnsaved,
    isAsking: waiting !== null,
    answer(discard) {
      setWaiting(null);
      if (!discard) return;
      forms.clear();
      waiting?.go();
    },
  };
}
