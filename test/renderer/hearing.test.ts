import { describe, expect, test } from 'vitest';
import { addPeak, hearingOf, type HeardPeaks } from '../../src/renderer/src/view/hearing.js';

const everyMs = 100;
const hear = (...peaksDb: number[]): HeardPeaks =>
  peaksDb.reduce<HeardPeaks>((peaks, peakDb, index) => addPeak(peaks, peakDb, index * everyMs), []);
const during = (seconds: number, peakDb: number) => Array<number>((seconds * 1000) / everyMs).fill(peakDb);

describe('how well a microphone is heard', () => {
  test('nobody knows before the first level', () => {
    expect(hearingOf([])).toBe('waiting');
  });

  test.each([
    ['a voice', [...during(1, -55), -18], 'good'],
    ['a room', during(3, -55), 'quiet'],
    ['a voice that distorts', [-20, -0.05, -20], 'loud'],
    ['a muted microphone', during(3, -200), 'silent'],
    ['a muted microphone, infinitely low', during(3, Number.NEGATIVE_INFINITY), 'silent'],
    ['a device that is only beginning', during(1, -200), 'waiting'],
  ] as const)('%s', (_, peaks, expected) => {
    expect(hearingOf(hear(...peaks))).toBe(expected);
  });

  test('a pause between two sentences is no silence, a long one is', () => {
    expect(hearingOf(hear(-18, ...during(3.5, -55)))).toBe('good');
    expect(hearingOf(hear(-18, ...during(4.5, -55)))).toBe('quiet');
  });

  test('remembers no more than it needs', () => {
    expect(hear(...during(60, -30)).length).toBe(40);
  });
});
