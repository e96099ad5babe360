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
  /** When it was made, by a clock that never goes back. */
  atMs: number;
}

/** Within this time changes of one preference are one: arrow keys choose every option that they pass. */
const oneChangeMs = 2000;

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

/** What an undo goes back to after `next`: changes of one preference soon after each other are undone together. */
export function joinChanges(last: Done | 'undone' | 'nothing' | null, next: Done): Done {
  if (last === null || typeof last === 'string') return next;
  const isOne = next.what !== 'reset' && next.what === last.what && next.atMs - last.atMs <= oneChangeMs;
  return isOne ? { ...next, before: last.before } : next;
}

/** Main sends the same keys again with every state. */
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Changes preferences at once, and remembers what the last change replaced.
 * @param resettable those that a reset may touch
 */
export function usePreferenceChanges(
  preferences: Preferences,
  resettable: readonly (keyof Preferences)[],
): PreferenceChanges {
  const { command } = useConnection();
  const [last, setLast] = useState<Done | 'undone' | 'nothing' | null>(null);

  const make = useCallback(
    (what: PreferenceChange, changes: Partial<Preferences>) => {
      const next = { what, before: pick(preferences, namesOf(changes)), atMs: performance.now() };
      setLast((now) => joinChanges(now, next));
      void command('settings.change', changes);
    },
    [command, preferences],
  );

  const done = typeof last === 'string' ? null : last;
  // What main has refused, or has not done yet, is nothing to undo.
  const isDone = done !== null && namesOf(done.before).some((name) => !isSame(done.before[name], preferences[name]));

  const undo = async (change: Done) => {
    if (!(await command('settings.change', change.before))) return;
    // Unless something else was done meanwhile.
    setLast((now) => (now === change ? 'undone' : now));
  };

  return {
    change: (name, value) => make(name, { [name]: value }),
    reset: () => {
      const changed = resettable.filter((name) => !isSame(preferences[name], usualPreferences[name]));
      if (changed.length > 0) return make('reset', pick(usualPreferences, changed));
      setLast('nothing');
    },
    undo: () => {
      if (done) void undo(done);
    },
    last: typeof last === 'string' ? last : isDone ? done.what : null,
    canUndo: isDone,
  };
}
