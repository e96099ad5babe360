import { groupColumns, historyColumns, type History, type HistoryColumn } from '../view/levelHistory.js';

/** A bar narrower than this blurs with its neighbours. */
const leastColumnPx = 6;
/** Room between two bars, as a part of a column. */
const gapShare = 0.4;
const middleGapPx = 1;
const restingBarPx = 1.5;

/** Draws levels into a canvas, newest at the right. Size and colours are looked up when they change, not for each picture. */
export class HistoryPainter {
  readonly #context: CanvasRenderingContext2D | null;
  #width = 0;
  #height = 0;
  #before = '';
  #after = '';

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d');
  }

  /** Follows the size of the canvas on the screen, and the colours of the style sheet. */
  fit(): void {
    const { width, height } = this.canvas.getBoundingClientRect();
    const density = window.devicePixelRatio;
    [this.#width, this.#height] = [width, height];
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    this.#context?.scale(density, density);
    const style = getComputedStyle(this.canvas);
    [this.#before, this.#after] = [style.getPropertyValue('--before'), style.getPropertyValue('--after')];
  }

  draw(history: History): void {
    this.#context?.clearRect(0, 0, this.#width, this.#height);
    const columns = groupColumns(history, Math.ceil((leastColumnPx * historyColumns) / Math.max(1, this.#width)));
    this.#drawBars(columns, this.#before, (column) => column.before, 'up');
    this.#drawBars(columns, this.#after, (column) => column.after, 'down');
  }

  #drawBars(
    columns: (HistoryColumn | null)[],
    colour: string,
    heightOf: (column: HistoryColumn) => number,
    direction: 'up' | 'down',
  ): void {
    const context = this.#context;
    if (!context) return;
    const columnWidth = this.#width / columns.length;
    const barWidth = columnWidth * (1 - gapShare);
    const middle = this.#height / 2;
    context.fillStyle = colour;
    context.beginPath();
    columns.forEach((column, index) => {
      const barHeight = Math.max(restingBarPx, column ? heightOf(column) * (middle - middleGapPx) : 0);
      const top = direction === 'up' ? middle - middleGapPx - barHeight : middle + middleGapPx;
      context.roundRect(index * columnWidth, top, barWidth, barHeight, Math.min(barWidth, barHeight) / 2);
    });
    context.fill();
  }
}
