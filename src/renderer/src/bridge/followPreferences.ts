import { resolveLanguage, setLanguage } from '../../../shared/language.js';
import type { Preferences } from '../../../shared/preferences.js';
import type { Link } from './connection.js';
import { recallPreferences, rememberPreferences } from './rememberedPreferences.js';
import type { Store } from './store.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Gives the page its language and its colours: what `text()` says, `<html lang>` and `<html data-theme>`; `system`: as the browser has them. */
export function showPreferences({ language, theme }: Preferences): void {
  const spoken = resolveLanguage(language, navigator.languages);
  setLanguage(spoken);
  const page = document.documentElement;
  page.lang = spoken;
  page.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
}

/** Keeps the page as main's preferences have it, until main answers as it was the last time. Comes before the first drawing, so that whoever draws after a change finds the new language. */
export function followPreferences(link: Store<Link>): void {
  const apply = () => {
    const told = link.get().state?.preferences;
    if (told) rememberPreferences(told);
    showPreferences(told ?? recallPreferences());
  };
  apply();
  link.subscribe(apply);
  dark.addEventListener('change', apply);
  addEventListener('languagechange', () => {
    apply();
    link.set({ ...link.get() });
  });
}

/** Calls `redraw` when the colours of the page change, for what CSS does not paint. Returns what ends it. */
export function onThemeChange(redraw: () => void): () => void {
  const observer = new MutationObserver(redraw);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
