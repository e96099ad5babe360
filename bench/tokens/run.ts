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
import { analyse, makeProbe, type LiveFigures } from '../live/probe.js';
import type { SystemMessage, SystemNumbers, SystemOptions } from './messages.js';

export interface Trial {
  /** What the library holds its mutex for in each update. */
  delayMs: number;
  /** 0: the control run, which lasts as long as the run with updates before it. */
  updates: number;
  pauseMs: number;
  periodFrames: number;
  /** Measured time of a control run; with updates it ends with the last of them. */
  seconds: number | null;
}

/** What the library's own log says; times in ms. */
export interface LibraryNumbers {
  blocks: number;
  longestProcessMs: number;
  /** Calls of process that took longer than their sound lasts. */
  lateBlocks: number;
  /** Times that a thread inside process took the mutex of the updates. */
  mutexLocks: number;
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

export interface TrialResult extends Trial, SystemNumbers {
  measuredSeconds: number;
  figures: Omit<LiveFigures, 'points'>;
  library: LibraryNumbers;
}

/** Where the card and the player have settled; the first second of a new stream is not measured. */
const settleMs = 1000;
/** Late audio may still arrive in it. */
const tailMs = 600;
const lifetimeSeconds = 30;

/** Runs the licensed engine live on the card, with or without updates, and measures it. */
export async function runTrial(card: VirtualSoundCard, trial: Trial): Promise<TrialResult> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-tokens-'));
  const logPath = join(folder, 'libaic.log');
  const standIn = buildStandIn();
  const roughSeconds = trial.seconds ?? (trial.updates * (trial.pauseMs + trial.delayMs)) / 1000;
  const probe = await makeProbe(1.5 * roughSeconds + 15);
  const system = startSystem(
    card,
    {
      libraryPath: standIn.libraryPath,
      modelPath: standIn.modelPath,
      periodFrames: trial.periodFrames,
      updates: trial.updates,
      pauseMs: trial.pauseMs,
      firstLifetimeSeconds: trial.updates > 0 ? lifetimeSeconds : Math.ceil(roughSeconds) + 120,
      lifetimeSeconds,
    },
    { AIC_STANDIN_LOG: logPath, AIC_STANDIN_UPDATE_DELAY_MS: String(trial.delayMs) },
  );
  try {
    await system.message('ready');
    const reference = card.record(micSource);
    const output = card.record();
    await Promise.all([reference.started, output.started]);
    const playback = card.play(probe);
    await sleep(settleMs);
    const startMs = performance.now();
    system.order('begin');
    await system.message('updated');
    if (trial.seconds !== null) await sleep(trial.seconds * 1000);
    const endMs = performance.now();
    await sleep(tailMs);
    system.order('end');
    const { numbers } = await system.message('measured');
    playback.stop();
    const samples = await Promise.all([reference.stop(), output.stop()]);
    await system.ended;
    const { points: _, ...figures } = analyse({
      reference: { samples: samples[0], originMs: reference.originMs() },
      output: { samples: samples[1], originMs: output.originMs() },
      fromSeconds: (startMs - reference.originMs()) / 1000,
      toSeconds: (endMs - reference.originMs()) / 1000,
    });
    const library = libraryNumbers(readStandInLog(logPath));
    return { ...trial, ...numbers, measuredSeconds: (endMs - startMs) / 1000, figures, library };
  } finally {
    system.kill();
    await system.ended;
    await rm(folder, { recursive: true, force: true });
  }
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
    lateBlocks: sum('late'),
    mutexLocks: sum('mutexLocks'),
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
