import { describe, expect, test } from 'vitest';
import { isNameOfResult } from '../../src/shared/namePattern.js';

describe('the name of a result', () => {
  const names = new Set(['a.wav', 'b.c.mp3', 'a (enhanced).wav']);

  test.each([
    ['a (enhanced).wav', '{name} (enhanced)'],
    ['a (enhanced) (2).wav', '{name} (enhanced)'],
    ['a (enhanced) (enhanced).wav', '{name} (enhanced)'],
    ['b.c (enhanced).mp3', '{name} (enhanced)'],
    ['clean a gtcrn 2026-11-21 18-05-59.wav', 'clean {name} {engine} {date} {time}'],
    ['a + a.wav', '{name} + {name}'],
  ])('is %s by the pattern %s', (name, pattern) => {
    expect(isNameOfResult(name, pattern, names)).toBe(true);
  });

  test.each([
    ['a.wav', '{name} (enhanced)'],
    // Of another kind of file, or of one that is not there.
    ['a (enhanced).mp3', '{name} (enhanced)'],
    ['c (enhanced).wav', '{name} (enhanced)'],
    ['a (2).wav', '{name}'],
    ['a.wav', '{name}'],
    ['a.wav', 'a'],
    ['a xenhancedx.wav', '{name} .enhanced.'],
    ['a + c.wav', '{name} + {name}'],
  ])('is not %s by the pattern %s', (name, pattern) => {
    expect(isNameOfResult(name, pattern, names)).toBe(false);
  });
});
