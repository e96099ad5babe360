import { describe, expect, it } from 'vitest';
import type { LoadPair } from '../../bench/ui/pairs.js';
import { cpuPercentByType } from '../../bench/ui/processes.js';
import { heapChange, loadRatios, reachesOf, tablesOf, type UiResults } from '../../bench/ui/report.js';
import type { ScreenCost } from '../../bench/ui/screen.js';

const pair = (withP99: number, withoutP99: number, withUnderruns = 0, withoutUnderruns = 0): LoadPair => ({
  withWindow: { loadP50: 0.1, loadP99: withP99, underruns: withUnderruns },
  without: { loadP50: 0.1, loadP99: withoutP99, underruns: withoutUnderruns },
});

const screen: ScreenCost = {
  seconds: 600,
  taskPercent: 12,
  cpuPercent: { GPU: 30, renderer: 14 },
  picturesPerSecond: 29,
  longTasksMs: [],
  heapStartMb: 10,
  heapEndMb: 10.3,
};

const good: UiResults = {
  pairs: [pair(0.22, 0.2), pair(0.21, 0.2), pair(0.5, 0.2)],
  screen,
  coldStarts: [
    { linkMs: 300, interactiveMs: 900 },
    { linkMs: 310, interactiveMs: 1600 },
    { linkMs: 320, interactiveMs: 1000 },
  ],
};

const missed = (changes: Partial<UiResults>): string[] =>
  reachesOf({ ...good, ...changes }).flatMap(({ what, met }) => (met ? [] : [what]));

describe('the arithmetic', () => {
  it('compares medians, and shows each pair', () => {
    const { ofMedians, ofPairs } = loadRatios(good.pairs!);
    expect(ofMedians).toBeCloseTo(1.1);
    expect(ofPairs.map((ratio) => ratio.toFixed(2))).toEqual(['1.10', '1.05', '2.50']);
  });

  it('takes a heap that shrank as seriously as one that grew', () => {
    expect(heapChange({ ...screen, heapEndMb: 10.6 })).toBeCloseTo(0.06);
    expect(heapChange({ ...screen, heapEndMb: 9.4 })).toBeCloseTo(0.06);
  });

  it('counts each kind of process for itself, also one that began meanwhile', () => {
    const percents = cpuPercentByType({ renderer: 10, GPU: 4 }, { renderer: 11, GPU: 6, utility: 0.5 }, 10);
    expect(percents).toEqual({ GPU: 20, renderer: 10, utility: 5 });
  });
});

describe('the report', () => {
  it('is content with a window that nobody hears', () => {
    expect(missed({})).toEqual([]);
  });

  it.each<[string, Partial<UiResults>]>([
    ['load p99 with the window to without', { pairs: [pair(0.24, 0.2)] }],
    ['under-runs with the window, all pairs', { pairs: [pair(0.2, 0.2, 2, 1), pair(0.2, 0.2, 1, 0)] }],
    ['tasks of the page, of a core', { screen: { ...screen, taskPercent: 15.1 } }],
    ['spectrogram, pictures a second', { screen: { ...screen, picturesPerSecond: 24.9 } }],
    ['tasks over 50 ms', { screen: { ...screen, longTasksMs: [51] } }],
    ['heap at the end against the beginning', { screen: { ...screen, heapEndMb: 10.51 } }],
    ['cold start to a live screen to use, median', { coldStarts: [{ linkMs: 1, interactiveMs: 1500 }] }],
  ])('says when missed: %s', (what, changes) => {
    expect(missed(changes)).toEqual([what]);
  });

  it('allows one under-run more than without the window', () => {
    expect(missed({ pairs: [pair(0.2, 0.2, 2, 1)] })).toEqual([]);
  });

  it('misses what could not be computed', () => {
    expect(missed({ pairs: [pair(Number.NaN, 0.2)] })).toEqual(['load p99 with the window to without']);
    expect(missed({ screen: { ...screen, taskPercent: Number.NaN } })).toEqual(['tasks of the page, of a core']);
  });

  it('leaves out what was not run', () => {
    const nothing: UiResults = { pairs: null, screen: null, coldStarts: null };
    expect([tablesOf(nothing), reachesOf(nothing)]).toEqual([[], []]);
    expect(tablesOf({ ...nothing, screen })).toHaveLength(1);
  });

  it('has a cell for each column', () => {
    const tables = tablesOf(good);
    expect(tables).toHaveLength(3);
    for (const { header, rows } of tables) for (const row of rows) expect(row).toHaveLength(header.length);
  });
});
