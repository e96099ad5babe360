import { describe as group, expect, test } from 'vitest';
import { areas as german } from '../../src/shared/messages/de/index.js';
import { areas as english } from '../../src/shared/messages/en/index.js';
import type { Message } from '../../src/shared/messages/index.js';

type Areas = Record<string, Record<string, Message>>;
const flat = (areas: Areas): [string, Message][] => Object.values(areas).flatMap((area) => Object.entries(area));

const originals = new Map(flat(english));
const entries = flat(german);
const texts = entries.flatMap(([code, { message, hint }]) => [
  [code, message, originals.get(code)?.message ?? ''] as const,
  [code, hint, originals.get(code)?.hint ?? ''] as const,
]);

const placeholdersOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

/** What stands as it is in every language: commands, variables, addresses, paths, names, and what is in quotes. */
const untranslated =
  /„[^“]*“|\{\w+\}|https?:\/\/\S*|--[\w-]+|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b(?:npm|limpid|pactl) [\w:-]+|[\w.]+\.(?:bypass|disallowed)/g;
const words = (text: string) => text.replaceAll(untranslated, ' ');

/** Names, units and words that both languages share. */
const sameInBoth = new Set([
  'Limpid',
  'Backend',
  'Token',
  'Live',
  'Name',
  'SDK',
  'Proxy',
  'Bypass',
  'ai-coustics',
  'Version {version}',
  'Limpid: Backend',
  'English',
  'Deutsch',
  'Limpid: {state}',
  'Limpid {version}, {platform}, {host}',
  'Token: {state}',
  'PortAudio',
  'Problem',
  'Original',
  '{value}\u00a0KiB',
]);
const isSymbol = (text: string) =>
  !/\p{L}{3}/u.test(words(text)) || /^\{\w+\}\u00a0(ppm|min|kHz)( \{\w+\}\u00a0s)?$/.test(text);

const englishWords =
  /\b(the|is|are|not|of|and|with|for|your|you|it|its|this|that|to|from|by|no|or|be|has|have|cannot|again|there|what|where|when|other|only|set|run|use|check)\b/i;

group('the German catalogue', () => {
  test('has the areas and codes of the English one', () => {
    expect(Object.keys(german)).toEqual(Object.keys(english));
    expect(entries.map(([code]) => code).toSorted()).toEqual([...originals.keys()].toSorted());
  });

  test.each(entries)('%s has the same placeholders, and a hint where English has one', (code, { message, hint }) => {
    const original = originals.get(code) ?? { message: '', hint: '' };
    expect(new Set(placeholdersOf(message + hint))).toEqual(new Set(placeholdersOf(original.message + original.hint)));
    expect(hint === '').toBe(original.hint === '');
  });

  test('leaves nothing in English', () => {
    const same = texts.filter(([, text, original]) => text === original && !isSymbol(text) && !sameInBoth.has(text));
    expect(same).toEqual([]);
    expect(texts.filter(([, text]) => englishWords.test(words(text)))).toEqual([]);
  });

  test('has German quotation marks, and no straight ones', () => {
    expect(texts.filter(([, text]) => /["'”‘]|“(?![^„]*$|[^„]*„)/.test(text))).toEqual([]);
    const marks = (text: string, mark: string) => text.split(mark).length;
    expect(texts.filter(([, text]) => marks(text, '„') !== marks(text, '“'))).toEqual([]);
  });

  test('does not break between a number and its unit', () => {
    const unit = /(\d|\{\w+\}) (s|ms|min|h|dB|kHz|Hz|%|MB|KiB|ppm|Tage?|Bit)(?![\p{L}\d])/u;
    expect(texts.filter(([, text]) => unit.test(text))).toEqual([]);
  });

  test('speaks to people politely', () => {
    expect(texts.filter(([, text]) => /\b(du|dich|dein|deine[nmrs]?|euch)\b/i.test(words(text)))).toEqual([]);
  });

  test('begins no sentence with a “Sie” that is to mean things, for there it reads as “you”', () => {
    const things = /[:.] Sie (sind|wurden|werden|kommen|haben|bleiben|gelten|gehen|stehen|liegen)\b/;
    expect(texts.filter(([, text]) => things.test(text))).toEqual([]);
  });

  test.each(entries.filter(([code]) => code.endsWith('.one')))('%s has its other form', (code) => {
    expect(originals.has(code.replace(/one$/, 'other'))).toBe(true);
  });
});
