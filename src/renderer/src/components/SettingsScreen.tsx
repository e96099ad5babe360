import { useId, useRef } from 'react';
import { languages, preferences } from '../../../shared/preferences.js';
import type { StateProps } from '../bridge/hooks.js';
import { usePreferenceChanges, type PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { lockWordsOf } from '../view/locks.js';
import { changeText, resettableNames } from '../view/settingsView.js';
import { shortcuts } from '../view/shortcuts.js';
import { hint, text, type TextCode } from '../view/text.js';
import { Banners } from './Banners.js';
import { DesktopSettings } from './DesktopSettings.js';
import { Field } from './Field.js';
import { GlobalShortcuts } from './GlobalShortcuts.js';
import { KeyboardIcon, PaletteIcon, PowerIcon, RecordIcon, ServerIcon, TrayIcon } from './icons.js';
import { LockLine } from './LockLine.js';
import { PreferenceSwitch } from './PreferenceSwitch.js';
import { RadioChoices } from './RadioChoices.js';
import { RecordingFolder } from './RecordingFolder.js';
import { ScreenHead } from './ScreenHead.js';
import { SettingsCard } from './SettingsCard.js';
import { UpdatesCard } from './UpdatesCard.js';
import { UsageMetrics } from './UsageMetrics.js';
import { Words } from './Words.js';

/** What a person may like otherwise. Each change takes effect at once; the last one can be undone. */
export function SettingsScreen({ state }: StateProps) {
  const resettable = resettableNames(state);
  const changes = usePreferenceChanges(state.preferences, resettable);
  const { desktop } = state;
  return (
    <>
      <ScreenHead title={text('window.settings')} purpose={hint('window.settings')} />
      <Banners state={state} />
      <SettingsCard heading={text('window.settings.appearance')} icon={<PaletteIcon />}>
        <div className="fields">
          <LanguagePicker state={state} changes={changes} />
          <ThemePicker state={state} changes={changes} />
        </div>
      </SettingsCard>
      <SettingsCard heading={text('window.settings.start')} icon={<PowerIcon />}>
        <PreferenceSwitch name="startsAtLaunch" state={state} changes={changes} />
        <PreferenceSwitch name="singleKeyShortcuts" state={state} changes={changes}>
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
      </SettingsCard>
      {desktop && (
        <>
          <SettingsCard heading={text('window.keys')} icon={<KeyboardIcon />}>
            <GlobalShortcuts state={state} desktop={desktop} changes={changes} />
          </SettingsCard>
          <SettingsCard heading={text('window.desktop')} icon={<TrayIcon />}>
            <DesktopSettings state={state} desktop={desktop} changes={changes} />
          </SettingsCard>
        </>
      )}
      <SettingsCard heading={text('window.settings.recordings')} icon={<RecordIcon />}>
        <div>
          <p className="help">{hint('window.settings.recordings')}</p>
          <p className="settings-path">
            <Words>{state.recordings.folder}</Words>
          </p>
        </div>
        <RecordingFolder state={state} />
      </SettingsCard>
      {desktop && <UpdatesCard state={state} updates={desktop.updates} changes={changes} />}
      <SettingsCard heading={text('window.settings.privacy')} icon={<ServerIcon />}>
        <p className="settings-prose">{hint('window.settings.privacy')}</p>
        <PreferenceSwitch name="vendorErrorReports" state={state} changes={changes}>
          {state.licensed.isLibraryLoaded && (
            <p className="help settings-later">{text('window.settings.vendorErrorReports.next-start')}</p>
          )}
        </PreferenceSwitch>
        <UsageMetrics state={state} />
      </SettingsCard>
      <LastChange
        changes={changes}
        canReset={resettable.length > 0}
        help={desktop ? 'window.settings.reset.desktop' : 'window.settings.reset'}
      />
    </>
  );
}

interface PickerProps extends StateProps {
  changes: PreferenceChanges;
}

function LanguagePicker({ state, changes }: PickerProps) {
  const { language } = state.preferences;
  const words = lockWordsOf(state, 'language');
  const lock = words === null ? null : { words, value: text(`window.settings.language.${language}`) };
  return (
    <Field name="language" label={text('window.settings.language')} help={hint('window.settings.language')} lock={lock}>
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

function ThemePicker({ state, changes }: PickerProps) {
  const [labelId, lockId] = [useId(), useId()];
  const lock = lockWordsOf(state, 'theme');
  return (
    <div className="field" role="radiogroup" aria-labelledby={labelId} aria-describedby={lock ? lockId : undefined}>
      <p className="field-label" id={labelId}>
        {text('window.settings.theme')}
      </p>
      <RadioChoices
        options={preferences.shape.theme.options}
        chosen={state.preferences.theme}
        labelOf={(theme) => text(`window.settings.theme.${theme}`)}
        isLocked={lock !== null}
        onChoose={(theme) => changes.change('theme', theme)}
      />
      {lock && <LockLine id={lockId} words={lock} />}
    </div>
  );
}

interface LastChangeProps {
  changes: PreferenceChanges;
  /** False: all that a reset could touch is fixed. */
  canReset: boolean;
  help: TextCode;
}

/** The way back: from the last change, and from all of them. */
function LastChange({ changes, canReset, help }: LastChangeProps) {
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
        <button
          className="button"
          type="button"
          aria-disabled={!canReset}
          aria-describedby={helpId}
          onClick={() => canReset && changes.reset()}
        >
          {text('window.settings.reset')}
        </button>
        <p className="help" id={helpId}>
          {canReset ? hint(help) : text('window.settings.reset.locked')}
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
