import { useId, useState, type FormEvent } from 'react';
import { describe, describeError, type Message } from '../../../shared/messages/index.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useUnsaved } from '../bridge/leaveGuard.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text } from '../view/text.js';
import { WarningIcon } from './icons.js';
import { LockedValue } from './LockedValue.js';
import { LockLine } from './LockLine.js';
import { TextInput } from './TextInput.js';

/** Where recordings go, and how to have them elsewhere. */
export function RecordingFolder({ state }: StateProps) {
  const { ask } = useConnection();
  const id = useId();
  const { folder, isDefault, lockReason } = state.recordings;
  const lock = lockReason ? describe(lockReason).message : lockWordsOf(state, 'recordingsFolder');
  const [typed, setTyped] = useState<string | null>(null);
  const [failure, setFailure] = useState<Message | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  // What a lock hides can neither be saved nor seen.
  useUnsaved('recordings', lock === null && typed !== null && typed !== folder);

  const save = async (wanted: string | null) => {
    setFailure(null);
    setIsSaved(false);
    const answer = await ask('recording.setFolder', { folder: wanted });
    if (!answer) return setFailure(describe({ code: 'window.disconnected', params: {} }));
    if (!answer.ok) return setFailure(describeError(answer.error));
    setTyped(null);
    setIsSaved(true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // As it is, the usual folder stays what it is: wherever that may be tomorrow.
    if (typed === null || typed === folder) return;
    const wanted = typed.trim();
    void save(wanted === '' ? null : wanted);
  };

  return (
    <details className="details">
      <summary>{text('window.record.change')}</summary>
      <form className="recording-form" noValidate onSubmit={submit}>
        <label className="field-label" htmlFor={id}>
          {text('window.record.path')}
        </label>
        {lock !== null ? (
          <>
            <LockedValue id={id} value={folder} aria-describedby={`${id}-lock`} />
            <LockLine id={`${id}-lock`} words={lock} />
          </>
        ) : (
          <>
            <TextInput
              id={id}
              value={typed ?? folder}
              maxLength={4000}
              aria-invalid={failure ? true : undefined}
              aria-describedby={failure ? `${id}-problem` : `${id}-help`}
              onText={(value) => {
                setTyped(value);
                setIsSaved(false);
              }}
            />
            {failure && (
              <p className="field-problem" id={`${id}-problem`} role="alert">
                <WarningIcon />
                {failure.message} {failure.hint}
              </p>
            )}
            <p className="help" id={`${id}-help`}>
              {hint('window.record.path')}
            </p>
            <div className="form-actions">
              <button className="button" type="submit">
                {text('window.record.path.save')}
              </button>
              {!isDefault && (
                <button className="button" type="button" onClick={() => void save(null)}>
                  {text('window.record.path.usual')}
                </button>
              )}
              <p className="help" role="status">
                {isSaved && text('window.record.path.saved')}
              </p>
            </div>
          </>
        )}
      </form>
    </details>
  );
}
