import { useId, useState } from 'react';
import { selfTestSeconds, type SelfTestResult } from '../../../shared/diagnostics.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { describe, describeError } from '../../../shared/messages/index.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { resultRows, selfTestPanel } from '../view/diagnosticsView.js';
import { formatCount } from '../view/format.js';
import { hint, text } from '../view/text.js';
import { CheckIcon, CrossIcon, WarningIcon, WaveIcon } from './icons.js';
import { Notice } from './Notice.js';

/** Chirps from the output to the microphone: how late, how loud and how complete they come back. */
export function SelfTestCard({ state }: StateProps) {
  const { ask } = useConnection();
  const [headingId, helpId, loudId, obstacleId] = [useId(), useId(), useId(), useId()];
  const [error, setError] = useState<LimpidErrorShape | null>(null);
  const [isStopped, setIsStopped] = useState(false);
  const { running, last } = state.selfTest;
  const isRunning = running !== null;
  // Main sends the same result again with every state.
  const result = JSON.stringify(last);
  const [known, setKnown] = useState({ isRunning, result });
  if (isRunning !== known.isRunning) {
    setKnown({ isRunning, result: isRunning ? result : known.result });
    // Also when another window begins a test.
    if (isRunning) setIsStopped(false);
    if (isRunning) setError(null);
  }
  const isNew = !isRunning && result !== known.result;
  const { isVirtual, input, output, obstacle } = selfTestPanel(state);
  const isBlocked = running === null && obstacle !== '';
  const seconds = formatCount(running?.totalSeconds ?? selfTestSeconds);
  const described = [helpId, !isVirtual && loudId, isBlocked && obstacleId].filter(Boolean).join(' ');

  const toggle = async () => {
    if (isBlocked) return;
    setError(null);
    if (running) return void (await ask('selfTest.stop'));
    setIsStopped(false);
    const answer = await ask('selfTest.start');
    if (!answer) return;
    if (!answer.ok) return setError(answer.error);
    setIsStopped(answer.value === null);
    // It is new even if it is the same as the one before.
    if (answer.value) setKnown((before) => ({ ...before, result: '' }));
  };

  return (
    <section className="card self-test" aria-labelledby={headingId}>
      <div className="card-head">
        <div>
          <h3 className="panel-heading" id={headingId}>
            <WaveIcon />
            {text('window.selfTest')}
          </h3>
          <p className="help" id={helpId}>
            {hint(isVirtual ? 'window.selfTest.virtual' : 'window.selfTest', { seconds })}
          </p>
        </div>
        <button
          className="button"
          type="button"
          aria-disabled={isBlocked}
          aria-describedby={described}
          onClick={() => void toggle()}
        >
          {text(running ? 'window.selfTest.stop' : last ? 'window.selfTest.again' : 'window.selfTest.start')}
        </button>
      </div>
      {!isVirtual && (
        <div className="self-test-loud" id={loudId}>
          <WarningIcon />
          <p>
            <strong>{text('window.selfTest.loud')}</strong> {hint('window.selfTest.loud')}
          </p>
        </div>
      )}
      <dl className="facts">
        <div>
          <dt>{text('window.selfTest.from')}</dt>
          <dd>{output}</dd>
        </div>
        <div>
          <dt>{text('window.selfTest.to')}</dt>
          <dd>{input}</dd>
        </div>
      </dl>
      {isBlocked && (
        <p className="self-test-obstacle" id={obstacleId}>
          {obstacle}
        </p>
      )}
      {running && (
        <div className="progress-row">
          <progress
            className="progress"
            value={running.seconds}
            max={running.totalSeconds}
            aria-label={text('window.selfTest.progress')}
          />
          <p className="help value">
            {text('window.selfTest.running', {
              seconds: formatCount(running.seconds),
              total: formatCount(running.totalSeconds),
            })}
          </p>
        </div>
      )}
      <div role="status">
        {running && <p className="for-readers">{text('window.selfTest.begun')}</p>}
        {!running && isStopped && <p>{text('window.selfTest.stopped')}</p>}
        {isNew && last && <Verdict result={last} />}
      </div>
      {!running && !isNew && last && <Verdict result={last} />}
      {error && <Notice tone="problem" {...describeError(error)} />}
      {!running && last && <Result result={last} />}
    </section>
  );
}

function Verdict({ result: { passed, verdict } }: { result: SelfTestResult }) {
  const { message, hint: advice } = describe(verdict);
  const Sign = passed ? CheckIcon : CrossIcon;
  return (
    <div className={`step step-${passed ? 'ok' : 'failed'} verdict`}>
      <span className="step-sign">
        <Sign />
      </span>
      <div className="step-words">
        <p className="step-head">
          <span className="step-result">{text(passed ? 'selfTest.passed' : 'selfTest.failed')}</span>
        </p>
        <p className="verdict-message">{message}</p>
        <p className="step-advice">{advice}</p>
      </div>
    </div>
  );
}

function Result({ result }: { result: SelfTestResult }) {
  return (
    <table className="result">
      <caption className="help">{text('window.selfTest.result')}</caption>
      <tbody>
        {resultRows(result).map(({ label, value }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
