// @ts-check
// `npm run package`: installers for this computer's system and processor, in dist/. What follows `--` goes to electron-builder:
// `--dir` makes the folder alone, without an installer.
//   LIMPID_UPDATES_URL     folder on an https server where the app looks for new versions; without it, it looks for none
//   LIMPID_HOMEPAGE        what the Debian package names as its home page
//   LIMPID_ELECTRON_DIST   a folder with Electron's program, instead of downloading it
// Signing: CSC_LINK, CSC_KEY_PASSWORD, WIN_CSC_LINK, WIN_CSC_KEY_PASSWORD, APPLE_API_KEY and others (https://www.electron.build/code-signing).
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { planPackaging } from './package/plan.mjs';
import { describePackages, sizeTable } from './package/report.mjs';

/** @param {string} text */
function say(text) {
  process.stderr.write(`package: ${text}\n`);
}

function plan() {
  try {
    const { env: environment, platform } = process;
    return planPackaging({ asked: process.argv.slice(2), environment, platform, root });
  } catch (error) {
    say(/** @type {Error} */ (error).message);
    return process.exit(2);
  }
}

const { outputFolder, feedUrl, runs } = plan();
const builder = join(root, 'node_modules/electron-builder/cli.js');
const startedMs = Date.now();
for (const { options, removes } of runs) {
  for (const path of removes) rmSync(path, { force: true });
  const { status } = spawnSync(process.execPath, [builder, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

const packages = describePackages(outputFolder, startedMs);
process.stdout.write(sizeTable(packages));
for (const { name, signature, unsigned, lacksTicket } of packages) {
  if (signature === 'none')
    say(`${name} is NOT signed: its system warns whoever opens it. Set CSC_LINK or WIN_CSC_LINK.`);
  if (unsigned.length > 0) say(`in ${name} these are NOT signed: ${unsigned.join(', ')}`);
  if (lacksTicket) say(`${name} is NOT notarised: macOS warns whoever opens it. Set APPLE_API_KEY or APPLE_ID.`);
}
if (feedUrl === null) say('LIMPID_UPDATES_URL is not set, so this app will never look for new versions.');
