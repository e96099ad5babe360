import type { TrialResult } from './run.js';

/** A figure to be reached, and whether it was. */
export interface Reach {
  what: string;
  measured: string;
  limit: string;
  met: boolean;
}

const eventLoopLimitMs = 20;

export const trialName = (trial: Pick<TrialResult, 'delayMs' | 'updates'>): string =>
  trial.updates > 0 ? `${trial.updates} updates of ${trial.delayMs} ms` : `none, as long as ${trial.delayMs} ms`;

/** One row a run; milliseconds, and blocks and under-runs as counts. */
export function resultRows(results: readonly TrialResult[]): { header: string[]; rows: string[][] } {
  const header = [
    'updates',
    'seconds',
    'accepted',
    'under-runs',
    'late blocks',
    'worst load',
    'gaps ms',
    'loop p99 ms',
    'loop max ms',
    'process max ms',
    'in update ms',
    'blocks in update',
    'mutex taken',
    'update p99 ms',
    'loads',
    'creates',
  ];
  const rows = results.map((result) => [
    trialName(result),
    result.measuredSeconds.toFixed(1),
    String(result.tokenUpdates),
    String(result.underruns),
    String(result.library.lateBlocks),
    result.load.max.toFixed(2),
    result.figures.lostMs.toFixed(0),
    result.eventLoop.p99Ms.toFixed(1),
    result.eventLoop.maxMs.toFixed(1),
    result.library.longestProcessMs.toFixed(2),
    result.library.longestDuringUpdateMs.toFixed(2),
    String(result.library.blocksDuringUpdate),
    String(result.library.mutexLocks),
    result.updateMs?.p99.toFixed(1) ?? '–',
    String(result.modelLoads),
    String(result.processorCreates),
  ]);
  return { header, rows };
}

/**
 * What the updates must not do. Under-runs and late blocks come by chance too (the host pauses): beyond the control run means
 * more than its count plus three times what chance spreads two such counts.
 */
export function reachesOf(results: readonly TrialResult[]): Reach[] {
  const delays = [...new Set(results.map(({ delayMs }) => delayMs))];
  return delays.flatMap((delayMs) => {
    const updated = results.filter((result) => result.delayMs === delayMs && result.updates > 0);
    const control = results.filter((result) => result.delayMs === delayMs && result.updates === 0);
    if (updated.length === 0) return [];
    const total = (runs: readonly TrialResult[], value: (run: TrialResult) => number): number =>
      runs.reduce((sum, run) => sum + value(run), 0);
    const largest = (value: (run: TrialResult) => number): number => Math.max(...updated.map(value));
    const reach = (what: string, measured: string, limit: string, met: boolean): Reach => ({
      what: `${delayMs} ms: ${what}`,
      measured,
      limit,
      met,
    });
    const beyondControl = (what: string, value: (run: TrialResult) => number): Reach => {
      const [count, chance] = [total(updated, value), total(control, value)];
      const limit = Math.floor(chance + 3 * Math.sqrt(2 * Math.max(1, chance)));
      return reach(what, `${count}, control ${chance}`, `≤ ${limit}`, count <= limit);
    };
    const none = (what: string, count: number): Reach => reach(what, String(count), '0', count === 0);
    const one = (what: string, value: (run: TrialResult) => number): Reach =>
      reach(
        what,
        String(largest(value)),
        '1',
        updated.every((run) => value(run) === 1),
      );
    const asked = total(updated, (run) => run.updates);
    const accepted = total(updated, (run) => run.library.acceptedUpdates);
    const p99Ms = largest((run) => run.eventLoop.p99Ms);
    return [
      reach('updates accepted by the library', String(accepted), String(asked), accepted === asked),
      beyondControl('late blocks', (run) => run.library.lateBlocks),
      beyondControl('under-runs', (run) => run.underruns),
      reach('event loop p99', `${p99Ms.toFixed(1)} ms`, `< ${eventLoopLimitMs} ms`, p99Ms < eventLoopLimitMs),
      none(
        'times that process took the mutex',
        total(updated, (run) => run.library.mutexLocks),
      ),
      none(
        'updates on the main or the audio thread',
        total(updated, (run) => run.library.updatesOnWrongThread),
      ),
      none(
        'blocks not enhanced',
        total(updated, (run) => run.library.blocksRefused),
      ),
      one('model loads', (run) => Math.max(run.modelLoads, run.library.modelLoads)),
      one('processors made', (run) => Math.max(run.processorCreates, run.library.processorCreates)),
    ];
  });
}
