import { useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import { describe, type Message } from '../../../shared/messages/index.js';
import type { LicensedView } from '../../../shared/state.js';
import { useConnection } from '../bridge/hooks.js';
import { useUnsaved } from '../bridge/leaveGuard.js';
import { useDraft } from '../bridge/useDraft.js';
import { metricsChoices, readLicensedDraft, toLicensedDraft, type LicensedDraft } from '../view/licensedForm.js';
import { hint, text, type TextCode } from '../view/text.js';
import { Field } from './Field.js';
import { FolderIcon } from './icons.js';
import { Notice } from './Notice.js';
import { TextInput } from './TextInput.js';

const isSame = (one: LicensedDraft, other: LicensedDraft) => JSON.stringify(one) === JSON.stringify(other);

type TextFieldName = Exclude<keyof LicensedDraft, 'metrics'>;

/** Where the licensed engine's parts are, and whether it sends metrics. */
export function LicensedFiles({ licensed }: { licensed: LicensedView }) {
  const { ask } = useConnection();
  const [headingId, metricsId, metricsHelpId, groupName] = [useId(), useId(), useId(), useId()];
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
    const answer = await ask('licensed.choose', choice);
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
  const textField = (field: TextFieldName, code: TextCode) => (
    <Field name={field} label={text(code)} help={hint(code)} problem={isTried ? problems[field] : undefined}>
      {(control) => <TextInput {...control} value={draft[field]} onText={(value) => change({ [field]: value })} />}
    </Field>
  );

  return (
    <section className="card editor" aria-labelledby={headingId}>
      <h3 className="panel-heading" id={headingId}>
        <FolderIcon />
        {text('window.licensed')}
      </h3>
      <p className="help">{hint('window.licensed')}</p>
      <form className="form" ref={form} noValidate aria-labelledby={headingId} onSubmit={(event) => void save(event)}>
        <div className="fields">
          {textField('libraryPath', 'window.licensed.library')}
          {textField('modelPath', 'window.licensed.model')}
          {textField('vadModelPath', 'window.licensed.vad-model')}
          <div className="field-group" role="radiogroup" aria-labelledby={metricsId} aria-describedby={metricsHelpId}>
            <p className="field-label" id={metricsId}>
              {text('window.licensed.metrics')}
            </p>
            <div className="choices">
              {metricsChoices.map((metrics) => (
                <label key={metrics} className="choice">
                  <input
                    type="radio"
                    name={groupName}
                    value={metrics}
                    checked={draft.metrics === metrics}
                    onChange={() => change({ metrics })}
                  />
                  {text(`window.licensed.metrics.${metrics}`)}
                </label>
              ))}
            </div>
            <div id={metricsHelpId}>
              <p className="help">{hint('window.licensed.metrics')}</p>
              <p className="help">{text('window.licensed.vendor')}</p>
            </div>
          </div>
          {draft.metrics === 'on' && textField('sessionId', 'window.licensed.session')}
          {draft.metrics === 'on' && textField('interval', 'window.licensed.interval')}
        </div>
        {failure && <Notice tone="problem" message={failure.message} hint={failure.hint} />}
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
      </form>
    </section>
  );
}
