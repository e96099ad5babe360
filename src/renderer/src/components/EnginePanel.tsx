import { useId } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { formatKhz } from '../view/format.js';
import { hint, text } from '../view/text.js';
import { WaveIcon } from './icons.js';
import { StrengthSlider } from './StrengthSlider.js';

/** What happens to the voice, and how much of it. */
export function EnginePanel({ state }: StateProps) {
  const { command } = useConnection();
  const headingId = useId();
  const groupName = useId();
  return (
    <section className="card panel engine-panel" aria-labelledby={headingId}>
      <h2 className="panel-heading" id={headingId}>
        <WaveIcon />
        {text('window.engine')}
      </h2>
      <div className="engine-choice">
        <div className="engines" role="radiogroup" aria-labelledby={headingId}>
          {state.engines.map(({ id, bandwidthHz }) => (
            <label key={id} className="engine">
              <input
                type="radio"
                name={groupName}
                value={id}
                checked={id === state.engine}
                onChange={() => void command('live.setEngine', { engine: id })}
              />
              <span className="engine-words">
                <span className="engine-name">{text(`window.engine.${id}`)}</span>
                <span className="help">
                  {hint(`window.engine.${id}`, bandwidthHz === null ? {} : { khz: formatKhz(bandwidthHz) })}
                </span>
              </span>
            </label>
          ))}
        </div>
        <StrengthSlider level={state.level} />
      </div>
    </section>
  );
}
