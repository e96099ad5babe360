import { afterEach, expect, test, vi } from 'vitest';
import { fail, formatTable, printJson } from '../../src/cli/output.js';
import { LimpidError } from '../../src/shared/errors.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const capture = (stream: NodeJS.WriteStream): string[] => {
  const written: string[] = [];
  vi.spyOn(stream, 'write').mockImplementation((text) => Boolean(written.push(String(text))));
  return written;
};

test('a table aligns its columns, numbers to the right', () => {
  const table = formatTable(
    ['Name', 'Rate', 'Id'],
    [
      ['Mic', '8000', 'a'],
      ['Headphones', '192000', 'b'],
    ],
    ['Rate'],
  );
  expect(table.split('\n')).toEqual([
    'Name          Rate  Id',
    '──────────  ──────  ──',
    'Mic           8000  a',
    'Headphones  192000  b',
  ]);
});

test('JSON is one line on stdout', () => {
  const stdout = capture(process.stdout);
  printJson({ text: 'two\nlines' });
  expect(stdout).toEqual(['{"text":"two\\nlines"}\n']);
});

test('a failure is one line, whatever its values hold', () => {
  vi.stubEnv('LIMPID_DEBUG', '');
  const stderr = capture(process.stderr);
  expect(fail(new LimpidError('device.failed', { detail: 'one\n  two' }))).toBe(1);
  expect(stderr.join('')).toMatch(/^device\.failed: .*one two.*\n$/);
});

test('an unknown error says nothing of its text', () => {
  vi.stubEnv('LIMPID_DEBUG', '');
  const stderr = capture(process.stderr);
  expect(fail(new Error('secret'))).toBe(1);
  expect(stderr.join('')).toMatch(/^internal: .+\n$/);
  expect(stderr.join('')).not.toContain('secret');
});
