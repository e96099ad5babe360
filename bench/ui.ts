import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { formatTable, log, printJson, printLine } from '../src/cli/output.js';
import { noBrowserReason } from '../test/e2e/browser.js';
import { startSoundCard } from './soundCard.js';
import { measureColdStarts } from './ui/coldStart.js';
import { Desk } from './ui/desk.js';
import { measurePairs } from './ui/pairs.js';
import { reachesOf, tablesOf, type UiResults } from './ui/report.js';
import { measureScreen } from './ui/screen.js';

/**
 * What the window costs the voice and the machine: the real panel and services on the virtual sound card, in Chromium. With the
 * defaults it takes about 22 minutes.
 */
const command = new Command('bench:ui')
  .option('--pairs <n>', 'pairs of runs with and without the window; 0: none', Number, 5)
  .option('--seconds <n>', 'length of each of these runs', Number, 60)
  .option('--minutes <n>', 'how long the live screen is watched; 0: not', Number, 10)
  .option('--starts <n>', 'cold starts; 0: none', Number, 5)
  .option('--json', 'all of it as one JSON object on standard output')
  .option('--out <file>', 'JSON of all runs', 'bench/results/ui.json')
  .parse();
const options = command.opts<{
  pairs: number;
  seconds: number;
  minutes: number;
  starts: number;
  json?: boolean;
  out: string;
}>();

if (noBrowserReason) {
  log(`bench:ui cannot run: ${noBrowserReason}`);
  process.exit(1);
}

const card = await startSoundCard('bench:ui');
const results: UiResults = { pairs: null, screen: null, coldStarts: null };
const failures: { part: string; reason: string }[] = [];

async function attempt(part: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failures.push({ part, reason: error instanceof Error ? error.message : String(error) });
    log(`${part}: failed, ${failures.at(-1)!.reason}`);
  }
}

try {
  if (options.starts > 0) {
    await attempt('cold start', async () => {
      results.coldStarts = await measureColdStarts(card, options.starts);
    });
  }
  await attempt('the live screen', async () => {
    const desk = await Desk.set(card);
    try {
      if (options.pairs > 0) {
        results.pairs = await measurePairs(desk, options.pairs, options.seconds, ({ withWindow, without }, number) =>
          log(
            `pair ${number}/${options.pairs}: p99 ${withWindow.loadP99.toFixed(3)} with, ${without.loadP99.toFixed(3)} without`,
          ),
        );
      }
      if (options.minutes > 0) results.screen = await measureScreen(desk, options.minutes * 60);
    } finally {
      await desk.close();
    }
  });
} finally {
  await card.stop();
}

const reaches = reachesOf(results);
const report = { options, reaches, failures, results };
if (options.json) {
  printJson(report);
} else {
  printLine(`The window in Chromium; ${cpus().length} × ${cpus()[0]?.model ?? 'core'}\n`);
  for (const { title, header, rows } of tablesOf(results)) {
    printLine(`${title}\n${formatTable(header, rows, header.slice(1))}\n`);
  }
  const reachRows = reaches.map(({ what, measured, limit, met }) => [what, measured, limit, met ? 'passed' : 'FAILED']);
  printLine(formatTable(['reach', 'measured', 'limit', ''], reachRows, ['measured', 'limit']));
}
await mkdir(dirname(options.out), { recursive: true });
await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
log(`All runs: ${options.out}`);
process.exitCode = failures.length > 0 || reaches.length === 0 || reaches.some(({ met }) => !met) ? 1 : 0;
