import { useId } from 'react';
import { describeError } from '../../../shared/messages/index.js';
import { useConnectionTest } from '../bridge/useConnectionTest.js';
import { stepRows, testSummary } from '../view/backendScreen.js';
import { hint, text } from '../view/text.js';
import { Notice } from './Notice.js';
import { Step } from './Step.js';

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
          {text('window.test.run')}
        </button>
      </div>
      <p className="test-summary" role="status">
        {testSummary(steps, isRunning)}
      </p>
      {error && <Notice tone="problem" {...describeError(error)} />}
      {rows.length > 0 && (
        <ol className="steps" aria-label={text('window.test.steps')}>
          {rows.map(({ id, name: step, result, word, message, hint: advice, took }) => (
            <Step key={id} outcome={result} name={step} word={word} took={took} message={message} advice={advice} />
          ))}
        </ol>
      )}
    </section>
  );
}
