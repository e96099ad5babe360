import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['LIMPID_CHROMIUM'] ?? '/usr/bin/chromium';

/** Why the window cannot be tested here, or null when it can. For `describe.skipIf`. */
export const noBrowserReason: string | null = existsSync(executablePath)
  ? null
  : `no Chromium at ${executablePath}: install it or set LIMPID_CHROMIUM`;

/** Chromium without a sandbox (it may run as root), a display or a network of its own; a fresh profile each time. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
