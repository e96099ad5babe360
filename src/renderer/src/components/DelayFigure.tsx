import type { LiveNumbers } from '../../../shared/state.js';
import { delayParts, shownTotalMs } from '../view/delayParts.js';
import { formatTenths } from '../view/format.js';
import { text } from '../view/text.js';
import { NotMeasured } from './NotMeasured.js';

/** The whole delay, a bar split among its parts, and the parts in words. */
export function DelayFigure({ delay }: { delay: LiveNumbers['delay'] | null }) {
  const parts = delay ? delayParts(delay) : [];
  return (
    <div className="figure delay">
      <h3 className="figure-name">{text('window.figures.delay')}</h3>
      <p className="figure-value">
        {delay ? text('window.figures.delay.value', { value: formatTenths(shownTotalMs(delay)) }) : <NotMeasured />}
      </p>
      <div className="delay-bar" aria-hidden="true">
        {parts.map(({ name, share }) => (
          <span key={name} className={`delay-part delay-${name}`} style={{ flexGrow: share }} />
        ))}
      </div>
      <ul className="delay-legend">
        {parts.map(({ name, ms }) => (
          <li key={name}>
            <span className={`delay-key delay-${name}`} />
            <span>{text(`window.delay.${name}`)}</span>
            <span className="value">{text('window.figures.delay.value', { value: formatTenths(ms) })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
