import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startPanel } from '../../src/main/host/panel.js';
import { createPanelEnvironment } from '../../src/main/host/panelEnvironment.js';
import { createServices, type Services } from '../../src/main/services.js';
import { openRig } from '../rig/soundServer.js';
import { openBrowser } from './browser.js';
import { buildWindow } from './buildWindow.js';
import { TalkingDesk } from './talkingDesk.js';

export interface PanelWindow {
  page: Page;
  browser: Browser;
  desk: TalkingDesk;
  services: Services;
  /** One more browser with its own cookies, signed in, at the live view or the introduction. */
  openAnother(): Promise<Page>;
  /** What the page complained about, and what the panel reported. */
  complaints: string[];
  close(): Promise<void>;
}

/**
 * The whole app but Electron: the real window in a browser, the real panel, services, native loop and sound server.
 * `isFresh`: as on the first start, which opens the introduction; else it was gone through.
 */
export async function openPanelWindow({ isFresh = false } = {}): Promise<PanelWindow> {
  const complaints: string[] = [];
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const rig = await openRig();
    closers.push(rig.close);
    const desk = await TalkingDesk.set(rig.card);
    closers.push(() => desk.fallSilent());
    const folder = await mkdtemp(join(tmpdir(), 'limpid-panel-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const settingsPath = join(folder, 'settings.json');
    if (!isFresh) await writeFile(settingsPath, JSON.stringify({ welcomed: true }));
    const services = await createServices(createPanelEnvironment(settingsPath));
    closers.push(() => services.dispose());
    const window = await buildWindow();
    closers.push(() => window.remove());
    const report = (error: unknown) => void complaints.push(String(error));
    const panel = await startPanel({ services, rendererRoot: window.root, port: 0, report });
    closers.push(() => panel.close());
    const browser = await openBrowser();
    closers.push(() => browser.close());
    const openAnother = async () => {
      const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, colorScheme: 'light' });
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      await page.goto(panel.createLinkUrl());
      await page.locator('main').waitFor();
      return page;
    };
    const page = await openAnother();
    return { page, browser, desk, services, openAnother, complaints, close };
  } catch (error) {
    await close();
    throw error;
  }
}
