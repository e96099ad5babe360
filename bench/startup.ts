import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { formatTable, log, printJson, printLine } from '../src/cli/output.js';
import { startSoundCard } from './soundCard.js';
import { measureMemory, memoryTable } from './startup/memory.js';
import { PackagedApp, type Start } from './startup/run.js';
import { summarise, tablesOf } from './startup/report.js';

/**
 * How long the main process takes until it asks for its window, and what each step costs: the built app in plain Node, on the virtual
 * sound card, with a stand-in for Electron (whose own start is not in the figures), and the panel until it prints its link.
 * `--before FOLDER`: another build of this project, started by turns with this one. `--memory`: what the process of the panel holds
 * after an hour of enhancing.
 */
const command = new Command('bench:startup')
  .option('--starts <n>', 'starts of each', Number, 15)
  .option('--before <folder>', 'another folder of this project, built, to compare with')
  .option('--memory', 'memory while it enhances, instead of starts')
  .option('--minutes <n>', 'for how long, with --memory', Number, 60)
  .option('--json', 'all of it as one JSON object on standard output')
  .option('--out <file>', 'JSON of all runs', 'bench/results/startup.json')
  .parse();
const options = command.opts<{
  starts: number;
  before?: string;
  memory?: boolean;
  minutes: number;
  json?: boolean;
  out: string;
}>();
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'core', node: process.version };
const root = fileURLToPath(new URL('..', import.meta.url));

/** What was measured of the other kind before stays in the file. */
async function keep(results: object): Promise<void> {
  const kept = await readFile(options.out, 'utf8').then(
    (text) => JSON.parse(text) as object,
    () => ({}),
  );
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify({ ...kept, machine, ...results }, null, 2)}\n`);
  log(`All runs: ${options.out}`);
}

async function measureStarts(environment: NodeJS.ProcessEnv): Promise<void> {
  const arms = {
    now: await PackagedApp.make(root),
    before: options.before ? await PackagedApp.make(options.before) : null,
  };
  try {
    const results: Record<string, object> = {};
    for (const what of ['main', 'panel'] as const) {
      const starts: Record<'before' | 'now', Start[]> = { before: [], now: [] };
      // The first of each only warms the disk's cache.
      for (let start = 0; start <= options.starts; start++) {
        for (const arm of ['before', 'now'] as const) {
          const measured = await arms[arm]?.start(what, environment);
          if (measured && start > 0) starts[arm].push(measured);
        }
      }
      const now = summarise(starts.now, what);
      const before = starts.before.length > 0 ? summarise(starts.before, what) : null;
      results[what] = { now, before };
      if (options.json) continue;
      printLine(`${what === 'main' ? 'The main process of the app' : 'limpid panel'}, ${options.starts} starts\n`);
      for (const { title, header, rows } of tablesOf(now, before)) {
        printLine(`${title}\n${formatTable(header, rows, header.slice(1))}\n`);
      }
    }
    const report = {
      starts: {
        options: { starts: options.starts, before: Boolean(options.before) },
        loadAverage: loadavg(),
        ...results,
      },
    };
    if (options.json) printJson(report);
    await keep(report);
  } finally {
    await arms.now.remove();
    await arms.before?.remove();
  }
}

const card = await startSoundCard('bench:startup');
try {
  if (options.memory) {
    const memory = await measureMemory(card, options.minutes, (line) => log(line));
    if (options.json) printJson({ memory });
    else printLine(memoryTable(memory));
    await keep({ memory });
    if (!memory.met) process.exitCode = 1;
  } else {
    await measureStarts(card.environment);
  }
} finally {
  await card.stop();
}
