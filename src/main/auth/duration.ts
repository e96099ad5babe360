import type { Notice } from '../../shared/errors.js';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A length of time in the largest unit that leaves at least two of it, as a value of a sentence; seconds below ten with tenths. */
export function durationOf(ms: number): Notice {
  const count = (unitMs: number) => ({ count: Math.round(ms / unitMs) });
  if (ms >= 2 * dayMs) return { code: 'duration.days', params: count(dayMs) };
  if (ms >= 2 * hourMs) return { code: 'duration.hours', params: count(hourMs) };
  if (ms >= 2 * minuteMs) return { code: 'duration.minutes', params: count(minuteMs) };
  if (ms >= 9.95 * secondMs) return { code: 'duration.seconds', params: count(secondMs) };
  return { code: 'duration.seconds', params: { count: Math.round(ms / 100) / 10 } };
}
