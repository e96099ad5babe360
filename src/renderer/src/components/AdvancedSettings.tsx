import { useId, type HTMLInputTypeAttribute } from 'react';
import { hint, text, type TextCode } from '../view/text.js';
import type { FormPartProps } from './formParts.js';
import { Field } from './Field.js';
import { HeaderRows } from './HeaderRows.js';

interface AdvancedSettingsProps extends FormPartProps {
  isOpen: boolean;
  onToggle(isOpen: boolean): void;
}

type TextFieldName = 'resource' | 'audience' | 'token' | 'expiresAt' | 'expiresIn' | 'timeout' | 'caFile' | 'proxy';

/** What most backends never need. */
export function AdvancedSettings({ isOpen, onToggle, ...parts }: AdvancedSettingsProps) {
  const { draft, edit, problemOf, lockOf, touch } = parts;
  const [signInId, replyId] = [useId(), useId()];

  const textField = (field: TextFieldName, code: TextCode, type: HTMLInputTypeAttribute = 'text') => (
    <Field
      name={field}
      label={text(code)}
      help={hint(code)}
      problem={problemOf(field)}
      lock={lockOf(field, draft[field])}
    >
      {(control) => (
        <input
          {...control}
          className="input"
          type={type}
          inputMode={field === 'timeout' ? 'decimal' : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={draft[field]}
          onBlur={() => touch(field)}
          onChange={(event) => edit({ [field]: event.target.value })}
        />
      )}
    </Field>
  );

  return (
    <details className="disclosure" open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>{text('window.environment.advanced')}</summary>
      <div className="fields">
        {draft.credentialKind === 'sign-in' && (
          <div className="field-group" role="group" aria-labelledby={signInId}>
            <p className="field-label" id={signInId}>
              {text('window.signIn.more')}
            </p>
            <p className="help">{hint('window.signIn.more')}</p>
            <div className="fields">
              {textField('resource', 'window.signIn.resource')}
              {textField('audience', 'window.signIn.audience')}
            </div>
          </div>
        )}
        <Field name="method" label={text('window.environment.method')} lock={lockOf('method', draft.method)}>
          {(control) => (
            <select
              {...control}
              className="picker"
              value={draft.method}
              onChange={(event) => edit({ method: event.target.value === 'GET' ? 'GET' : 'POST' })}
            >
              <option>POST</option>
              <option>GET</option>
            </select>
          )}
        </Field>
        <HeaderRows {...parts} />
        {draft.method === 'POST' && (
          <Field
            name="body"
            isWide
            label={text('window.environment.body')}
            help={hint('window.environment.body')}
            problem={problemOf('body')}
            lock={lockOf('body', draft.body)}
          >
            {(control) => (
              <textarea
                {...control}
                className="input"
                rows={3}
                spellCheck={false}
                value={draft.body}
                onBlur={() => touch('body')}
                onChange={(event) => edit({ body: event.target.value })}
              />
            )}
          </Field>
        )}
        <div className="field-group" role="group" aria-labelledby={replyId}>
          <p className="field-label" id={replyId}>
            {text('window.environment.reply')}
          </p>
          <p className="help">{hint('window.environment.reply')}</p>
          <div className="field-columns">
            {textField('token', 'window.environment.token')}
            {textField('expiresAt', 'window.environment.expiresAt')}
            {textField('expiresIn', 'window.environment.expiresIn')}
          </div>
        </div>
        {textField('timeout', 'window.environment.timeout')}
        {textField('caFile', 'window.environment.ca-file')}
        {textField('proxy', 'window.environment.proxy')}
      </div>
    </details>
  );
}
