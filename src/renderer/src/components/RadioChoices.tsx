import { useId, type KeyboardEvent } from 'react';

interface RadioChoicesProps<Value extends string> {
  options: readonly Value[];
  chosen: Value;
  labelOf(value: Value): string;
  onChoose(value: Value): void;
  /** It can be read, not changed. */
  isLocked?: boolean;
  onKeyDown?(value: Value, event: KeyboardEvent): void;
}

/** One of a few, side by side; what is around it is the radio group, and names it. */
export function RadioChoices<Value extends string>({
  options,
  chosen,
  labelOf,
  onChoose,
  isLocked = false,
  onKeyDown,
}: RadioChoicesProps<Value>) {
  const groupName = useId();
  return (
    <div className="choices">
      {options.map((value) => (
        <label key={value} className="choice">
          <input
            type="radio"
            name={groupName}
            value={value}
            checked={value === chosen}
            disabled={isLocked && value !== chosen}
            onKeyDown={(event) => onKeyDown?.(value, event)}
            onChange={() => onChoose(value)}
          />
          {labelOf(value)}
        </label>
      ))}
    </div>
  );
}
