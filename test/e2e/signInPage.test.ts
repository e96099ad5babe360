import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openNetwork } from '../../src/main/auth/network.js';
import { openProvider, type Provider } from '../../src/main/auth/signInProvider.js';
import { openRedirect } from '../../src/main/auth/signInRedirect.js';
import { createTransport } from '../../src/main/auth/signInTransport.js';
import { backendEnvironment } from '../../src/shared/backend.js';
import { setLanguage } from '../../src/shared/language.js';
import { RealIdentityProvider } from '../vendors/identityProvider.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason, openBrowser } from './browser.js';

/** A real browser at a real identity provider, and back at the page that Limpid shows. */
describe.skipIf(noBrowserReason)(`the browser of a sign-in ${noBrowserReason ?? ''}`, () => {
  let browser: Browser;
  let identityProvider: RealIdentityProvider;
  let provider: Provider;

  beforeAll(async () => {
    [browser, identityProvider] = await Promise.all([openBrowser(), RealIdentityProvider.start()]);
    const values = { name: 'production', credentialKind: 'sign-in', signIn: identityProvider.settings() };
    const options = { transport: createTransport(openNetwork({ variables: () => ({}) })), metadata: new Map() };
    provider = await openProvider(backendEnvironment.parse(values), options);
  });
  afterAll(async () => {
    setLanguage('en');
    await browser?.close();
    await identityProvider?.stop();
  });

  const submit = (page: Page): Promise<void> => page.click('button[type=submit]');

  test('brings the person back, to a page that everybody can read', async () => {
    setLanguage('de');
    const redirect = await openRedirect();
    const request = await provider.requestCode(redirect.url);
    const answered = redirect.waitForAnswer(request.state);
    const context = await browser.newContext({ viewport: { width: 320, height: 480 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(request.url.href);
    await page.fill('input[name=login]', 'kim');
    await page.fill('input[name=password]', 'any');
    await submit(page);
    await page.waitForURL(/interaction/);
    complaints.length = 0;
    await submit(page);
    await page.waitForURL(`${redirect.url}**`);
    expect(await page.textContent('h1')).toBe('Sie können zu Limpid zurückkehren.');
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    expect((await provider.redeemCode(request, await answered)).account).toBe('kim@example.com');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findAccessibilityProblems(page)).toEqual([]);
    }
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    // Browsers ask for an icon by themselves.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
    await context.close();
    redirect.close();
  });
});
