import { useCallback, useState } from 'react';

export interface DraftOf<Value> {
  draft: Value;
  edit(part: Partial<Value>): void;
  /** Takes `value` for saved. */
  settle(value: Value): void;
  /** Throws away what was typed. */
  discard(): void;
  isDirty: boolean;
  /** Whether what is saved has changed under what was typed. */
  isChangedElsewhere: boolean;
}

/** What is being typed over what is saved. It follows `saved` until somebody types. */
export function useDraft<Value extends object>(
  saved: Value,
  isSame: (one: Value, other: Value) => boolean,
): DraftOf<Value> {
  const [{ base, draft }, set] = useState({ base: saved, draft: saved });
  const isDirty = !isSame(draft, base);
  const hasMoved = !isSame(saved, base);
  if (hasMoved && (!isDirty || isSame(saved, draft))) set({ base: saved, draft: saved });

  return {
    draft,
    edit: useCallback((part) => set((now) => ({ ...now, draft: { ...now.draft, ...part } })), []),
    settle: useCallback((value) => set({ base: value, draft: value }), []),
    discard: () => set({ base: saved, draft: saved }),
    isDirty,
    isChangedElsewhere: hasMoved && isDirty && !isSame(saved, draft),
  };
}
