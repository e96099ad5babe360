import { bandCount, pictureColumns, shadeColours, SpectrogramHistory, type Spectra } from '../view/spectrogram.js';

/** Rows between the two halves, where the ground shows. */
const gapRows = 4;
export const pictureRows = 2 * bandCount + gapRows;
const stopNames = ['--spectrum-0', '--spectrum-1', '--spectrum-2', '--spectrum-3', '--spectrum-4'];

/** Draws the last seconds into a canvas of one pixel a column and a band; the style sheet gives it its size. */
export class SpectrogramPainter {
  readonly #context: CanvasRenderingContext2D | null;
  readonly #history = new SpectrogramHistory();
  #column: ImageData | null = null;
  #colours: Uint8ClampedArray = new Uint8ClampedArray();

  constructor(private readonly canvas: HTMLCanvasElement) {
    canvas.width = pictureColumns;
    canvas.height = pictureRows;
    this.#context = canvas.getContext('2d');
    this.#column = this.#context?.createImageData(1, pictureRows) ?? null;
    this.repaint();
  }

  /** Moves the picture on, and adds one moment. */
  add(nowMs: number, spectra: Spectra): void {
    const moved = this.#history.add(nowMs, spectra);
    if (moved === 0 || !this.#context) return;
    this.#context.globalCompositeOperation = 'copy';
    this.#context.drawImage(this.canvas, -moved, 0);
    this.#paint(pictureColumns - moved);
  }

  /** All of it, in the present colours of the style sheet. */
  repaint(): void {
    const style = getComputedStyle(this.canvas);
    this.#colours = shadeColours(stopNames.map((name) => style.getPropertyValue(name).trim()));
    this.#context?.clearRect(0, 0, pictureColumns, pictureRows);
    this.#paint(0);
  }

  #paint(from: number): void {
    if (!this.#column) return;
    const { data } = this.#column;
    for (let column = from; column < pictureColumns; column += 1) {
      for (let band = 0; band < 2 * bandCount; band += 1) {
        const shade = this.#history.shades[column * 2 * bandCount + band] ?? 0;
        const pixel = 4 * (band < bandCount ? band : band + gapRows);
        for (let part = 0; part < 4; part += 1) data[pixel + part] = this.#colours[4 * shade + part] ?? 0;
      }
      this.#context?.putImageData(this.#column, column, 0);
    }
  }
}
