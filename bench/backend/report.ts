import { median } from '../../src/main/demo/metrics.js';
import type { LimitResult } from './limits.js';
import type { MemoryPoint, MemoryResult } from './memory.js';
import { contenders, type Contender, type RateTrial } from './rates.js';

/** A figure to be reached, and whether it was. */
export interface Reach {
  what: string;
  measured: string;
  limit: string;
  met: boolean;
}

interface Table {
  header: string[];
  rows: string[][];
}

const rateGoal = 0.75;
const p99Goal = 2;
const growthGoal = 0.2;

const trialsOf = (trials: readonly RateTrial[], contender: Contender): RateTrial[] =>
  trials.filter((trial) => trial.contender === contender);

/** Median over the rounds of what one contender has in relation to the bare route in the same round. */
function ratioToBare(trials: readonly RateTrial[], contender: Contender, value: (trial: RateTrial) => number): number {
  const bare = new Map(trialsOf(trials, 'bare').map((trial) => [trial.round, value(trial)]));
  return median(trialsOf(trials, contender).map((trial) => value(trial) / (bare.get(trial.round) ?? Number.NaN)));
}

/** A row a contender, medians of the rounds. */
export function rateTable(trials: readonly RateTrial[]): Table {
  const header = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs a request', 'rate to bare', 'p99 to bare'];
  const rows = contenders.flatMap((contender) => {
    const own = trialsOf(trials, contender);
    if (own.length === 0) return [];
    const middle = (value: (trial: RateTrial) => number): number => median(own.map(value));
    return [
      [
        contender,
        middle(({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
        middle(({ p50Ms }) => p50Ms).toFixed(1),
        middle(({ p99Ms }) => p99Ms).toFixed(1),
        own.some(({ cpuMicroseconds }) => cpuMicroseconds === null)
          ? '–'
          : middle(({ cpuMicroseconds }) => cpuMicroseconds ?? 0).toFixed(0),
        ratioToBare(trials, contender, ({ requestsPerSecond }) => requestsPerSecond).toFixed(2),
        ratioToBare(trials, contender, ({ p99Ms }) => p99Ms).toFixed(2),
      ],
    ];
  });
  return { header, rows };
}

export function rateReaches(trials: readonly RateTrial[]): Reach[] {
  const rate = ratioToBare(trials, 'limpid', ({ requestsPerSecond }) => requestsPerSecond);
  const p99 = ratioToBare(trials, 'limpid', ({ p99Ms }) => p99Ms);
  return [
    {
      what: 'rate in relation to the bare route',
      measured: rate.toFixed(2),
      limit: `≥ ${rateGoal}`,
      met: rate >= rateGoal,
    },
    { what: 'p99 in relation to the bare route', measured: p99.toFixed(2), limit: `≤ ${p99Goal}`, met: p99 <= p99Goal },
  ];
}

export function limitTable(results: readonly LimitResult[]): Table {
  const header = ['limit', 'requests', 'seconds', 'windows', 'allowed', 'minted', 'refused'];
  const rows = results.map(({ name, requests, seconds, windows, perWindow, mints, statuses }) => [
    name,
    String(requests),
    seconds.toFixed(1),
    String(windows),
    String(windows * perWindow),
    String(mints),
    String(statuses[429] ?? 0),
  ]);
  return { header, rows };
}

/** In one window exactly what is allowed is minted; over several never more, and each of them but the last is used up. */
export function limitReaches(results: readonly LimitResult[]): Reach[] {
  return results.flatMap(({ name, requests, windows, perWindow, mints, statuses }) => {
    const most = windows * perWindow;
    const least = windows === 1 ? most : (windows - 1) * perWindow;
    const answered = (statuses[200] ?? 0) + (statuses[429] ?? 0);
    return [
      {
        what: `${name}: mints`,
        measured: String(mints),
        limit: least === most ? String(most) : `${least} to ${most}`,
        met: mints >= least && mints <= most,
      },
      {
        what: `${name}: answers 200 and 429, and a 200 for each mint`,
        measured: `${answered}, ${statuses[200] ?? 0}`,
        limit: `${requests}, ${mints}`,
        met: answered === requests && statuses[200] === mints,
      },
    ];
  });
}

export function memoryTable({ points }: MemoryResult): Table {
  const header = ['requests after warm-up', 'resident MB', 'heap MB'];
  const rows = points.map(({ requests, residentMb, heapMb }) => [
    String(requests),
    residentMb.toFixed(1),
    heapMb.toFixed(1),
  ]);
  return { header, rows };
}

/**
 * What the whole run adds to the memory at its start, by the slope from the first quarter to the last: single points are higher
 * or lower by when the garbage was last collected, and medians of the quarters alone would leave out a quarter of the growth.
 */
export function memoryReaches({ points }: MemoryResult): Reach[] {
  const quarter = Math.ceil(points.length / 4);
  const first = middleOf(points.slice(0, quarter));
  const last = middleOf(points.slice(-quarter));
  const { requests } = points.at(-1)!;
  const mbPerRequest = (last.residentMb - first.residentMb) / (last.requests - first.requests);
  const startMb = first.residentMb - mbPerRequest * first.requests;
  const growth = (mbPerRequest * requests) / startMb;
  return [
    {
      what: `growth of memory over ${requests} requests`,
      measured: `${growth < 0 ? '−' : '+'}${Math.abs(growth * 100).toFixed(1)} %`,
      limit: `< +${growthGoal * 100} %`,
      met: growth < growthGoal,
    },
  ];
}

function middleOf(points: MemoryPoint[]): { requests: number; residentMb: number } {
  return {
    requests: median(points.map(({ requests }) => requests)),
    residentMb: median(points.map(({ residentMb }) => residentMb)),
  };
}
