import { afterEach, expect, test } from 'vitest';
import { askToReopen } from '../../../src/main/shell/dialogs.js';
import { followLanguage, speak } from '../../../src/main/shell/language.js';
import { currentLanguage, setLanguage } from '../../../src/shared/language.js';
import { createContractServices } from '../../fakes/services.js';

afterEach(() => setLanguage('en'));

const austrian = { getPreferredSystemLanguages: () => ['de-AT', 'en-GB'] };

test('before the settings are known, dialogs speak as the system does', () => {
  speak(austrian);
  expect(currentLanguage()).toBe('de');
});

test('dialogs follow the preference, also when it changes', async () => {
  const services = createContractServices();
  await followLanguage(austrian, services);
  expect(currentLanguage()).toBe('de');
  await services.handlers['settings.change']({ language: 'en' });
  expect(currentLanguage()).toBe('en');
  await services.handlers['settings.change']({ language: 'de' });
  const asked: string[] = [];
  const showMessageBox = async (options: { buttons?: string[] }) => {
    asked.push(...(options.buttons ?? []));
    return { response: 0, checkboxChecked: false };
  };
  await askToReopen({ showMessageBox: showMessageBox as Electron.Dialog['showMessageBox'] });
  expect(asked).toEqual(['Noch einmal öffnen', 'Limpid beenden']);
});
