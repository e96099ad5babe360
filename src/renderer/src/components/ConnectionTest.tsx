import { useId } from 'react';
import { describeError } from '../../../shared/messages/index.js';
import { useConnectionTest } from '../bridge/useConnectionTest.js';
import { stepRows, testSummary, type StepResult } from '../view/backendScreen.js';
import { hint, text } from '../view/text.js';
import { CheckIcon, ClockIcon, CrossIcon, DashIcon, DotIcon, WarningIcon } from './icons.js';
import { Notice } from './Notice.js';

const signs: Record<StepResult, () => React.ReactElement> = {
  ok: CheckIcon,
  warning: WarningIcon,
  failed: CrossIcon,
  skipped: DashIcon,
  running: ClockIcon,
  waiting: DotIcon,
};

interface ConnectionTestProps {
  name: string;
  /** What is typed is not what would be tested. */
  isUnsaved: boolean;
}

/** Tries the whole way to a token, and tells each step as it ends. */
export function ConnectionTest({ name, isUnsaved }: ConnectionTestProps) {
  const [headingId, helpId] = [useId(), useId()];
  const { steps, isRunning, error, run } = useConnectionTest(name);
  const rows = stepRows(steps, isRunning);
  const isOff = isRunning || isUnsaved;
  return (
    <section className="test" aria-labelledby={headingId}>
      <div className="card-head">
        <div>
          <h4 className="field-label" id={headingId}>
            {text('window.test')}
          </h4>
          <p className="help" id={helpId}>
            {isUnsaved ? text('window.test.unsaved') : hint('window.test')}
          </p>
        </div>
        <button
          className="button"
          type="button"
          aria-disabled={isOff}
          aria-describedby={helpId}
          onClick={() => !isOff && void run()}
        >
          {text(isRunning ? 'window.test.busy' : 'window.test.run')}
        </button>
      </div>
      <p className="test-summary" role="status">
        {testSummary(steps, isRunning)}
      </p>
      {error && <Notice tone="problem" {...describeError(error)} />}
      {rows.length > 0 && (
        <ol className="steps" aria-label={text('window.test.steps')}>
          {rows.map(({ id, name: step, result, word, message, hint: advice, took }) => {
            const Sign = signs[result];
            return (
              <li key={id} className={`step step-${result}`}>
                <span className="step-sign">
                  <Sign />
                </span>
                <div className="step-words">
                  <p className="step-head">
                    <span className="step-name">{step}</span>
                    <span className="step-result">{word}</span>
                    {took && <span className="value step-took">{took}</span>}
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
