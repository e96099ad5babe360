import { useState } from 'react';

/** Puts a text into the clipboard, and tells how that went; null: nothing was copied yet. */
export function useCopy(): { outcome: 'copied' | 'not-copied' | null; copy(text: string): Promise<void> } {
  const [outcome, setOutcome] = useState<'copied' | 'not-copied' | null>(null);
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('not-copied');
    }
  };
  return { outcome, copy };
}
