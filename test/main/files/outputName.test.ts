import { describe, expect, test } from 'vitest';
import { checkPattern, fillPattern, sanitizeName } from '../../../src/main/files/outputName.js';

const at = new Date(2026, 10, 21, 9, 5, 7);

describe('a pattern for names', () => {
  test('is filled', () => {
    const pattern = '{date} {time} {name} [{engine}]';
    expect(fillPattern(pattern, { name: 'Talk', engine: 'gtcrn', at })).toBe('2026-11-21 09-05-07 Talk [gtcrn]');
  });

  test('takes a name for what it is, not for a pattern', () => {
    expect(fillPattern('{name} x', { name: '{date} $& $1', engine: 'gtcrn', at })).toBe('{date} $& $1 x');
  });

  test('gives no name that is too long, empty or a device', () => {
    const long = fillPattern('{name} (enhanced)', { name: 'ä'.repeat(120), engine: 'gtcrn', at });
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(180);
    expect(long).toMatch(/^ä+ \(enhanced\)$/);
    expect(Buffer.byteLength(fillPattern('x'.repeat(200), { name: 'a', engine: 'aic', at }))).toBe(180);
    expect(fillPattern('{name}', { name: 'CON', engine: 'aic', at })).toBe('_CON');
    expect(fillPattern('nul.{name}', { name: 'a', engine: 'aic', at })).toBe('_nul.a');
  });

  test.each([
    ['../{name}', 'files.pattern-character'],
    ['{name}\\x', 'files.pattern-character'],
    ['{name}: x', 'files.pattern-character'],
    ['{name}?', 'files.pattern-character'],
    ['{name}\u0000', 'files.pattern-character'],
    ['{name', 'files.pattern-character'],
    ['{title}', 'files.pattern-placeholder'],
    ['{}', 'files.pattern-placeholder'],
    [' ', 'files.pattern-empty'],
    ['..', 'files.pattern-empty'],
    [' {name} ', 'files.pattern-same'],
  ])('%j is refused with %s', (pattern, code) => {
    expect(() => checkPattern({ pattern, folder: null })).toThrowError(expect.objectContaining({ code }));
  });

  test.each(['{name}x', 'sound', '{engine}', 'ö {time}'])('%j is taken', (pattern) => {
    expect(() => checkPattern({ pattern, folder: null })).not.toThrow();
    expect(() => checkPattern({ pattern: '{name}', folder: '/out' })).not.toThrow();
  });
});

describe('the name of a file of a browser', () => {
  test.each([
    ['../../etc/passwd.wav', 'passwd.wav'],
    ['C:\\Users\\me\\a.wav', 'a.wav'],
    ['..', 'sound'],
    ['.wav', 'wav'],
    ['a\u0000b\n.wav', 'a_b_.wav'],
    ['a:b?.mp3', 'a_b_.mp3'],
    ['aux.wav', '_aux.wav'],
    ['Grüße 1.wav', 'Grüße 1.wav'],
  ])('%j becomes %j', (name, safe) => expect(sanitizeName(name)).toBe(safe));

  test('is short', () => {
    expect(Buffer.byteLength(sanitizeName(`${'x'.repeat(5000)}.wav`))).toBe(184);
    expect(sanitizeName(`a.${'x'.repeat(5000)}`).length).toBeLessThan(20);
  });
});
