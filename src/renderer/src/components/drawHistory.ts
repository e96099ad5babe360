import { groupColumns, historyColumns, type History, type HistoryColumn } from '../view/levelHistory.js';

/** A bar narrower than this blurs with its neighbours. */
const leastColumnPx = 6;
/** Room between two bars, as a part of a column. */
const gapShare = 0.4;
const middleGapPx = 1;
const restingBarPx = 1.5;

/** Draws the history at the canvas's present size, in the colours of the style sheet, newest at the right. */
export function drawHistory(canvas: HTMLCanvasElement, history: History): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas.getBoundingClientRect();
  const density = window.devicePixelRatio;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  context.scale(density, density);

  const style = getComputedStyle(canvas);
  const columns = groupColumns(history, Math.ceil((leastColumnPx * historyColumns) / Math.max(1, width)));
  const columnWidth = width / columns.length;
  const barWidth = columnWidth * (1 - gapShare);
  const middle = height / 2;

  const bars = (colour: string, heightOf: (column: HistoryColumn) => number, direction: 'up' | 'down') => {
    context.fillStyle = style.getPropertyValue(colour);
    context.beginPath();
    columns.forEach((column, index) => {
      const barHeight = Math.max(restingBarPx, column ? heightOf(column) * (middle - middleGapPx) : 0);
      const top = direction === 'up' ? middle - middleGapPx - barHeight : middle + middleGapPx;
      context.roundRect(index * columnWidth, top, barWidth, barHeight, Math.min(barWidth, barHeight) / 2);
    });
    context.fill();
  };
  bars('--before', (column) => column.before, 'up');
  bars('--after', (column) => column.after, 'down');
}
