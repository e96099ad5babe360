import { accelerator, globalActions, type GlobalAction, type GlobalShortcuts } from '../../../shared/desktop.js';
import type { Notice } from '../../../shared/errors.js';
import type { AppState } from '../../../shared/state.js';
import { text, type TextCode } from './text.js';

type Platform = AppState['platform'];
type Modifier = 'Control' | 'Alt' | 'AltGr' | 'Shift' | 'Meta';

/** The part of a key press that says which keys are down. */
type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey' | 'getModifierState'
>;

/** What a press means while keys are recorded. `pass`: it is for the page, such as Tab; `held`: more is to come. */
export type Press =
  | { kind: 'leave' }
  | { kind: 'clear' }
  | { kind: 'pass' }
  | { kind: 'held'; words: string[] }
  | { kind: 'refused'; why: string }
  | { kind: 'keys'; accelerator: string };

const modifierKeys = new Set(['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'OS', 'Super', 'Hyper', 'Fn', 'CapsLock']);

/** Electron's names of keys that a browser calls otherwise. */
const namedKeys: Record<string, string> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Enter: 'Return',
};
const sameNamed = new Set(['Tab', 'Escape', 'Delete', 'Backspace', 'Insert', 'Home', 'End', 'PageUp', 'PageDown']);

/** Reads one press of keys. A key of the whole system needs a modifier that nobody types with: Shift alone is none. */
export function readPress(press: KeyPress, platform: Platform): Press {
  const modifiers = modifiersOf(press);
  if (modifierKeys.has(press.key))
    return { kind: 'held', words: modifiers.map((each) => modifierWord(each, platform)) };
  const isPlain = modifiers.length === 0;
  if (press.key === 'Tab' && modifiers.every((each) => each === 'Shift')) return { kind: 'pass' };
  if (isPlain && press.key === 'Escape') return { kind: 'leave' };
  if (isPlain && (press.key === 'Delete' || press.key === 'Backspace')) return { kind: 'clear' };
  if (modifiers.every((each) => each === 'Shift')) {
    const modifier = modifierWord(platform === 'darwin' ? 'Meta' : 'Control', platform);
    return { kind: 'refused', why: text('window.keys.needs-modifier', { modifier }) };
  }
  const key = keyName(press);
  // With AltGr people type letters of their language; Windows tells it as Ctrl and Alt.
  if (key === null || modifiers.includes('AltGr')) return { kind: 'refused', why: text('window.keys.unusable') };
  const names = modifiers.map((each) => (each === 'Meta' ? metaName(platform) : each));
  const parsed = accelerator.safeParse([...names, key].join('+'));
  return parsed.success
    ? { kind: 'keys', accelerator: parsed.data }
    : { kind: 'refused', why: text('window.keys.unusable') };
}

function modifiersOf(press: KeyPress): Modifier[] {
  const held: Modifier[] = [];
  const isAltGr = press.getModifierState('AltGraph');
  if (press.ctrlKey && !isAltGr) held.push('Control');
  if (press.altKey && !isAltGr) held.push('Alt');
  if (isAltGr) held.push('AltGr');
  if (press.shiftKey) held.push('Shift');
  if (press.metaKey) held.push('Meta');
  return held;
}

const metaName = (platform: Platform) => (platform === 'darwin' ? 'Command' : 'Super');

/** By the letter that the layout gives, else, where a modifier made another sign of it, by the place on the keyboard. */
function keyName({ key, code }: KeyPress): string | null {
  if (code.startsWith('Numpad')) return null;
  if (/^[a-z0-9]$/i.test(key)) return key.toUpperCase();
  if (/^F([1-9]|1\d|2[0-4])$/.test(key) || sameNamed.has(key)) return key;
  return namedKeys[key] ?? /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1] ?? null;
}

const keyWords: Record<string, TextCode> = {
  Space: 'window.key.space',
  Tab: 'window.key.tab',
  Escape: 'window.key.escape',
  Delete: 'window.key.delete',
  Return: 'window.key.enter',
  Enter: 'window.key.enter',
  Backspace: 'window.key.backspace',
  Insert: 'window.key.insert',
  Home: 'window.key.home',
  End: 'window.key.end',
  PageUp: 'window.key.page-up',
  PageDown: 'window.key.page-down',
};
const keySigns: Record<string, string> = { Up: '↑', Down: '↓', Left: '←', Right: '→', Plus: '+' };

/** What stands on the keys of an accelerator, on a keyboard for this system and language. */
export function acceleratorWords(keys: string, platform: Platform): string[] {
  return splitKeys(keys, platform).map((part) => {
    const modifier = modifierNames[part];
    if (modifier) return modifierWord(modifier, platform);
    const code = keyWords[part];
    return code ? text(code) : (keySigns[part] ?? part);
  });
}

const modifierNames: Record<string, Modifier> = {
  Control: 'Control',
  Alt: 'Alt',
  Option: 'Alt',
  AltGr: 'AltGr',
  Shift: 'Shift',
  Command: 'Meta',
  Super: 'Meta',
  Meta: 'Meta',
};
const modifierOrder = ['Control', 'Alt', 'AltGr', 'Shift', 'Meta'];

const splitKeys = (keys: string, platform: Platform) =>
  keys.split('+').map((part) => (part === 'CommandOrControl' ? (platform === 'darwin' ? 'Meta' : 'Control') : part));

/** Names that are the same on keyboards of every language stand here, the others in the catalogue. */
function modifierWord(modifier: Modifier, platform: Platform): string {
  if (modifier === 'AltGr') return 'AltGr';
  if (modifier === 'Shift') return text('window.key.shift');
  if (platform === 'darwin') {
    if (modifier === 'Control') return 'Control';
    return text(modifier === 'Alt' ? 'window.key.option' : 'window.key.command');
  }
  if (modifier === 'Control') return text('window.key.control');
  if (modifier === 'Alt') return 'Alt';
  return platform === 'win32' ? 'Windows' : 'Super';
}

/** The same in one line, for a sentence. */
export const acceleratorLine = (keys: string, platform: Platform): string => acceleratorWords(keys, platform).join('+');

/** A notice of main, whose keys are written as Electron does. */
export function inWords({ code, params }: Notice, platform: Platform): Notice {
  const { keys } = params;
  if (typeof keys !== 'string') return { code, params };
  return { code, params: { ...params, keys: acceleratorLine(keys, platform) } };
}

/** The same for all spellings of the same keys. */
function normalise(keys: string, platform: Platform): string {
  const parts = splitKeys(keys, platform).map((part) => modifierNames[part] ?? part);
  const rank = (part: string) => (modifierOrder.indexOf(part) + modifierOrder.length + 1) % (modifierOrder.length + 1);
  return parts.toSorted((one, other) => rank(one) - rank(other)).join('+');
}

/** Which other action has these keys already; null: none. */
export function findOwner(
  keys: string,
  action: GlobalAction,
  shortcuts: GlobalShortcuts,
  platform: Platform,
): GlobalAction | null {
  const wanted = normalise(keys, platform);
  const isTaken = (other: GlobalAction) => {
    const taken = shortcuts[other];
    return other !== action && taken !== null && normalise(taken, platform) === wanted;
  };
  return globalActions.find(isTaken) ?? null;
}
