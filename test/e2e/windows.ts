import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { AppState } from '../../src/shared/state.js';
import { openBrowser } from './browser.js';
import { openWindow, type Look, type OpenWindow } from './openWindow.js';
import { openWindowSite, type WindowSite } from './windowSite.js';

/** Asks until the answer is the expected one, as a page needs a moment. */
export const eventually = (read: () => unknown): ReturnType<typeof expect.poll> => expect.poll(read, { timeout: 5000 });

/** A page stays open in it, without which its process would end with each window. */
async function openContext(browser: Browser, url: string, locale: string): Promise<BrowserContext> {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  await page.goto(`${url}icon.svg`);
  return context;
}

export interface Windows {
  /** Opens the window in one state of main. It is closed after the test. */
  open(state: AppState, look?: Look & { locale?: string }): Promise<OpenWindow>;
  /** Opens the page without a bridge, as any browser would. Its complaints do not count. */
  openAlone(locale?: string): Promise<Page>;
}

/**
 * For the body of a `describe`: one browser and one site for all its tests. After each of them its windows are closed, and none
 * may have complained or called main unexpectedly.
 */
export function useWindows(): Windows {
  let site: WindowSite;
  let browser: Browser;
  /** One for each language of the browser: a page opens sooner where one was before. */
  let contexts = new Map<string, BrowserContext>();
  let opened: OpenWindow[] = [];
  let alone: Page[] = [];

  beforeAll(async () => {
    site = await openWindowSite();
    browser = await openBrowser({ isOneProcess: true });
    contexts = new Map();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(async () => {
    const [windows, pages] = [opened, alone];
    [opened, alone] = [[], []];
    await Promise.all([...windows, ...pages].map((each) => each.close()));
    expect(windows.flatMap(({ bridge }) => bridge.unexpected)).toEqual([]);
    expect(windows.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  return {
    async open(state, { locale = 'en-US', ...look } = {}) {
      const context = contexts.get(locale) ?? (await openContext(browser, site.url, locale));
      contexts.set(locale, context);
      const window = await openWindow(context, site.url, state, look);
      opened.push(window);
      return window;
    },
    async openAlone(locale = 'en-US') {
      const page = await browser.newPage({ locale });
      alone.push(page);
      await page.goto(site.url);
      return page;
    },
  };
}
