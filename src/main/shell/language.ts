import type { App } from 'electron';
import { resolveLanguage, setLanguage } from '../../shared/language.js';
import { usualPreferences, type Preferences } from '../../shared/preferences.js';
import type { Services } from '../services.js';

type LanguageSource = Pick<App, 'getPreferredSystemLanguages'>;

/**
 * Gives the app's own dialogs, and what it writes to stderr, the chosen language. `system`: the first of the system's languages that
 * there is; the window goes by those of its page (`navigator.languages`), which may be others. Electron is ready.
 */
export function speak(app: LanguageSource, { language }: Pick<Preferences, 'language'> = usualPreferences): void {
  setLanguage(resolveLanguage(language, app.getPreferredSystemLanguages()));
}

/** Follows the preference from now on. */
export async function followLanguage(app: LanguageSource, services: Pick<Services, 'handlers' | 'on'>): Promise<void> {
  services.on('state.changed', ({ preferences }) => speak(app, preferences));
  const { preferences } = await services.handlers['state.get'](undefined);
  speak(app, preferences);
}
