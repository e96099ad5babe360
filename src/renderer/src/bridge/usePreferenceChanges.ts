import { useCallback, useState } from 'react';
import type { Preferences } from '../../../shared/preferences.js';
import { usualPreferences } from '../../../shared/preferences.js';
import { useConnection } from './hooks.js';

/** What was done last: one preference, or the reset of all. */
export type PreferenceChange = keyof Preferences | 'reset';

interface Done {
  what: PreferenceChange;
  /** The values that it replaced. */
  before: Partial<Preferences>;
}

export interface PreferenceChanges {
  change<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void;
  reset(): void;
  undo(): void;
  /** `nothing`: a reset found nothing to do. */
  last: PreferenceChange | 'undone' | 'nothing' | null;
  canUndo: boolean;
}

const namesOf = (values: Partial<Preferences>) => Object.keys(values) as (keyof Preferences)[];
const pick = (values: Preferences, names: (keyof Preferences)[]): Partial<Preferences> =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

/** Changes preferences at once, and remembers what the last change replaced. */
export function usePreferenceChanges(preferences: Preferences): PreferenceChanges {
  const { command } = useConnection();
  const [done, setDone] = useState<Done | null>(null);
  const [outcome, setOutcome] = useState<'undone' | 'nothing' | null>(null);

  const make = useCallback(
    (what: PreferenceChange, changes: Partial<Preferences>) => {
      setOutcome(null);
      setDone({ what, before: pick(preferences, namesOf(changes)) });
      void command('settings.change', changes);
    },
    [command, preferences],
  );

  // What main has refused, or has not done yet, is nothing to undo.
  const isDone = done !== null && namesOf(done.before).some((name) => done.before[name] !== preferences[name]);

  return {
    change: (name, value) => make(name, { [name]: value }),
    reset: () => {
      const changed = namesOf(usualPreferences).filter((name) => preferences[name] !== usualPreferences[name]);
      if (changed.length > 0) return make('reset', pick(usualPreferences, changed));
      setDone(null);
      setOutcome('nothing');
    },
    undo: () => {
      if (!done) return;
      setDone(null);
      setOutcome('undone');
      void command('settings.change', done.before);
    },
    last: isDone ? done.what : outcome,
    canUndo: isDone,
  };
}
