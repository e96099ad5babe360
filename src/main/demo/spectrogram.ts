import { powerFrames } from './fft.js';
import type { Picture } from './png.js';

const fftSize = 2048;
const panelWidth = 1200;
const panelHeight = 320;
const gapHeight = 8;
const topHz = 20_000;
const quietestDb = -100;
const loudestDb = -20;

/**
 * Two spectrograms, one above the other on the same scales: before and after. Time runs to the right, 0 to 20 kHz
 * upwards with a line every 5 kHz, −100 dB is black and −20 dB is bright.
 */
export function beforeAfterSpectrogram(before: Float32Array, after: Float32Array, sampleRate: number): Picture {
  const height = 2 * panelHeight + gapHeight;
  const picture: Picture = { width: panelWidth, height, rgb: new Uint8Array(panelWidth * height * 3).fill(255) };
  drawPanel(picture, 0, before, sampleRate);
  drawPanel(picture, panelHeight + gapHeight, after, sampleRate);
  return picture;
}

function drawPanel(picture: Picture, top: number, samples: Float32Array, sampleRate: number): void {
  const frames = powerFrames(samples, fftSize, fftSize / 4);
  const topBin = Math.round((topHz / sampleRate) * fftSize);
  for (let row = 0; row < panelHeight; row++) {
    const bin = Math.round((1 - row / (panelHeight - 1)) * topBin);
    const isLine = isFrequencyLine(row);
    for (let column = 0; column < picture.width; column++) {
      const power = frames[Math.floor((column * frames.length) / picture.width)]?.[bin] ?? 0;
      const share = (10 * Math.log10(power + 1e-15) - quietestDb) / (loudestDb - quietestDb);
      const colour = isLine && column % 8 < 2 ? [200, 200, 200] : heat(Math.min(1, Math.max(0, share)));
      picture.rgb.set(colour, ((top + row) * picture.width + column) * 3);
    }
  }
}

function isFrequencyLine(row: number): boolean {
  return [5000, 10_000, 15_000].some((hz) => row === Math.round((1 - hz / topHz) * (panelHeight - 1)));
}

/** Black, violet, red, orange, pale yellow. */
const stops = [
  [0, 0, 8],
  [70, 15, 110],
  [185, 55, 85],
  [250, 150, 30],
  [252, 255, 190],
] as const;

function heat(share: number): [number, number, number] {
  const position = share * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(position));
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mix = (part: 0 | 1 | 2): number => Math.round(from[part] + (position - index) * (to[part] - from[part]));
  return [mix(0), mix(1), mix(2)];
}
