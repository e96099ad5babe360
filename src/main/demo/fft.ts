/** Radix-2 Fourier transform of a fixed power-of-two size, in place on separate real and imaginary parts. */
export class Fft {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  constructor(readonly size: number) {
    if (size < 2 || (size & (size - 1)) !== 0) throw new RangeError('The size must be a power of two.');
    this.#cos = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / size));
  }

  forward(real: Float64Array, imaginary: Float64Array): void {
    this.#reorder(real, imaginary);
    for (let half = 1; half < this.size; half *= 2) this.#combine(real, imaginary, half);
  }

  /** Inverse, scaled by 1 / size. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    this.forward(imaginary, real);
    for (let index = 0; index < this.size; index++) {
      real[index]! /= this.size;
      imaginary[index]! /= this.size;
    }
  }

  #reorder(real: Float64Array, imaginary: Float64Array): void {
    for (let index = 1, mirrored = 0; index < this.size; index++) {
      let bit = this.size >> 1;
      for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
      mirrored ^= bit;
      if (index >= mirrored) continue;
      [real[index], real[mirrored]] = [real[mirrored]!, real[index]!];
      [imaginary[index], imaginary[mirrored]] = [imaginary[mirrored]!, imaginary[index]!];
    }
  }

  #combine(real: Float64Array, imaginary: Float64Array, half: number): void {
    const step = this.size / (2 * half);
    for (let start = 0; start < this.size; start += 2 * half) {
      for (let offset = 0; offset < half; offset++) {
        const upper = start + offset;
        const lower = upper + half;
        const cos = this.#cos[offset * step]!;
        const sin = this.#sin[offset * step]!;
        const turnedReal = real[lower]! * cos + imaginary[lower]! * sin;
        const turnedImaginary = imaginary[lower]! * cos - real[lower]! * sin;
        real[lower] = real[upper]! - turnedReal;
        imaginary[lower] = imaginary[upper]! - turnedImaginary;
        real[upper]! += turnedReal;
        imaginary[upper]! += turnedImaginary;
      }
    }
  }
}

/** The smallest power of two that is at least `size`. */
export const powerOfTwoFrom = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, size)));

/** Power spectrum of Hann-windowed frames: `size / 2 + 1` bins a frame; a full-scale sine reads 1 in its bin. */
export function powerFrames(samples: Float32Array, size: number, hop: number): Float64Array[] {
  const fft = new Fft(size);
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  const scale = (4 / size) ** 2;
  const frames: Float64Array[] = [];
  for (let start = 0; start + size <= samples.length; start += hop) {
    const real = Float64Array.from({ length: size }, (_, index) => samples[start + index]! * window[index]!);
    const imaginary = new Float64Array(size);
    fft.forward(real, imaginary);
    frames.push(
      Float64Array.from({ length: size / 2 + 1 }, (_, bin) => scale * (real[bin]! ** 2 + imaginary[bin]! ** 2)),
    );
  }
  return frames;
}
