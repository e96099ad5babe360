import { mkdir } from 'node:fs/promises';
import { openBrowser } from './browser.js';
import { openWindow } from './openWindow.js';
import { scenes } from './scenes.js';
import { openWindowSite } from './windowSite.js';

/** Writes a picture of the window in every state, light and dark, wide and narrow, into screenshots/. */
const folder = 'screenshots';
const widths = { wide: 1000, narrow: 320 };
/** The scenes were made now, and may be looked at much later. */
const atMs = Date.now();
const wanted = process.argv.slice(2);

await mkdir(folder, { recursive: true });
const site = await openWindowSite();
const browser = await openBrowser();
for (const [name, { state, route, prepare, act }] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const scheme of ['light', 'dark'] as const) {
    for (const [size, width] of Object.entries(widths)) {
      // The clock of a page is that of its context.
      const context = await browser.newContext({ locale: 'en-US' });
      const { page, bridge } = await openWindow(context, site.url, state, {
        scheme,
        width,
        route,
        prepare,
        atMs,
      });
      await act?.(page, bridge);
      // The figures follow their own calm pace, and the written levels theirs.
      await page.waitForTimeout(700);
      await page.screenshot({ path: `${folder}/${name}-${scheme}-${size}.png`, fullPage: true });
      await context.close();
    }
  }
}
await browser.close();
await site.close();
