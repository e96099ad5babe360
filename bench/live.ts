import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { Command } from 'commander';
import { formatTable, log, printLine } from '../src/cli/output.js';
import { makeProbe } from './live/probe.js';
import { cellsOf, formatCells, reachesOf } from './live/report.js';
import { conditions, probeSeconds, runTrial, type Contender, type Trial, type TrialResult } from './live/run.js';
import { startSoundCard } from './soundCard.js';

/**
 * Round trip, loss and cost of live paths over the virtual sound card, side by side in the same minutes. Runs are
 * interleaved: each round visits every cell once. With the defaults it takes about 25 minutes.
 */
const list = (value: string): string[] => value.split(',').filter(Boolean);
const command = new Command('bench:live')
  .option('--runs <n>', 'rounds', Number, 5)
  .option('--seconds <n>', 'measured seconds of each run', Number, 6)
  .option('--periods <list>', 'frames a callback', list, ['480', '256', '128'])
  .option('--paths <list>', 'which paths', list, ['pass-through', 'naudiodon', 'limpid-bypass', 'limpid-gtcrn'])
  .option('--conditions <list>', 'which conditions', list, [...conditions])
  .option('--out <file>', 'JSON of all runs', 'bench/results/live.json')
  .parse();
const options = command.opts<{
  runs: number;
  seconds: number;
  periods: string[];
  paths: Contender[];
  conditions: Trial['condition'][];
  out: string;
}>();

const trials: Trial[] = options.conditions.flatMap((condition) =>
  options.paths.flatMap((contender): Trial[] =>
    contender === 'pass-through'
      ? [{ contender, periodFrames: null, condition }]
      : options.periods.map((period) => ({ contender, periodFrames: Number(period), condition })),
  ),
);
const probe = await makeProbe(probeSeconds(options.seconds));
const card = await startSoundCard('bench:live');
const results: TrialResult[] = [];
const failures: { trial: Trial; reason: string }[] = [];
try {
  for (let round = 1; round <= options.runs; round++) {
    for (const trial of trials) {
      const name = `${round}/${options.runs} ${trial.condition} ${trial.contender} ${trial.periodFrames ?? ''}`.trim();
      try {
        const result = await runTrial(card, trial, probe, options.seconds);
        results.push(result);
        const { delayMs, lostMs } = result.figures;
        const muted = result.mutedByFeedback ? ', muted by the feedback guard' : '';
        log(`${name}: ${delayMs.median.toFixed(1)} ms, lost ${lostMs.toFixed(0)} ms${muted}`);
      } catch (error) {
        failures.push({ trial, reason: error instanceof Error ? error.message : String(error) });
        log(`${name}: failed, ${failures.at(-1)!.reason}`);
      }
    }
  }
} finally {
  await card.stop();
}

const cells = cellsOf(results);
const reaches = reachesOf(cells);
printLine(
  `Live paths at 48 kHz, ${options.runs} runs of ${options.seconds} s, medians; ${cpus().length} × ${cpus()[0]?.model ?? 'core'}\n`,
);
printLine(formatCells(cells, formatTable));
if (reaches.length > 0) {
  const rows = reaches.map(({ what, measured, limit, met }) => [what, measured, limit, met ? 'met' : 'MISSED']);
  printLine(formatTable(['reach', 'measured', 'limit', ''], rows, ['measured', 'limit']));
}
const outFolder = options.out.includes('/') ? options.out.slice(0, options.out.lastIndexOf('/')) : '.';
await mkdir(outFolder, { recursive: true });
await writeFile(options.out, `${JSON.stringify({ cells, reaches, failures, results }, null, 2)}\n`);
log(`All runs: ${options.out}`);
process.exitCode = failures.length > 0 ? 1 : 0;
