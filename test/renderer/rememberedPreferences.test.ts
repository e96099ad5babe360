import { describe, expect, test } from 'vitest';
import { recallPreferences, rememberPreferences } from '../../src/renderer/src/bridge/rememberedPreferences.js';
import { usualPreferences, type Preferences } from '../../src/shared/preferences.js';

const chosen: Preferences = { ...usualPreferences, language: 'de', theme: 'dark' };

function createStorage(entries: [string, string][] = []) {
  const held = new Map(entries);
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
  };
}

describe('the preferences of the last time', () => {
  test('are there again', () => {
    const storage = createStorage();
    rememberPreferences(chosen, () => storage);
    expect(recallPreferences(() => storage)).toEqual(chosen);
  });

  test.each(['', 'null', '{', '{"language":"de"}', '{"language":"xx","theme":"dark"}'])(
    'are the usual ones where %j is what is left of them',
    (left) => {
      const storage = createStorage([['limpid.preferences', left]]);
      expect(recallPreferences(() => storage)).toEqual(usualPreferences);
    },
  );

  test('are the usual ones in a browser that forbids its storage', () => {
    const forbid = () => {
      throw new Error('SecurityError');
    };
    expect(() => rememberPreferences(chosen, forbid)).not.toThrow();
    expect(recallPreferences(forbid)).toEqual(usualPreferences);
  });
});
