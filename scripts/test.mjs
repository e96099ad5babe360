// @ts-check
// The whole test. `npm test -- unit native-tsan` runs only the steps named.
// What needs no quiet machine runs side by side; the tests that measure sound come last.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runStreamed } from './lib/child.mjs';
import { runLanes } from './lib/lanes.mjs';
import { stateFolder } from './lib/paths.mjs';
import { countVitest, settle, total } from './lib/test-results.mjs';
import { flavours, runNativeTests } from './native-tests.mjs';

/** @typedef {import('./lib/test-results.mjs').Tally} Tally */
/** @typedef {import('./lib/child.mjs').Write} Write */

/**
 * A step that is one check: it passes or fails as a whole.
 * @param {Write} write
 * @param {string[]} script path from the root, with its arguments
 */
async function runCheck(write, ...script) {
  const { succeeded } = await runStreamed([process.execPath, ...script], write);
  return settle({ passed: succeeded ? 1 : 0, failed: 0, skipped: 0 }, succeeded);
}

/**
 * @param {Write} write
 * @param {string} project of vitest.config.ts
 */
async function runVitest(write, project) {
  const reportPath = join(stateFolder, `vitest-${project}.json`);
  rmSync(reportPath, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const script = ['node_modules/vitest/vitest.mjs', 'run', `--project=${project}`, ...reporters];
  const { succeeded } = await runStreamed([process.execPath, ...script], write);
  return settle(countVitest(readReport(reportPath)), succeeded);
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}

const nativeSteps = Object.fromEntries(
  flavours.map((flavour) => [`native-${flavour}`, (/** @type {Write} */ write) => runNativeTests(flavour, write)]),
);

/** @type {Record<string, (write: Write) => Promise<Tally>>} */
const steps = {
  lint: (write) => runCheck(write, 'node_modules/oxlint/bin/oxlint', '--deny-warnings'),
  format: (write) => runCheck(write, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
  'lint-native': (write) => runCheck(write, 'scripts/lint-native.mjs'),
  typecheck: (write) => runCheck(write, 'node_modules/typescript/bin/tsc', '-b'),
  unit: (write) => runVitest(write, 'unit'),
  window: (write) => runVitest(write, 'window'),
  ...nativeSteps,
  voice: (write) => runVitest(write, 'voice'),
  rig: (write) => runVitest(write, 'rig'),
  beside: (write) => runVitest(write, 'beside'),
};

/** A stage begins when the one before has ended; its lanes run side by side, each step by step. */
const stages = [
  // The native builds have a lower priority than all that runs beside them.
  [
    ['unit', 'window', 'voice'],
    ['lint', 'format', 'lint-native', 'typecheck'],
    ...Object.keys(nativeSteps).map((name) => [name]),
  ],
  [['rig'], ['beside']],
];

/** @param {string[]} names */
function chooseSteps(names) {
  const unknown = names.filter((name) => !(name in steps));
  if (unknown.length === 0) return names.length > 0 ? names : Object.keys(steps);
  process.stderr.write(`test: no step ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}

/** @type {string[]} */
const table = [];
/** @type {string[]} */
const failures = [];
/** @type {Tally[]} */
const tallies = [];

/**
 * @param {string} name
 * @param {Write} write
 */
async function runStep(name, write) {
  const startedMs = Date.now();
  const tally = await (steps[name]?.(write) ?? settle({ passed: 0, failed: 0, skipped: 0 }, false));
  tallies.push(tally);
  failures.push(...(tally.failures ?? []).map((failure) => `FAILED ${name}: ${failure}`));
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const verdict = tally.failed > 0 ? 'FAILED' : 'ok';
  const counts = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
  table.push(`${verdict.padEnd(7)}${name.padEnd(14)}${seconds.padStart(7)} s   ${counts}`);
}

const chosen = chooseSteps(process.argv.slice(2));
for (const lanes of stages) {
  const wanted = lanes.map((lane) => lane.filter((name) => chosen.includes(name)));
  await runLanes(wanted, runStep, (text) => process.stdout.write(text));
}

const { passed, failed } = total(tallies);
// The names once more at the end, as a log of thousands of lines is read from there.
process.stdout.write(`\n${[...table, '', ...failures].join('\n')}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
