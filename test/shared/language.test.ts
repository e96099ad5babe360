import { afterEach, describe as group, expect, test } from 'vitest';
import { byLanguage, currentLanguage, resolveLanguage, setLanguage } from '../../src/shared/language.js';
import { describe } from '../../src/shared/messages/index.js';

afterEach(() => setLanguage('en'));

group('the language', () => {
  test('is English until somebody chooses: scripts read what the terminal says', () => {
    expect(currentLanguage()).toBe('en');
  });

  test.each([
    ['system', ['de-AT', 'en'], 'de'],
    ['system', ['fr-FR', 'de_DE', 'en'], 'de'],
    ['system', ['en-US', 'de'], 'en'],
    ['system', ['DE'], 'de'],
    ['system', ['fr', 'dehu'], 'en'],
    ['system', [], 'en'],
    ['de', ['en'], 'de'],
    ['en', ['de'], 'en'],
  ] as const)('%s on a system with %j is %s', (choice, systemLanguages, language) => {
    expect(resolveLanguage(choice, systemLanguages)).toBe(language);
  });

  test('changes what is made by it, and makes it once', () => {
    const made: string[] = [];
    const read = byLanguage((locale) => made.push(locale));
    expect([read(), read()]).toEqual([1, 1]);
    setLanguage('de');
    expect([read(), read()]).toEqual([2, 2]);
    setLanguage('en');
    expect(read()).toBe(1);
    expect(made).toEqual(['en-GB', 'de-DE']);
  });
});

group('a notice in German', () => {
  test('has its values, its form and its numbers by the rules of the language', () => {
    setLanguage('de');
    const sample = (count: number) => describe({ code: 'file.not-finite', params: { count } }).message;
    expect(sample(1)).toBe('1 Abtastwert war keine gültige Zahl und gilt als Stille.');
    expect(sample(12_345)).toBe('12.345 Abtastwerte waren keine gültigen Zahlen und gelten als Stille.');
  });

  test('has its quantities with a decimal comma, and names that are numbers as they are', () => {
    setLanguage('de');
    const gaps = { code: 'recording.saved-gaps', params: { folder: '/r', seconds: 1.5 } };
    expect(describe(gaps).message).toContain('1,5\u00a0s');
    expect(describe({ code: 'panel.running', params: { port: 8787 } }).message).toContain('8787');
    setLanguage('en');
    expect(describe(gaps).message).toContain('1.5 seconds');
  });

  test('tells a notice within in German too', () => {
    setLanguage('de');
    const reason = { code: 'backend.refused', params: { host: 'tokens.example' } };
    const { message } = describe({ code: 'token.failed', params: { reason } });
    expect(message).toBe('Kein neues Token: tokens.example antwortet nicht.');
  });

  test('reads an unknown code as an internal error', () => {
    setLanguage('de');
    expect(describe({ code: 'no.such', params: {} }).message).toBe('In Limpid ist etwas schiefgegangen.');
  });
});
