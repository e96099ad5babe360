import { useId, useRef, type ReactNode } from 'react';
import { describe } from '../../../shared/messages/index.js';
import { languages, preferences, type Preferences } from '../../../shared/preferences.js';
import type { LicensedView } from '../../../shared/state.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { usePreferenceChanges, type PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { linkTo } from '../bridge/useRoute.js';
import { goesRound, metricsChoices, toLicensedDraft, withMetrics } from '../view/licensedForm.js';
import { changeText } from '../view/settingsView.js';
import { shortcuts } from '../view/shortcuts.js';
import { hint, text } from '../view/text.js';
import { Banners } from './Banners.js';
import { Field } from './Field.js';
import { LockIcon, PaletteIcon, PowerIcon, RecordIcon, ServerIcon } from './icons.js';
import { RecordingFolder } from './RecordingFolder.js';

/** What a person may like otherwise. Each change takes effect at once; the last one can be undone. */
export function SettingsScreen({ state }: StateProps) {
  const changes = usePreferenceChanges(state.preferences);
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.settings')}
        </h2>
        <p className="screen-purpose">{hint('window.settings')}</p>
      </div>
      <Banners state={state} />
      <Card heading={text('window.settings.appearance')} icon={<PaletteIcon />}>
        <div className="fields">
          <LanguagePicker language={state.preferences.language} changes={changes} />
          <ThemePicker theme={state.preferences.theme} changes={changes} />
        </div>
      </Card>
      <Card heading={text('window.settings.start')} icon={<PowerIcon />}>
        <PreferenceSwitch name="startsAtLaunch" preferences={state.preferences} changes={changes} />
        <PreferenceSwitch name="singleKeyShortcuts" preferences={state.preferences} changes={changes}>
          <dl className="settings-keys">
            {shortcuts
              .filter(({ isSingleKey }) => isSingleKey)
              .map(({ key, does }) => (
                <div key={key}>
                  <dt>
                    <kbd>{text(key)}</kbd>
                  </dt>
                  <dd className="help">{text(does)}</dd>
                </div>
              ))}
          </dl>
        </PreferenceSwitch>
      </Card>
      <Card heading={text('window.settings.recordings')} icon={<RecordIcon />}>
        <div>
          <p className="help">{hint('window.settings.recordings')}</p>
          <p className="settings-path">{state.recordings.folder}</p>
        </div>
        <RecordingFolder recordings={state.recordings} />
      </Card>
      <Card heading={text('window.settings.privacy')} icon={<ServerIcon />}>
        <p className="settings-prose">{hint('window.settings.privacy')}</p>
        <PreferenceSwitch name="vendorErrorReports" preferences={state.preferences} changes={changes}>
          {state.licensed.isLibraryLoaded && (
            <p className="help settings-later">{text('window.settings.vendorErrorReports.next-start')}</p>
          )}
        </PreferenceSwitch>
        <UsageMetrics licensed={state.licensed} />
      </Card>
      <LastChange changes={changes} />
    </>
  );
}

interface CardProps {
  heading: string;
  icon: ReactNode;
  children: ReactNode;
}

function Card({ heading, icon, children }: CardProps) {
  const headingId = useId();
  return (
    <section className="card editor" aria-labelledby={headingId}>
      <h3 className="panel-heading" id={headingId}>
        {icon}
        {heading}
      </h3>
      {children}
    </section>
  );
}

interface PickerProps {
  changes: PreferenceChanges;
}

interface PreferenceSwitchProps extends PickerProps {
  name: 'startsAtLaunch' | 'singleKeyShortcuts' | 'vendorErrorReports';
  preferences: Preferences;
  /** More to read about it. */
  children?: ReactNode;
}

/** A preference that is on or off. */
function PreferenceSwitch({ name, preferences: liked, changes, children }: PreferenceSwitchProps) {
  const helpId = useId();
  return (
    <div className="settings-switch">
      <label className="choice">
        <input
          type="checkbox"
          role="switch"
          checked={liked[name]}
          aria-describedby={helpId}
          onChange={({ target }) => changes.change(name, target.checked)}
        />
        {text(`window.settings.${name}`)}
      </label>
      <p className="help" id={helpId}>
        {hint(`window.settings.${name}`)}
      </p>
      {children}
    </div>
  );
}

/** Whether the licensed engine's library counts for the organisation. What else it takes is set beside its files. */
function UsageMetrics({ licensed }: { licensed: LicensedView }) {
  const { command } = useConnection();
  const [labelId, helpId, lockId, groupName] = [useId(), useId(), useId(), useId()];
  const { metrics, sessionId, interval } = toLicensedDraft(licensed);
  const lock = licensed.metricsLockReason;
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
      <div className="choices">
        {metricsChoices.map((each) => (
          <label key={each} className="choice">
            <input
              type="radio"
              name={groupName}
              value={each}
              checked={each === metrics}
              disabled={lock !== null && each !== metrics}
              onKeyDown={(event) => goesRound(each, event.key) && event.preventDefault()}
              onChange={() => void command('licensed.choose', { otel: withMetrics(licensed.otel, each) })}
            />
            {text(`window.licensed.metrics.${each}`)}
          </label>
        ))}
      </div>
      <div id={helpId}>
        <p className="help">{hint('window.licensed.metrics')}</p>
        {metrics === 'on' && (
          <p className="help">
            {sessionId
              ? text('window.settings.metrics.named', { session: sessionId, seconds: interval })
              : text('window.settings.metrics.random', { seconds: interval })}
          </p>
        )}
        <p className="help">{text('window.licensed.vendor')}</p>
      </div>
      {lock ? (
        <p className="field-lock" id={lockId}>
          <LockIcon />
          {describe(lock).message}
        </p>
      ) : (
        <a className="link" href={linkTo('backend')}>
          {text('window.settings.metrics.change')}
        </a>
      )}
    </div>
  );
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
