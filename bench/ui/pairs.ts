import { setTimeout as sleep } from 'node:timers/promises';
import type { Desk } from './desk.js';

/** One run of the loop; the load is time used over time available in its callback. */
export interface LoadRun {
  loadP50: number;
  loadP99: number;
  underruns: number;
}

/** Two runs that followed each other, one of them with the window open. */
export interface LoadPair {
  withWindow: LoadRun;
  without: LoadRun;
}

/** The window has loaded, and the streams have settled. */
const settleMs = 2000;

/** Runs the loop with and without the window in turn; which comes first alternates. */
export async function measurePairs(
  desk: Desk,
  pairs: number,
  seconds: number,
  onPair: (pair: LoadPair, number: number) => void,
): Promise<LoadPair[]> {
  const measured: LoadPair[] = [];
  for (let number = 1; number <= pairs; number++) {
    const isWindowFirst = number % 2 === 1;
    const first = await measureRun(desk, seconds, isWindowFirst);
    const second = await measureRun(desk, seconds, !isWindowFirst);
    const pair = isWindowFirst ? { withWindow: first, without: second } : { withWindow: second, without: first };
    measured.push(pair);
    onPair(pair, number);
  }
  return measured;
}

async function measureRun(desk: Desk, seconds: number, hasWindow: boolean): Promise<LoadRun> {
  const screen = hasWindow ? await desk.openScreen() : null;
  try {
    await sleep(settleMs);
    await desk.switchOn();
    await sleep(seconds * 1000);
    const { load, underruns } = await desk.switchOff();
    return { loadP50: load.p50, loadP99: load.p99, underruns };
  } finally {
    await screen?.close();
  }
}
