/**
 * `npm run bench:file [-- --minutes 10 --rounds 3 --json]`: a stereo file of noisy speech at 48 kHz from file to file, with
 * GTCRN and with bypass (the cost of reading and writing alone), each in a process of its own for its peak memory; and
 * as a peer the bare network in V8 on one channel of the same samples. Rounds are interleaved; figures are medians.
 * Prints a table (or, with --json, the numbers) and writes bench/results/file.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable } from '../src/cli/output.js';
import { median } from '../src/main/demo/metrics.js';
import { mixAtSnr } from '../src/main/demo/mix.js';
import { makeNoise } from '../src/main/demo/noises.js';
import { demoRate, loadVoice } from '../src/main/demo/voices.js';
import { chunk, encode, formatChunk, riff } from '../test/wavFile.js';
import { createGtcrnV8 } from './peers/gtcrn-v8.js';
import { runPeer } from './peers/peer.js';

const pieceSeconds = 20;
const snrDb = 5;
const shape = { sampleRate: demoRate, channels: 2, bits: 24 };
const goalTimes = 20;
const goalMegabytes = 200;
const addonPath = fileURLToPath(new URL('../native/build/Release/limpid.node', import.meta.url));

interface Measurement {
  /** Seconds of audio a second of wall clock, all channels together. */
  timesRealTime: number;
  /** Seconds of one channel a second of processor time: what one core does, whatever else ran. */
  timesPerCore: number;
  /** Peak resident memory of the whole process (Node is about 40 MB of it). */
  peakMegabytes: number | null;
}

type Contender = { name: string; measure(): Promise<Measurement> };

/** One piece of speech in pink noise; the right channel has the same voice in other noise. */
async function makePiece(): Promise<{ left: Float32Array; bytes: Buffer }> {
  const { samples: voice } = await loadVoice(pieceSeconds);
  const [left, right] = [1, 2].map(
    (seed) => mixAtSnr(voice, makeNoise('pink', voice.length, seed), snrDb, demoRate).noisy,
  );
  if (!left || !right) throw new Error('There is no voice.');
  const interleaved = Float32Array.from(
    { length: 2 * voice.length },
    (_, index) => (index % 2 ? right : left)[index >> 1] ?? 0,
  );
  return { left, bytes: encode(interleaved, shape) };
}

async function writeInput(path: string, piece: Buffer, pieces: number): Promise<void> {
  const file = await open(path, 'w');
  await file.write(riff([formatChunk(shape), chunk('data', Buffer.alloc(0), pieces * piece.length)]));
  for (let written = 0; written < pieces; written++) await file.write(piece);
  await file.close();
}

