import { describe, expect, it } from 'vitest';
import { reachesOf, resultRows } from '../../bench/tokens/report.js';
import { libraryNumbers, type TrialResult } from '../../bench/tokens/run.js';
import type { LogLine } from '../libaic/driver.js';

const mainThread = 100;
const audioThread = 101;
const worker = 102;

const processLine = (fields: object): LogLine => ({
  call: 'aic_processor_process',
  ns: 0,
  thread: mainThread,
  isFinal: true,
  blocks: 10,
  longestNs: 2e6,
  late: 1,
  mutexLocks: 0,
  blocksDuringUpdate: 4,
  longestDuringUpdateNs: 1e6,
  threads: { [audioThread]: { 0: 8, 52: 2 } },
  ...fields,
});

const update = (thread: number, code = 0): LogLine => ({
  call: 'aic_processor_context_update_bearer_token',
  ns: 0,
  thread,
  code,
});

describe('the numbers of the library', () => {
  it('are those of all processors at their end', () => {
    const numbers = libraryNumbers([
      { call: 'load', ns: 0, thread: mainThread, pid: mainThread },
      { call: 'aic_model_create_from_file', ns: 0, thread: worker, code: 0 },
      { call: 'aic_model_create_from_file', ns: 0, thread: worker, code: 100 },
      { call: 'aic_processor_create', ns: 0, thread: worker, code: 0 },
      processLine({ isFinal: false, blocks: 5 }),
      processLine({}),
      processLine({ longestNs: 3e6, threads: { [audioThread]: { 0: 10 } } }),
      update(worker),
      update(worker, 50),
      update(mainThread),
      update(audioThread),
    ]);
    expect(numbers).toEqual({
      blocks: 20,
      longestProcessMs: 3,
      lateBlocks: 2,
      mutexLocks: 0,
      blocksDuringUpdate: 8,
      longestDuringUpdateMs: 1,
      blocksRefused: 2,
      acceptedUpdates: 3,
      updatesOnWrongThread: 2,
      modelLoads: 1,
      processorCreates: 1,
    });
  });

  it('are not to be had of a log that stops early', () => {
    expect(() => libraryNumbers([processLine({ isFinal: false })])).toThrow('no end');
  });
});

function result(updates: number, changes: Partial<TrialResult> = {}, library: object = {}): TrialResult {
  return {
    delayMs: 5,
    updates,
    pauseMs: 20,
    periodFrames: 256,
    seconds: null,
    measuredSeconds: 25,
    state: 'running',
    engineStatus: 'active',
    restarts: 0,
    underruns: 2,
    overruns: 0,
    droppedFrames: 0,
    load: { p50: 0.01, p99: 0.1, max: 0.5 },
    modelLoads: 1,
    processorCreates: 1,
    tokenUpdates: updates,
    blocksDisallowed: 0,
    eventLoop: { p50Ms: 1, p99Ms: 2, maxMs: 5 },
    refusedUpdates: 0,
    updateMs: updates > 0 ? { p50: 5, p99: 6, max: 7 } : null,
    figures: {
      delayMs: { median: 30, p99: 31 },
      endMinusStartMs: 0,
      lostMs: 10,
      loss: { silentMs: 10, skippedMs: 0, insertedMs: 0, unfoundMs: 0 },
      seconds: 25,
    },
    ...changes,
    library: {
      blocks: 1000,
      longestProcessMs: 1,
      lateBlocks: 0,
      mutexLocks: 0,
      blocksDuringUpdate: updates,
      longestDuringUpdateMs: 1,
      blocksRefused: 0,
      acceptedUpdates: updates,
      updatesOnWrongThread: 0,
      modelLoads: 1,
      processorCreates: 1,
      ...library,
    },
  };
}

const missed = (results: TrialResult[]): string[] => reachesOf(results).flatMap(({ what, met }) => (met ? [] : [what]));

describe('the report', () => {
  it('has a cell for each column', () => {
    const { header, rows } = resultRows([result(1000), result(0)]);
    for (const row of rows) expect(row).toHaveLength(header.length);
  });

  it('is content with updates that nobody notices', () => {
    expect(missed([result(1000), result(0)])).toEqual([]);
  });

  it('leaves to chance what the control run has too', () => {
    expect(missed([result(1000, { underruns: 9 }), result(0, { underruns: 4 })])).toEqual([]);
    expect(missed([result(1000, { underruns: 19 }), result(0, { underruns: 4 })])).toEqual(['5 ms: under-runs']);
  });

  it.each([
    ['5 ms: updates accepted by the library', {}, { acceptedUpdates: 999 }],
    ['5 ms: late blocks', {}, { lateBlocks: 5 }],
    ['5 ms: event loop p99', { eventLoop: { p50Ms: 1, p99Ms: 21, maxMs: 30 } }, {}],
    ['5 ms: times that process took the mutex', {}, { mutexLocks: 1 }],
    ['5 ms: updates on the main or the audio thread', {}, { updatesOnWrongThread: 1 }],
    ['5 ms: blocks not enhanced', {}, { blocksRefused: 1 }],
    ['5 ms: model loads', { modelLoads: 2 }, {}],
    ['5 ms: processors made', {}, { processorCreates: 2 }],
  ])('says when missed: %s', (what, changes, library) => {
    expect(missed([result(1000, changes, library), result(0)])).toEqual([what]);
  });
});
