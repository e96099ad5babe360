// @ts-check
// `npm start`: the app in Electron, or in the browser where Electron cannot run. Arguments are passed on.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { binaryObstacle, downloadElectron, electronBinary, hasDisplay, machineObstacle } from './lib/electron.mjs';
import { root } from './lib/paths.mjs';

const DEVICE_CHECK_MS = 10_000;

const commandLine = join(root, 'out/main/cli.js');
const passedOn = process.argv.slice(2);

/** @param {string} text */
function say(text) {
  process.stderr.write(`start: ${text}\n`);
}

/** Electron's program, or why it cannot be used. */
async function findElectron() {
  const isRoot = process.getuid?.() === 0;
  const obstacle = machineObstacle({ platform: process.platform, isRoot, environment: process.env });
  if (obstacle) return { binary: null, reason: obstacle };
  if (!electronBinary()) {
    say('downloading Electron, once …');
    await downloadElectron().catch(() => {});
  }
  const binary = electronBinary();
  if (!binary) return { binary, reason: 'it could not be downloaded (see .setup/logs/electron-download.log)' };
  const reason = binaryObstacle(binary);
  return reason ? { binary: null, reason } : { binary, reason: null };
}

/** Names the demo when this machine has nothing to record from or play to. */
function offerDemoWithoutSound() {
  const command = [commandLine, 'devices', '--json'];
  const child = execFile(process.execPath, command, { timeout: DEVICE_CHECK_MS }, (error, stdout) => {
    if (error || !/"devices":\s*\[\]/.test(stdout)) return;
    say('no sound device was found; "npm run demo" shows what Limpid does without one');
  });
  child.unref();
}

/**
 * Runs a program on our terminal and ends the way it ends.
 * @param {string} program
 * @param {string[]} args
 */
function handOver(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => {}); // Ctrl-C reaches the child by itself; we end when it does.
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.once('error', (error) => {
    say(`${program} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

const { binary, reason } = await findElectron();
offerDemoWithoutSound();
if (binary) {
  handOver(binary, ['.', ...passedOn]);
} else {
  const opens = hasDisplay({ platform: process.platform, environment: process.env });
  const instead = opens ? 'the app opens in the browser instead' : 'the link to the app in a browser follows';
  say(`Electron is not used, because ${reason}; ${instead}`);
  handOver(process.execPath, [commandLine, 'panel', ...(opens ? ['--open'] : []), ...passedOn]);
}
