import { useId } from 'react';
import type { SessionHistory } from '../../../shared/diagnostics.js';
import { describe } from '../../../shared/messages/index.js';
import { plotBox, plotSession, sessionSeconds, type SessionPlot } from '../../../shared/sessionPlot.js';
import { useHistory } from '../bridge/useHistory.js';
import { sessionDuration } from '../view/diagnosticsView.js';
import { formatCount } from '../view/format.js';
import { hint, text } from '../view/text.js';
import { formatTime } from '../view/time.js';
import { ClockIcon } from './icons.js';

/** The plots follow at this pace: a point is a second at least. */
const everyMs = 5000;

/** What the session was like, as plots with words, and what changed. */
export function SessionCard() {
  const headingId = useId();
  const history = useHistory(everyMs);
  return (
    <section className="card session" aria-labelledby={headingId}>
      <div>
        <h3 className="panel-heading" id={headingId}>
          <ClockIcon />
          {text('window.session')}
        </h3>
        <p className="help">
          {history ? hint('window.session', { duration: sessionDuration(history) }) : text('window.session.loading')}
        </p>
      </div>
      {history && (
        <>
          <div className="plots">
            {plotSession(history).map((plot) => (
              <Plot key={plot.id} plot={plot} history={history} />
            ))}
          </div>
          <Changes history={history} />
        </>
      )}
    </section>
  );
}

function Plot({ plot, history }: { plot: SessionPlot; history: SessionHistory }) {
  const { title, summaries, lines, low, high } = plot;
  const words = summaries.map((summary) => describe(summary).message).join(' ');
  const name = describe(title).message;
  const endMs = history.startedAtMs + sessionSeconds(history) * 1000;
  return (
    <figure className="plot">
      <figcaption>
        <span className="plot-title">{name}</span> <span className="help">{words}</span>
      </figcaption>
      <div className="plot-frame">
        <p className="plot-scale" aria-hidden="true">
          <span>{describe(high).message}</span>
          <span>{describe(low).message}</span>
        </p>
        <svg
          className="plot-picture"
          role="img"
          aria-label={`${name}: ${words}`}
          viewBox={`0 0 ${plotBox.width} ${plotBox.height}`}
          preserveAspectRatio="none"
        >
          {lines.map(({ series, path }) => (
            <path key={series} className={`plot-line plot-${series}`} d={path} />
          ))}
        </svg>
        {lines.some(({ path }) => path !== '') && (
          <p className="plot-times" aria-hidden="true">
            <span>{formatTime(history.startedAtMs, endMs)}</span>
            <span>{formatTime(endMs, endMs)}</span>
          </p>
        )}
      </div>
      {lines.length > 1 && (
        <ul className="plot-key" aria-hidden="true">
          {lines.map(({ series, label }) => (
            <li key={series}>
              <svg className="plot-sample" viewBox="0 0 30 6">
                <path className={`plot-line plot-${series}`} d="M0 3H30" />
              </svg>
              {describe(label).message}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function Changes({ history: { changes } }: { history: SessionHistory }) {
  const name = text('window.session.changes', { number: formatCount(changes.length) });
  const nowMs = changes.at(-1)?.atMs ?? 0;
  return (
    <details className="details">
      <summary>{name}</summary>
      {changes.length === 0 && <p className="help">{text('window.session.changes.none')}</p>}
      {changes.length > 0 && (
        // It scrolls, so it has to be reached by keyboard.
        <ol className="token-history" tabIndex={0} aria-label={name}>
          {changes.toReversed().map(({ atMs, notice }, index) => (
            <li key={`${atMs} ${changes.length - index}`}>
              <time className="value" dateTime={new Date(atMs).toISOString()}>
                {formatTime(atMs, nowMs)}
              </time>
              <span>{describe(notice).message}</span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
