import { Option, type Command } from 'commander';
import { runDemo, type DemoResult } from '../../main/demo/demo.js';
import { describe } from '../../shared/messages/index.js';
import { waitForInterrupt } from '../interrupt.js';
import { jsonOption, numberParser } from '../options.js';
import { formatTable, log, printJson, printLine, StatusLine } from '../output.js';

interface DemoCommandOptions {
  seconds: number;
  out: string;
  device?: DemoResult['device'];
  json?: boolean;
}

/** Adds `limpid demo`. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('Clean noisy speech live on any machine, and show the difference: no sound card, no account.')
    .addOption(
      new Option('--seconds <seconds>', 'length of the speech')
        .argParser(numberParser('--seconds', { min: 5, max: 600 }))
        .default(40),
    )
    .option('--out <folder>', 'where the recordings and the picture go', 'demo-output')
    .addOption(
      new Option('--device <device>', 'default: the virtual sound card where there is a sound server').choices([
        'pulse',
        'timer',
      ]),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A backend on this computer hands out tokens of 20 seconds, which are renewed while the voice goes on: in 40 seconds
twice. From a clone (npm run demo) a second voice goes through a stand-in for the licensed engine, which swaps them in place.

Writes clean.wav, noisy.wav, enhanced.wav, heard.wav (out of the sound server) and spectrogram.png (before above after).

Examples:
  limpid demo
  limpid demo --seconds 30 --out /tmp/demo --json`,
    )
    .action(runDemoCommand);
}

async function runDemoCommand({ seconds, out, device, json = false }: DemoCommandOptions): Promise<void> {
  const controller = new AbortController();
  void waitForInterrupt().then(() => controller.abort());
  const line = new StatusLine();
  if (!line.isLive) log(`Playing ${seconds} s of noisy speech through the live loop.`);
  try {
    const result = await runDemo({
      seconds,
      folder: out,
      ...(device && { device }),
      signal: controller.signal,
      onToken: (notice) => {
        line.clear();
        log(describe(notice).message);
      },
      onProgress: (done) => line.update(`Playing noisy speech: ${Math.min(done, seconds).toFixed(0)} of ${seconds} s`),
    });
    line.clear();
    if (json) printJson(result);
    else printResult(result);
  } finally {
    line.clear();
  }
}

function printResult(result: DemoResult): void {
  const { delay, load } = result;
  const db = (value: number): string => value.toFixed(1);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const row = (title: string, before: number, after: number): string[] => [
    title,
    db(before),
    db(after),
    `${after > before ? '+' : ''}${db(after - before)}`,
  ];
  const rows = [
    row('voice against noise (SI-SDR, dB)', result.siSdrBeforeDb, result.siSdrAfterDb),
    row('noise floor (dBFS)', result.noiseFloorBeforeDb, result.noiseFloorAfterDb),
  ];
  printLine(formatTable(['', 'before', 'after', 'change'], rows, ['before', 'after', 'change']));
  const parts = [
    ['input device', delay.inputDeviceMs],
    ['ring', delay.ringMs],
    ['converter', delay.converterMs],
    ['engine', delay.engineMs],
    ['output device', delay.outputDeviceMs],
    ['total', delay.totalMs],
  ] as const;
  printLine();
  printLine(
    formatTable(
      ['delay', 'ms'],
      parts.map(([name, ms]) => [name, ms.toFixed(1)]),
      ['ms'],
    ),
  );
  printLine();
  const where = result.device === 'pulse' ? 'a virtual sound card' : 'a timer in place of a sound card';
  printLine(`${result.secondsProcessed.toFixed(1)} s on ${where}, voice from ${result.voice}.`);
  printLine(`Under-runs ${result.underruns}, load ${percent(load.p50)} (median), ${percent(load.p99)} (99 of 100).`);
  printLine(formatTokens(result));
  printLine();
  for (const file of result.files) printLine(file);
}

function formatTokens({ tokenRefreshes, licensed }: DemoResult): string {
  const refreshes = `Tokens renewed ${tokenRefreshes} times while the voice went on`;
  if (!licensed) return `${refreshes}; there was no licensed engine to swap them in.`;
  const { sdkVersion, tokenUpdates, modelLoads, processorCreates, underruns } = licensed;
  return `${refreshes}; licensed engine ${sdkVersion}: ${tokenUpdates} swapped in place, ${modelLoads} model load, ${processorCreates} processor, ${underruns} under-runs.`;
}
