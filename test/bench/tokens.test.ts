import { describe, expect, it } from 'vitest';
import type { Window } from '../../bench/tokens/messages.js';
import { armRows, libraryRows, reachesOf } from '../../bench/tokens/report.js';
import { lateBlocksIn, libraryNumbers, type MeasuredWindow, type TrialResult } from '../../bench/tokens/run.js';
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
  audioThreadCalls: 0,
  violations: 0,
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
      audioThreadCalls: 0,
      violations: 0,
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

describe('late blocks of a window', () => {
  it('are those that the log added within it', () => {
    const at = (ns: number, id: number, late: number): LogLine => processLine({ ns, id, late, isFinal: false });
    const lines = [at(1, 1, 2), at(2, 1, 3), at(3, 2, 1), at(4, 1, 7)];
    expect(lateBlocksIn({ fromNs: 1, toNs: 3 }, lines)).toBe(2);
    expect(lateBlocksIn({ fromNs: 0, toNs: 9 }, lines)).toBe(8);
    expect(lateBlocksIn({ fromNs: 3, toNs: 3.5 }, lines)).toBe(0);
  });
});

type Counts = Partial<Pick<MeasuredWindow, 'underruns' | 'lostMs' | 'lateBlocks' | 'eventLoop'>>;

/** Pairs of windows, each with what was counted in its updates and in its control. */
const pairs = (...counts: [updates: Counts, control: Counts][]): MeasuredWindow[] =>
  counts.flatMap(([updates, control]) => {
    const eventLoop = { p99Ms: 2, maxMs: 5 };
    const none = { fromNs: 0, toNs: 5e9, underruns: 0, droppedFrames: 0, eventLoop, lostMs: 0, lateBlocks: 0 };
    const window = (arm: Window['arm'], of: Counts): MeasuredWindow => ({ arm, ...none, ...of });
    return [window('updates', updates), window('control', control)];
  });

function result(changes: Partial<TrialResult> = {}, library: object = {}): TrialResult {
  return {
    delayMs: 5,
    updates: 1000,
    pauseMs: 20,
    periodFrames: 256,
    windowSeconds: 5,
    state: 'running',
    engineStatus: 'active',
    restarts: 0,
    load: { p50: 0.01, p99: 0.1, max: 0.5 },
    modelLoads: 1,
    processorCreates: 1,
    tokenUpdates: 1000,
    blocksDisallowed: 0,
    windows: pairs([{}, {}]),
    updateMs: { p50: 5, p99: 6, max: 7 },
    ...changes,
    library: {
      blocks: 1000,
      longestProcessMs: 1,
      audioThreadCalls: 0,
      violations: 0,
      blocksDuringUpdate: 1000,
      longestDuringUpdateMs: 1,
      blocksRefused: 0,
      acceptedUpdates: 1000,
      updatesOnWrongThread: 0,
      modelLoads: 1,
      processorCreates: 1,
      ...library,
    },
  };
}

const missed = (of: TrialResult): string[] => reachesOf([of]).flatMap(({ what, met }) => (met ? [] : [what]));

describe('the report', () => {
  it('has a cell for each column', () => {
    for (const { header, rows } of [armRows([result()]), libraryRows([result()])]) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(header.length);
    }
  });

  it('is content with updates that nobody notices', () => {
    expect(missed(result())).toEqual([]);
  });

  it('leaves to chance what falls on either side, however much it is', () => {
    const windows = pairs([{ underruns: 30 }, {}], [{}, { underruns: 10 }], [{ underruns: 2 }, { underruns: 1 }]);
    expect(missed(result({ windows }))).toEqual([]);
  });

  it.each([
    ['under-runs', { underruns: 1 }],
    ['lost voice, ms', { lostMs: 5 }],
    ['late blocks', { lateBlocks: 1 }],
  ])('sees %s that are few, but always on the side of the updates', (what, counts) => {
    const windows = pairs(...Array.from({ length: 12 }, (): [Counts, Counts] => [counts, {}]));
    expect(missed(result({ windows }))).toEqual([`5 ms: ${what}`]);
  });

  it.each([
    ['updates that the library accepted', {}, { acceptedUpdates: 999 }],
    ['worst load of the callback', { load: { p50: 0.01, p99: 0.1, max: 1.1 } }, {}],
    ['event loop p99 in the worst window', { windows: pairs([{ eventLoop: { p99Ms: 21, maxMs: 30 } }, {}]) }, {}],
    ['calls that may wait, on the audio thread', {}, { audioThreadCalls: 1 }],
    ['calls that the interface forbids', {}, { violations: 1 }],
    ['updates on the main or the audio thread', {}, { updatesOnWrongThread: 1 }],
    ['blocks not enhanced', {}, { blocksRefused: 1 }],
    ['model loads', { modelLoads: 2 }, {}],
    ['processors made', {}, { processorCreates: 2 }],
  ])('says when missed: %s', (what, changes, library) => {
    expect(missed(result(changes, library))).toEqual([`5 ms: ${what}`]);
  });
});
