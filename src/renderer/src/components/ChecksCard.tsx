import { useId, type ReactElement } from 'react';
import { describeError } from '../../../shared/messages/index.js';
import { useChecks } from '../bridge/useChecks.js';
import type { CheckOutcome } from '../../../shared/diagnostics.js';
import { checkRows, checksProgress, checksSummary } from '../view/diagnosticsView.js';
import { hint, text } from '../view/text.js';
import { CheckIcon, ClockIcon, CrossIcon, DashIcon, DotIcon, WarningIcon } from './icons.js';
import { Notice } from './Notice.js';

const signs: Record<CheckOutcome, () => ReactElement> = {
  ok: CheckIcon,
  failed: CrossIcon,
  impaired: WarningIcon,
  absent: DashIcon,
  running: ClockIcon,
  waiting: DotIcon,
};

/** The numbered checks, what each found, and how to mend it. */
export function ChecksCard() {
  const [headingId, helpId] = [useId(), useId()];
  const { views, isRunning, error, run } = useChecks();
  const progress = isRunning ? checksProgress(views) : null;
  const label = isRunning ? 'window.checks.busy' : views.length > 0 ? 'window.checks.again' : 'window.checks.run';
  return (
    <section className="card checks" aria-labelledby={headingId}>
      <div className="card-head">
        <div>
          <h3 className="panel-heading" id={headingId}>
            <CheckIcon />
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
          {text(label)}
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
          {checkRows(views).map(({ id, number, name, outcome, word, message, hint: advice }) => {
            const Sign = signs[outcome];
            return (
              <li key={id} className={`step step-${outcome}`}>
                <span className="step-sign">
                  <Sign />
                </span>
                <div className="step-words">
                  <p className="step-head">
                    <span className="step-name">
                      <span className="value check-number">{number}</span> {name}
                    </span>
                    <span className="step-result">{word}</span>
                  </p>
                  {message && <p className="help">{message}</p>}
                  {advice && <p className="step-advice">{advice}</p>}
                </div>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
