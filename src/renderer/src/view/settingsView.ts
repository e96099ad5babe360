import type { PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { text } from './text.js';

/** What was done last, in a sentence; empty before anything was. */
export function changeText(last: PreferenceChanges['last']): string {
  if (last === null) return '';
  if (last === 'undone') return text('window.settings.undone');
  if (last === 'nothing') return text('window.settings.usual');
  return text(`window.settings.changed.${last}`);
}
