import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The shell is Chromium without a user interface of its own: it opens a page in two thirds of the time. */
const candidates = [process.env['LIMPID_CHROMIUM'], '/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));

/** Why the window cannot be tested here, or null when it can. For `describe.skipIf`. */
export const noBrowserReason: string | null = executablePath
  ? null
  : 'no Chromium: install chromium-headless-shell or set LIMPID_CHROMIUM to the path of one';

/**
 * Chromium without a sandbox (it may run as root), a display or a network of its own; a fresh profile each time.
 * `isOneProcess`: the pages of one context share a process, in which the script of the page is compiled once.
 */
export const openBrowser = ({ isOneProcess = false } = {}): Promise<Browser> =>
  chromium.launch({
    ...(executablePath && { executablePath }),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...(isOneProcess ? ['--process-per-site'] : []),
    ],
  });
