// Draws the icons of the three systems from resources/icon.svg, in Chromium. `npm run icons`; the results are committed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../../test/e2e/browser.js';
import { packIcns, packIco, type IconPicture } from './iconFiles.js';

const folder = join(import.meta.dirname, '../../resources');
const drawing = readFileSync(join(folder, 'icon.svg'), 'utf8');

/** Where macOS does not set the margin, the tile fills the picture. */
const cropped = drawing.replace('viewBox="0 0 1024 1024"', 'viewBox="84 84 856 856"');
const leastDetailedPixels = 48;

const browser = await openBrowser();
const page = await browser.newPage();

async function draw(svg: string, size: number): Promise<IconPicture> {
  await page.setViewportSize({ width: size, height: size });
  const hidden = size < leastDetailedPixels ? '.detail { display: none }' : '';
  await page.setContent(`<style>* { margin: 0 } svg { display: block; width: 100vw } ${hidden}</style>${svg}`);
  return { size, png: await page.screenshot({ omitBackground: true }) };
}

async function drawAll(svg: string, sizes: number[]): Promise<IconPicture[]> {
  const pictures: IconPicture[] = [];
  for (const size of sizes) pictures.push(await draw(svg, size));
  return pictures;
}

for (const { size, png } of await drawAll(cropped, [16, 24, 32, 48, 64, 128, 256, 512])) {
  writeFileSync(join(folder, 'icons', `${size}x${size}.png`), png);
}
writeFileSync(join(folder, 'icon.ico'), packIco(await drawAll(cropped, [16, 20, 24, 32, 40, 48, 64, 128, 256])));
writeFileSync(join(folder, 'icon.icns'), packIcns(await drawAll(drawing, [16, 32, 64, 128, 256, 512, 1024])));
await browser.close();
