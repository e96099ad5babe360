import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { micSource, type VirtualSoundCard } from '../../src/main/demo/virtualSoundCard.js';
import { buildStandIn } from '../../test/libaic/build.js';
import { readStandInLog, type LogLine } from '../../test/libaic/driver.js';
import { analyse, makeProbe, type Takes } from '../live/probe.js';
import type { SystemMessage, SystemNumbers, SystemOptions, Window } from './messages.js';

export interface Trial {
  /** What the library holds its mutex for in each update. */
  delayMs: number;
  updates: number;
  pauseMs: number;
  periodFrames: number;
  /** About how long a window with or without updates lasts. */
  windowSeconds: number;
}

/** What the library's own log says; times in ms. */
export interface LibraryNumbers {
  blocks: number;
  longestProcessMs: number;
  /** Calls that may wait (create, initialize, update, terminate) from a thread that calls process. */
  audioThreadCalls: number;
  /** Calls that the library's interface forbids. */
  violations: number;
  /** Calls of process while an update held the mutex, and the longest of them. */
  blocksDuringUpdate: number;
  longestDuringUpdateMs: number;
  /** Blocks that were not enhanced, by the code that they got. */
  blocksRefused: number;
  acceptedUpdates: number;
  /** Updates that ran on the main thread, or on a thread that also called process. */
  updatesOnWrongThread: number;
  modelLoads: number;
  processorCreates: number;
}

/** A window with what was heard in it and what the library counted. */
export interface MeasuredWindow extends Window {
  /** Silence in place of voice, voice skipped, and parts that could not be recognised. */
  lostMs: number;
  /** Calls of process that took longer than their sound lasts; the log says so once a second, so at the edges by ± 1 s. */
  lateBlocks: number;
}

export interface TrialResult extends Trial, SystemNumbers {
  windows: MeasuredWindow[];
  library: LibraryNumbers;
}

/** Where the card and the player have settled; the first second of a new stream is not measured. */
const settleMs = 1500;
/** Late audio may still arrive in it. */
const tailMs = 600;
const lifetimeSeconds = 30;

/**
 * Runs the licensed engine live on the card, in windows with and without updates that follow each other, so that what else the
 * machine does falls on both, and measures each.
 */
export async function runTrial(card: VirtualSoundCard, trial: Trial): Promise<TrialResult> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-tokens-'));
  const logPath = join(folder, 'libaic.log');
  const standIn = buildStandIn();
  const roughUpdateMs = trial.pauseMs + trial.delayMs + 2;
  const roughSeconds = (2 * trial.updates * roughUpdateMs) / 1000;
  const probe = await makeProbe(1.3 * roughSeconds + 20);
  const options: SystemOptions = {
    libraryPath: standIn.libraryPath,
    modelPath: standIn.modelPath,
    periodFrames: trial.periodFrames,
    updates: trial.updates,
    windowUpdates: Math.ceil((trial.windowSeconds * 1000) / roughUpdateMs),
    pauseMs: trial.pauseMs,
    roughUpdateMs,
    lifetimeSeconds,
  };
  const system = startSystem(card, options, {
    AIC_STANDIN_LOG: logPath,
    AIC_STANDIN_UPDATE_DELAY_MS: String(trial.delayMs),
  });
  try {
    await system.message('ready');
    const reference = card.record(micSource);
    const output = card.record();
    await Promise.all([reference.started, output.started]);
    const playback = card.play(probe);
    await sleep(settleMs);
    system.order('begin');
    await system.message('through');
    await sleep(tailMs);
    system.order('end');
    const { numbers } = await system.message('measured');
    playback.stop();
    const samples = await Promise.all([reference.stop(), output.stop()]);
    await system.ended;
    const takes: Recordings = {
      reference: { samples: samples[0], originMs: reference.originMs() },
      output: { samples: samples[1], originMs: output.originMs() },
    };
    const lines = readStandInLog(logPath);
    const windows = numbers.windows.map((window) => ({
      ...window,
      lostMs: lostMsIn(window, takes),
      lateBlocks: lateBlocksIn(window, lines),
    }));
    return { ...trial, ...numbers, windows, library: libraryNumbers(lines) };
  } finally {
    system.kill();
    await system.ended;
    await rm(folder, { recursive: true, force: true });
  }
}