/** Enhances the file in a process of its own, which reports its time and its peak memory. */
function measureFile(engine: string, inputPath: string, outputPath: string): Measurement {
  const options = JSON.stringify({ inputPath, outputPath, engine, level: 1 });
  const script = `const { FileEnhancement } = require(${JSON.stringify(addonPath)});
    const before = process.cpuUsage();
    new FileEnhancement(${options}).run().then((result) => {
      const { user, system } = process.cpuUsage(before);
      const { maxRSS } = process.resourceUsage();
      process.stdout.write(JSON.stringify({ ...result, cpuSeconds: (user + system) / 1e6, maxRSS }));
    });`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The enhancement failed: ${stderr}`);
  const { seconds, wallSeconds, channels, cpuSeconds, maxRSS } = JSON.parse(stdout) as Record<string, number>;
  if (!seconds || !wallSeconds || !channels || !cpuSeconds || !maxRSS) throw new Error(`Not a result: ${stdout}`);
  return {
    timesRealTime: seconds / wallSeconds,
    timesPerCore: (seconds * channels) / cpuSeconds,
    peakMegabytes: (maxRSS * 1024) / 1e6,
  };
}

/** The bare network in V8: one channel, no file, no high band. */
async function measureV8(channel: Float32Array): Promise<Measurement> {
  const peer = await createGtcrnV8();
  const before = process.cpuUsage();
  const began = performance.now();
  runPeer(peer, channel);
  const wallSeconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  const seconds = channel.length / demoRate;
  return { timesRealTime: seconds / wallSeconds, timesPerCore: seconds / ((user + system) / 1e6), peakMegabytes: null };
}

function summarise(runs: Measurement[]): Measurement {
  const peaks = runs.flatMap(({ peakMegabytes }) => peakMegabytes ?? []);
  return {
    timesRealTime: median(runs.map(({ timesRealTime }) => timesRealTime)),
    timesPerCore: median(runs.map(({ timesPerCore }) => timesPerCore)),
    peakMegabytes: peaks.length > 0 ? Math.max(...peaks) : null,
  };
}

async function measureAll(contenders: Contender[], rounds: number): Promise<({ name: string } & Measurement)[]> {
  const runs = new Map(contenders.map((contender) => [contender, [] as Measurement[]]));
  for (let round = 1; round <= rounds; round++) {
    for (const [contender, measured] of runs) {
      process.stderr.write(`round ${round} of ${rounds}: ${contender.name}\n`);
      measured.push(await contender.measure());
    }
  }
  return [...runs].map(([{ name }, measured]) => ({ name, ...summarise(measured) }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  const rounds = Number(values.rounds);
  if (!(minutes >= 1 && minutes <= 60) || !(rounds >= 1)) {
    process.stderr.write('argument: --minutes must be 1 to 60, --rounds 1 or more\n');
    process.exitCode = 2;
    return;
  }

  const folder = await mkdtemp(join(tmpdir(), 'limpid-bench-'));
  try {
    const [input, output] = [join(folder, 'in.wav'), join(folder, 'out.wav')];
    const { left, bytes } = await makePiece();
    await writeInput(input, bytes, Math.round((minutes * 60) / pieceSeconds));
    const loadBefore = loadavg()[0] ?? 0;
    const rows = await measureAll(
      [
        { name: 'Limpid, GTCRN', measure: async () => measureFile('gtcrn', input, output) },
        { name: 'Limpid, bypass', measure: async () => measureFile('bypass', input, output) },
        { name: 'GTCRN in V8, bare, one channel', measure: () => measureV8(left) },
      ],
      rounds,
    );
    await report(rows, { minutes, rounds, loadBefore, json: values.json });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function report(
  rows: ({ name: string } & Measurement)[],
  { minutes, rounds, loadBefore, json }: { minutes: number; rounds: number; loadBefore: number; json: boolean },
): Promise<void> {
  const [limpid] = rows;
  const cores = cpus().length;
  const perChannelAndCore = ((limpid?.timesRealTime ?? 0) * shape.channels) / Math.min(shape.channels, cores);
  const peak = limpid?.peakMegabytes ?? Infinity;
  const goals = [
    {
      goal: `≥ ${goalTimes} × real time per channel and core`,
      value: perChannelAndCore,
      met: perChannelAndCore >= goalTimes,
    },
    { goal: `peak memory < ${goalMegabytes} MB`, value: peak, met: peak < goalMegabytes },
  ];
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores, node: process.version, loadBefore };
  const text = JSON.stringify({ machine, settings: { minutes, rounds, ...shape, snrDb }, rows, goals }, null, 2);
  const results = fileURLToPath(new URL('results', import.meta.url));
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'file.json'), `${text}\n`);
  if (json) {
    process.stdout.write(`${text}\n`);
    return;
  }
  if (loadBefore > cores / 2) {
    process.stderr.write(`The machine is busy (load ${loadBefore.toFixed(1)}): the wall-clock figures are too low.\n`);
  }
  const header = ['', '× real time', '× real time a channel and core', 'peak MB'];
  const cells = rows.map(({ name, timesRealTime, timesPerCore, peakMegabytes }) => [
    name,
    timesRealTime.toFixed(1),
    timesPerCore.toFixed(1),
    peakMegabytes?.toFixed(0) ?? '–',
  ]);
  const verdicts = goals.map(({ goal, value, met }) => `${met ? 'met' : 'MISSED'}: ${goal} (${value.toFixed(1)})`);
  process.stdout.write(
    `${machine.cpu}, ${cores} cores, Node ${machine.node}; stereo, 24 bits, 48 kHz, ${minutes} min, median of ${rounds} rounds.\n` +
      `Second column by the wall clock, third by processor time.\n\n` +
      `${formatTable(header, cells, header.slice(1))}\n\n${verdicts.join('\n')}\n`,
  );
}

await main();
