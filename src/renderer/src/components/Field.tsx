import { useId, type ReactNode } from 'react';
import { text, type TextCode } from '../view/text.js';
import { WarningIcon } from './icons.js';
import { LockedValue } from './LockedValue.js';
import { LockLine } from './LockLine.js';
import { Words } from './Words.js';

/** What a control needs to belong to its field. */
export interface ControlProps {
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** Why it is fixed, in a few words and as the element that says all of it, and the value to show. */
export interface FieldLock {
  reasonId?: string | undefined;
  words: string;
  value: string;
}

interface FieldProps {
  /** Its name in the form, by which it is found to be focused. */
  name: string;
  label: string;
  /** The label is there for readers only. */
  isLabelHidden?: boolean;
  /** Takes the whole row. */
  isWide?: boolean;
  help?: string;
  problem?: TextCode | undefined;
  lock?: FieldLock | null;
  children(control: ControlProps): ReactNode;
}

/** A label, a control, its help, and what is wrong with it. A fixed one can be read and copied, not changed. */
export function Field({
  name,
  label,
  isLabelHidden = false,
  isWide = false,
  help,
  problem,
  lock,
  children,
}: FieldProps) {
  const id = useId();
  const [helpId, problemId, lockId] = [`${id}-help`, `${id}-problem`, `${id}-lock`];
  const described = [lock && lockId, lock?.reasonId, problem && problemId, help && !lock && helpId]
    .filter(Boolean)
    .join(' ');
  const control: ControlProps = {
    id,
    name,
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? true : undefined,
  };
  return (
    <div className={isWide ? 'field field-wide' : 'field'}>
      <label className={isLabelHidden ? 'for-readers' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      {lock ? <LockedValue {...control} value={lock.value} /> : children(control)}
      {lock && <LockLine id={lockId} words={lock.words} />}
      {problem && (
        <p className="field-problem" id={problemId}>
          <WarningIcon />
          <span>
            <Words>{text(problem)}</Words>
          </span>
        </p>
      )}
      {help && !lock && (
        <p className="help" id={helpId}>
          <Words>{help}</Words>
        </p>
      )}
    </div>
  );
}
