import { CommanderError, type Command } from 'commander';
import { fail } from './output.js';
import { toUsageError } from './usage.js';

/** How every program of ours is set up: complaints are thrown, and `runProgram` reports them. */
export const prepareProgram = (program: Command): Command =>
  program
    .helpCommand(false)
    // A command may have options of the same name, such as `sdk install --version`.
    .enablePositionalOptions()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(false)
    .exitOverride();

/** Runs one command line (without the names of program and script) and returns its exit code. Failures are reported on stderr. */
export async function runProgram(program: Command, argv: string[]): Promise<number> {
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const failure = error instanceof CommanderError ? toUsageError(error, program, argv) : error;
    return failure === null ? 0 : fail(failure);
  }
}

/** Runs a program as this process, which ends with it. */
export async function runProcess(run: (argv: string[]) => Promise<number>): Promise<void> {
  // Whoever reads our output may stop early (`limpid devices | head`).
  process.stdout.on('error', () => process.exit(1));
  const exitCode = await run(process.argv.slice(2));
  // What was printed must reach a slow pipe; what a command left open must not keep the process.
  process.stdout.write('', () => process.exit(exitCode));
}
