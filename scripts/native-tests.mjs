// @ts-check
// Builds and runs the tests of the native core outside Node.
//   node scripts/native-tests.mjs [plain|asan|tsan ...]   all three when none is named
//   node scripts/native-tests.mjs --soak                  an hour of drifting clocks, simulated
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStreamed } from './lib/child.mjs';
import { root } from './lib/paths.mjs';
import { countDoctest, settle, total } from './lib/test-results.mjs';

/** The flavours of the whole test: as shipped, then with the sanitizers that cannot be combined. */
export const flavours = ['plain', 'asan', 'tsan'];

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

/**
 * Builds and runs one flavour, showing its output.
 * @param {string} flavour a target of native/tests/Makefile
 */
export async function runNativeTests(flavour) {
  const make = ['make', '-C', join(root, 'native/tests'), '--no-print-directory', '-s'];
  const jobs = `-j${availableParallelism()}`;
  const { succeeded, output } = await runStreamed([...launcher(flavour), ...make, jobs, flavour]);
  return settle(countDoctest(output), succeeded);
}

async function main() {
  const named = process.argv.slice(2).map((argument) => argument.replace(/^--/, ''));
  const wanted = named.length > 0 ? named : flavours;
  const tallies = [];
  for (const flavour of wanted) {
    process.stdout.write(`native tests: ${flavour}\n`);
    tallies.push(await runNativeTests(flavour));
  }
  const { passed, failed } = total(tallies);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
