import { useId, useRef } from 'react';
import { languages, preferences } from '../../../shared/preferences.js';
import type { StateProps } from '../bridge/hooks.js';
import { usePreferenceChanges, type PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { changeText } from '../view/settingsView.js';
import { hint, text } from '../view/text.js';
import { Banners } from './Banners.js';
import { Field } from './Field.js';
import { PaletteIcon } from './icons.js';

/** What a person may like otherwise. Each change takes effect at once; the last one can be undone. */
export function SettingsScreen({ state }: StateProps) {
  const changes = usePreferenceChanges(state.preferences);
  const headingId = useId();
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.settings')}
        </h2>
        <p className="screen-purpose">{hint('window.settings')}</p>
      </div>
      <Banners state={state} />
      <section className="card editor" aria-labelledby={headingId}>
        <h3 className="panel-heading" id={headingId}>
          <PaletteIcon />
          {text('window.settings.appearance')}
        </h3>
        <div className="fields">
          <LanguagePicker language={state.preferences.language} changes={changes} />
          <ThemePicker theme={state.preferences.theme} changes={changes} />
        </div>
      </section>
      <LastChange changes={changes} />
    </>
  );
}

interface PickerProps {
  changes: PreferenceChanges;
}

function LanguagePicker({
  language,
  changes,
}: PickerProps & { language: StateProps['state']['preferences']['language'] }) {
  return (
    <Field name="language" label={text('window.settings.language')} help={hint('window.settings.language')}>
      {(control) => (
        <select
          {...control}
          className="picker"
          value={language}
          onChange={({ target }) => changes.change('language', preferences.shape.language.parse(target.value))}
        >
          <option value="system">{text('window.settings.language.system')}</option>
          {languages.map((each) => (
            <option key={each} value={each} lang={each}>
              {text(`window.settings.language.${each}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function ThemePicker({ theme, changes }: PickerProps & { theme: StateProps['state']['preferences']['theme'] }) {
  const [labelId, groupName] = [useId(), useId()];
  return (
    <div className="field" role="radiogroup" aria-labelledby={labelId}>
      <p className="field-label" id={labelId}>
        {text('window.settings.theme')}
      </p>
      <div className="choices">
        {preferences.shape.theme.options.map((each) => (
          <label key={each} className="choice">
            <input
              type="radio"
              name={groupName}
              value={each}
              checked={each === theme}
              onChange={() => changes.change('theme', each)}
            />
            {text(`window.settings.theme.${each}`)}
          </label>
        ))}
      </div>
    </div>
  );
}

/** The way back: from the last change, and from all of them. */
function LastChange({ changes }: PickerProps) {
  const helpId = useId();
  const said = useRef<HTMLDivElement>(null);
  const undo = () => {
    // The button goes; who used it stays here.
    said.current?.focus();
    changes.undo();
  };
  return (
    <section className="card settings-end" aria-label={text('window.settings.reset')}>
      <div>
        <button className="button" type="button" aria-describedby={helpId} onClick={changes.reset}>
          {text('window.settings.reset')}
        </button>
        <p className="help" id={helpId}>
          {hint('window.settings.reset')}
        </p>
      </div>
      <div className="settings-last" role="status" tabIndex={-1} ref={said}>
        <p>{changeText(changes.last)}</p>
        {changes.canUndo && (
          <button className="button" type="button" onClick={undo}>
            {text('window.settings.undo')}
          </button>
        )}
      </div>
    </section>
  );
}
