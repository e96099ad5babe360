import { useId } from 'react';
import type { BackendView } from '../../../shared/backend.js';
import { hint, text } from '../view/text.js';
import { CheckIcon, ServerIcon } from './icons.js';

interface EnvironmentPickerProps {
  backend: BackendView;
  /** The one being edited; null: a new one. */
  shown: string | null;
  /** Null: add one. */
  onShow(name: string | null): void;
}

/** The environments there are; the chosen one is shown below. */
export function EnvironmentPicker({ backend, shown, onShow }: EnvironmentPickerProps) {
  const headingId = useId();
  const { environments, active, canAdd } = backend;
  const isEmpty = environments.length === 0;
  return (
    <section className="card environments" aria-labelledby={headingId}>
      <h3 className="panel-heading" id={headingId}>
        <ServerIcon />
        {text('window.environments')}
      </h3>
      <p className="help">{isEmpty ? text('window.environments.none') : hint('window.environments')}</p>
      <ul className="environment-list">
        {environments.map(({ values: { name } }) => (
          <li key={name}>
            <button
              className="button environment"
              type="button"
              aria-current={name === shown ? 'true' : undefined}
              onClick={() => name !== shown && onShow(name)}
            >
              {name}
              {name === active && (
                <span className="badge">
                  <CheckIcon />
                  {text('window.environments.in-use')}
                </span>
              )}
            </button>
          </li>
        ))}
        {shown === null && (
          <li>
            <button className="button environment" type="button" aria-current="true">
              {text('window.environments.new')}
            </button>
          </li>
        )}
        {canAdd && shown !== null && (
          <li>
            <button className={isEmpty ? 'button button-strong' : 'button'} type="button" onClick={() => onShow(null)}>
              {text('window.environments.add')}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}
