import { useId, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { HeaderDraft } from '../view/environmentForm.js';
import { hint, text } from '../view/text.js';
import type { FormPartProps } from './formParts.js';
import { Field } from './Field.js';
import { CrossIcon } from './icons.js';
import { TextInput } from './TextInput.js';

/** Headers that go with every request: a name and a value a row. */
export function HeaderRows({ draft, edit, problemOf, lockOf, touch }: FormPartProps) {
  const labelId = useId();
  const group = useRef<HTMLDivElement>(null);
  const { headers } = draft;
  const asText = headers.map(({ name, value }) => `${name}: ${value}`).join(', ');
  const lock = lockOf('headers', asText || text('window.environment.headers.none'));
  if (lock) {
    return (
      <Field name="headers" isWide label={text('window.environment.headers')} lock={lock}>
        {() => null}
      </Field>
    );
  }

  const change = (row: number, part: Partial<HeaderDraft>) =>
    edit({ headers: headers.map((header, index) => (index === row ? { ...header, ...part } : header)) });
  const add = () => {
    const key = 1 + Math.max(-1, ...headers.map((header) => header.key));
    flushSync(() => edit({ headers: [...headers, { key, name: '', value: '' }] }));
    group.current?.querySelector<HTMLElement>(`[name="headers.${headers.length}.name"]`)?.focus();
  };
  const remove = (row: number) => {
    flushSync(() => edit({ headers: headers.filter((_, index) => index !== row) }));
    group.current?.querySelector<HTMLElement>('.header-add')?.focus();
  };

  return (
    <div className="field-group" role="group" aria-labelledby={labelId} ref={group}>
      <p className="field-label" id={labelId}>
        {text('window.environment.headers')}
      </p>
      <p className="help">{hint('window.environment.headers')}</p>
      {headers.map((header, row) => (
        <div key={header.key} className="header-row">
          {(['name', 'value'] as const).map((part) => (
            <Field
              key={part}
              name={`headers.${row}.${part}`}
              label={text(`window.environment.header.${part}`, { number: row + 1 })}
              isLabelHidden
              problem={problemOf(`headers.${row}.${part}`)}
            >
              {(control) => (
                <TextInput
                  {...control}
                  placeholder={text(`window.environment.header.${part}.short`)}
                  value={header[part]}
                  onBlur={() => touch(`headers.${row}.${part}`)}
                  onText={(value) => change(row, { [part]: value })}
                />
              )}
            </Field>
          ))}
          <button
            className="button button-icon"
            type="button"
            aria-label={text('window.environment.header.remove', { number: row + 1 })}
            onClick={() => remove(row)}
          >
            <CrossIcon />
          </button>
        </div>
      ))}
      {headers.length < 30 && (
        <button className="button header-add" type="button" onClick={add}>
          {text('window.environment.header.add')}
        </button>
      )}
    </div>
  );
}
