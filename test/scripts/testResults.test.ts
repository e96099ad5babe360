import { describe, expect, test } from 'vitest';
import { countDoctest, countVitest, settle, total } from '../../scripts/lib/test-results.mjs';

describe('settling a step', () => {
  test('keeps what was counted', () => {
    expect(settle({ passed: 3, failed: 1, skipped: 2 }, false)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  test('a crash after tests that passed is a failure', () => {
    expect(settle({ passed: 3, failed: 0, skipped: 0 }, false).failed).toBe(1);
  });

  test('no test at all is a failure', () => {
    expect(settle({ passed: 0, failed: 0, skipped: 7 }, true).failed).toBe(1);
  });
});

describe('counting', () => {
  test('doctest: every summary in the output', () => {
    const output = [
      'TEST CASE:  wav: a header that lies',
      'TEST CASE:  wav: a header that lies',
      '[doctest] test cases:  51 |  50 passed | 1 failed | 0 skipped',
      '[doctest] assertions: 689 | 687 passed | 2 failed |',
      '[doctest] test cases:   2 |   2 passed | 0 failed | 3 skipped',
    ].join('\n');
    expect(countDoctest(output)).toEqual({ passed: 52, failed: 1, skipped: 3, failures: ['wav: a header that lies'] });
  });

  test('doctest: nothing when it never came to a summary', () => {
    expect(countDoctest('Segmentation fault')).toEqual({ passed: 0, failed: 0, skipped: 0, failures: [] });
  });

  test('vitest: a file that could not be loaded is one failure', () => {
    const report = {
      numPassedTests: 4,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        { name: '/test/broken.test.ts', status: 'failed', assertionResults: [] },
        {
          name: '/test/tone.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'a tone is heard' },
            { status: 'failed', fullName: 'a tone is loud' },
          ],
        },
        { name: '/test/skipped.test.ts', status: 'passed', assertionResults: [] },
      ],
    };
    const failures = ['tone.test.ts: a tone is loud', 'broken.test.ts could not be loaded'];
    expect(countVitest(report)).toEqual({ passed: 4, failed: 2, skipped: 3, failures });
  });

  test('the total adds up', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(total([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
    expect(total([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
