import { Command } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { registerBackend } from './commands/backend.js';
import { registerDemo } from './commands/demo.js';
import { registerDevices } from './commands/devices.js';
import { registerDoctor } from './commands/doctor.js';
import { registerEnhance } from './commands/enhance.js';
import { registerLive } from './commands/live.js';
import { registerModels } from './commands/models.js';
import { registerPanel } from './commands/panel.js';
import { registerSdk } from './commands/sdk.js';
import { registerSignIn } from './commands/signIn.js';
import { registerSignOut } from './commands/signOut.js';
import { registerToken } from './commands/token.js';
import { prepareProgram, runProgram } from './run.js';

const examples = `
Examples:
  limpid doctor                                  is everything there?
  limpid devices                                 names for --input and --output
  limpid live --output Headphones                clean the default microphone, hear it
  limpid live --output virtual                   ... as a microphone for other programs (Linux)
  limpid enhance noisy.wav -o clean.wav          clean a file
  limpid sdk install                             get the library of the licensed engine
  limpid sign-in                                 fetch tokens in your own name
  limpid token                                   does the backend hand out tokens?
  limpid backend                                 hand out tokens to other computers
  limpid demo                                    hear and see it work on any machine

From a clone: npm run -s limpid -- <command>
Exit codes: 0 done, 1 failed, 2 wrong command line. Errors: one line “CODE: what, and what to do” on stderr.`;

function createProgram(): Command {
  const program = prepareProgram(new Command('limpid'))
    .description('Cleans a live voice: the microphone goes in, an enhanced voice comes out.')
    .version(packageFile.version)
    .addHelpText('after', examples);
  registerLive(program);
  registerEnhance(program);
  registerDevices(program);
  registerPanel(program);
  registerDemo(program);
  registerDoctor(program);
  registerSdk(program);
  registerModels(program);
  registerToken(program);
  registerSignIn(program);
  registerSignOut(program);
  registerBackend(program);
  return program;
}

/**
 * Runs one command line (without the names of program and script) and returns its exit code:
 * 0 done, 1 failed, 2 wrong command line. Failures are reported on stderr.
 */
export const runCommandLine = (argv: string[]): Promise<number> => runProgram(createProgram(), argv);
