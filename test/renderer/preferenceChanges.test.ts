import { describe, expect, test } from 'vitest';
import { joinChanges } from '../../src/renderer/src/bridge/usePreferenceChanges.js';

const theme = (before: 'system' | 'light' | 'dark', atMs: number) =>
  ({ what: 'theme', before: { theme: before }, atMs }) as const;

describe('what an undo goes back to', () => {
  test('is where a quick pass over several options began', () => {
    const passed = joinChanges(joinChanges(theme('system', 0), theme('light', 900)), theme('dark', 2500));
    expect(passed.before).toEqual({ theme: 'system' });
  });

  test('is the last option after a pause', () => {
    expect(joinChanges(theme('system', 0), theme('light', 2001)).before).toEqual({ theme: 'light' });
  });

  test.each([null, 'undone', 'nothing'] as const)('is the last option after %s', (last) => {
    expect(joinChanges(last, theme('light', 1))).toEqual(theme('light', 1));
  });

  test('never joins another preference, or a reset', () => {
    const language = { what: 'language', before: { language: 'en' }, atMs: 1 } as const;
    expect(joinChanges(theme('system', 0), language)).toEqual(language);
    const reset = (atMs: number) => ({ what: 'reset', before: { theme: 'dark' }, atMs }) as const;
    expect(joinChanges(theme('system', 0), reset(1))).toEqual(reset(1));
    expect(joinChanges(reset(0), reset(1))).toEqual(reset(1));
  });
});
