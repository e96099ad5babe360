import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CliRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line from its sources as a real process, without a terminal, and waits for its end. */
export function runCli(args: string[], env: Record<string, string | undefined> = {}): Promise<CliRun> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], {
    cwd: root,
    env: { ...process.env, LIMPID_DEBUG: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: CliRun = { exitCode: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (exitCode) => done({ ...run, exitCode }));
  });
}
