import { languages, type Language, type Preferences } from './preferences.js';

/** Where a language's numbers and dates come from. */
const locales: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

let current: Language = 'en';

/**
 * The language of this process or window. English until something chooses another; the command line never does, for scripts depend
 * on what it says. The app does, and then what it writes to stderr is in that language too.
 */
export const currentLanguage = (): Language => current;

export function setLanguage(language: Language): void {
  current = language;
}

/** The language to use for a choice; `system`: the first of `systemLanguages` (BCP 47, best first) that there is, else English. */
export function resolveLanguage(choice: Preferences['language'], systemLanguages: readonly string[]): Language {
  if (choice !== 'system') return choice;
  const wished = systemLanguages.map((each) => each.toLowerCase().split(/[-_]/)[0]);
  const [first = 'en'] = wished.flatMap((each) => languages.filter((language) => language === each));
  return first;
}

/** One object a language, made when it is first needed: those of `Intl` are slow to make. */
export function byLanguage<Made>(make: (locale: string) => Made): () => Made {
  const made = new Map<Language, Made>();
  return () => {
    const known = made.get(current);
    if (known !== undefined) return known;
    const fresh = make(locales[current]);
    made.set(current, fresh);
    return fresh;
  };
}

/** Does one piece of work, which does not wait for anything, in another language. */
export function inLanguage<Value>(language: Language, work: () => Value): Value {
  const before = current;
  current = language;
  try {
    return work();
  } finally {
    current = before;
  }
}
