import type { SoundVersion } from '../../../shared/player.js';
import { groupPeaks } from '../view/playerView.js';

/** A bar narrower than this blurs with its neighbours. */
const leastColumnPx = 4;
const gapShare = 0.35;
const restingBarPx = 1.5;
const headPx = 2;
const betweenPx = 6;

interface WaveformPicture {
  /** Both null until they are known. */
  original: readonly number[] | null;
  enhanced: readonly number[] | null;
  heard: SoundVersion;
  /** Of the play head, 0..1. */
  share: number;
}

/** Draws both versions at the canvas's present size, in the colours of the style sheet: the original above, the enhanced one below. */
export function drawWaveform(canvas: HTMLCanvasElement, picture: WaveformPicture): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas.getBoundingClientRect();
  const density = window.devicePixelRatio;
  const [deviceWidth, deviceHeight] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);

  const style = getComputedStyle(canvas);
  const headLeft = Math.min(width - headPx, picture.share * width);
  const laneHeight = (height - betweenPx) / 2;
  const lane = (version: SoundVersion, top: number, colour: string) => {
    // What is heard has a ground of its own, as far as it was played.
    if (version === picture.heard) {
      context.fillStyle = style.getPropertyValue('--accent-soft');
      context.fillRect(0, top, headLeft, laneHeight);
    }
    const bars = groupPeaks(picture[version] ?? [], Math.floor(width / leastColumnPx));
    const columnWidth = width / bars.length;
    const barWidth = columnWidth * (1 - gapShare);
    context.fillStyle = style.getPropertyValue(colour);
    context.beginPath();
    bars.forEach((peak, index) => {
      const barHeight = Math.max(restingBarPx, peak * laneHeight);
      const left = index * columnWidth;
      context.roundRect(
        left,
        top + (laneHeight - barHeight) / 2,
        barWidth,
        barHeight,
        Math.min(barWidth, barHeight) / 2,
      );
    });
    context.fill();
  };
  lane('original', 0, '--before');
  lane('enhanced', laneHeight + betweenPx, '--after');
  context.fillStyle = style.getPropertyValue('--ink');
  context.fillRect(headLeft, 0, headPx, height);
}
