import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { formatTable, log, printLine } from '../src/cli/output.js';
import { startSoundCard } from './soundCard.js';
import { armRows, libraryRows, reachesOf } from './tokens/report.js';
import { runTrial, type Trial, type TrialResult } from './tokens/run.js';

/**
 * Token updates in place under a live voice on the virtual sound card, with a stand-in for the licensed library that holds a
 * mutex during each: for each delay one live loop, in which windows with updates and windows without follow each other. With
 * the defaults it takes about 12 minutes.
 */
const command = new Command('bench:tokens')
  .option('--updates <n>', 'updates of each run', Number, 1000)
  .option(
    '--delays <list>',
    'how long the library takes for an update, ms',
    (value) => value.split(',').map(Number),
    [0, 5, 250],
  )
  .option('--pause <ms>', 'pause after each update', Number, 20)
  .option('--window <seconds>', 'length of a window with or without updates', Number, 5)
  .option('--period <frames>', 'frames a callback', Number, 256)
  .option('--out <file>', 'JSON of all runs', 'bench/results/tokens.json')
  .parse();
const options = command.opts<{
  updates: number;
  delays: number[];
  pause: number;
  window: number;
  period: number;
  out: string;
}>();

const card = await startSoundCard('bench:tokens');
const results: TrialResult[] = [];
const failures: { trial: Trial; reason: string }[] = [];

try {
  for (const delayMs of options.delays) {
    const { updates, pause: pauseMs, period: periodFrames, window: windowSeconds } = options;
    const trial = { delayMs, updates, pauseMs, periodFrames, windowSeconds };
    try {
      results.push(await runTrial(card, trial));
      log(`${updates} updates of ${delayMs} ms: done`);
    } catch (error) {
      failures.push({ trial, reason: error instanceof Error ? error.message : String(error) });
      log(`${updates} updates of ${delayMs} ms: failed, ${failures.at(-1)!.reason}`);
    }
  }
} finally {
  await card.stop();
}

const reaches = reachesOf(results);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'core'}`;
printLine(`Token updates in place at 48 kHz, ${options.period} frames a callback; ${machine}\n`);
for (const { header, rows } of [armRows(results), libraryRows(results)]) {
  printLine(`${formatTable(header, rows, header.slice(1))}\n`);
}
const reachRows = reaches.map(({ what, measured, limit, met }) => [what, measured, limit, met ? 'met' : 'MISSED']);
printLine(formatTable(['reach', 'measured', 'limit', ''], reachRows, ['measured', 'limit']));
await mkdir(dirname(options.out), { recursive: true });
await writeFile(options.out, `${JSON.stringify({ options, reaches, failures, results }, null, 2)}\n`);
log(`All runs: ${options.out}`);
process.exitCode = failures.length > 0 || reaches.some(({ met }) => !met) ? 1 : 0;
