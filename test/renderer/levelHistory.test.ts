import { describe, expect, test } from 'vitest';
import {
  emptyHistory,
  groupColumns,
  historyColumns,
  pushLevels,
  type History,
} from '../../src/renderer/src/view/levelHistory.js';

const push = (history: History, secondsRunning: number, inputRmsDb: number, outputRmsDb = inputRmsDb) =>
  pushLevels(history, { secondsRunning, inputRmsDb, outputRmsDb });

/** A history of `count` columns a tenth of a second apart, each with the level `levelDb` gives it. */
const filled = (count: number, levelDb: (index: number) => number) =>
  Array.from({ length: count }).reduce<History>(
    (history, _, index) => push(history, index / 10 + 0.01, levelDb(index)),
    emptyHistory,
  );

describe('the history of levels', () => {
  test('keeps the loudest moment of a column', () => {
    const history = [-40, -20, -50].reduce(
      (all, db, index) => push(all, 1.01 + index * 0.03, db, db - 6),
      emptyHistory,
    );
    expect(history.columns).toHaveLength(1);
    expect(history.columns[0]?.before).toBeCloseTo(40 / 54, 6);
    expect(history.columns[0]?.after).toBeCloseTo(34 / 54, 6);
  });

  test('forgets what is older than the picture', () => {
    const history = filled(historyColumns + 20, (index) => (index < 20 ? -10 : -50));
    expect(history.columns).toHaveLength(historyColumns);
    expect(history.columns.every(({ before }) => before < 0.2)).toBe(true);
  });

  test('is bounded by the picture', () => {
    const { columns } = push(push(emptyHistory, 0, -150), 0.1, 3);
    expect(columns.map(({ before }) => before)).toEqual([0, 1]);
  });

  test('goes on over a short gap', () => {
    const { columns, newest } = push(push(emptyHistory, 1.01, -60), 1.31, -6);
    expect(columns.map(({ before }) => before)).toEqual([0, 1, 1, 1]);
    expect(newest).toBe(13);
  });

  test.each([
    ['a long gap', 9.01],
    ['a new start', 0.01],
  ])('starts anew after %s', (_, seconds) => {
    expect(push(push(emptyHistory, 1.01, -60), seconds, -6).columns).toHaveLength(1);
  });
});

describe('fewer, wider columns', () => {
  test('always fill the picture, the newest at the end', () => {
    const grouped = groupColumns(
      filled(3, () => -6),
      1,
    );
    expect(grouped).toHaveLength(historyColumns);
    expect(grouped.slice(-4).map((column) => column?.before)).toEqual([undefined, 1, 1, 1]);
  });

  test('show the loudest of each group', () => {
    const grouped = groupColumns(
      filled(8, (index) => (index === 5 ? -6 : -60)),
      4,
    );
    expect(grouped).toHaveLength(25);
    expect(grouped.slice(-2).map((column) => column?.before)).toEqual([0, 1]);
  });

  test('keep their neighbours while time goes on', () => {
    const level = (index: number) => -60 + ((index * 7) % 50);
    const before = groupColumns(filled(40, level), 4);
    const after = groupColumns(filled(44, level), 4);
    expect(after.slice(-11, -1)).toEqual(before.slice(-10));
  });
});
