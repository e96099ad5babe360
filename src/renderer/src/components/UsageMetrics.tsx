import { useId } from 'react';
import { describe } from '../../../shared/messages/index.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { linkTo } from '../bridge/useRoute.js';
import { goesRound, metricsChoices, toLicensedDraft, withMetrics } from '../view/licensedForm.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text } from '../view/text.js';
import { LockLine } from './LockLine.js';
import { RadioChoices } from './RadioChoices.js';
import { Words } from './Words.js';

/** Whether the licensed engine's library counts for the organisation. What else it takes is set beside its files. */
export function UsageMetrics({ state }: StateProps) {
  const { command } = useConnection();
  const [labelId, helpId, lockId] = [useId(), useId(), useId()];
  const { licensed } = state;
  const { metrics, sessionId, interval } = toLicensedDraft(licensed);
  const { metricsLockReason } = licensed;
  const lock = metricsLockReason ? describe(metricsLockReason).message : lockWordsOf(state, 'licensed.otel');
  return (
    <div
      className="settings-switch"
      role="radiogroup"
      aria-labelledby={labelId}
      aria-describedby={lock ? `${helpId} ${lockId}` : helpId}
    >
      <p className="field-label" id={labelId}>
        {text('window.licensed.metrics')}
      </p>
      <RadioChoices
        options={metricsChoices}
        chosen={metrics}
        labelOf={(each) => text(`window.licensed.metrics.${each}`)}
        isLocked={lock !== null}
        onKeyDown={(each, event) => goesRound(each, event.key) && event.preventDefault()}
        onChoose={(each) => void command('licensed.choose', { otel: withMetrics(licensed.otel, each) })}
      />
      <div id={helpId}>
        <p className="help">
          <Words>{hint('window.licensed.metrics')}</Words>
        </p>
        <p className="help">
          <Words>{text('window.licensed.metrics-variables')}</Words>
        </p>
        {metrics === 'on' && (
          <p className="help">
            {sessionId
              ? text('window.settings.metrics.named', { session: sessionId, seconds: interval })
              : text('window.settings.metrics.random', { seconds: interval })}
          </p>
        )}
        <p className="help">
          <Words>{text('window.licensed.vendor')}</Words>
        </p>
      </div>
      {lock && <LockLine id={lockId} words={lock} />}
      {/* Only then are they there to be changed. */}
      {!lock && metrics === 'on' && (
        <a className="link" href={linkTo('backend')}>
          {text('window.settings.metrics.change')}
        </a>
      )}
    </div>
  );
}
