import type { LiveNumbers } from '../../../shared/state.js';

/** How far back the picture reaches. */
export const historySeconds = 10;

/** Columns of the picture; each stands for the loudest moment of its time. */
export const historyColumns = 100;

/** RMS levels from bottom to top of a bar, in dBFS: even a loud voice stays below −6. */
const [lowestDb, highestDb] = [-60, -6];

const columnMs = (historySeconds * 1000) / historyColumns;

/** One column: heights 0..1 of the sound before and after. */
export interface HistoryColumn {
  before: number;
  after: number;
}

export interface History {
  /** Oldest first, at most `historyColumns`. */
  columns: readonly HistoryColumn[];
  /** Number of the newest column since the start. */
  newest: number;
}

export const emptyHistory: History = { columns: [], newest: -1 };

const heightOf = (db: number) => Math.min(1, Math.max(0, (db - lowestDb) / (highestDb - lowestDb)));

/** Over so many columns without a measurement (a busy machine) the picture goes on; after more (a hidden window) it starts anew. */
const bridgedColumns = 20;

/** Adds a measurement: to the newest column while its time lasts, else as a new one, which also fills a short gap before it. */
export function pushLevels(
  history: History,
  { inputRmsDb, outputRmsDb, secondsRunning }: Pick<LiveNumbers, 'inputRmsDb' | 'outputRmsDb' | 'secondsRunning'>,
): History {
  const column = { before: heightOf(inputRmsDb), after: heightOf(outputRmsDb) };
  const number = Math.floor((secondsRunning * 1000) / columnMs);
  const last = history.columns.at(-1);
  if (last && number === history.newest) {
    const louder = { before: Math.max(last.before, column.before), after: Math.max(last.after, column.after) };
    return { columns: [...history.columns.slice(0, -1), louder], newest: number };
  }
  const missed = number - history.newest;
  if (!last || missed < 1 || missed > bridgedColumns) return { columns: [column], newest: number };
  return {
    columns: [...history.columns, ...Array.from({ length: missed }, () => column)].slice(-historyColumns),
    newest: number,
  };
}

/**
 * The picture in fewer, wider columns: `size` at a time become their loudest. Neighbours stay together while time
 * goes on, so that the picture moves and does not flicker. Always the full length, oldest first; null where nothing was measured.
 */
export function groupColumns({ columns, newest }: History, size: number): (HistoryColumn | null)[] {
  const groups = new Map<number, HistoryColumn>();
  columns.forEach((column, index) => {
    const group = Math.floor((newest - (columns.length - 1 - index)) / size);
    const { before, after } = groups.get(group) ?? column;
    groups.set(group, { before: Math.max(before, column.before), after: Math.max(after, column.after) });
  });
  const length = Math.ceil(historyColumns / size);
  const last = Math.floor(newest / size);
  return Array.from({ length }, (_, index) => groups.get(last - (length - 1 - index)) ?? null);
}
