import { median } from '../../src/main/demo/metrics.js';
import type { ColdStart } from './coldStart.js';
import type { LoadPair, LoadRun } from './pairs.js';
import type { ScreenCost } from './screen.js';

/** A figure to be reached, and whether it was. */
export interface Reach {
  what: string;
  measured: string;
  limit: string;
  met: boolean;
}

/** Null: that part was not run. */
export interface UiResults {
  pairs: LoadPair[] | null;
  screen: ScreenCost | null;
  coldStarts: ColdStart[] | null;
}

interface Table {
  title: string;
  header: string[];
  rows: string[][];
}

const loadRatioLimit = 1.15;
const moreUnderruns = 1;
const taskPercentLimit = 15;
/** Thirty are asked for, every 34 ms; a window that draws less costs less, which is no merit. */
const leastPictures = 25;
const longTaskMs = 50;
const heapChangeLimit = 0.05;
const coldStartLimitMs = 1500;

/** Of the medians of all runs of an arm, and of each pair. */
export function loadRatios(pairs: readonly LoadPair[]): { ofMedians: number; ofPairs: number[] } {
  const p99 = (arm: keyof LoadPair): number => median(pairs.map((pair) => pair[arm].loadP99));
  return {
    ofMedians: p99('withWindow') / p99('without'),
    ofPairs: pairs.map(({ withWindow, without }) => withWindow.loadP99 / without.loadP99),
  };
}

/** Growth of the heap as a part of what it was, in either direction. */
export const heapChange = ({ heapStartMb, heapEndMb }: ScreenCost): number => Math.abs(heapEndMb / heapStartMb - 1);

const percent = (value: number): string => `${value.toFixed(1)} %`;

function pairTable(pairs: readonly LoadPair[]): Table {
  const arm = (name: string, run: (value: (of: LoadRun) => number) => number): string[] => [
    name,
    percent(100 * run(({ loadP50 }) => loadP50)),
    percent(100 * run(({ loadP99 }) => loadP99)),
    run(({ underruns }) => underruns).toFixed(0),
  ];
  const middle = (side: keyof LoadPair) =>
    arm(side === 'without' ? 'no window' : 'window open', (value) => median(pairs.map((pair) => value(pair[side]))));
  return {
    title: `Load of the loop's callback, medians of ${pairs.length} interleaved pairs`,
    header: ['', 'p50', 'p99', 'under-runs'],
    rows: [middle('without'), middle('withWindow')],
  };
}

function screenTable(screen: ScreenCost): Table {
  const { seconds, taskPercent, cpuPercent, picturesPerSecond, longTasksMs, heapStartMb, heapEndMb } = screen;
  return {
    title: `The live screen with its spectrogram moving, ${(seconds / 60).toFixed(1)} minutes`,
    header: ['', 'measured'],
    rows: [
      ['tasks of the page (TaskDuration), of a core', percent(taskPercent)],
      ...Object.entries(cpuPercent).map(([type, value]) => [`process ${type}, all threads, of a core`, percent(value)]),
      ['spectrogram, pictures a second', picturesPerSecond.toFixed(1)],
      [`tasks over ${longTaskMs} ms`, String(longTasksMs.length)],
      ['longest of them, ms', longTasksMs.length > 0 ? Math.max(...longTasksMs).toFixed(0) : '–'],
      ['heap after a collection, beginning, MB', heapStartMb.toFixed(2)],
      ['heap after a collection, end, MB', heapEndMb.toFixed(2)],
    ],
  };
}

function coldStartTable(starts: readonly ColdStart[]): Table {
  const row = (what: string, value: (start: ColdStart) => number): string[] => {
    const all = starts.map(value);
    return [what, median(all).toFixed(0), Math.max(...all).toFixed(0)];
  };
  return {
    title: `Cold start of “limpid panel”, ${starts.length} starts`,
    header: ['from the start of the process', 'median ms', 'longest ms'],
    rows: [
      row('to the link', ({ linkMs }) => linkMs),
      row('to a live screen to use', ({ interactiveMs }) => interactiveMs),
    ],
  };
}

export function tablesOf({ pairs, screen, coldStarts }: UiResults): Table[] {
  return [
    ...(pairs ? [pairTable(pairs)] : []),
    ...(screen ? [screenTable(screen)] : []),
    ...(coldStarts ? [coldStartTable(coldStarts)] : []),
  ];
}

export function reachesOf({ pairs, screen, coldStarts }: UiResults): Reach[] {
  return [
    ...(pairs ? pairReaches(pairs) : []),
    ...(screen ? screenReaches(screen) : []),
    ...(coldStarts ? coldStartReaches(coldStarts) : []),
  ];
}

function pairReaches(pairs: readonly LoadPair[]): Reach[] {
  const { ofMedians, ofPairs } = loadRatios(pairs);
  const underruns = (arm: keyof LoadPair): number => pairs.reduce((sum, pair) => sum + pair[arm].underruns, 0);
  const [withWindow, without] = [underruns('withWindow'), underruns('without')];
  return [
    {
      what: 'load p99 with the window to without',
      measured: `${ofMedians.toFixed(2)} (pairs ${ofPairs.map((ratio) => ratio.toFixed(2)).join(', ')})`,
      limit: `≤ ${loadRatioLimit}`,
      met: ofMedians <= loadRatioLimit,
    },
    {
      what: 'under-runs with the window, all pairs',
      measured: `${withWindow}, without ${without}`,
      limit: `≤ ${without + moreUnderruns}`,
      met: withWindow <= without + moreUnderruns,
    },
  ];
}

function screenReaches(screen: ScreenCost): Reach[] {
  const change = heapChange(screen);
  return [
    {
      what: 'tasks of the page, of a core',
      measured: percent(screen.taskPercent),
      limit: `≤ ${taskPercentLimit} %`,
      met: screen.taskPercent <= taskPercentLimit,
    },
    {
      what: 'spectrogram, pictures a second',
      measured: screen.picturesPerSecond.toFixed(1),
      limit: `≥ ${leastPictures}`,
      met: screen.picturesPerSecond >= leastPictures,
    },
    {
      what: `tasks over ${longTaskMs} ms`,
      measured: String(screen.longTasksMs.length),
      limit: '0',
      met: screen.longTasksMs.length === 0,
    },
    {
      what: 'heap at the end against the beginning',
      measured: percent(100 * change),
      limit: `≤ ${100 * heapChangeLimit} %`,
      met: change <= heapChangeLimit,
    },
  ];
}

function coldStartReaches(starts: readonly ColdStart[]): Reach[] {
  const middleMs = median(starts.map(({ interactiveMs }) => interactiveMs));
  return [
    {
      what: 'cold start to a live screen to use, median',
      measured: `${middleMs.toFixed(0)} ms`,
      limit: `< ${coldStartLimitMs} ms`,
      met: middleMs < coldStartLimitMs,
    },
  ];
}
