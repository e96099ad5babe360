import { useId } from 'react';
import type { DeviceOptions } from '../view/deviceOptions.js';

interface DevicePickerProps {
  labelledBy: string;
  options: DeviceOptions;
  help: string;
  onChoose(id: string): void;
}

/** A native list: it works with every keyboard, screen reader and zoom level. */
export function DevicePicker({ labelledBy, options, help, onChoose }: DevicePickerProps) {
  const helpId = useId();
  return (
    <>
      <select
        className={options.selected === '' ? 'picker picker-empty' : 'picker'}
        aria-labelledby={labelledBy}
        aria-describedby={help ? helpId : undefined}
        value={options.selected}
        onChange={(event) => event.target.value && onChoose(event.target.value)}
      >
        {options.leading.map(({ value, label }) => (
          <option key={value} value={value} disabled={value === ''}>
            {label}
          </option>
        ))}
        {options.groups.map(({ heading, options: inGroup }) => (
          <optgroup key={heading} label={heading}>
            {inGroup.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {help && (
        <p className="help" id={helpId}>
          {help}
        </p>
      )}
    </>
  );
}
