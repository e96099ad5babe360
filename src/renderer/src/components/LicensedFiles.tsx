import { useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import { describe, type Message } from '../../../shared/messages/index.js';
import { licensedChoice, type AppState, type LicensedChoice } from '../../../shared/state.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useUnsaved } from '../bridge/leaveGuard.js';
import { useDraft } from '../bridge/useDraft.js';
import { metricsChoices, readLicensedDraft, toLicensedDraft, type LicensedDraft } from '../view/licensedForm.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text, type TextCode } from '../view/text.js';
import { Field } from './Field.js';
import { FolderIcon } from './icons.js';
import { LockLine } from './LockLine.js';
import { Notice } from './Notice.js';
import { RadioChoices } from './RadioChoices.js';
import { TextInput } from './TextInput.js';
import { Words } from './Words.js';

const isSame = (one: LicensedDraft, other: LicensedDraft) => JSON.stringify(one) === JSON.stringify(other);

type TextFieldName = Exclude<keyof LicensedDraft, 'metrics'>;

const lockedWordsOf = (state: AppState, name: keyof LicensedChoice): string | null => {
  const { metricsLockReason } = state.licensed;
  if (name === 'otel' && metricsLockReason) return describe(metricsLockReason).message;
  return lockWordsOf(state, `licensed.${name}`);
};

/** The setting that a field of the form belongs to. */
const settingOf = (field: keyof LicensedDraft): keyof LicensedChoice =>
  field === 'metrics' || field === 'sessionId' || field === 'interval' ? 'otel' : field;

/** Where the licensed engine's parts are, and whether it sends metrics. */
export function LicensedFiles({ state }: StateProps) {
  const { ask } = useConnection();
  const [headingId, metricsId, metricsHelpId, metricsLockId] = [useId(), useId(), useId(), useId()];
  const { licensed } = state;
  const metricsLock = lockedWordsOf(state, 'otel');
  const free = licensedChoice.keyof().options.filter((name) => lockedWordsOf(state, name) === null);
  const form = useRef<HTMLFormElement>(null);
  const saved = useMemo(() => toLicensedDraft(licensed), [licensed]);
  const { draft, edit, settle, discard, isDirty } = useDraft(saved, isSame);
  const [isTried, setIsTried] = useState(false);
  const [isSaved, setIsSaved] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<Message | null>(null);
  useUnsaved('licensed', isDirty);
  const { choice, problems } = readLicensedDraft(draft);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isSaving) return;
    setFailure(null);
    setIsSaved(false);
    flushSync(() => setIsTried(true));
    if (!choice) return form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
    setIsSaving(true);
    const answer = await ask('licensed.choose', Object.fromEntries(free.map((name) => [name, choice[name]])));
    setIsSaving(false);
    if (!answer?.ok) return setFailure(answer?.error ?? describe({ code: 'window.disconnected', params: {} }));
    settle(toLicensedDraft(choice));
    setIsTried(false);
    setIsSaved(true);
  };

  const change = (part: Partial<LicensedDraft>) => {
    setIsSaved(false);
    edit(part);
  };
  const lockOf = (field: TextFieldName) => {
    const words = lockedWordsOf(state, settingOf(field));
    return words === null ? null : { words, value: draft[field] || text('window.locked.found') };
  };
  const textField = (field: TextFieldName, code: TextCode) => (
    <Field
      name={field}
      label={text(code)}
      help={hint(code)}
      problem={isTried ? problems[field] : undefined}
      lock={lockOf(field)}
    >
      {(control) => <TextInput {...control} value={draft[field]} onText={(value) => change({ [field]: value })} />}
    </Field>
  );

  return (
    <section className="card editor" aria-labelledby={headingId}>
      <h3 className="panel-heading" id={headingId}>
        <FolderIcon />
        {text('window.licensed')}
      </h3>
      {(['libraryPath', 'modelPath', 'vadModelPath'] as const).some((field) => lockOf(field) === null) && (
        <p className="help">
          <Words>{hint('window.licensed')}</Words>
        </p>
      )}
      <form className="form" ref={form} noValidate aria-labelledby={headingId} onSubmit={(event) => void save(event)}>
        <div className="fields">
          {textField('libraryPath', 'window.licensed.library')}
          {textField('modelPath', 'window.licensed.model')}
          {textField('vadModelPath', 'window.licensed.vad-model')}
          <div
            className="field-group"
            role="radiogroup"
            aria-labelledby={metricsId}
            aria-describedby={metricsLock ? `${metricsHelpId} ${metricsLockId}` : metricsHelpId}
          >
            <p className="field-label" id={metricsId}>
              {text('window.licensed.metrics')}
            </p>
            <RadioChoices
              options={metricsChoices}
              chosen={draft.metrics}
              labelOf={(metrics) => text(`window.licensed.metrics.${metrics}`)}
              isLocked={metricsLock !== null}
              onChoose={(metrics) => change({ metrics })}
            />
            {metricsLock && <LockLine id={metricsLockId} words={metricsLock} />}
            <div id={metricsHelpId}>
              <p className="help">
                <Words>{hint('window.licensed.metrics')}</Words>
              </p>
              <p className="help">
                <Words>{text('window.licensed.metrics-variables')}</Words>
              </p>
              <p className="help">
                <Words>{text('window.licensed.vendor')}</Words>
              </p>
            </div>
          </div>
          {draft.metrics === 'on' && textField('sessionId', 'window.licensed.session')}
          {draft.metrics === 'on' && textField('interval', 'window.licensed.interval')}
        </div>
        {failure && <Notice tone="problem" message={failure.message} hint={failure.hint} />}
        {free.length > 0 && (
          <div className="form-actions">
            <button className="button" type="submit" aria-disabled={isSaving}>
              {text(isSaving ? 'window.environment.save.busy' : 'window.environment.save')}
            </button>
            {isDirty && (
              <button className="button" type="button" onClick={discard}>
                {text('window.environment.discard')}
              </button>
            )}
            <p className="help" role="status">
              {isSaved && !isDirty && text('window.environment.saved')}
              {isDirty && text('window.environment.unsaved')}
            </p>
          </div>
        )}
      </form>
    </section>
  );
}
