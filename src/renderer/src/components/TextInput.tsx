import type { ComponentProps } from 'react';

type TextInputProps = Omit<ComponentProps<'input'>, 'type' | 'className' | 'onChange'> & { onText(text: string): void };

/** One line of text that is no prose: nothing completes, capitalises or corrects it. */
export function TextInput({ onText, ...rest }: TextInputProps) {
  return (
    <input
      {...rest}
      className="input"
      type="text"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => onText(event.target.value)}
    />
  );
}
