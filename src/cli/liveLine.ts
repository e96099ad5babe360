import type { LoopNumbers } from '../main/audio/native.js';

const meterFloorDb = -60;
const meterCells = 8;

/** How a live voice is doing, in one line that is redrawn in place. */
export function formatLiveLine(numbers: LoopNumbers): string {
  const { inputPeakDb, outputPeakDb, delay, load, underruns, secondsRunning } = numbers;
  return [
    formatClock(secondsRunning),
    `in ${formatMeter(inputPeakDb)}`,
    `out ${formatMeter(outputPeakDb)}`,
    `noise ${formatReduction(numbers)}`,
    `delay ${delay.totalMs.toFixed(0)} ms`,
    `load ${formatPercent(load.p95)}`,
    `under-runs ${underruns}`,
  ].join('  ');
}

/** How it went, in a few lines for people. */
export function formatSummary(numbers: LoopNumbers): string {
  const { delay, load, underruns, overruns, droppedFrames, insertedFrames, secondsRunning, engine, level } = numbers;
  const parts = [
    `input ${delay.inputDeviceMs.toFixed(1)}`,
    `ring ${delay.ringMs.toFixed(1)}`,
    `converter ${delay.converterMs.toFixed(1)}`,
    `engine ${delay.engineMs.toFixed(1)}`,
    `output ${delay.outputDeviceMs.toFixed(1)}`,
  ];
  return [
    `Time     ${secondsRunning.toFixed(1)} s with ${engine} at ${level}`,
    `Noise    ${formatReduction(numbers)}`,
    `Delay    ${delay.totalMs.toFixed(1)} ms (${parts.join(', ')})`,
    `Load     ${formatPercent(load.p50)} median, ${formatPercent(load.p99)} p99, ${formatPercent(load.max)} highest`,
    `Gaps     ${underruns} under-runs, ${overruns} over-runs, ${droppedFrames} frames dropped, ${insertedFrames} inserted`,
  ].join('\n');
}

function formatReduction({ noiseReductionDb }: LoopNumbers): string {
  return noiseReductionDb === null ? '– dB' : `${(-noiseReductionDb).toFixed(1).replace('-', '−')} dB`;
}

const formatPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

function formatMeter(peakDb: number): string {
  const share = Math.min(1, Math.max(0, 1 - peakDb / meterFloorDb));
  const filled = Math.round(share * meterCells);
  return `${'█'.repeat(filled)}${'░'.repeat(meterCells - filled)} ${peakDb.toFixed(0).replace('-', '−').padStart(4)} dB`;
}
