import type { Arm } from './messages.js';
import type { MeasuredWindow, TrialResult } from './run.js';

/** A figure to be reached, and whether it was. */
export interface Reach {
  what: string;
  measured: string;
  limit: string;
  met: boolean;
}

type Count = (window: MeasuredWindow) => number;

const eventLoopLimitMs = 20;
const arms: Arm[] = ['updates', 'control'];

const windowsOf = (result: TrialResult, arm: Arm): MeasuredWindow[] =>
  result.windows.filter((window) => window.arm === arm);

const highest = (windows: readonly MeasuredWindow[], count: Count): number => Math.max(...windows.map(count));

const total = (windows: readonly MeasuredWindow[], count: Count): number =>
  windows.reduce((sum, window) => sum + count(window), 0);

/** A row for each arm of each run: what was counted while tokens were swapped, and while none was. */
export function armRows(results: readonly TrialResult[]): { header: string[]; rows: string[][] } {
  const header = ['run', 'tokens', 'seconds', 'under-runs', 'late blocks', 'lost ms', 'loop p99 ms', 'loop max ms'];
  const rows = results.flatMap((result) =>
    arms.map((arm) => {
      const windows = windowsOf(result, arm);
      const seconds = total(windows, ({ fromNs, toNs }) => (toNs - fromNs) / 1e9);
      return [
        `${result.delayMs} ms`,
        arm === 'updates' ? `${result.updates} swapped` : 'none swapped',
        seconds.toFixed(1),
        String(total(windows, ({ underruns }) => underruns)),
        String(total(windows, ({ lateBlocks }) => lateBlocks)),
        total(windows, ({ lostMs }) => lostMs).toFixed(0),
        highest(windows, ({ eventLoop }) => eventLoop.p99Ms).toFixed(1),
        highest(windows, ({ eventLoop }) => eventLoop.maxMs).toFixed(1),
      ];
    }),
  );
  return { header, rows };
}

/** A row a run: what the library saw. */
export function libraryRows(results: readonly TrialResult[]): { header: string[]; rows: string[][] } {
  const header = [
    'run',
    'accepted',
    'update p99 ms',
    'worst load',
    'process max ms',
    'blocks in update',
    'max in update ms',
    'waiting calls on the audio thread',
    'model loads',
    'processors',
  ];
  const rows = results.map((result) => [
    `${result.delayMs} ms`,
    String(result.library.acceptedUpdates),
    result.updateMs.p99.toFixed(1),
    result.load.max.toFixed(3),
    result.library.longestProcessMs.toFixed(3),
    String(result.library.blocksDuringUpdate),
    result.library.longestDuringUpdateMs.toFixed(3),
    String(result.library.audioThreadCalls),
    String(result.modelLoads),
    String(result.processorCreates),
  ]);
  return { header, rows };
}

/**
 * Windows come in pairs. Were the updates without effect, the sign of each pair's difference would be a toss-up, and their
 * sum would have this for its standard deviation, however uneven the windows are.
 */
function chanceOf(result: TrialResult, count: Count): number {
  const [updates, control] = [windowsOf(result, 'updates'), windowsOf(result, 'control')];
  const squares = updates.map((window, pair) => (count(window) - count(control[pair]!)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

/** What the updates must not do; beside the control a count may be higher by three standard deviations of chance. */
export function reachesOf(results: readonly TrialResult[]): Reach[] {
  return results.flatMap((result) => {
    const { library } = result;
    const reach = (what: string, measured: string, limit: string, met: boolean): Reach => {
      return { what: `${result.delayMs} ms: ${what}`, measured, limit, met };
    };
    const besideControl = (what: string, count: Count): Reach => {
      const [updates, control] = arms.map((arm) => total(windowsOf(result, arm), count)) as [number, number];
      const limit = control + 3 * chanceOf(result, count);
      const measured = `${updates.toFixed(0)}, control ${control.toFixed(0)}`;
      return reach(what, measured, `≤ ${limit.toFixed(0)}`, updates <= limit);
    };
    const exactly = (what: string, count: number, wanted: number): Reach =>
      reach(what, String(count), String(wanted), count === wanted);
    const p99Ms = highest(windowsOf(result, 'updates'), ({ eventLoop }) => eventLoop.p99Ms);
    return [
      exactly('updates that the library accepted', library.acceptedUpdates, result.updates),
      besideControl('late blocks', ({ lateBlocks }) => lateBlocks),
      reach('worst load of the callback', result.load.max.toFixed(3), '< 1', result.load.max < 1),
      besideControl('under-runs', ({ underruns }) => underruns),
      besideControl('lost voice, ms', ({ lostMs }) => lostMs),
      reach(
        'event loop p99 in the worst window',
        `${p99Ms.toFixed(1)} ms`,
        `< ${eventLoopLimitMs} ms`,
        p99Ms < eventLoopLimitMs,
      ),
      exactly('calls that may wait, on the audio thread', library.audioThreadCalls, 0),
      exactly('calls that the interface forbids', library.violations, 0),
      exactly('updates on the main or the audio thread', library.updatesOnWrongThread, 0),
      exactly('blocks not enhanced', library.blocksRefused, 0),
      exactly('model loads', Math.max(result.modelLoads, library.modelLoads), 1),
      exactly('processors made', Math.max(result.processorCreates, library.processorCreates), 1),
    ];
  });
}
