import type { LoopNumbers } from '../../src/main/audio/native.js';
import { idleNumbers } from '../fakes/loop.js';

/** Numbers of a loop that has run for an hour. */
export const numbers: LoopNumbers = {
  ...idleNumbers,
  state: 'running',
  outputRate: 44_100,
  realTimePriority: true,
  secondsRunning: 3725,
  inputPeakDb: -30,
  inputRmsDb: -40,
  outputPeakDb: -150,
  outputRmsDb: -150,
  noiseReductionDb: 14.26,
  delay: { inputDeviceMs: 6, ringMs: 12, converterMs: 0.3, engineMs: 29.2, outputDeviceMs: 15, totalMs: 62.5 },
  load: { p50: 0.02, p95: 0.31, p99: 0.4, max: 1.25, recentP99: 0.4 },
  underruns: 7,
  overruns: 1,
  droppedFrames: 2,
  insertedFrames: 3,
  counters: { ...idleNumbers.counters, blocksEnhanced: 1 },
};
