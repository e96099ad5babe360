import type { LimpidErrorShape } from '../../../shared/errors.js';
import { useConnection } from '../bridge/hooks.js';
import { useCopy } from '../bridge/useCopy.js';
import { text } from '../view/text.js';

interface SavedFileProps {
  path: string;
  onError(error: LimpidErrorShape | null): void;
}

/** The way to a file that was saved. */
export function SavedFile({ path, onError }: SavedFileProps) {
  const { ask } = useConnection();
  const { outcome, copy } = useCopy();
  const show = async () => {
    onError(null);
    const answer = await ask('diagnostics.openFolder');
    if (answer && !answer.ok) onError(answer.error);
  };
  return (
    <div className="saved-actions">
      <button className="button" type="button" onClick={() => void show()}>
        {text('window.saved.show')}
      </button>
      <button className="button" type="button" onClick={() => void copy(path)}>
        {text('window.saved.copy')}
      </button>
      <p className="help" role="status">
        {outcome && text(`window.saved.${outcome}`)}
      </p>
    </div>
  );
}
