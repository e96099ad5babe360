import { describe, expect, test } from 'vitest';
import {
  formatCount,
  formatDb,
  formatKhz,
  formatMs,
  formatPercent,
  formatPpm,
  formatShare,
  formatTenths,
  splitSeconds,
} from '../../src/renderer/src/view/format.js';

describe('numbers as people read them', () => {
  test.each([
    [formatDb(-17.6), '−18'],
    [formatDb(-0.3), '0'],
    [formatDb(0), '0'],
    [formatMs(48.2), '48'],
    [formatMs(8), '8.0'],
    [formatMs(9.97), '10'],
    [formatMs(-0.02), '0.0'],
    [formatTenths(48.16), '48.2'],
    [formatTenths(-0.04), '0.0'],
    [formatShare(0.0431), '4.3'],
    [formatShare(0.112), '11'],
    [formatShare(1.31), '131'],
    [formatPercent(0.849999), '85'],
    [formatPercent(1), '100'],
    [formatKhz(8000), '8'],
    [formatKhz(22_050), '22.1'],
    [formatPpm(-14.4), '−14'],
    [formatPpm(-0.4), '0'],
    [formatCount(12_345), '12,345'],
  ])('%s', (formatted, expected) => {
    expect(formatted).toBe(expected);
  });

  test('time in minutes and seconds', () => {
    expect(splitSeconds(3725.9)).toEqual({ minutes: '62', seconds: '5' });
    expect(splitSeconds(-1)).toEqual({ minutes: '0', seconds: '0' });
  });
});
