#!/usr/bin/env node
// @ts-check
// Makes this clone ready to run: system libraries, npm packages, native addon, app. Runs before every command, so it
// only looks at files when nothing is missing. Tells what it does on stderr; stdout belongs to the command that follows.
//   --tests   also what the tests need      --demo   also what the demo needs      --quiet   silent when all is there
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { findCommand, npmCommand, runLogged, runOnTerminal } from './lib/child.mjs';
import { isUpToDate, stamp } from './lib/freshness.mjs';
import { withLock } from './lib/lock.mjs';
import { inspectNpm, npmStampPath, recordNpm } from './lib/npm-packages.mjs';
import { addonPath, nodeHeadersEnvironment, root, stateFolder } from './lib/paths.mjs';
import { fetchSimde, isSimdeThere, simdeEnvironment } from './lib/simde.mjs';
import { installPlan, isPresent, missingPackages } from './lib/system-packages.mjs';

const MINIMUM_NODE = [20, 19];

const options = new Set(process.argv.slice(2));
const isQuiet = options.has('--quiet');
const isTerminal = Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** Packages that only switch something off and that the user declined or the system could not give. */
const declinedPath = join(stateFolder, 'declined-packages.json');

/** @param {string} text */
function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/**
 * One line: what begins, and how long it took.
 * @param {string} what
 * @param {() => Promise<void>} work
 */
async function tell(what, work) {
  const startedMs = Date.now();
  process.stderr.write(`setup: ${what} … `);
  try {
    await work();
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
  process.stderr.write(`${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = MINIMUM_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(`Node ${process.versions.node} is too old; install Node ${MINIMUM_NODE.join('.')} or newer.`);
}

function declinedPackages() {
  try {
    return JSON.parse(readFileSync(declinedPath, 'utf8'));
  } catch {
    return [];
  }
}

/** Under --quiet what was declined once stays declined; without it setup asks again. */
function missingSystemPackages() {
  /** @type {import('./lib/system-packages.mjs').Requirement['group'][]} */
  const groups = ['build', 'run'];
  if (options.has('--demo') || options.has('--tests')) groups.push('demo');
  if (options.has('--tests')) groups.push('tests');
  const { needed, useful } = missingPackages({ platform: process.platform, groups, present: isPresent });
  const declined = isQuiet ? declinedPackages() : [];
  return { needed, useful: useful.filter((name) => !declined.includes(name)) };
}

/** @param {string} line */
async function askToRun(line) {
  if (!isTerminal) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`setup: run "${line}" now? [Y/n] `);
  terminal.close();
  return /^(y|yes|)$/i.test(answer.trim());
}

/** @param {{ needed: string[], useful: string[] }} packages */
async function installSystemPackages(packages) {
  const isRoot = process.getuid?.() === 0;
  const isCi = Boolean(process.env.CI) && process.env.CI !== 'false';
  const facts = { isRoot, isCi, hasApt: findCommand('apt-get') !== null, hasSudo: findCommand('sudo') !== null };
  const plan = installPlan({ platform: process.platform, ...packages, ...facts });
  if (plan.unattended) {
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    await tell(`installing system packages ${[...packages.needed, ...packages.useful].join(' ')}`, async () => {
      for (const [index, command] of plan.commands.entries()) {
        await runLogged(`system-packages-${index + 1}`, command, environment);
      }
      for (const command of plan.mayFail) await runLogged('system-packages-useful', command, environment).catch(ignore);
    });
    return;
  }
  say(`system packages are missing; install them with: ${plan.line}`);
  if (plan.commands.length + plan.mayFail.length === 0 || !(await askToRun(plan.line))) return;
  for (const command of plan.commands) await runOnTerminal(command);
  for (const command of plan.mayFail) await runOnTerminal(command).catch(ignore);
}

/** What is still missing afterwards is told by name. */
function ignore() {}

const systemStep = {
  isDone() {
    const { needed, useful } = missingSystemPackages();
    return needed.length + useful.length === 0;
  },
  async run() {
    const wanted = missingSystemPackages();
    /** @type {unknown} */
    let failure = null;
    await installSystemPackages(wanted).catch((error) => (failure = error));
    const left = missingSystemPackages();
    if (left.needed.length > 0) throw failure ?? new Error(`nothing can be built without ${left.needed.join(', ')}.`);
    writeFileSync(declinedPath, JSON.stringify(left.useful));
    if (left.useful.length > 0) say(`going on without ${left.useful.join(', ')}; what needs them will say so`);
  },
};

const npmStep = {
  isDone: () => inspectNpm().action === 'none',
  async run() {
    const plan = inspectNpm();
    // node-gyp compiles with one job unless told otherwise; npm -s on the outer command must not empty our log.
    const environment = { ...nodeHeadersEnvironment(), JOBS: 'max', npm_config_loglevel: 'notice' };
    if (plan.action === 'install') {
      const command = npmCommand(['ci', '--include=dev', '--no-audit', '--no-fund', '--foreground-scripts']);
      await tell(`installing npm packages (${plan.reason})`, () => runLogged('npm', command, environment));
    }
    const { action, packages } = /** @type {{ action: string, packages?: string[] }} */ (inspectNpm());
    if (action === 'compile' && packages) {
      const command = npmCommand(['rebuild', '--foreground-scripts', ...packages]);
      await tell(`compiling ${packages.join(' and ')}`, () => runLogged('npm-rebuild', command, environment));
    }
    recordNpm();
  },
};

const simdeStep = {
  isDone: () => isSimdeThere(process.platform),
  run: () => tell('fetching the headers of SIMDe', fetchSimde),
};

const nativeStep = {
  isDone: () =>
    isUpToDate({ outputs: [addonPath], sources: [] }) &&
    isUpToDate({
      outputs: [join(stateFolder, 'native.stamp')],
      sources: [
        join(root, 'native/binding.gyp'),
        join(root, 'native/src'),
        join(root, 'scripts/generate-gtcrn.mjs'),
        join(root, 'scripts/build-native.mjs'),
        npmStampPath,
      ],
    }),
  run: () =>
    tell('building the native addon', () =>
      runLogged('native', [process.execPath, join(root, 'scripts/build-native.mjs')], simdeEnvironment()),
    ),
};

const appOutputs = ['main/index.js', 'main/cli.js', 'preload/index.cjs', 'renderer/index.html'].map((name) =>
  join(root, 'out', name),
);

const appStep = {
  isDone: () =>
    isUpToDate({
      outputs: appOutputs,
      sources: [join(root, 'src'), join(root, 'electron.vite.config.ts'), join(root, 'package.json'), npmStampPath],
    }),
  run: () =>
    tell('building the app', async () => {
      const startedMs = Date.now();
      const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
      await runLogged('app', [process.execPath, builder, 'build']);
      for (const output of appOutputs) stamp(output, startedMs);
    }),
};

const steps = [systemStep, npmStep, simdeStep, nativeStep, appStep];

async function main() {
  checkNode();
  if (steps.every((step) => step.isDone())) {
    if (!isQuiet) say('nothing is missing');
    return;
  }
  mkdirSync(stateFolder, { recursive: true });
  const onWait = (/** @type {number} */ holder) => say(`waiting for the setup that process ${holder} runs`);
  await withLock(
    'setup',
    async () => {
      for (const step of steps) {
        if (!step.isDone()) await step.run();
      }
    },
    { onWait },
  );
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
