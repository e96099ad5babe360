import { preferences, usualPreferences, type Preferences } from '../../../shared/preferences.js';

/** Known to `public/first-paint.js` too. */
const key = 'limpid.preferences';

/** A browser may forbid its storage: then even asking for it throws. */
type FindStorage = () => Pick<Storage, 'getItem' | 'setItem'>;
const pageStorage: FindStorage = () => localStorage;

/** What main's preferences were when this page last saw them, for the time until main answers; the usual ones where nothing is known. */
export function recallPreferences(findStorage = pageStorage): Preferences {
  try {
    const parsed = preferences.safeParse(JSON.parse(findStorage().getItem(key) ?? ''));
    return parsed.success ? parsed.data : usualPreferences;
  } catch {
    return usualPreferences;
  }
}

/** Keeps them for the next start; where that is not possible, the next start looks as the system does until main answers. */
export function rememberPreferences(now: Preferences, findStorage = pageStorage): void {
  try {
    const [storage, text] = [findStorage(), JSON.stringify(now)];
    if (storage.getItem(key) !== text) storage.setItem(key, text);
  } catch {
    // Nothing is lost: main has them.
  }
}
