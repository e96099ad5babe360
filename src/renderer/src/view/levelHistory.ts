import type { LiveNumbers } from '../../../shared/state.js';
import { meterFraction } from './meterScale.js';

/** How far back the picture reaches. */
export const historySeconds = 10;

/** Columns of the picture; each stands for the loudest moment of its time. */
export const historyColumns = 100;

const columnMs = (historySeconds * 1000) / historyColumns;

/** One column: heights 0..1 of the sound before and after. */
export interface HistoryColumn {
  before: number;
  after: number;
}

export interface History {
  /** Oldest first, at most `historyColumns`. */
  columns: readonly HistoryColumn[];
  /** Number of the newest column since the clock's start. */
  newest: number;
}

export const emptyHistory: History = { columns: [], newest: -1 };

/** Adds a measurement: to the newest column while its time lasts, else as a new one. */
export function pushLevels(
  history: History,
  { inputRmsDb, outputRmsDb }: Pick<LiveNumbers, 'inputRmsDb' | 'outputRmsDb'>,
  nowMs: number,
): History {
  const column = { before: meterFraction(inputRmsDb), after: meterFraction(outputRmsDb) };
  const number = Math.floor(nowMs / columnMs);
  const last = history.columns.at(-1);
  if (last && number === history.newest) {
    const louder = { before: Math.max(last.before, column.before), after: Math.max(last.after, column.after) };
    return { columns: [...history.columns.slice(0, -1), louder], newest: number };
  }
  return { columns: [...history.columns, column].slice(-historyColumns), newest: number };
}
