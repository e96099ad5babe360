import { describe, expect, test } from 'vitest';
import {
  acceleratorLine,
  acceleratorWords,
  findOwner,
  inWords,
  readPress,
} from '../../src/renderer/src/view/accelerators.js';
import { globalShortcutLines } from '../../src/renderer/src/view/shortcuts.js';
import { accelerator } from '../../src/shared/desktop.js';
import { setLanguage } from '../../src/shared/language.js';
import { usualPreferences } from '../../src/shared/preferences.js';
import { idleState } from '../fakes/appState.js';
import { aDesktop } from '../e2e/desktopStates.js';

type Platform = 'linux' | 'darwin' | 'win32';

/** `modifiers`: c, a, s, m and g for Ctrl, Alt, Shift, Meta and AltGr. */
const press = (modifiers: string, key: string, code = '', platform: Platform = 'linux') =>
  readPress(
    {
      key,
      code,
      ctrlKey: modifiers.includes('c'),
      altKey: modifiers.includes('a'),
      shiftKey: modifiers.includes('s'),
      metaKey: modifiers.includes('m'),
      getModifierState: (name) => name === 'AltGraph' && modifiers.includes('g'),
    },
    platform,
  );

describe('keys that are pressed', () => {
  test.each([
    ['ca', 'l', 'KeyL', 'linux', 'Control+Alt+L'],
    ['csm', 'L', 'KeyL', 'linux', 'Control+Shift+Super+L'],
    ['ms', 'L', 'KeyL', 'darwin', 'Shift+Command+L'],
    ['m', 'l', 'KeyL', 'win32', 'Super+L'],
    // As the layout has it, not by its place.
    ['c', 'z', 'KeyY', 'linux', 'Control+Z'],
    // Where a modifier, or another script, makes another sign of it.
    ['a', '¬', 'KeyL', 'darwin', 'Alt+L'],
    ['c', 'д', 'KeyL', 'linux', 'Control+L'],
    ['cs', '!', 'Digit1', 'linux', 'Control+Shift+1'],
    ['ca', ' ', 'Space', 'linux', 'Control+Alt+Space'],
    ['c', 'ArrowUp', 'ArrowUp', 'linux', 'Control+Up'],
    ['a', 'F12', 'F12', 'linux', 'Alt+F12'],
    ['c', 'Enter', 'Enter', 'linux', 'Control+Return'],
    ['c', 'Delete', 'Delete', 'linux', 'Control+Delete'],
    ['c', 'Escape', 'Escape', 'linux', 'Control+Escape'],
    ['c', 'Tab', 'Tab', 'linux', 'Control+Tab'],
  ] as const)('%s + %s (%s) on %s are %s', (modifiers, key, code, platform, expected) => {
    expect(press(modifiers, key, code, platform)).toEqual({ kind: 'keys', accelerator: expected });
    expect(accelerator.safeParse(expected).success).toBe(true);
  });

  test('alone, or with Shift, would take a letter from every program', () => {
    for (const [modifiers, key] of [
      ['', 'l'],
      ['s', 'L'],
      ['', 'F5'],
    ] as const) {
      expect(press(modifiers, key)).toEqual({ kind: 'refused', why: expect.stringContaining('such as Ctrl') });
    }
    expect(press('', 'l', 'KeyL', 'darwin')).toMatchObject({ why: expect.stringContaining('such as Command') });
  });

  test('that Electron has no name for are refused', () => {
    expect(press('c', 'ö', 'Semicolon')).toEqual({ kind: 'refused', why: expect.stringContaining('cannot be used') });
    expect(press('c', '5', 'Numpad5')).toMatchObject({ kind: 'refused' });
    expect(press('c', 'Unidentified', '')).toMatchObject({ kind: 'refused' });
  });

  test('with AltGr, which Windows tells as Ctrl and Alt, are letters', () => {
    expect(press('cag', '@', 'KeyQ', 'win32')).toMatchObject({ kind: 'refused' });
  });

  test('end the recording, clear, or go on', () => {
    expect(press('', 'Escape')).toEqual({ kind: 'leave' });
    expect(press('', 'Delete')).toEqual({ kind: 'clear' });
    expect(press('', 'Backspace')).toEqual({ kind: 'clear' });
    expect(press('', 'Tab')).toEqual({ kind: 'pass' });
    expect(press('s', 'Tab')).toEqual({ kind: 'pass' });
    expect(press('ca', 'Alt')).toEqual({ kind: 'held', words: ['Ctrl', 'Alt'] });
  });
});

describe('keys in words', () => {
  test.each([
    ['CommandOrControl+Alt+L', 'linux', ['Ctrl', 'Alt', 'L']],
    ['CommandOrControl+Alt+L', 'darwin', ['Command', 'Option', 'L']],
    ['Control+Super+PageUp', 'win32', ['Ctrl', 'Windows', 'Page Up']],
    ['Meta+Up', 'linux', ['Super', '↑']],
    ['AltGr+F9', 'linux', ['AltGr', 'F9']],
  ] as const)('%s on %s', (keys, platform, words) => {
    expect(acceleratorWords(keys, platform)).toEqual(words);
  });

  test('stand on a German keyboard in German', () => {
    setLanguage('de');
    expect(acceleratorLine('Control+Shift+Space', 'linux')).toBe('Strg+Umschalt+Leertaste');
    setLanguage('en');
  });

  test('take the place of Electron’s names in what main says', () => {
    const taken = { code: 'shortcut.taken', params: { keys: 'CommandOrControl+L' } };
    expect(inWords(taken, 'linux')).toEqual({ code: 'shortcut.taken', params: { keys: 'Ctrl+L' } });
    expect(inWords({ code: 'x', params: { count: 1 } }, 'linux')).toEqual({ code: 'x', params: { count: 1 } });
  });
});

describe('the same keys', () => {
  const shortcuts = { toggle: 'CommandOrControl+Alt+L', bypass: null, show: 'Option+Shift+K' };

  test('are found however they are written', () => {
    expect(findOwner('Alt+Control+L', 'show', shortcuts, 'linux')).toBe('toggle');
    expect(findOwner('Shift+Alt+K', 'bypass', shortcuts, 'darwin')).toBe('show');
    expect(findOwner('Alt+Command+L', 'show', shortcuts, 'darwin')).toBe('toggle');
  });

  test('may stay with the action that has them, and others are free', () => {
    expect(findOwner('Control+Alt+L', 'toggle', shortcuts, 'linux')).toBeNull();
    expect(findOwner('Control+Alt+L', 'show', shortcuts, 'darwin')).toBeNull();
    expect(findOwner('Control+L', 'show', shortcuts, 'linux')).toBeNull();
  });
});

describe('the list of keys', () => {
  const preferences = { ...usualPreferences, globalShortcuts: { toggle: 'Control+L', bypass: null, show: null } };

  test('names those of the whole system that are set, where there are any', () => {
    const state = { ...idleState, preferences };
    expect(globalShortcutLines({ ...state, desktop: aDesktop() })).toEqual([
      { keys: ['Ctrl', 'L'], does: 'window.shortcut.anywhere.toggle' },
    ]);
    expect(globalShortcutLines(state)).toEqual([]);
  });
});
