/**
 * `npm run bench:engine [-- --rounds 5 --seconds 20 --json]`: time of one block and SI-SDR gain of the compiled GTCRN,
 * of the same WebAssembly in V8 and of RNNoise 0.2 in V8, in interleaved rounds over the same noisy speech.
 * Prints a table (or, with --json, the numbers) and writes bench/results/engine.json.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findLag, median, percentile, siSdrDb } from '../src/main/demo/metrics.js';
import { mixAtSnr } from '../src/main/demo/mix.js';
import { makeNoise, noiseKinds, type NoiseKind } from '../src/main/demo/noises.js';
import { demoRate, loadVoice } from '../src/main/demo/voices.js';
import { buildEngineRunner, runCompiled } from './peers/compiled.js';
import { createGtcrnV8 } from './peers/gtcrn-v8.js';
import { runPeer, type PeerRun } from './peers/peer.js';
import { createRnnoiseV8 } from './peers/rnnoise-v8.js';

const snrDb = 5;
const noiseSeed = 1;
/** V8 compiles hot code better only after a while: the first second of every run is not counted, for any contender. */
const warmUpSeconds = 1;
/** No contender is later than this. */
const maxDelayFrames = 4800;

interface Contender {
  name: string;
  run(input: Float32Array): Promise<PeerRun>;
}

const contenders: Contender[] = [
  { name: 'GTCRN compiled', run: (input) => runCompiled('gtcrn', input) },
  { name: 'GTCRN in V8', run: async (input) => runPeer(await createGtcrnV8(), input) },
  { name: 'RNNoise 0.2 in V8', run: async (input) => runPeer(await createRnnoiseV8(), input) },
];

interface Row {
  name: string;
  /** Length of a block of audio. */
  blockMs: number;
  medianMs: number;
  p99Ms: number;
  maxMs: number;
  /** p99 over the block's length, in percent. */
  p99Percent: number;
  /** Seconds of audio a second, from the mean. */
  timesRealTime: number;
  delayFrames: number;
  /** Whole file, not realigned but for the contender's own constant delay. */
  siSdrGainDb: Record<NoiseKind, number>;
}

/** SI-SDR (whole file) of what a contender made of `noisy`, less that of `noisy` itself. */
function siSdrGain(clean: Float32Array, noisy: Float32Array, output: Float32Array, delayFrames: number): number {
  const aligned = output.subarray(delayFrames);
  const frames = aligned.length;
  return siSdrDb(clean.subarray(0, frames), aligned) - siSdrDb(clean.subarray(0, frames), noisy.subarray(0, frames));
}

async function measureQuality(contender: Contender, clean: Float32Array, mixtures: Map<NoiseKind, Float32Array>) {
  const { output } = await contender.run(clean);
  const delayFrames = findLag(clean.subarray(0, clean.length - maxDelayFrames), output, 0, maxDelayFrames).frames;
  const gains: [NoiseKind, number][] = [];
  for (const [kind, noisy] of mixtures) {
    gains.push([kind, siSdrGain(clean, noisy, (await contender.run(noisy)).output, delayFrames)]);
  }
  return { delayFrames, siSdrGainDb: Object.fromEntries(gains) as Record<NoiseKind, number> };
}

async function measureTimes(rounds: number, input: Float32Array): Promise<Map<Contender, PeerRun[]>> {
  const runs = new Map<Contender, PeerRun[]>(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const contender of contenders) runs.get(contender)!.push(await contender.run(input));
  }
  return runs;
}

function timesOf(
  runs: PeerRun[],
): Pick<Row, 'blockMs' | 'medianMs' | 'p99Ms' | 'maxMs' | 'p99Percent' | 'timesRealTime'> {
  const blockMs = (runs[0]!.blockFrames / demoRate) * 1000;
  const warmUpBlocks = Math.ceil((warmUpSeconds * 1000) / blockMs);
  const times = runs.flatMap((run) => run.blockMs.slice(warmUpBlocks));
  const meanMs = times.reduce((sum, time) => sum + time, 0) / times.length;
  const p99Ms = percentile(times, 0.99);
  return {
    blockMs,
    medianMs: median(times),
    p99Ms,
    maxMs: percentile(times, 1),
    p99Percent: (100 * p99Ms) / blockMs,
    timesRealTime: blockMs / meanMs,
  };
}

