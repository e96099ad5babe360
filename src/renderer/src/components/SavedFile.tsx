import { useState } from 'react';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { useConnection } from '../bridge/hooks.js';
import { text } from '../view/text.js';

interface SavedFileProps {
  path: string;
  onError(error: LimpidErrorShape | null): void;
}

/** The way to a file that was saved. */
export function SavedFile({ path, onError }: SavedFileProps) {
  const { ask } = useConnection();
  const [outcome, setOutcome] = useState<'window.saved.copied' | 'window.saved.not-copied' | null>(null);
  const show = async () => {
    onError(null);
    const answer = await ask('diagnostics.openFolder');
    if (answer && !answer.ok) onError(answer.error);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(path);
      setOutcome('window.saved.copied');
    } catch {
      setOutcome('window.saved.not-copied');
    }
  };
  return (
    <div className="saved-actions">
      <button className="button" type="button" onClick={() => void show()}>
        {text('window.saved.show')}
      </button>
      <button className="button" type="button" onClick={() => void copy()}>
        {text('window.saved.copy')}
      </button>
      <p className="help" role="status">
        {outcome && text(outcome)}
      </p>
    </div>
  );
}
