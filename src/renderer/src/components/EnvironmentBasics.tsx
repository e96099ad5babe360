import type { ReactNode } from 'react';
import { credentialKind } from '../../../shared/backend.js';
import { text } from '../view/text.js';
import { DraftField } from './DraftField.js';
import type { FormPartProps } from './formParts.js';
import { Field } from './Field.js';

/** Name, address and how Limpid signs in: what every backend needs. */
export function EnvironmentBasics({ children, ...parts }: FormPartProps & { children: ReactNode }) {
  const { draft, edit, lockOf } = parts;
  return (
    <div className="fields">
      <DraftField parts={parts} field="name" code="window.environment.name" />
      <DraftField parts={parts} field="url" code="window.environment.url" inputMode="url" />
      <Field
        name="credentialKind"
        label={text('window.environment.credential-kind')}
        lock={lockOf('credentialKind', text(`window.environment.credential-kind.${draft.credentialKind}`))}
      >
        {(control) => (
          <select
            {...control}
            className="picker"
            value={draft.credentialKind}
            onChange={(event) => edit({ credentialKind: credentialKind.parse(event.target.value) })}
          >
            {(['bearer', 'basic', 'header', 'sign-in', 'none'] as const).map((kind) => (
              <option key={kind} value={kind}>
                {text(`window.environment.credential-kind.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.credentialKind === 'header' && (
        <DraftField parts={parts} field="credentialHeader" code="window.environment.credential-header" />
      )}
      {draft.credentialKind === 'sign-in' && (
        <>
          <DraftField parts={parts} field="issuer" code="window.signIn.issuer" inputMode="url" />
          <DraftField parts={parts} field="clientId" code="window.signIn.client-id" />
          <DraftField parts={parts} field="scope" code="window.signIn.scope" />
        </>
      )}
      {children}
    </div>
  );
}
