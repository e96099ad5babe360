// @ts-check
// Builds and runs the tests of the native core outside Node.
//   node scripts/native-tests.mjs [plain|asan|tsan ...]   all three when none is named
//   node scripts/native-tests.mjs --soak                  an hour of drifting clocks, then four of recording (13 GB of disk), as fast as they go
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCommand, runStreamed } from './lib/child.mjs';
import { withLock } from './lib/lock.mjs';
import { root } from './lib/paths.mjs';
import { countDoctest, settle, total } from './lib/test-results.mjs';

/** @typedef {import('./lib/child.mjs').Write} Write */

/** The flavours of the whole test: as shipped, then with the sanitizers that cannot be combined. */
export const flavours = ['plain', 'asan', 'tsan'];

/** @param {string[]} targets of native/tests/Makefile */
function make(...targets) {
  const jobs = `-j${availableParallelism()}`;
  return ['make', '-C', join(root, 'native/tests'), '--no-print-directory', '-s', jobs, ...targets];
}

/** What is compiled may wait for tests that run beside it. */
const inBackground = findCommand('nice') ? ['nice', '-n', '10'] : [];

/**
 * Thread sanitizer of gcc 12 does not start where the kernel randomises addresses by more than 28 bits, so the address
 * layout is fixed where the system lets us.
 * @param {string} flavour
 */
function launcher(flavour) {
  if (flavour !== 'tsan' || process.platform !== 'linux') return [];
  const fixedLayout = ['setarch', process.arch === 'arm64' ? 'aarch64' : 'x86_64', '-R'];
  const { status } = spawnSync(String(fixedLayout[0]), [...fixedLayout.slice(1), 'true'], { stdio: 'ignore' });
  return status === 0 ? fixedLayout : [];
}

/** The last build of this process: one uses all cores, and all share the network's object file. @type {Promise<unknown>} */
let building = Promise.resolve();

/**
 * Builds what native/tests/Makefile makes of one flavour, when no other build of it is under way.
 * @param {string} flavour
 * @param {string} path of the product, from build/tests/<flavour>
 * @param {Write} [write] takes the output; default: our stdout
 */
export function buildNativeTests(flavour, path, write) {
  const command = [...inBackground, ...make(join(root, 'build/tests', flavour, path))];
  const build = building.then(() => withLock(`native-tests-${flavour}`, () => runStreamed(command, write)));
  building = build;
  return build;
}

/**
 * Builds and runs one flavour, showing its output. May be called for several at once: while the tests of one run, which mostly
 * wait, the next is built.
 * @param {string} flavour a target of native/tests/Makefile
 * @param {Write} [write] takes the output; default: our stdout
 */
export async function runNativeTests(flavour, write) {
  const built = await buildNativeTests(flavour, 'run-tests', write);
  if (!built.succeeded) return settle(countDoctest(''), false);
  const { succeeded, output } = await runStreamed([...launcher(flavour), ...make(flavour)], write);
  return settle(countDoctest(output), succeeded);
}

async function main() {
  const named = process.argv.slice(2).map((argument) => argument.replace(/^--/, ''));
  const wanted = named.length > 0 ? named : flavours;
  const tallies = [];
  for (const flavour of wanted) {
    process.stdout.write(`native tests: ${flavour}\n`);
    tallies.push(flavour === 'soak' ? await runSoak() : await runNativeTests(flavour));
  }
  const { passed, failed } = total(tallies);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function runSoak() {
  const { succeeded, output } = await runStreamed(make('soak'));
  return settle(countDoctest(output), succeeded);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
