import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CliRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Starts the command line from its sources as a real process, without a terminal. `env` is laid over this process's own;
 * `folder` is the copy of the project to run.
 */
export function startCli(args: string[], env: NodeJS.ProcessEnv = {}, folder = root): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(folder, 'src/cli/index.ts'), ...args], {
    cwd: folder,
    env: { ...process.env, LIMPID_DEBUG: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for the end of a process and returns what it said. */
export function waitForCli(child: ChildProcess): Promise<CliRun> {
  const run: CliRun = { exitCode: null, stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (exitCode) => done({ ...run, exitCode }));
  });
}

/** Starts the command line and waits for its end. */
export const runCli = (args: string[], env?: NodeJS.ProcessEnv, folder?: string): Promise<CliRun> =>
  waitForCli(startCli(args, env, folder));
