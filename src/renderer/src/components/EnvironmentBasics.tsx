import type { ReactNode } from 'react';
import { credentialKind } from '../../../shared/backend.js';
import { hint, text, type TextCode } from '../view/text.js';
import type { FormPartProps } from './formParts.js';
import { Field } from './Field.js';
import { TextInput } from './TextInput.js';

/** Name, address and how Limpid signs in: what every backend needs. */
export function EnvironmentBasics({ children, ...parts }: FormPartProps & { children: ReactNode }) {
  const { draft, edit, problemOf, lockOf, touch } = parts;
  const signInField = (field: 'issuer' | 'clientId' | 'scope', code: TextCode, inputMode?: 'url') => (
    <Field
      name={field}
      label={text(code)}
      help={hint(code)}
      problem={problemOf(field)}
      lock={lockOf(field, draft[field])}
    >
      {(control) => (
        <TextInput
          {...control}
          inputMode={inputMode}
          value={draft[field]}
          onBlur={() => touch(field)}
          onText={(value) => edit({ [field]: value })}
        />
      )}
    </Field>
  );
  return (
    <div className="fields">
      <Field
        name="name"
        label={text('window.environment.name')}
        help={hint('window.environment.name')}
        problem={problemOf('name')}
        lock={lockOf('name', draft.name)}
      >
        {(control) => (
          <TextInput
            {...control}
            value={draft.name}
            onBlur={() => touch('name')}
            onText={(value) => edit({ name: value })}
          />
        )}
      </Field>
      <Field
        name="url"
        label={text('window.environment.url')}
        help={hint('window.environment.url')}
        problem={problemOf('url')}
        lock={lockOf('url', draft.url)}
      >
        {(control) => (
          <TextInput
            {...control}
            inputMode="url"
            value={draft.url}
            onBlur={() => touch('url')}
            onText={(value) => edit({ url: value })}
          />
        )}
      </Field>
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
        <Field
          name="credentialHeader"
          label={text('window.environment.credential-header')}
          problem={problemOf('credentialHeader')}
          lock={lockOf('credentialHeader', draft.credentialHeader)}
        >
          {(control) => (
            <TextInput
              {...control}
              value={draft.credentialHeader}
              onBlur={() => touch('credentialHeader')}
              onText={(value) => edit({ credentialHeader: value })}
            />
          )}
        </Field>
      )}
      {draft.credentialKind === 'sign-in' && (
        <>
          {signInField('issuer', 'window.signIn.issuer', 'url')}
          {signInField('clientId', 'window.signIn.client-id')}
          {signInField('scope', 'window.signIn.scope')}
        </>
      )}
      {children}
    </div>
  );
}
