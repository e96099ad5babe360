import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { enhancedSink, micSource, type VirtualSoundCard } from '../../src/main/demo/virtualSoundCard.js';
import { analyse, type LagPoint, type LiveFigures } from './probe.js';
import { noPathNumbers, type PathNumbers, type SystemMessage, type SystemName } from './messages.js';

export const conditions = ['idle', 'stalled', 'busy'] as const;
/** `idle`; `stalled`: main thread held 300 ms every 1.5 s; `busy`: that, and one spinning process per core. */
export type Condition = (typeof conditions)[number];
export type Contender = SystemName | 'pass-through';

export interface Trial {
  contender: Contender;
  /** Null for the pass-through: the sound server chooses. */
  periodFrames: number | null;
  condition: Condition;
}

export interface TrialResult extends Trial, PathNumbers {
  figures: Omit<LiveFigures, 'points'>;
  /** Median delay from 2 s to 2.8 s after the load ended, minus that of the first second; `busy` only. */
  recoveredMs: number | null;
  /** Processor time of the whole process over the measured part, in % of one core. */
  cpuPercent: number | null;
}

/** What stays after the measured part so that late audio can still arrive, and a delay can come back. */
const tailSeconds: Record<Condition, number> = { idle: 0.6, stalled: 2.3, busy: 3.1 };
/** The player's start and the first second of a new stream are not measured. */
const settleMs = 500;

/** The length of probe that a trial of `seconds` needs at most. */
export const probeSeconds = (seconds: number): number => seconds + 5;

/** Runs one live path on the card and measures it. */
export async function runTrial(
  card: VirtualSoundCard,
  trial: Trial,
  probe: Float32Array,
  seconds: number,
): Promise<TrialResult> {
  const path = await openPath(card, trial);
  const spinners: ChildProcess[] = [];
  try {
    await sleep(settleMs);
    const reference = card.record(micSource);
    const output = card.record();
    await Promise.all([reference.started, output.started]);
    const playback = card.play(probe);
    await sleep(settleMs);
    const startMs = performance.now();
    if (trial.condition !== 'idle') path.order('stall');
    if (trial.condition === 'busy') spinners.push(...startSpinners());
    const cpuBefore = path.cpuSeconds();
    await sleep(seconds * 1000);
    const cpuSeconds = path.cpuSeconds() - cpuBefore;
    const endMs = performance.now();
    path.order('relax');
    spinners.forEach((spinner) => spinner.kill());
    await sleep(tailSeconds[trial.condition] * 1000);
    playback.stop();
    const ended = await path.end();
    const samples = await Promise.all([reference.stop(), output.stop()]);
    const fromSeconds = (startMs - reference.originMs()) / 1000;
    const toSeconds = (endMs - reference.originMs()) / 1000;
    const takes = {
      reference: { samples: samples[0], originMs: reference.originMs() },
      output: { samples: samples[1], originMs: output.originMs() },
    };
    const { points, ...figures } = analyse({ ...takes, fromSeconds, toSeconds });
    const later =
      trial.condition === 'busy' ? analyse({ ...takes, fromSeconds: toSeconds + 2, toSeconds: toSeconds + 2.8 }) : null;
    return {
      ...trial,
      ...ended,
      figures,
      recoveredMs: later && later.delayMs.median - startDelay(points, fromSeconds),
      cpuPercent: trial.contender === 'pass-through' ? null : (100 * cpuSeconds * 1000) / (endMs - startMs),
    };
  } finally {
    spinners.forEach((spinner) => spinner.kill());
    await path.end();
  }
}

interface Path {
  order(order: 'stall' | 'relax'): void;
  cpuSeconds(): number;
  /** May be called twice. */
  end(): Promise<PathNumbers>;
}

function openPath(card: VirtualSoundCard, { contender, periodFrames }: Trial): Promise<Path> {
  return contender === 'pass-through' ? openPassThrough(card) : openSystem(card, contender, periodFrames!);
}

/** The sound server's own wire from source to sink, at the lowest latency that it keeps here without gaps. */
async function openPassThrough(card: VirtualSoundCard): Promise<Path> {
  const module = await card.loadModule(
    'module-loopback',
    `source=${micSource}`,
    `sink=${enhancedSink}`,
    'latency_msec=20',
    'adjust_time=0',
  );
  let loaded = true;
  return {
    order: () => {},
    cpuSeconds: () => 0,
    end: async () => {
      if (loaded) await card.unloadModule(module);
      loaded = false;
      return noPathNumbers;
    },
  };
}

async function openSystem(card: VirtualSoundCard, system: SystemName, periodFrames: number): Promise<Path> {
  const child = fork(fileURLToPath(new URL('system.ts', import.meta.url)), [system, String(periodFrames)], {
    env: card.environment,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', process.env['LIMPID_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
  });
  const exited = once(child, 'exit');
  const gone = exited.then(() => Promise.reject(new Error(`${system} ended before it was asked to.`)));
  gone.catch(() => {});
  const messages: SystemMessage[] = [];
  child.on('message', (message) => void messages.push(message as SystemMessage));
  await Promise.race([once(child, 'message'), gone]);
  let numbers: PathNumbers | undefined;
  return {
    order: (order) => void child.send(order),
    cpuSeconds: () => cpuSecondsOf(child.pid!),
    end: async () => {
      if (numbers) return numbers;
      numbers = noPathNumbers;
      if (child.connected) child.send('end');
      const timeout = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timeout);
      const last = messages.find((message) => message.kind === 'ended');
      return (numbers = last?.numbers ?? noPathNumbers);
    },
  };
}

/** User and system time of all threads of a process (proc(5): fields 14 and 15 of `stat`, in ticks of 10 ms). */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function startSpinners(): ChildProcess[] {
  return cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
}

function startDelay(points: LagPoint[], fromSeconds: number): number {
  const first = points.filter(({ atSeconds }) => atSeconds < fromSeconds + 1).map(({ delayMs }) => delayMs);
  return first.toSorted((a, b) => a - b)[Math.floor(first.length / 2)] ?? Number.NaN;
}
