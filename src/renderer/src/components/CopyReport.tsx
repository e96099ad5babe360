import { useId, useState } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { hint, text } from '../view/text.js';
import { tokenReport } from '../view/tokenView.js';

const selectAll = (area: HTMLTextAreaElement | null) => area?.select();

/** Puts a report into the clipboard; where that is not allowed, shows it selected, to be copied by hand. */
export function CopyReport({ state }: StateProps) {
  const helpId = useId();
  const { numbers } = useConnection();
  const [outcome, setOutcome] = useState<'window.token.copied' | 'window.token.not-copied' | null>(null);
  const [report, setReport] = useState('');

  const copy = async () => {
    const written = tokenReport(state, numbers.get(), Date.now());
    try {
      await navigator.clipboard.writeText(written);
      setReport('');
      setOutcome('window.token.copied');
    } catch {
      setReport(written);
      setOutcome('window.token.not-copied');
    }
  };

  return (
    <div className="copy">
      <button className="button" type="button" aria-describedby={helpId} onClick={() => void copy()}>
        {text('window.token.copy')}
      </button>
      <p className="help" id={helpId}>
        {hint('window.token.copy')}
      </p>
      <p className="help" role="status">
        {outcome && text(outcome)}
      </p>
      {report && (
        <textarea
          ref={selectAll}
          className="input"
          aria-label={text('window.token.report')}
          rows={8}
          readOnly
          value={report}
        />
      )}
    </div>
  );
}
