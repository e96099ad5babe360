import { describe, expect, test } from 'vitest';
import { formatLiveLine, formatSummary } from '../../src/cli/liveLine.js';
import { numbers } from './numbers.js';

describe('the line of figures', () => {
  test('says levels, noise reduction, delay, load and gaps within 80 columns', () => {
    const line = formatLiveLine(numbers);
    expect(line).toBe('62:05  in ▕██  ▏−30  out ▕    ▏  –  noise −14 dB  delay 63 ms  load 31 %  gaps 7');
    expect(line.length).toBeLessThanOrEqual(80);
  });

  test('has no figure for the noise until there is one, and no minus zero', () => {
    expect(formatLiveLine({ ...numbers, noiseReductionDb: null })).toContain('noise – dB');
    expect(formatLiveLine({ ...numbers, noiseReductionDb: 0.2 })).toContain('noise 0 dB');
  });

  test('fills the meter up to full scale and no further', () => {
    expect(formatLiveLine({ ...numbers, inputPeakDb: 3, outputPeakDb: 0 })).toContain('in ▕████▏  3  out ▕████▏  0');
  });
});

test('the summary names every part of the delay and every kind of gap', () => {
  const summary = formatSummary(numbers);
  expect(summary).toContain('62.5 ms (input 6.0, ring 12.0, converter 0.3, engine 29.2, output 15.0)');
  expect(summary).toContain('7 under-runs, 1 over-runs, 2 frames dropped, 3 inserted');
  expect(summary).toContain('2.0 % median, 40.0 % p99, 125.0 % highest');
});
