import { crc32, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodePng } from '../../../src/main/demo/png.js';
import { beforeAfterSpectrogram } from '../../../src/main/demo/spectrogram.js';

const rate = 48_000;

/** Reads back what `encodePng` writes: one IDAT, rows without a filter. */
function decode(png: Buffer): { width: number; height: number; pixel: (x: number, y: number) => number[] } {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const dataBytes = png.readUInt32BE(33);
  expect(png.toString('latin1', 37, 41)).toBe('IDAT');
  expect(png.readUInt32BE(41 + dataBytes)).toBe(crc32(png.subarray(37, 41 + dataBytes)));
  const rows = inflateSync(png.subarray(41, 41 + dataBytes));
  const at = (x: number, y: number): number => y * (width * 3 + 1) + 1 + x * 3;
  return { width, height, pixel: (x, y) => [...rows.subarray(at(x, y), at(x, y) + 3)] };
}

it('writes pixels that can be read back', () => {
  const picture = decode(encodePng({ width: 2, height: 2, rgb: Uint8Array.from({ length: 12 }, (_, i) => i * 20) }));
  expect(picture.pixel(0, 0)).toEqual([0, 20, 40]);
  expect(picture.pixel(1, 1)).toEqual([180, 200, 220]);
});

it('draws a tone that is there before and gone afterwards, at its height', () => {
  const tone = Float32Array.from({ length: rate }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 12_500 * n) / rate));
  const picture = decode(encodePng(beforeAfterSpectrogram(tone, new Float32Array(rate), rate)));
  const brightness = (y: number): number => picture.pixel(600, y).reduce((sum, part) => sum + part, 0);
  const heightOfTone = Math.round((1 - 12_500 / 20_000) * 319);
  const near = [-1, 0, 1].map((offset) => brightness(heightOfTone + offset));
  expect(Math.max(...near)).toBeGreaterThan(500);
  expect(brightness(heightOfTone + 20)).toBeLessThan(50);
  expect(brightness(328 + heightOfTone)).toBeLessThan(50);
});
