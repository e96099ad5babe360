import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packIcns, packIco } from '../../../scripts/package/iconFiles.js';

const resource = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../resources/${name}`, import.meta.url)));

/** Width and height as the picture itself says. */
const sizeOf = (png: Buffer): number[] => {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

test.each([16, 24, 32, 48, 64, 128, 256, 512])('the picture of %i pixels is that large', (size) => {
  expect(sizeOf(resource(`icons/${size}x${size}.png`))).toEqual([size, size]);
});

test('the icon of Windows holds pictures of the sizes it lists', () => {
  const icon = resource('icon.ico');
  const sizes = Array.from({ length: icon.readUInt16LE(4) }, (_, index) => {
    const entry = icon.subarray(6 + index * 16);
    const [offset, bytes] = [entry.readUInt32LE(12), entry.readUInt32LE(8)];
    const [width] = sizeOf(icon.subarray(offset, offset + bytes));
    expect(entry.readUInt8(0) || 256).toBe(width);
    return width;
  });
  expect(sizes).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 256]);
});

test('the icon of macOS is one run of entries, each as large as its type says', () => {
  const icon = resource('icon.icns');
  expect(icon.toString('latin1', 0, 4)).toBe('icns');
  expect(icon.readUInt32BE(4)).toBe(icon.length);
  const sizes: [string, number][] = [];
  for (let at = 8; at < icon.length; at += icon.readUInt32BE(at + 4)) {
    const [width = 0] = sizeOf(icon.subarray(at + 8));
    sizes.push([icon.toString('latin1', at, at + 4), width]);
  }
  expect(Object.fromEntries(sizes)).toMatchObject({
    ic07: 128,
    ic08: 256,
    ic09: 512,
    ic10: 1024,
    ic13: 256,
    ic14: 512,
  });
});

test('a size that is missing is left out', () => {
  const png = resource('icons/16x16.png');
  expect(packIcns([{ size: 16, png }])).toHaveLength(8 + 8 + png.length);
  expect(packIco([{ size: 16, png }])).toHaveLength(6 + 16 + png.length);
});
