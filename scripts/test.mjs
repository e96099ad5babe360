// @ts-check
// The whole test. `npm test -- unit native-tsan` runs only the steps named.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runStreamed } from './lib/child.mjs';
import { stateFolder } from './lib/paths.mjs';
import { countVitest, settle, total } from './lib/test-results.mjs';
import { flavours, runNativeTests } from './native-tests.mjs';

/** @typedef {import('./lib/test-results.mjs').Tally} Tally */

/**
 * A step that is one check: it passes or fails as a whole.
 * @param {string[]} script path from the root, with its arguments
 */
async function runCheck(...script) {
  const { succeeded } = await runStreamed([process.execPath, ...script]);
  return settle({ passed: succeeded ? 1 : 0, failed: 0, skipped: 0 }, succeeded);
}

/** @param {string} project of vitest.config.ts */
async function runVitest(project) {
  const reportPath = join(stateFolder, `vitest-${project}.json`);
  rmSync(reportPath, { force: true });
  const { succeeded } = await runStreamed([
    process.execPath,
    'node_modules/vitest/vitest.mjs',
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
  ]);
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

/** @type {Record<string, () => Promise<Tally>>} */
const steps = {
  lint: () => runCheck('node_modules/oxlint/bin/oxlint', '--deny-warnings'),
  format: () => runCheck('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
  'lint-native': () => runCheck('scripts/lint-native.mjs'),
  typecheck: () => runCheck('node_modules/typescript/bin/tsc', '-b'),
  unit: () => runVitest('unit'),
  ...Object.fromEntries(flavours.map((flavour) => [`native-${flavour}`, () => runNativeTests(flavour)])),
  rig: () => runVitest('rig'),
};

/** @param {string[]} names */
function chooseSteps(names) {
  const unknown = names.filter((name) => !(name in steps));
  if (unknown.length === 0) return Object.entries(steps).filter(([name]) => names.length === 0 || names.includes(name));
  process.stderr.write(`test: no step ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}

/** @type {string[]} */
const table = [];
/** @type {Tally[]} */
const tallies = [];
for (const [name, run] of chooseSteps(process.argv.slice(2))) {
  process.stdout.write(`\n== ${name}\n`);
  const startedMs = Date.now();
  const tally = await run();
  tallies.push(tally);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const verdict = tally.failed > 0 ? 'FAILED' : 'ok';
  const counts = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
  table.push(`${verdict.padEnd(7)}${name.padEnd(14)}${seconds.padStart(7)} s   ${counts}`);
}

const { passed, failed } = total(tallies);
process.stdout.write(`\n${table.join('\n')}\n\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
