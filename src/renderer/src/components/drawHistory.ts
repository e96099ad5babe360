import { historyColumns, type History } from '../view/levelHistory.js';

/** Room between two bars, as a part of a column. */
const gapShare = 0.36;
const middleGapPx = 1;

/** Draws the history at the canvas's present size, in the colours of the style sheet, newest at the right. */
export function drawHistory(canvas: HTMLCanvasElement, { columns }: History): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas.getBoundingClientRect();
  const density = window.devicePixelRatio;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  context.scale(density, density);

  const style = getComputedStyle(canvas);
  const middle = height / 2;
  const columnWidth = width / historyColumns;
  const barWidth = Math.max(1, columnWidth * (1 - gapShare));
  const firstColumn = historyColumns - columns.length;

  const bars = (colour: string, heightOf: (column: History['columns'][number]) => number, up: boolean) => {
    context.fillStyle = style.getPropertyValue(colour);
    context.beginPath();
    columns.forEach((column, index) => {
      const barHeight = Math.max(1, heightOf(column) * (middle - middleGapPx));
      const top = up ? middle - middleGapPx - barHeight : middle + middleGapPx;
      context.roundRect((firstColumn + index) * columnWidth, top, barWidth, barHeight, Math.min(barWidth / 2, 2));
    });
    context.fill();
  };

  context.fillStyle = style.getPropertyValue('--line');
  context.fillRect(0, middle - 0.5, width, 1);
  bars('--before', (column) => column.before, true);
  bars('--after', (column) => column.after, false);
}
