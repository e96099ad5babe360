import { globalActions } from '../../../shared/desktop.js';
import type { AppState } from '../../../shared/state.js';
import { acceleratorWords } from './accelerators.js';
import type { TextCode } from './text.js';

/** Keys that work alone in the live view, as a keyboard names them in lower case. */
export const singleKeys = { bypass: 'b', record: 'r' } as const;

/** One line of the list of keys. */
export interface Shortcut {
  /** What stands on the key. */
  key: TextCode;
  does: TextCode;
  /** Works alone, so it can be switched off in the settings. */
  isSingleKey: boolean;
}

/** Every key that does more than move within a control. */
export const shortcuts: readonly Shortcut[] = [
  { key: 'window.key.b', does: 'window.shortcut.bypass', isSingleKey: true },
  { key: 'window.key.r', does: 'window.shortcut.record', isSingleKey: true },
  { key: 'window.key.x', does: 'window.shortcut.version', isSingleKey: false },
  { key: 'window.key.tab', does: 'window.shortcut.tab', isSingleKey: false },
  { key: 'window.key.space', does: 'window.shortcut.space', isSingleKey: false },
  { key: 'window.key.delete', does: 'window.shortcut.full-strength', isSingleKey: false },
  { key: 'window.key.escape', does: 'window.shortcut.escape', isSingleKey: false },
];

/** Keys of the whole system that are set: what stands on them, and what they do. Nothing in a panel, which has none. */
export function globalShortcutLines({
  desktop,
  preferences,
  platform,
}: AppState): { keys: string[]; does: TextCode }[] {
  if (desktop === null) return [];
  return globalActions.flatMap((action) => {
    const keys = preferences.globalShortcuts[action];
    return keys === null
      ? []
      : [{ keys: acceleratorWords(keys, platform), does: `window.shortcut.anywhere.${action}` as const }];
  });
}

/** The part of a key press that decides whether it is a shortcut. */
type KeyPress = Pick<KeyboardEvent, 'key' | 'repeat' | 'isComposing' | 'defaultPrevented'> &
  Pick<KeyboardEvent, 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey'>;

/** Whether somebody pressed this one key and nothing else: no modifier, no repetition, no letter on its way to a word. */
export function isAlone(press: KeyPress, key: string): boolean {
  if (press.defaultPrevented || press.isComposing || press.repeat) return false;
  if (press.ctrlKey || press.altKey || press.metaKey || press.shiftKey) return false;
  return press.key.toLowerCase() === key;
}
