import { useId, type ReactNode } from 'react';
import type { StateProps } from '../bridge/hooks.js';
import type { PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { lockWordsOf } from '../view/locks.js';
import type { SwitchName } from '../view/settingsView.js';
import { hint, text } from '../view/text.js';
import { LockLine } from './LockLine.js';
import { Words } from './Words.js';

interface PreferenceSwitchProps extends StateProps {
  name: SwitchName;
  changes: PreferenceChanges;
  /** Why it can do nothing here; null: it can. */
  obstacle?: string | null;
  /** More to read about it. */
  children?: ReactNode;
}

/** A preference that is on or off. One that cannot be changed can still be reached, and says why. */
export function PreferenceSwitch({ state, name, changes, obstacle = null, children }: PreferenceSwitchProps) {
  const [helpId, lockId] = [useId(), useId()];
  const lock = lockWordsOf(state, name);
  const isFixed = lock !== null || obstacle !== null;
  return (
    <div className="settings-switch">
      <label className="choice">
        <input
          type="checkbox"
          role="switch"
          checked={state.preferences[name]}
          aria-disabled={isFixed || undefined}
          aria-describedby={isFixed ? `${helpId} ${lockId}` : helpId}
          onChange={({ target }) => !isFixed && changes.change(name, target.checked)}
        />
        <span>
          <Words>{text(`window.settings.${name}`)}</Words>
        </span>
      </label>
      <p className="help" id={helpId}>
        {hint(`window.settings.${name}`)}
      </p>
      {lock !== null && <LockLine id={lockId} words={lock} />}
      {lock === null && obstacle !== null && (
        <p className="help settings-later" id={lockId}>
          {obstacle}
        </p>
      )}
      {children}
    </div>
  );
}
