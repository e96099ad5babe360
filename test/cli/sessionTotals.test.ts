import { expect, test } from 'vitest';
import { SessionTotals } from '../../src/cli/sessionTotals.js';
import { numbers } from './numbers.js';

test('there are no numbers before the first', () => {
  expect(new SessionTotals().numbers).toBeNull();
});

test('a loop that stays open is taken as it is', () => {
  const totals = new SessionTotals();
  totals.take({ ...numbers, secondsRunning: 1 });
  totals.take({ ...numbers, secondsRunning: 2 });
  expect(totals.numbers).toEqual({ ...numbers, secondsRunning: 2 });
});

test('the counts of reopened loops add up; states, levels and loads are those of the last', () => {
  const totals = new SessionTotals();
  for (const secondsRunning of [10, 3, 4, 1]) {
    totals.take({ ...numbers, secondsRunning, underruns: secondsRunning, inputRmsDb: -secondsRunning });
  }
  expect(totals.numbers).toMatchObject({
    secondsRunning: 15,
    underruns: 15,
    overruns: 3 * numbers.overruns,
    restarts: 2,
    inputRmsDb: -1,
    counters: { modelLoads: 1, blocksEnhanced: 3 * numbers.counters.blocksEnhanced },
  });
});
