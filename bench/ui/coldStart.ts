import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { VirtualSoundCard } from '../../src/main/demo/virtualSoundCard.js';
import { openBrowser } from '../../test/e2e/browser.js';
import { cliProgram } from '../../test/cli/runCli.js';

export interface ColdStart {
  /** From the start of the process to its link on standard output. */
  linkMs: number;
  /** From the start of the process to a live screen that can be used. */
  interactiveMs: number;
}

/** Starts `limpid panel` afresh so many times, each with settings of its own, and opens its link in a browser that is there. */
export async function measureColdStarts(card: VirtualSoundCard, starts: number): Promise<ColdStart[]> {
  const browser = await openBrowser();
  try {
    const measured: ColdStart[] = [];
    for (let start = 0; start < starts; start++) measured.push(await measureColdStart(card, browser));
    return measured;
  } finally {
    await browser.close();
  }
}

async function measureColdStart(card: VirtualSoundCard, browser: Browser): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-cold-'));
  const settingsPath = join(folder, 'settings.json');
  await writeFile(settingsPath, JSON.stringify({ welcomed: true }));
  const context = await browser.newContext();
  const page = await context.newPage();
  const startMs = performance.now();
  const panel = spawn(process.execPath, [...cliProgram(), 'panel', '--json'], {
    env: { ...process.env, ...card.environment, XDG_RUNTIME_DIR: folder, LIMPID_CONFIG: settingsPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(panel, 'close');
  try {
    const [text] = (await Promise.race([
      once(panel.stdout, 'data'),
      closed.then(() => Promise.reject(new Error('“limpid panel” ended before it gave a link.'))),
    ])) as [Buffer];
    const linkMs = performance.now() - startMs;
    await page.goto((JSON.parse(text.toString()) as { url: string }).url, { waitUntil: 'commit' });
    // A click that would hit the switch: it is there, enabled, and nothing covers it.
    await page.getByRole('switch').click({ trial: true });
    return { linkMs, interactiveMs: performance.now() - startMs };
  } finally {
    panel.kill('SIGTERM');
    await closed;
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}
