// @ts-check
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root, stateFolder } from './paths.mjs';

const TAIL_LINES = 40;

/**
 * Where a command is found on PATH, null when nowhere.
 * @param {string} name
 */
export function findCommand(name) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (isExecutable(path)) return path;
    }
  }
  return null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The npm that started us, else the one beside this Node, as arguments of `process.execPath`; null when npm is only
 * known by its name. Running the script itself works on Windows too, where npm is a batch file.
 */
function npmScript() {
  const starter = process.env.npm_execpath ?? '';
  const beside = ['node_modules', '../lib/node_modules'].map((folder) =>
    join(dirname(process.execPath), folder, 'npm/bin/npm-cli.js'),
  );
  const candidates = starter.endsWith('npm-cli.js') ? [starter, ...beside] : beside;
  return candidates.find((path) => existsSync(path)) ?? null;
}

/**
 * Command line that runs npm with these arguments.
 * @param {string[]} args
 * @returns {string[]}
 */
export function npmCommand(args) {
  const script = npmScript();
  return script ? [process.execPath, script, ...args] : ['npm', ...args];
}

/**
 * Runs a command to its end, its output in `.setup/logs/<name>.log`, nothing on our own stdout.
 * @param {string} name name of the log
 * @param {string[]} command
 * @param {Record<string, string>} [environment] added to ours
 * @param {number} [timeoutMs] ended when it runs longer; default: no limit
 * @throws {Error} with the last lines of the log, when the command fails or cannot be started
 */
export async function runLogged(name, command, environment = {}, timeoutMs = 0) {
  const logPath = join(stateFolder, 'logs', `${name}.log`);
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openSync(logPath, 'w');
  try {
    const outcome = await runWithOutput(command, ['ignore', log, log], environment, timeoutMs);
    if (outcome === null) return;
    const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n');
    const tail = lines.slice(-TAIL_LINES).join('\n');
    throw new Error(`"${command.join(' ')}" ${outcome}; the end of ${logPath}:\n${tail}`);
  } finally {
    closeSync(log);
  }
}

/** @typedef {(text: string | Buffer) => unknown} Write */

/** @type {Write} */
const writeToStdout = (text) => process.stdout.write(text);

/**
 * Runs a command to its end, its output shown as it comes, and hands the output back too.
 * @param {string[]} command
 * @param {Write} [write] takes the output; default: our stdout
 * @returns {Promise<{ succeeded: boolean, output: string }>}
 */
export function runStreamed(command, write = writeToStdout) {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const show = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      write(chunk);
    };
    child.stdout.on('data', show);
    child.stderr.on('data', show);
    child.once('error', (error) => {
      write(`${file} could not be started: ${error.message}\n`);
      resolve({ succeeded: false, output });
    });
    child.once('close', (code) => resolve({ succeeded: code === 0, output }));
  });
}

/**
 * Runs a command with the terminal as its own, its output on our stderr; for a command that asks for a password.
 * @param {string[]} command
 */
export async function runOnTerminal(command) {
  const outcome = await runWithOutput(command, ['inherit', process.stderr, process.stderr], {});
  if (outcome !== null) throw new Error(`"${command.join(' ')}" ${outcome}.`);
}

/**
 * @param {string[]} command
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {Record<string, string>} environment
 * @param {number} [timeoutMs]
 * @returns {Promise<string | null>} what went wrong, null when nothing did
 */
function runWithOutput(command, stdio, environment, timeoutMs = 0) {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(file, args, { cwd: root, stdio, env, timeout: timeoutMs });
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`));
  });
}
