import { useId, useState } from 'react';
import type { TokenStatus } from '../../../shared/token.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useNow } from '../bridge/useNow.js';
import { linkTo } from '../bridge/useRoute.js';
import { formatCount } from '../view/format.js';
import { text } from '../view/text.js';
import {
  expiryCountdown,
  needsSignIn,
  refreshCountdown,
  tokenView,
  type Countdown,
  type TokenView,
} from '../view/tokenView.js';
import { CopyReport } from './CopyReport.js';
import { KeyIcon } from './icons.js';
import { StateSign } from './StateSign.js';
import { Words } from './Words.js';

/** Words follow the clock at this pace: days and “good until”. What counts down has its own. */
const wordsEveryMs = 15_000;

/** How the token stands, when it ends, and what happened to it. Only a change of its state is read out. */
export function TokenCard({ state }: StateProps) {
  const { ask } = useConnection();
  const headingId = useId();
  const [isAsking, setIsAsking] = useState(false);
  const { token } = state;
  const view = tokenView(token, useNow(wordsEveryMs));
  const isBusy = isAsking || view.isBusy;

  const busyLabel = token.state === 'fetching' ? 'window.token.refresh.first' : 'window.token.refresh.busy';
  const refreshLabel = isBusy ? busyLabel : 'window.token.refresh';

  const historyName = text('window.token.history', { count: formatCount(view.historyLines.length) });

  const refresh = async () => {
    if (isBusy) return;
    setIsAsking(true);
    // What was answered stands in the state.
    await ask('token.refresh');
    setIsAsking(false);
  };

  return (
    <section className={`card token tone-${view.tone}`} aria-labelledby={headingId}>
      <div className="card-head">
        <h2 className="panel-heading" id={headingId}>
          <KeyIcon />
          {view.heading}
        </h2>
        {view.offersRefresh && (
          <button className="button" type="button" aria-disabled={isBusy} onClick={() => void refresh()}>
            {text(refreshLabel)}
          </button>
        )}
      </div>
      <div className="token-state">
        <StateSign tone={view.tone} />
        <div role="status">
          <p className="token-headline">
            <Words>{view.headline}</Words>
          </p>
          <p className="help">
            <Words>{view.explanation}</Words>
          </p>
        </div>
        {/* Who is there already needs no way to it. */}
        {needsSignIn(token) && location.hash !== linkTo('backend') && (
          <a className="button token-lead" href={linkTo('backend')}>
            {text('window.signIn.lead')}
          </a>
        )}
      </div>
      <TokenFacts token={token} view={view} />
      <details className="details">
        <summary>{historyName}</summary>
        {view.historyLines.length === 0 && <p className="help">{text('window.token.history.empty')}</p>}
        {view.historyLines.length > 0 && (
          // It scrolls, so it has to be reached by keyboard.
          <ol className="token-history" tabIndex={0} aria-label={historyName}>
            {view.historyLines.map(({ atMs, time, sentence }, index) => (
              <li key={`${atMs} ${view.historyLines.length - index}`}>
                <time className="value" dateTime={new Date(atMs).toISOString()}>
                  {time}
                </time>
                <span>
                  <Words>{sentence}</Words>
                </span>
              </li>
            ))}
          </ol>
        )}
        <CopyReport state={state} />
      </details>
    </section>
  );
}

function TokenFacts({ token, view }: { token: TokenStatus; view: TokenView }) {
  return (
    <dl className="facts token-facts">
      <Ticking token={token} read={expiryCountdown} />
      <Ticking token={token} read={refreshCountdown} />
      <Fact label={text('window.token.last')} value={view.lastResult} />
      <Fact label={text('window.token.totals')} value={view.totals} />
      {view.skew && <Fact label={text('window.token.skew')} value={view.skew} />}
    </dl>
  );
}

interface TickingProps {
  token: TokenStatus;
  read(token: TokenStatus, nowMs: number): Countdown;
}

/** Renders by itself each second, so that the card does not. */
function Ticking({ token, read }: TickingProps) {
  const { label, value } = read(token, useNow(1000));
  return <Fact label={label} value={value} />;
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Words>{value}</Words>
      </dd>
    </div>
  );
}
