import { useId, type Ref } from 'react';
import type { CredentialKind } from '../../../shared/backend.js';
import type { CredentialStatus } from '../view/backendScreen.js';
import { text } from '../view/text.js';
import { StateSign } from './StateSign.js';

interface CredentialFieldProps {
  /** React never holds what is typed: a controlled input would write it into the document. */
  ref: Ref<HTMLInputElement>;
  kind: CredentialKind;
  status: CredentialStatus;
  onTyped(isTyped: boolean): void;
  /** Null: there is nothing to forget yet. */
  onForget: (() => void) | null;
}

/** The credential: can be typed, replaced and forgotten, never read. Says whether one is there. */
export function CredentialField({ ref, kind, status, onTyped, onForget }: CredentialFieldProps) {
  const [inputId, statusId, helpId] = [useId(), useId(), useId()];
  return (
    <div className="field credential">
      {status.isTaken ? (
        <label className="field-label" htmlFor={inputId}>
          {text('window.credential')}
        </label>
      ) : (
        <p className="field-label">{text('window.credential')}</p>
      )}
      {status.isTaken && (
        <div className="credential-row">
          <input
            ref={ref}
            id={inputId}
            className="input"
            type="password"
            autoComplete="new-password"
            maxLength={8192}
            aria-describedby={`${statusId} ${helpId}`}
            onChange={(event) => onTyped(event.target.value !== '')}
          />
          {status.canForget && onForget && (
            <button className="button" type="button" onClick={onForget}>
              {text('window.credential.forget')}
            </button>
          )}
        </div>
      )}
      <p className={`credential-status sign-${status.tone}`} id={statusId} role="status">
        <StateSign tone={status.tone} />
        <span>{status.message}</span>
      </p>
      <div className="help" id={helpId}>
        <p>{status.hint}</p>
        {kind === 'basic' && <p>{text('window.credential.basic')}</p>}
      </div>
    </div>
  );
}
