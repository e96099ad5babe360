import { expect, test } from 'vitest';
import { FileTextError, parseFileText } from '../../../src/backend/configuration/fileText.js';

const errorOf = (text: string): FileTextError => {
  try {
    parseFileText(text);
  } catch (error) {
    if (error instanceof FileTextError) return error;
    throw error;
  }
  throw new Error('was accepted');
};

test.each([
  '{}',
  '[]',
  ' {"a": [1, -0.5e+3, true, false, null, "x\\u00e9\\"\\\\\\n\\/"], "b": {"c": {}}, "": ""}\r\n',
  '{\n\t"a":\t1\n}',
  '"é😀"',
  '0',
  '{"__proto__": {"polluted": 1}}',
])('reads %s as JSON.parse does', (text) => {
  expect(JSON.stringify(parseFileText(text).toJS())).toBe(JSON.stringify(JSON.parse(text)));
});

test('reads YAML 1.2, whatever version it says', () => {
  const text = '# who\na: {b: yes, c: 012} # c\nd:\n- 0x10\n- "1"\n- 2001-01-01\n<<: {e: f}\n1: ~\n';
  const value = { a: { b: 'yes', c: 12 }, d: [16, '1', '2001-01-01'], '<<': { e: 'f' }, '1': null };
  for (const head of ['', '---\n', '%YAML 1.1\n---\n']) expect(parseFileText(head + text).toJS()).toEqual(value);
});

test.each([
  ['{', 1, 2],
  ['{"a" 1}', 1, 6],
  ['["secret', 1, 9],
  ['["\\x"]', 1, 3],
  ['{} secret', 1, 4],
  ['{"a": 1,\n "b": [secret}', 2, 14],
  ['a: secret: b', 1, 4],
  ['a:\n\tsecret: b', 2, 1],
  ['a: 1\n---\nsecret: 2', 2, 1],
  ['a: !secret 2', 1, 4],
  ['a: !!binary secret', 1, 4],
  ['%SECRET\n---\na: 1', 1, 1],
  ['a: 1\n? [secret]\n: 2', 2, 3],
])('names the place in %j, and quotes nothing', (text, line, column) => {
  const error = errorOf(text);
  expect(error).toMatchObject({ line, column, code: expect.stringMatching(/^[A-Z_]+$/) });
  expect(error.stack).not.toMatch(/secret/i);
});

test.each([
  ['{"a": 1,\n "b": {"a": 2},\n "a": 3}', 3, 2],
  ['1: a\n"1": b', 2, 1],
])('refuses a name that stands twice in one object: %j', (text, line, column) => {
  expect(errorOf(text)).toMatchObject({ code: 'DUPLICATE_KEY', line, column });
});

test('refuses aliases, so that nothing grows beyond what was written', () => {
  expect(errorOf('a: &x [1]\nb: *x')).toMatchObject({ code: 'ALIAS', line: 2, column: 4 });
  expect(errorOf('b: *unknown')).toMatchObject({ code: 'ALIAS' });
});

test.each([
  ['an open text', '{"a": "', 'x', ''],
  ['an open text of lines', '{"a": "', 'x\n', ''],
  ['an open text of escapes', '{"a": "', '\\n', ''],
  ['an escape that there is not, after many', '{"a": "', '\\n', '\\x"}'],
  ['brackets', '', '[', ''],
  ['lists in lists', '', '- ', ''],
])(
  'is soon done with a megabyte of %s',
  (_what, head, part, tail) => {
    const text = head + part.repeat(1_000_000 / part.length) + tail;
    expect(() => parseFileText(text)).toThrow(FileTextError);
  },
  20_000,
);

test('is soon done with many names in one object', () => {
  const text = `{${Array.from({ length: 50_000 }, (_, index) => `"${index}":1`).join(',')}}`;
  expect(Object.keys(parseFileText(text).toJS() as object)).toHaveLength(50_000);
}, 10_000);
