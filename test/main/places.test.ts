import { describe, expect, test } from 'vitest';
import { defaultLogPath } from '../../src/main/mishaps.js';
import { defaultSettingsPath } from '../../src/main/settings/settings.js';
import { places } from '../../src/shared/places.js';

/** Systems of the test's own separator only: paths are joined as on this one. */
describe('where things are, as the help says it', () => {
  test.each(['linux', 'darwin'] as const)('%s', (platform) => {
    expect(places[platform].settings).toBe(defaultSettingsPath({}, platform, '~'));
    expect(places[platform].log).toBe(defaultLogPath({}, platform, '~'));
  });

  test('win32', () => {
    const environment = { APPDATA: '%APPDATA%', LOCALAPPDATA: '%LOCALAPPDATA%' };
    expect(places.win32.settings.replaceAll('\\', '/')).toBe(defaultSettingsPath(environment, 'win32', '~'));
    expect(places.win32.log.replaceAll('\\', '/')).toBe(defaultLogPath(environment, 'win32', '~'));
  });
});
