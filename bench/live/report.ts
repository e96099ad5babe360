import { median } from '../../src/main/demo/metrics.js';
import { conditions, type Condition, type Contender, type TrialResult } from './run.js';

/** The trials of one contender, period and condition, as medians. Delays in ms, loss in ms a trial and in % of its time. */
export interface Cell {
  contender: Contender;
  periodFrames: number | null;
  condition: Condition;
  runs: number;
  delayMs: number;
  delayP99Ms: number;
  endMinusStartMs: number;
  recoveredMs: number | null;
  lostMs: number;
  lostPercent: number;
  cpuPercent: number | null;
  underruns: number | null;
}

/** A figure to be reached, and whether it was. */
export interface Reach {
  what: string;
  limit: string;
  measured: string;
  met: boolean;
}

export function cellsOf(results: readonly TrialResult[]): Cell[] {
  const groups = new Map<string, TrialResult[]>();
  for (const result of results) {
    const key = [result.contender, result.periodFrames, result.condition].join();
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((group) => {
    const { contender, periodFrames, condition } = group[0]!;
    const middle = (value: (result: TrialResult) => number): number => median(group.map(value));
    const middleOrNull = (value: (result: TrialResult) => number | null): number | null => {
      const known = group.map(value).filter((number) => number !== null);
      return known.length > 0 ? median(known) : null;
    };
    return {
      contender,
      periodFrames,
      condition,
      runs: group.length,
      delayMs: middle(({ figures }) => figures.delayMs.median),
      delayP99Ms: middle(({ figures }) => figures.delayMs.p99),
      endMinusStartMs: middle(({ figures }) => figures.endMinusStartMs),
      recoveredMs: middleOrNull(({ recoveredMs }) => recoveredMs),
      lostMs: middle(({ figures }) => figures.lostMs),
      lostPercent: middle(({ figures }) => figures.lostMs / figures.seconds / 10),
      cpuPercent: middleOrNull(({ cpuPercent }) => cpuPercent),
      underruns: middleOrNull(({ underruns }) => underruns),
    };
  });
}

/** Judges the cells of both Limpid paths at periods 480 and 256; cells that were not run are left out. */
export function reachesOf(cells: readonly Cell[]): Reach[] {
  const find = (contender: Contender, periodFrames: number | null, condition: Condition): Cell | undefined =>
    cells.find(
      (cell) => cell.contender === contender && cell.periodFrames === periodFrames && cell.condition === condition,
    );
  const reaches: Reach[] = [];
  for (const contender of ['limpid-bypass', 'limpid-gtcrn'] as const) {
    for (const period of [480, 256]) {
      const idle = find(contender, period, 'idle');
      const stalled = find(contender, period, 'stalled');
      const busy = find(contender, period, 'busy');
      const name = `${contender} ${period}`;
      if (idle) reaches.push(...idleReaches(name, idle));
      if (idle && stalled) {
        const wire = find('pass-through', null, 'stalled');
        reaches.push(...stalledReaches(name, idle, stalled, wire, find('naudiodon', period, 'stalled')));
      }
      if (busy) reaches.push(...busyReaches(name, busy, find('pass-through', null, 'busy')));
    }
  }
  return reaches;
}

function idleReaches(name: string, idle: Cell): Reach[] {
  const reaches = [atMost(`${name}: CPU of the whole loop, idle`, idle.cpuPercent ?? Number.NaN, 10, '% of a core')];
  if (idle.periodFrames === 256) {
    const limitMs = idle.contender === 'limpid-gtcrn' ? 65 : 40;
    reaches.push(atMost(`${name}: median round trip, idle`, idle.delayMs, limitMs, 'ms'));
  }
  return reaches;
}

function stalledReaches(
  name: string,
  idle: Cell,
  stalled: Cell,
  wire: Cell | undefined,
  peer: Cell | undefined,
): Reach[] {
  const beyondWire = Math.max(0, stalled.lostMs - (wire?.lostMs ?? 0));
  const beyondWirePercent = Math.max(0, stalled.lostPercent - (wire?.lostPercent ?? 0));
  const reaches = [
    atMost(`${name}: delay under stalls against idle`, Math.abs(stalled.delayMs - idle.delayMs), 10, 'ms'),
    atMost(`${name}: end against start under stalls`, Math.abs(stalled.endMinusStartMs), 15, 'ms'),
    atMost(`${name}: lost under stalls beyond pass-through`, beyondWirePercent, 1, '% of the time'),
    atMost(
      `${name}: CPU under stalls`,
      stalled.cpuPercent ?? Number.NaN,
      1.1 * (idle.cpuPercent ?? Number.NaN),
      '% of a core',
    ),
    atMost(
      `${name}: under-runs under stalls`,
      stalled.underruns ?? Number.NaN,
      1.1 * (idle.underruns ?? Number.NaN),
      'a run',
    ),
  ];
  if (peer) reaches.push(atMost(`${name}: lost under stalls against naudiodon`, beyondWire, peer.lostMs / 20, 'ms'));
  return reaches;
}

function busyReaches(name: string, busy: Cell, wire: Cell | undefined): Reach[] {
  return [
    atMost(`${name}: lost with busy cores`, busy.lostPercent, (wire?.lostPercent ?? 0) + 2, '% of the time'),
    atMost(`${name}: delay 2 s after the load against before`, Math.abs(busy.recoveredMs ?? Number.NaN), 15, 'ms'),
  ];
}

function atMost(what: string, measured: number, limit: number, unit: string): Reach {
  const shown = (value: number): string => `${value.toFixed(1)} ${unit}`;
  return { what, limit: `≤ ${shown(limit)}`, measured: shown(measured), met: measured <= limit };
}

/** One table a condition. */
export function formatCells(
  cells: readonly Cell[],
  formatTable: (header: string[], rows: string[][], right: string[]) => string,
): string {
  const header = [
    'path',
    'period',
    'delay ms',
    'p99 ms',
    'end−start ms',
    'lost ms',
    'lost %',
    'CPU %',
    'under-runs',
    'after load ms',
  ];
  const shown = (value: number | null, digits = 1): string =>
    value === null ? '–' : Number.isNaN(value) ? '?' : value.toFixed(digits);
  return conditions
    .map((condition) => {
      const rows = cells
        .filter((cell) => cell.condition === condition)
        .map((cell) => [
          cell.contender,
          cell.periodFrames === null ? '–' : String(cell.periodFrames),
          shown(cell.delayMs),
          shown(cell.delayP99Ms),
          shown(cell.endMinusStartMs),
          shown(cell.lostMs, 0),
          shown(cell.lostPercent),
          shown(cell.cpuPercent),
          shown(cell.underruns, 0),
          shown(cell.recoveredMs),
        ]);
      return rows.length > 0 ? `${condition}\n${formatTable(header, rows, header.slice(1))}\n` : '';
    })
    .join('\n');
}
