import { afterEach, expect, test } from 'vitest';
import { durationOf } from '../../../src/main/auth/duration.js';
import { setLanguage } from '../../../src/shared/language.js';
import { describe } from '../../../src/shared/messages/index.js';

afterEach(() => setLanguage('en'));

test.each([
  [450, '0.5 s', '0,5 s'],
  [4000, '4 s', '4 s'],
  [9960, '10 s', '10 s'],
  [119_000, '119 s', '119 s'],
  [120_000, '2 min', '2 min'],
  [7_199_000, '120 min', '120 min'],
  [7_200_000, '2 h', '2 h'],
  [172_800_000, '2 days', '2 Tage'],
  [400_000_000_000, '4,630 days', '4.630 Tage'],
])('%d ms: %s, in German %s', (ms, english, german) => {
  const say = () => describe(durationOf(ms)).message.replace('\u00a0', ' ');
  expect(say()).toBe(english);
  setLanguage('de');
  expect(say()).toBe(german);
});
