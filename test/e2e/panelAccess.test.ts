import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPanel, type Panel } from '../../src/main/host/panel.js';
import { createContractServices, type ContractServices } from '../fakes/services.js';
import { noBrowserReason, openBrowser } from './browser.js';
import { buildWindow, type BuiltWindow } from './buildWindow.js';

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 100 });

/** Who gets in and what a page shows when it does not, or no longer: in a real browser with its own rules for cookies and policies. */
describe.skipIf(noBrowserReason)(
  `the panel in a browser${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`,
  () => {
    let window: BuiltWindow;
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    let services: ContractServices;
    let panel: Panel;

    const start = async (port: number) => {
      panel = await startPanel({ services, rendererRoot: window.root, port, report: () => undefined });
    };
    /** A page with cookies of its own, as another browser would have. */
    const openPage = async (url: string): Promise<Page> => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(url);
      return page;
    };
    const strength = (page: Page) => page.getByRole('slider', { name: 'Strength' });
    const alerts = (page: Page) => page.getByRole('alert').allTextContents();

    beforeAll(async () => {
      window = await buildWindow();
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await window?.remove();
    });
    beforeEach(async () => {
      services = createContractServices();
      await start(0);
    });
    afterEach(async () => {
      for (const context of contexts.splice(0)) await context.close();
      await panel.close();
    });

    test('a link lets its browser in and leaves no secret behind', async () => {
      const page = await openPage(panel.createLinkUrl());
      await strength(page).waitFor();
      expect(page.url()).toBe(`http://127.0.0.1:${panel.port}/`);
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.reload();
      await strength(page).waitFor();
    });

    test('the link lets no second browser in; a new link in the same tab does', async () => {
      const url = panel.createLinkUrl();
      await strength(await openPage(url)).waitFor();
      const page = await openPage(url);
      await page.getByText('may not control Limpid yet').waitFor();
      expect(await strength(page).count()).toBe(0);
      await page.goto(panel.createLinkUrl());
      await strength(page).waitFor();
      await eventually(() => page.getByText('may not control Limpid yet').count()).toBe(0);
    });

    test('what one browser changes, the other shows', async () => {
      const [first, second] = [await openPage(panel.createLinkUrl()), await openPage(panel.createLinkUrl())];
      await strength(second).waitFor();
      await strength(first).press('ArrowLeft');
      await eventually(() => strength(second).inputValue()).toBe('99');
    });

    test('a lost connection is said, and the page comes back by itself with a new sign-in', async () => {
      const page = await openPage(panel.createLinkUrl());
      await strength(page).waitFor();
      const { port } = panel;
      await panel.close();
      await eventually(async () => (await alerts(page)).join()).toContain('connection to Limpid is lost');
      services.state = { ...services.state, level: 0.5 };
      await start(port);
      await eventually(async () => (await alerts(page)).join()).toContain('may not control Limpid yet');
      await page.goto(panel.createLinkUrl());
      await eventually(() => strength(page).inputValue()).toBe('50');
    });

    test('the page can load and reach nothing but its own panel', async () => {
      const page = await openPage(panel.createLinkUrl());
      await strength(page).waitFor();
      const stranger = createServer((_request, response) => void response.end());
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      const strangerPort = (stranger.address() as AddressInfo).port;
      const fetched = (port: number) =>
        page.evaluate<string>(
          `fetch('http://127.0.0.1:${port}/session', { mode: 'no-cors' }).then(() => 'reached', () => 'refused')`,
        );
      expect([await fetched(panel.port), await fetched(strangerPort)]).toEqual(['reached', 'refused']);
      stranger.close();
      await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.text = 'window.inlineRan = true';
      document.body.append(script);
    })()`);
      expect(await page.evaluate('window.inlineRan')).toBeUndefined();
    });
  },
);
