import { expect, test } from 'vitest';
import { formatCountdown, formatDifference, formatTime } from '../../src/renderer/src/view/time.js';

const hourMs = 3_600_000;

test.each([
  [0, '00:00'],
  [-5000, '00:00'],
  [1, '00:01'],
  [59_001, '01:00'],
  [754_000, '12:34'],
  [hourMs, '1:00:00'],
  [hourMs + 61_000, '1:01:01'],
  [48 * hourMs, '2 days'],
  [3650 * 24 * hourMs, '3,650 days'],
])('%d ms left: %s', (ms, shown) => {
  expect(formatCountdown(ms)).toBe(shown);
});

test('a time of another day has its date', () => {
  const noon = new Date(2026, 10, 21, 12, 0, 5).getTime();
  expect(formatTime(noon, noon)).toBe('12:00:05');
  expect(formatTime(noon - 24 * hourMs, noon)).toMatch(/20 Nov.*12:00:05/);
});

test.each([
  [-4600, '5\u00a0s'],
  [119_000, '119\u00a0s'],
  [600_000, '10\u00a0min'],
])('clocks %d ms apart: %s', (ms, shown) => {
  expect(formatDifference(ms)).toBe(shown);
});
