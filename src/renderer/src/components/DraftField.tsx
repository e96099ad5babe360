import type { EnvironmentDraft } from '../view/environmentForm.js';
import { hint, text, type TextCode } from '../view/text.js';
import { Field } from './Field.js';
import type { FormPartProps } from './formParts.js';
import { TextInput } from './TextInput.js';

interface DraftFieldProps {
  parts: FormPartProps;
  /** One line of text in the draft. */
  field: Exclude<keyof EnvironmentDraft, 'method' | 'headers' | 'body' | 'credentialKind'>;
  /** Of its label, and the line of help. */
  code: TextCode;
  inputMode?: 'url' | 'decimal';
}

/** A field of an environment that is one line of text. */
export function DraftField({ parts, field, code, inputMode }: DraftFieldProps) {
  const { draft, edit, problemOf, lockOf, touch } = parts;
  return (
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
}
