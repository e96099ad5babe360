import { Command } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { setUpBackend } from './commands/backend.js';
import { prepareProgram, runProcess, runProgram } from './run.js';

// The token backend as a program of its own, for containers: the command `limpid backend` without the rest of Limpid.
const program = prepareProgram(new Command('limpid-backend')).version(packageFile.version);
setUpBackend(program);

await runProcess((argv) => runProgram(program, argv));
