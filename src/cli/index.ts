import { runCommandLine } from './program.js';

// Whoever reads our output may stop early (`limpid devices | head`).
process.stdout.on('error', () => process.exit(1));

const exitCode = await runCommandLine(process.argv.slice(2));
// What was printed must reach a slow pipe; what a command left open must not keep the process.
process.stdout.write('', () => process.exit(exitCode));
