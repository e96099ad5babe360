import { useId } from 'react';
import { selectedLabel, type DeviceOptions } from '../view/deviceOptions.js';
import { LockLine } from './LockLine.js';
import { LockedValue } from './LockedValue.js';

interface DevicePickerProps {
  labelledBy: string;
  options: DeviceOptions;
  help: string;
  /** Why another cannot be chosen; null: it can. */
  lock?: string | null;
  onChoose(id: string): void;
}

/** A native list: it works with every keyboard, screen reader and zoom level. */
export function DevicePicker({ labelledBy, options, help, lock = null, onChoose }: DevicePickerProps) {
  const [helpId, lockId] = [useId(), useId()];
  const described = [lock !== null && lockId, help && helpId].filter(Boolean).join(' ') || undefined;
  if (lock !== null) {
    return (
      <>
        <LockedValue value={selectedLabel(options)} aria-labelledby={labelledBy} aria-describedby={described} />
        <LockLine id={lockId} words={lock} />
        {help && (
          <p className="help" id={helpId}>
            {help}
          </p>
        )}
      </>
    );
  }
  return (
    <>
      <select
        className={options.selected === '' ? 'picker picker-empty' : 'picker'}
        aria-labelledby={labelledBy}
        aria-describedby={described}
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
