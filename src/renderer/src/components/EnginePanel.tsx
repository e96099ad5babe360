import { useId } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { linkTo } from '../bridge/useRoute.js';
import { fallbackId } from '../../../shared/state.js';
import { engineOptions, licensedEngineView, type LicensedEngineView } from '../view/engineView.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text } from '../view/text.js';
import { Field } from './Field.js';
import { WaveIcon } from './icons.js';
import { LockLine } from './LockLine.js';
import { StateSign } from './StateSign.js';
import { StrengthSlider } from './StrengthSlider.js';
import { Words } from './Words.js';

/** What happens to the voice, and how much of it. */
export function EnginePanel({ state }: StateProps) {
  const { command } = useConnection();
  const headingId = useId();
  const [groupName, lockId] = [useId(), useId()];
  const lock = lockWordsOf(state, 'engine');
  const options = engineOptions(state);
  const licensed = licensedEngineView(state);
  return (
    <section className="card panel engine-panel" aria-labelledby={headingId}>
      <h2 className="panel-heading" id={headingId}>
        <WaveIcon />
        {text('window.engine')}
      </h2>
      <div className={options.length > 2 ? 'engine-choice engine-choice-wide' : 'engine-choice'}>
        <div
          className="engines"
          role="radiogroup"
          aria-labelledby={headingId}
          aria-describedby={lock ? lockId : undefined}
        >
          {options.map(({ id, name, help }) => (
            <label key={id} className="engine">
              <input
                type="radio"
                name={groupName}
                value={id}
                checked={id === state.engine}
                disabled={lock !== null && id !== state.engine}
                onChange={() => void command('live.setEngine', { engine: id })}
              />
              <span className="engine-words">
                <span className="engine-name">
                  <Words>{name}</Words>
                </span>
                <span className="help">
                  <Words>{help}</Words>
                </span>
              </span>
            </label>
          ))}
          {lock && <LockLine id={lockId} words={lock} />}
        </div>
        {licensed && <LicensedEngine view={licensed} />}
        <StrengthSlider level={state.level} lock={lockWordsOf(state, 'level')} />
        {licensed && <FallbackPicker state={state} />}
      </div>
    </section>
  );
}

/** How the licensed engine fares: state in words, what to do, and what was loaded. */
function LicensedEngine({ view }: { view: LicensedEngineView }) {
  return (
    <div className="licensed">
      <StateSign tone={view.tone} />
      <div className="licensed-words">
        <p className="licensed-message">
          <Words>{view.message}</Words>
        </p>
        {view.hint && (
          <p className="help">
            <Words>{view.hint}</Words>
          </p>
        )}
        {view.leadsToBackend && (
          <a className="link" href={linkTo('backend')}>
            {text('window.aic.set-up')}
          </a>
        )}
      </div>
      {view.facts.length > 0 && (
        <dl className="facts">
          {view.facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <Words>{value}</Words>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function FallbackPicker({ state }: StateProps) {
  const { command } = useConnection();
  const { fallback } = state;
  const words = lockWordsOf(state, 'fallback');
  const lock = words === null ? null : { words, value: text(`window.fallback.${fallback}`) };
  return (
    <Field name="fallback" label={text('window.fallback')} help={hint('window.fallback')} lock={lock}>
      {(control) => (
        <select
          {...control}
          className="picker"
          value={fallback}
          onChange={(event) => void command('live.setFallback', { fallback: fallbackId.parse(event.target.value) })}
        >
          {fallbackId.options.map((id) => (
            <option key={id} value={id}>
              {text(`window.fallback.${id}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
