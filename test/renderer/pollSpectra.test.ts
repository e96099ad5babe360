import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pollSpectra } from '../../src/renderer/src/bridge/pollSpectra.js';
import type { Spectra } from '../../src/renderer/src/view/spectrogram.js';

const spectra: Spectra = { inputDb: [], outputDb: [] };
let asked: number;
let drawn: number;
let tookMs: number;
let isIdle: boolean;
const ask = async () => {
  asked += 1;
  await new Promise((resolve) => setTimeout(resolve, tookMs));
  return isIdle ? null : spectra;
};
const draw = () => void (drawn += 1);

beforeEach(() => {
  vi.useFakeTimers();
  [asked, drawn, tookMs, isIdle] = [0, 0, 2, false];
});
afterEach(() => {
  vi.useRealTimers();
});

test('keeps its pace, however long a quick answer takes', async () => {
  const stop = pollSpectra(ask, 34, draw);
  await vi.advanceTimersByTimeAsync(1000);
  stop();
  expect(drawn).toBe(30);
});

test('asks one at a time, and less where answers are slow', async () => {
  tookMs = 100;
  const stop = pollSpectra(ask, 34, draw);
  await vi.advanceTimersByTimeAsync(999);
  stop();
  expect(asked).toBe(5);
});

test('asks calmly while there is nothing to draw', async () => {
  isIdle = true;
  const stop = pollSpectra(ask, 34, draw);
  await vi.advanceTimersByTimeAsync(1000);
  stop();
  expect(asked).toBe(2);
  expect(drawn).toBe(0);
});

test('asks and draws no more once it is ended', async () => {
  const stop = pollSpectra(ask, 34, draw);
  stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect([asked, drawn]).toEqual([1, 0]);
});
