import { execFile } from 'node:child_process';
import { childEnvironment } from '../childEnvironment.js';

const patienceMs = 2000;

const name = 'org.kde.StatusNotifierWatcher';
const path = '/StatusNotifierWatcher';
const property = 'IsStatusNotifierHostRegistered';

/** Two programs that ask the session bus the same; which of them is installed depends on the desktop. */
const questions: [program: string, args: string[]][] = [
  [
    'gdbus',
    ['call', '--session', '--timeout', '2', '--dest', name, '--object-path', path].concat([
      '--method',
      'org.freedesktop.DBus.Properties.Get',
      name,
      property,
    ]),
  ],
  ['busctl', ['--user', '--timeout=2', 'get-property', name, path, name, property]],
];

/** Runs a program; resolves with what it printed, or with null when it is not there or failed. */
export type RunProgram = (program: string, args: string[]) => Promise<string | null>;

/**
 * Whether the desktop shows icons of running programs. Windows and macOS always do. On Linux a desktop that does has a
 * StatusNotifierItem host (freedesktop.org, “StatusNotifierItem”, org.kde.StatusNotifierWatcher) on the session bus; Electron cannot tell, and an
 * icon that nobody shows would leave a hidden window that nobody finds. So where it cannot be known, there is none.
 */
export async function findTrayHost(platform: NodeJS.Platform, run: RunProgram = runProgram): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, args] of questions) {
    const answer = await run(program, args);
    if (answer !== null) return /\btrue\b/.test(answer);
  }
  return false;
}

function runProgram(program: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: patienceMs, env: childEnvironment() };
    execFile(program, args, options, (error, answer) => resolve(error ? null : answer));
  });
}
