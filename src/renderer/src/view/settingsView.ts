import { usualPreferences, type Preferences } from '../../../shared/preferences.js';
import type { AppState } from '../../../shared/state.js';
import type { PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { text } from './text.js';

/** Preferences that are on or off. */
export type SwitchName = {
  [Name in keyof Preferences]: Preferences[Name] extends boolean ? Name : never;
}[keyof Preferences];

/** What only an app with windows of its own has. */
const desktopNames: ReadonlySet<keyof Preferences> = new Set([
  'startsAtLogin',
  'staysInTray',
  'notifies',
  'globalShortcuts',
  'looksForUpdates',
]);

/** The preferences that this screen shows and nobody fixed: those are reset, and no others. */
export function resettableNames({ policy, desktop }: Pick<AppState, 'policy' | 'desktop'>): (keyof Preferences)[] {
  const names = Object.keys(usualPreferences) as (keyof Preferences)[];
  return names.filter((name) => !policy.locked.includes(name) && (desktop !== null || !desktopNames.has(name)));
}

/** What was done last, in a sentence; empty before anything was. */
export function changeText(last: PreferenceChanges['last']): string {
  if (last === null) return '';
  if (last === 'undone') return text('window.settings.undone');
  if (last === 'nothing') return text('window.settings.usual');
  return text(`window.settings.changed.${last}`);
}
