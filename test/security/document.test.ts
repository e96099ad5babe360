import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');

const rows = text
  .split('\n')
  .filter((line) => /^\| \d+ /.test(line))
  .map((line) => {
    const [number = '', item = '', , where = '', tests = ''] = line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim());
    return { number: Number(number), item, where, tests };
  });

/** Each test that a cell names, with its title: `test/a.test.ts “title” and “title”`. */
const namedTests = (cell: string): { path: string; titles: string[] }[] =>
  cell.split(/(?=\btest\/)/).flatMap((part) => {
    const path = /^test\/[\w/.]+\.test\.ts/.exec(part)?.[0];
    const titles = [...part.matchAll(/“([^”]+)”/g)].map(([, title]) => title ?? '');
    return path === undefined ? [] : [{ path, titles }];
  });

describe('docs/security.md', () => {
  test('has all twenty items of the list, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test.each(rows)('item $number ($item) names files that exist, and a test with this title', ({ where, tests }) => {
    const files = where.split(', ');
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const named = namedTests(tests);
    expect(named.length).toBeGreaterThan(0);
    for (const { path, titles } of named) {
      const source = readFileSync(join(root, path), 'utf8');
      const missing = titles.filter((title) => !title.split(/ ?… ?/).every((part) => source.includes(part)));
      expect([path, missing]).toEqual([path, []]);
    }
  });

  test('names no file that is not there', () => {
    const paths = [...text.matchAll(/\b(?:src|test|scripts|docs)\/[\w/.-]+\.\w+/g)].map(([path]) => path);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
