import { useId } from 'react';
import { hint, text } from '../view/text.js';
import type { FormPartProps } from './formParts.js';
import { DraftField } from './DraftField.js';
import { Field } from './Field.js';
import { HeaderRows } from './HeaderRows.js';

interface AdvancedSettingsProps extends FormPartProps {
  isOpen: boolean;
  onToggle(isOpen: boolean): void;
}

/** What most backends never need. */
export function AdvancedSettings({ isOpen, onToggle, ...parts }: AdvancedSettingsProps) {
  const { draft, edit, problemOf, lockOf, touch } = parts;
  const [signInId, replyId] = [useId(), useId()];

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
              <DraftField parts={parts} field="resource" code="window.signIn.resource" />
              <DraftField parts={parts} field="audience" code="window.signIn.audience" />
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
            <DraftField parts={parts} field="token" code="window.environment.token" />
            <DraftField parts={parts} field="expiresAt" code="window.environment.expiresAt" />
            <DraftField parts={parts} field="expiresIn" code="window.environment.expiresIn" />
          </div>
        </div>
        <DraftField parts={parts} field="timeout" code="window.environment.timeout" inputMode="decimal" />
        <DraftField parts={parts} field="caFile" code="window.environment.ca-file" />
        <DraftField parts={parts} field="proxy" code="window.environment.proxy" />
      </div>
    </details>
  );
}
