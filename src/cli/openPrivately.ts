import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { openWithSystem } from '../main/host/openWithSystem.js';
import { writePrivateFile } from '../main/host/panelFile.js';

/** Openers return before the browser has read the file. */
const browserReadsMs = 3000;

/**
 * Opens an address that nobody else may see by way of a private file at `pagePath`: an argument could be read by every user of this
 * computer. Rejects with `link.cannot-open`.
 */
export async function openPrivately(url: string, pagePath: string): Promise<void> {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  await writePrivateFile(pagePath, `<!doctype html><meta http-equiv="refresh" content="0;url=${address}">`);
  try {
    await openWithSystem(pagePath);
    await setTimeout(browserReadsMs);
  } finally {
    await rm(pagePath, { force: true });
  }
}
