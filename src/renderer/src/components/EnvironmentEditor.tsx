import { useEffect, useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import { environmentFields, type EnvironmentView } from '../../../shared/backend.js';
import { describe, type Message } from '../../../shared/messages/index.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useUnsaved } from '../bridge/leaveGuard.js';
import { useDraft } from '../bridge/useDraft.js';
import { credentialStatus, isFieldLocked, lockWords } from '../view/backendScreen.js';
import { firstProblem, isAdvanced, isSameDraft, newDraft, readDraft, toDraft } from '../view/environmentForm.js';
import { hint, text } from '../view/text.js';
import { AdvancedSettings } from './AdvancedSettings.js';
import { ConfirmDialog } from './ConfirmDialog.js';
import { ConnectionTest } from './ConnectionTest.js';
import { CredentialField } from './CredentialField.js';
import { EnvironmentBasics } from './EnvironmentBasics.js';
import { Notice } from './Notice.js';
import { SignInCard } from './SignInCard.js';
import type { FormPartProps } from './formParts.js';

/** The name by which the leave guard knows this form. */
export const environmentForm = 'environment';

interface EnvironmentEditorProps extends StateProps {
  /** Null: a new environment. */
  view: EnvironmentView | null;
  lockReasonId: string | undefined;
  onSaved(name: string): void;
  /** It is gone: deleted, or never saved. */
  onLeave(): void;
}

/** One environment: its settings, its credential, and a test of what is saved. */
export function EnvironmentEditor({ state, view, lockReasonId, onSaved, onLeave }: EnvironmentEditorProps) {
  const { ask } = useConnection();
  const { backend } = state;
  const headingId = useId();
  const form = useRef<HTMLFormElement>(null);
  const credential = useRef<HTMLInputElement>(null);
  const [isCredentialTyped, setIsCredentialTyped] = useState(false);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isTried, setIsTried] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [isSaved, setIsSaved] = useState(false);
  const [failure, setFailure] = useState<Message | null>(null);
  const [question, setQuestion] = useState<'remove' | 'forget' | null>(null);

  const [names] = useState(() => backend.environments.map(({ values }) => values.name));
  const savedName = view?.values.name ?? null;
  const saved = useMemo(() => (view ? toDraft(view.values) : newDraft(names)), [view, names]);
  const { draft, edit, settle, discard, isDirty, isChangedElsewhere } = useDraft(saved, isSameDraft);
  const isUnsaved = isDirty || isCredentialTyped;
  useUnsaved(environmentForm, isUnsaved);

  const [startsNew] = useState(view === null);
  useEffect(() => {
    if (startsNew) form.current?.querySelector('input')?.focus();
  }, [startsNew]);

  const otherNames = backend.environments.map(({ values }) => values.name).filter((each) => each !== savedName);
  const { values, problems } = readDraft(draft, otherNames);
  const status = credentialStatus(view ?? { credential: 'none' });
  const isSignIn = draft.credentialKind === 'sign-in';
  const isFixed =
    view !== null &&
    view.isLocked &&
    view.lockedFields.length === environmentFields.length &&
    (isSignIn || !status.isTaken);

  const parts: FormPartProps = {
    draft,
    edit: (part) => {
      setIsSaved(false);
      // Its field goes, and with it what was typed.
      if (part.credentialKind === 'none' || part.credentialKind === 'sign-in') setIsCredentialTyped(false);
      edit(part);
    },
    problemOf: (field) => (isTried || touched.has(field) ? problems[field] : undefined),
    lockOf: (field, value) =>
      view && isFieldLocked(view, field) ? { reasonId: lockReasonId, words: lockWords(backend), value } : null,
    touch: (field) => setTouched((before) => new Set(before).add(field)),
  };

  const refuse = (message: Message | undefined) => {
    setFailure(message ?? describe({ code: 'window.disconnected', params: {} }));
    setIsSaving(false);
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isSaving) return;
    setFailure(null);
    setIsSaved(false);
    const wrong = firstProblem(problems);
    if (!values || wrong !== null) {
      flushSync(() => {
        setIsTried(true);
        if (wrong !== null && isAdvanced(wrong)) setIsOpen(true);
      });
      form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
      return;
    }
    setIsSaving(true);
    if (isDirty || savedName === null) {
      const answer = await ask('backend.save', { name: savedName, values });
      if (!answer?.ok) return refuse(answer?.error);
      settle(toDraft(values));
      onSaved(values.name);
    }
    const typed = readCredential();
    if (typed) {
      const answer = await ask('backend.setCredential', { name: values.name, credential: typed });
      if (!answer?.ok) return refuse(answer?.error);
      clearCredential();
    }
    if (backend.active === '') await ask('backend.select', { name: values.name });
    setIsTried(false);
    setIsSaving(false);
    setIsSaved(true);
  };

  /** A pasted key often brings white space along; in a password of its own it may be meant. */
  const readCredential = () => {
    const typed = credential.current?.value ?? '';
    return draft.credentialKind === 'basic' ? typed : typed.trim();
  };

  const clearCredential = () => {
    if (credential.current) credential.current.value = '';
    setIsCredentialTyped(false);
  };

  const select = async () => {
    const answer = savedName === null ? null : await ask('backend.select', { name: savedName });
    if (!answer?.ok) refuse(answer?.error);
  };

  const answerQuestion = async (yes: boolean) => {
    setQuestion(null);
    if (!yes || savedName === null) return;
    setFailure(null);
    if (question === 'forget') {
      const answer = await ask('backend.setCredential', { name: savedName, credential: null });
      if (!answer?.ok) refuse(answer?.error);
      return;
    }
    const answer = await ask('backend.remove', { name: savedName });
    if (answer?.ok) onLeave();
    else refuse(answer?.error);
  };

  return (
    <section className="card editor" aria-labelledby={headingId}>
      <div className="card-head">
        <h3 className="panel-heading" id={headingId}>
          {savedName ?? text('window.environments.new')}
        </h3>
        {view && (
          <div className="card-actions">
            {savedName !== backend.active && !backend.isActiveLocked && (
              <button className="button" type="button" onClick={() => void select()}>
                {text('window.environments.select')}
              </button>
            )}
            {!view.isLocked && backend.environments.length > 1 && (
              <button className="button" type="button" onClick={() => setQuestion('remove')}>
                {text('window.environments.remove')}
              </button>
            )}
          </div>
        )}
      </div>
      <form className="form" ref={form} noValidate aria-labelledby={headingId} onSubmit={(event) => void save(event)}>
        <EnvironmentBasics {...parts}>
          {isSignIn && <SignInCard state={state} view={view} isUnsaved={isUnsaved} />}
          {!isSignIn && draft.credentialKind !== 'none' && (
            <CredentialField
              ref={credential}
              kind={draft.credentialKind}
              status={status}
              onTyped={(isTyped) => {
                setIsSaved(false);
                setIsCredentialTyped(isTyped);
              }}
              onForget={view ? () => setQuestion('forget') : null}
            />
          )}
        </EnvironmentBasics>
        <AdvancedSettings {...parts} isOpen={isOpen} onToggle={setIsOpen} />
        {isChangedElsewhere && (
          <Notice
            tone="warning"
            message={text('window.environment.changed-elsewhere')}
            hint={hint('window.environment.changed-elsewhere')}
          />
        )}
        {failure && <Notice tone="problem" message={failure.message} hint={failure.hint} />}
        {!isFixed && (
          // A press takes no focus: what leaving a field says would move the button away from under the pointer.
          <div className="form-actions" onMouseDown={(event) => event.preventDefault()}>
            <button
              className={isUnsaved || view === null ? 'button button-strong' : 'button'}
              type="submit"
              aria-disabled={isSaving}
            >
              {text(isSaving ? 'window.environment.save.busy' : 'window.environment.save')}
            </button>
            {savedName === null && (
              <button className="button" type="button" onClick={onLeave}>
                {text('window.environments.cancel-new')}
              </button>
            )}
            {savedName !== null && isUnsaved && (
              <button
                className="button"
                type="button"
                onClick={() => {
                  discard();
                  clearCredential();
                  setFailure(null);
                  setIsTried(false);
                  setTouched(new Set());
                }}
              >
                {text('window.environment.discard')}
              </button>
            )}
            <p className="help" role="status">
              {isTried && firstProblem(problems) !== null && text('window.environment.correct')}
              {isSaved && !isUnsaved && text('window.environment.saved')}
              {isUnsaved && !isTried && text('window.environment.unsaved')}
            </p>
          </div>
        )}
      </form>
      {savedName !== null && <ConnectionTest name={savedName} isUnsaved={isUnsaved} />}
      {question && savedName !== null && (
        <ConfirmDialog
          message={text(question === 'remove' ? 'window.environments.remove.ask' : 'window.credential.forget.ask', {
            name: savedName,
          })}
          hint={hint(question === 'remove' ? 'window.environments.remove.ask' : 'window.credential.forget.ask')}
          yes={text(question === 'remove' ? 'window.environments.remove.yes' : 'window.credential.forget.yes')}
          no={text('window.cancel')}
          onAnswer={(yes) => void answerQuestion(yes)}
        />
      )}
    </section>
  );
}