type Recordings = Pick<Takes, 'reference' | 'output'>;

/** The clock of the recordings began with this process, that of the windows with the machine. */
const performanceZeroMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

function lostMsIn(window: Window, takes: Recordings): number {
  const secondsOf = (ns: number): number => (ns / 1e6 - performanceZeroMs - takes.reference.originMs) / 1000;
  return analyse({ ...takes, fromSeconds: secondsOf(window.fromNs), toSeconds: secondsOf(window.toNs) }).lostMs;
}

/** Of the totals in the log, what was added within the window. */
export function lateBlocksIn(window: Pick<Window, 'fromNs' | 'toNs'>, lines: readonly LogLine[]): number {
  const totals = lines.filter((line) => line.call === 'aic_processor_process');
  const lateUntil = (ns: number): number => {
    const latest = new Map(totals.filter((line) => line.ns <= ns).map((line) => [line['id'], Number(line['late'])]));
    return [...latest.values()].reduce((sum, late) => sum + late, 0);
  };
  return lateUntil(window.toNs) - lateUntil(window.fromNs);
}

function startSystem(card: VirtualSoundCard, options: SystemOptions, environment: Record<string, string>) {
  const child = fork(fileURLToPath(new URL('system.ts', import.meta.url)), [JSON.stringify(options)], {
    env: { ...card.environment, ...environment },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', process.env['LIMPID_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const gone = ended.then(() => Promise.reject(new Error('the live path ended before it was asked to')));
  gone.catch(() => {});
  const come: SystemMessage[] = [];
  child.on('message', (message) => void come.push(message as SystemMessage));
  const message = async <Kind extends SystemMessage['kind']>(kind: Kind) => {
    for (;;) {
      const found = come.find((candidate) => candidate.kind === kind);
      if (found) return found as Extract<SystemMessage, { kind: Kind }>;
      await Promise.race([once(child, 'message'), gone]);
    }
  };
  return {
    ended,
    message,
    order: (order: 'begin' | 'end') => void child.send(order),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Adds up what the library logged; a process that was not seen to its end counts as a fault of the run. */
export function libraryNumbers(lines: readonly LogLine[]): LibraryNumbers {
  const of = (call: string): LogLine[] => lines.filter((line) => line.call === call);
  const finals = of('aic_processor_process').filter((line) => line['isFinal'] === true);
  if (finals.length === 0) throw new Error('the library logged no end of its processor');
  const sum = (field: string): number => finals.reduce((total, line) => total + Number(line[field]), 0);
  const longestMs = (field: string): number => Math.max(...finals.map((line) => Number(line[field]))) / 1e6;
  const threads = finals.flatMap((line) => Object.entries(line['threads'] as Record<string, Record<string, number>>));
  const processThreads = new Set(threads.map(([thread]) => Number(thread)));
  const refused = threads.flatMap(([, codes]) => Object.entries(codes).filter(([code]) => code !== '0'));
  const mainThread = of('load')[0]?.['pid'];
  const updates = of('aic_processor_context_update_bearer_token');
  return {
    blocks: sum('blocks'),
    longestProcessMs: longestMs('longestNs'),
    audioThreadCalls: sum('audioThreadCalls'),
    violations: sum('violations'),
    blocksDuringUpdate: sum('blocksDuringUpdate'),
    longestDuringUpdateMs: longestMs('longestDuringUpdateNs'),
    blocksRefused: refused.reduce((total, [, blocks]) => total + blocks, 0),
    acceptedUpdates: updates.filter((line) => line['code'] === 0).length,
    updatesOnWrongThread: updates.filter((line) => line.thread === mainThread || processThreads.has(line.thread))
      .length,
    modelLoads: of('aic_model_create_from_file').filter((line) => line['code'] === 0).length,
    processorCreates: of('aic_processor_create').filter((line) => line['code'] === 0).length,
  };
}
