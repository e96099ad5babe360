import { useId } from 'react';
import { describeError } from '../../../shared/messages/index.js';
import { useChecks } from '../bridge/useChecks.js';
import { checkRows, checksProgress, checksSummary } from '../view/diagnosticsView.js';
import { hint, text } from '../view/text.js';
import { ListIcon } from './icons.js';
import { Notice } from './Notice.js';
import { Step } from './Step.js';

/** The numbered checks, what each found, and how to mend it. */
export function ChecksCard() {
  const [headingId, helpId] = [useId(), useId()];
  const { views, isRunning, error, run } = useChecks();
  const progress = isRunning ? checksProgress(views) : null;
  return (
    <section className="card checks" aria-labelledby={headingId}>
      <div className="card-head">
        <div>
          <h3 className="panel-heading" id={headingId}>
            <ListIcon />
            {text('window.checks')}
          </h3>
          <p className="help" id={helpId}>
            {hint('window.checks')}
          </p>
        </div>
        <button
          className="button button-strong"
          type="button"
          aria-disabled={isRunning}
          aria-describedby={helpId}
          onClick={() => void run()}
        >
          {text(views.length > 0 ? 'window.checks.again' : 'window.checks.run')}
        </button>
      </div>
      <p className="test-summary" role="status">
        {checksSummary(views, isRunning)}
      </p>
      {progress && (
        <div className="progress-row">
          <progress className="progress" value={progress.value} max={progress.max} aria-label={progress.words} />
          <p className="help">{progress.words}</p>
        </div>
      )}
      {error && <Notice tone="problem" {...describeError(error)} />}
      {views.length > 0 && (
        <ol className="steps" aria-label={text('window.checks.list')}>
          {checkRows(views).map(({ id, number, name, outcome, word, message, hint: advice }) => (
            <Step
              key={id}
              outcome={outcome}
              name={
                <>
                  <span className="value check-number">{number}</span> {name}
                </>
              }
              word={word}
              message={message}
              advice={advice}
            />
          ))}
        </ol>
      )}
    </section>
  );
}
