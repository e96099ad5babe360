import type { App } from 'electron';
import { resolveLanguage, setLanguage } from '../../shared/language.js';
import { usualPreferences, type Preferences } from '../../shared/preferences.js';
import type { Services } from '../services.js';

type LanguageSource = Pick<App, 'getPreferredSystemLanguages'>;

/** Makes the dialogs of the app itself speak as its window does. Electron is ready. */
export function speak(app: LanguageSource, { language }: Pick<Preferences, 'language'> = usualPreferences): void {
  setLanguage(resolveLanguage(language, app.getPreferredSystemLanguages()));
}

/** Follows the preference from now on. */
export async function followLanguage(app: LanguageSource, services: Pick<Services, 'handlers' | 'on'>): Promise<void> {
  services.on('state.changed', ({ preferences }) => speak(app, preferences));
  const { preferences } = await services.handlers['state.get'](undefined);
  speak(app, preferences);
}
