// @ts-check
// `npm run audit`: known holes in what we ship and in what we build with, and how old the pinned Electron is.
// Fails for a high or critical one in what is shipped, and for an Electron whose makers mend it no more. Where the registry
// cannot be asked it says so and fails, but for `-- --offline-ok`.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBlocking, judgeElectron, readFindings } from './lib/audit-report.mjs';
import { npmCommand } from './lib/child.mjs';
import { root } from './lib/paths.mjs';
import { listShipped } from './lib/shipped-packages.mjs';

const answerMs = 60_000;

/**
 * What npm prints. It ends with 1 for findings, too, so that its code says nothing.
 * @param {string[]} args
 * @returns {Promise<unknown>}
 */
async function askNpm(...args) {
  const [file = '', ...rest] = npmCommand([...args, '--json']);
  const options = { cwd: root, timeout: answerMs, maxBuffer: 64 * 1024 * 1024 };
  const text = await new Promise((resolve) => {
    execFile(file, rest, options, (error, stdout) => resolve(stdout || JSON.stringify({ message: error?.message })));
  });
  try {
    return JSON.parse(String(text));
  } catch {
    return { message: 'npm gave no report' };
  }
}

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

/** @returns {Promise<boolean>} whether nothing stands against a release */
async function auditPackages() {
  const shipped = await listShipped();
  const findings = readFindings(await askNpm('audit'), new Set(shipped.map(({ place }) => place)));
  const groups = /** @type {const} */ ([
    [`In what we ship (${shipped.length} packages)`, true],
    ['In what we build and test with', false],
  ]);
  for (const [title, isShipped] of groups) {
    const group = findings.filter((finding) => finding.isShipped === isShipped);
    say(`${title}: ${group.length === 0 ? 'nothing known' : group.length}`);
    for (const { severity, name, reason } of group) say(`  ${severity.padEnd(8)} ${name}: ${reason}`);
  }
  return !findings.some(isBlocking);
}

/** @returns {Promise<boolean>} */
async function auditElectron() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const times = await askNpm('view', 'electron', 'time');
  if (typeof times !== 'object' || times === null || 'message' in times || 'error' in times)
    throw new Error('npm gave no releases of Electron');
  const { ok, text } = judgeElectron(
    manifest.devDependencies.electron,
    /** @type {Record<string, string>} */ (times),
    Date.now(),
  );
  say(text);
  return ok;
}

const mayBeOffline = process.argv.includes('--offline-ok');

/**
 * @param {string} what
 * @param {() => Promise<boolean>} check
 */
async function run(what, check) {
  try {
    return await check();
  } catch (error) {
    say(`${what} could not be checked: ${error instanceof Error ? error.message : String(error)}`);
    return mayBeOffline;
  }
}

const isElectronFine = await run('Electron', auditElectron);
const arePackagesFine = await run('The packages', auditPackages);
process.exitCode = isElectronFine && arePackagesFine ? 0 : 1;
