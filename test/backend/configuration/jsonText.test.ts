import { expect, test } from 'vitest';
import { JsonTextError, readJsonText } from '../../../src/backend/configuration/jsonText.js';

const errorOf = (text: string): JsonTextError => {
  try {
    readJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
  throw new Error('was accepted');
};

test.each([
  '{}',
  '[]',
  ' {"a": [1, -0.5e+3, true, false, null, "x\\u00e9\\"\\\\\\n", {"b": {}}], "": ""}\r\n',
  '"é😀"',
  '0',
  '{"__proto__": {"polluted": 1}}',
])('reads %s as JSON.parse does', (text) => {
  expect(JSON.stringify(readJsonText(text).value)).toBe(JSON.stringify(JSON.parse(text)));
});

test('skips a byte order mark', () => {
  expect(readJsonText('\uFEFF{"a":1}').value).toEqual({ a: 1 });
});

test('knows where things stand', () => {
  const text = '{ "a": [ {"b":1}, 22 ] }';
  const list = readJsonText(text).members?.get('a');
  expect(text.slice(list?.start, list?.end)).toBe('[ {"b":1}, 22 ]');
  expect(list?.items?.map(({ start, end }) => text.slice(start, end))).toEqual(['{"b":1}', '22']);
});

test.each([
  ['', 1, 1],
  ['{', 1, 2],
  ['{"a": 1,}', 1, 9],
  ['{"a": 1\n "b": 2}', 2, 2],
  ['{"a" 1}', 1, 6],
  ['{a: 1}', 1, 2],
  ['{\n  // secret\n}', 2, 3],
  ["{'a': 1}", 1, 2],
  ['[1 2]', 1, 4],
  ['[1,]', 1, 4],
  ['["secret', 1, 2],
  ['["sec\nret"]', 1, 2],
  ['["\\x"]', 1, 2],
  ['[01]', 1, 3],
  ['[.5]', 1, 2],
  ['[NaN]', 1, 2],
  ['{} secret', 1, 4],
  ['{"a": tru}', 1, 7],
  ['['.repeat(200), 1, 52],
])('names the place in %j, and quotes nothing', (text, line, column) => {
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  const error = errorOf(text);
  expect(error).toMatchObject({ line, column, isRepeatedName: false });
  expect(error.stack).not.toContain('secret');
});

test('refuses a name that stands twice in one object, which JSON.parse lets pass', () => {
  expect(errorOf('{"a": 1,\n "b": {"a": 2},\n "a": 3}')).toMatchObject({ line: 3, column: 2, isRepeatedName: true });
});
