// @ts-check
import { basename } from 'node:path';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} [failures] the names of the tests that failed, as far as they are known
 */

/**
 * What came of one step. A step that failed as a whole without naming a failed test, or that ran no test at all, counts
 * as one failure: silence is no success.
 * @param {Tally} counted
 * @param {boolean} succeeded the exit code was 0
 * @returns {Tally}
 */
export function settle(counted, succeeded) {
  const ranNothing = counted.passed + counted.failed === 0;
  const failed = counted.failed === 0 && (!succeeded || ranNothing) ? 1 : counted.failed;
  return { ...counted, failed };
}

/**
 * @param {Tally[]} tallies
 * @returns {Tally} without names
 */
export function total(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
  }
  return sum;
}

/**
 * Counts the test cases of doctest's summary lines ("[doctest] test cases: 5 | 4 passed | 1 failed | 0 skipped").
 * @param {string} output
 * @returns {Tally}
 */
export function countDoctest(output) {
  const summaries = output.matchAll(
    /\[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped/g,
  );
  const counted = total(
    Array.from(summaries, ([, passed, failed, skipped]) => ({
      passed: Number(passed),
      failed: Number(failed),
      skipped: Number(skipped),
    })),
  );
  // Doctest names a test case only where one of its checks failed, and once for each of them.
  const failures = new Set(Array.from(output.matchAll(/^TEST CASE: +(.+)$/gm), ([, name = '']) => name));
  return { ...counted, failures: [...failures] };
}

/**
 * Counts the tests of vitest's JSON report. A file that could not be loaded has no tests and counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number,
 *   testResults?: { name: string, status: string, assertionResults: { status: string, fullName: string }[] }[] }} report
 * @returns {Tally}
 */
export function countVitest(report) {
  const files = report.testResults ?? [];
  const unloadable = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failures = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${basename(name)}: ${fullName}`),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    failures: [...failures, ...unloadable.map(({ name }) => `${basename(name)} could not be loaded`)],
  };
}
