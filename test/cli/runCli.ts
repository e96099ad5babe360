import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUpToDate } from '../../scripts/lib/freshness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CliRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** A command line that runs: what it has said so far, and its end. */
export interface RunningCli extends CliRun {
  child: ChildProcess;
  ended: Promise<CliRun>;
}

/**
 * What Node is given to run the command line: the built program, as people run it, unless a source is newer. The sources
 * take three times as long to start.
 */
export function cliProgram(folder = root): string[] {
  const built = join(folder, 'out/main/cli.js');
  const sources = ['src', 'package.json', 'electron.vite.config.ts'].map((path) => join(folder, path));
  if (isUpToDate({ outputs: [built], sources })) return [built];
  return ['--import', 'tsx', join(folder, 'src/cli/index.ts')];
}

/**
 * Starts the command line as a real process, without a terminal. `env` is laid over this process's own;
 * `folder` is the copy of the project to run.
 */
export function startCli(args: string[], env: NodeJS.ProcessEnv = {}, folder = root): RunningCli {
  const child = spawn(process.execPath, [...cliProgram(folder), ...args], {
    cwd: folder,
    env: { ...process.env, LIMPID_DEBUG: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<CliRun>((done, failed) => {
    child.on('error', failed);
    child.on('close', (exitCode) => done({ exitCode, stdout: cli.stdout, stderr: cli.stderr }));
  });
  const cli: RunningCli = { child, ended, exitCode: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (cli.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (cli.stderr += text));
  return cli;
}

/** Starts the command line and waits for its end. */
export const runCli = (args: string[], env?: NodeJS.ProcessEnv, folder?: string): Promise<CliRun> =>
  startCli(args, env, folder).ended;

/** Starts the command line on a terminal of its own (by util-linux's `script`); `text` is what the screen received. */
export function startInTerminal(args: string[]): { child: ChildProcess; text: string; ended: Promise<void> } {
  const command = [process.execPath, ...cliProgram(), ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => void child.on('close', () => done()));
  const terminal = { child, text: '', ended };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (terminal.text += text));
  return terminal;
}