function table(rows: Row[]): string {
  const header = ['', 'block ms', 'median', 'p99', 'max', 'p99 %', '× real time', 'delay', ...noiseKinds];
  const lines = rows.map((row) => [
    row.name,
    row.blockMs.toFixed(0),
    row.medianMs.toFixed(3),
    row.p99Ms.toFixed(3),
    row.maxMs.toFixed(3),
    row.p99Percent.toFixed(1),
    row.timesRealTime.toFixed(1),
    String(row.delayFrames),
    ...noiseKinds.map((kind) => row.siSdrGainDb[kind].toFixed(1)),
  ]);
  const all = [header, ...lines];
  const widths = header.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return all.map((line) => line.map(pad).join('  ')).join('\n');
}

/** What the compiled engine is to reach, and whether it did in this run. */
function goals([compiled, inV8]: Row[]): { goal: string; value: number; met: boolean }[] {
  const speedUp = inV8!.medianMs / compiled!.medianMs;
  return [
    { goal: 'at least 1.8 times as fast as V8 (median)', value: speedUp, met: speedUp >= 1.8 },
    { goal: 'p99 under 8 % of its block', value: compiled!.p99Percent, met: compiled!.p99Percent < 8 },
    { goal: 'at least 20 times real time', value: compiled!.timesRealTime, met: compiled!.timesRealTime >= 20 },
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  if (!(rounds >= 1) || !(seconds >= 4)) {
    process.stderr.write('argument: --rounds must be 1 or more, --seconds 4 or more\n');
    process.exitCode = 2;
    return;
  }

  process.stderr.write('building the native runner\n');
  await buildEngineRunner();
  const { samples: clean, source } = await loadVoice(seconds);
  const mixtures = new Map(
    noiseKinds.map((kind) => {
      const noise = makeNoise(kind, clean.length, noiseSeed);
      return [kind, mixAtSnr(clean, noise, snrDb, demoRate).noisy];
    }),
  );
  const loadBefore = loadavg()[0]!;
  const runs = await measureTimes(rounds, mixtures.get('pink')!);
  const rows: Row[] = [];
  for (const contender of contenders) {
    const quality = await measureQuality(contender, clean, mixtures);
    rows.push({ name: contender.name, ...timesOf(runs.get(contender)!), ...quality });
  }

  const result = {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, loadBefore },
    settings: { rounds, seconds, warmUpSeconds, voice: source, snrDb, noiseSeed, timedOn: 'pink' },
    rows,
    goals: goals(rows),
  };
  const json = JSON.stringify(result, null, 2);
  const folder = fileURLToPath(new URL('results', import.meta.url));
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/engine.json`, `${json}\n`);
  if (values.json) {
    process.stdout.write(`${json}\n`);
    return;
  }
  if (loadBefore > cpus().length / 2) {
    process.stderr.write(`The machine is busy (load ${loadBefore.toFixed(1)}): only the ratios tell something.\n`);
  }
  const verdicts = result.goals.map(
    ({ goal, value, met }) => `${met ? 'met' : 'MISSED'}: ${goal} (${value.toFixed(2)})`,
  );
  process.stdout.write(
    `${result.machine.cpu}, ${result.machine.cores} cores, Node ${result.machine.node}; ${rounds} interleaved rounds of ${seconds} s\n` +
      `Times in ms a block. Noise columns: SI-SDR gain in dB over the whole file, voice (${source}) at ${snrDb} dB\n` +
      `over speech-active frames, noise seed ${noiseSeed}, aligned by the constant delay found on the clean voice.\n\n` +
      `${table(rows)}\n\n${verdicts.join('\n')}\n`,
  );
}

await main();
