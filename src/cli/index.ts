import { runCommandLine } from './program.js';
import { runProcess } from './run.js';

await runProcess(runCommandLine);
