import type { LoopNumbers } from '../main/audio/native.js';

const meterFloorDb = -60;
const meterCells = 4;
/** A cell of a meter, filled by eighths. */
const blocks = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/** How a live voice is doing, in one line that is redrawn in place; fits into 80 columns. */
export function formatLiveLine(numbers: LoopNumbers): string {
  const { inputPeakDb, outputPeakDb, delay, load, underruns, secondsRunning } = numbers;
  return [
    formatClock(secondsRunning),
    `in ${formatMeter(inputPeakDb)}`,
    `out ${formatMeter(outputPeakDb)}`,
    `noise ${formatReduction(numbers, 0)}`,
    `delay ${delay.totalMs.toFixed(0)} ms`,
    `load ${(load.p95 * 100).toFixed(0)} %`,
    `gaps ${underruns}`,
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

function formatReduction({ noiseReductionDb }: LoopNumbers, digits = 1): string {
  return noiseReductionDb === null ? '– dB' : `${formatSigned(-noiseReductionDb, digits)} dB`;
}

/** With a true minus sign, and without the sign of a rounded zero. */
function formatSigned(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const formatPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

/** A bar from −60 to 0 dBFS and the figure in dB. */
function formatMeter(peakDb: number): string {
  const share = Math.min(1, Math.max(0, 1 - peakDb / meterFloorDb));
  const eighths = Math.round(share * meterCells * 8);
  const cells = Array.from({ length: meterCells }, (_, cell) => blocks[Math.min(8, Math.max(0, eighths - cell * 8))]);
  const figure = peakDb < -99 ? '–' : formatSigned(peakDb, 0);
  return `▕${cells.join('')}▏${figure.padStart(3)}`;
}
