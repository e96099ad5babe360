import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { EnvironmentView, SignInView } from '../../src/shared/backend.js';
import { LimpidError } from '../../src/shared/errors.js';
import type { AppState } from '../../src/shared/state.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { aCode, signedIn, signingIn } from './desktopStates.js';
import { Keyboard } from './keyboard.js';
import { scenes } from './scenes.js';
import { states } from './states.js';
import type { TestBridge } from './testBridge.js';
import { eventually, useWindows } from './windows.js';

const card = (page: Page) => page.getByRole('group', { name: 'Sign-in', exact: true });
const status = (page: Page) => card(page).getByRole('status').first();
const button = (page: Page, name: string) => card(page).getByRole('button', { name, exact: true });
const focusedName = (page: Page) =>
  page.evaluate<string>(`document.activeElement.getAttribute('role') ?? document.activeElement.textContent.trim()`);

/** Main, as far as this card sees it. */
const answers = (bridge: TestBridge, host: AppState['host']) => {
  const become = (signIn: Partial<SignInView> | null, view: Partial<EnvironmentView> = {}) =>
    bridge.become({ ...signingIn(signIn, view), host });
  bridge.prepare('signIn.start', ({ method }) => become(method === 'device' ? aCode : {}));
  bridge.prepare('signIn.cancel', () => become(null));
  bridge.prepare('signIn.end', () => become(null));
  return become;
};

describe.skipIf(noBrowserReason)(`signing in${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const windows = useWindows();
  const open = async (host: AppState['host'] = 'electron') => {
    const { page, bridge } = await windows.open({ ...signingIn(), host }, { route: 'backend' });
    return { page, bridge, become: answers(bridge, host) };
  };

  test('by the browser: begun by keyboard, changed to a code, cancelled, done, and ended after a question', async () => {
    const { page, bridge, become } = await open();
    const keyboard = await Keyboard.at(page);
    await keyboard.tabTo('button', 'Sign in');
    await keyboard.press('Enter');
    await eventually(() => status(page).textContent()).toContain('Go on in your browser.');
    expect(await focusedName(page)).toBe('group');
    await keyboard.tabTo('button', 'Sign in with a code instead');
    await keyboard.press('Space');
    await eventually(() => status(page).textContent()).toContain('The code is WDJB-MJHT.');
    await keyboard.tabTo('button', 'Cancel sign-in');
    await keyboard.press('Enter');
    await eventually(() => status(page).textContent()).toContain('Nobody is signed in.');
    expect(bridge.received).toEqual([
      { name: 'signIn.start', argument: { name: 'production', method: 'browser' } },
      { name: 'signIn.start', argument: { name: 'production', method: 'device' } },
      { name: 'signIn.cancel', argument: undefined },
    ]);

    await become(null, signedIn);
    await eventually(() => status(page).textContent()).toContain('Signed in as kim.larsen@studio.example.');
    expect(await button(page, 'Sign in').count()).toBe(0);
    await keyboard.tabTo('button', 'Sign out…');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Sign out of “production”?' }).waitFor();
    await keyboard.press('Escape');
    expect(bridge.argumentsOf('signIn.end')).toEqual([]);
    await keyboard.press('Enter');
    await keyboard.tabTo('button', 'Sign out');
    await keyboard.press('Enter');
    await eventually(() => status(page).textContent()).toContain('Nobody is signed in.');
    expect(bridge.argumentsOf('signIn.end')).toEqual([{ name: 'production' }]);
    expect(keyboard.unseen).toEqual([]);
  });

  test('the first press on Save counts, also when leaving the field moves the button', async () => {
    const { page } = await open();
    await page.getByLabel('Identity provider').fill('login.studio.example');
    await page.getByLabel('Client ID').fill('');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.getByText('Correct what is marked').waitFor();
    expect(await page.locator('[aria-invalid]').count()).toBe(2);
  });

  test('by a code, the only way in a panel: code and address are copied, nothing that ticks is read out', async () => {
    const { page, bridge } = await open('panel');
    expect(await button(page, 'Sign in').count()).toBe(0);
    await button(page, 'Sign in with a code').press('Enter');
    await eventually(() => status(page).textContent()).toContain('Open the address below in any browser');
    expect(bridge.argumentsOf('signIn.start')).toEqual([{ name: 'production', method: 'device' }]);
    expect(await card(page).getByRole('link').count()).toBe(0);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    for (const [name, copied] of [
      ['Copy the code', aCode.userCode],
      ['Copy the address', aCode.verificationUrl],
    ] as const) {
      await button(page, name).press('Enter');
      await eventually(() => page.evaluate('navigator.clipboard.readText()')).toBe(copied);
    }
    expect(await card(page).getByText('Copied.').count()).toBe(2);
    const left = card(page).locator('dl > div', { hasText: 'Time left' }).locator('dd');
    const first = await left.textContent();
    expect(first).toMatch(/^1[34]:\d\d$/);
    await eventually(() => left.textContent()).not.toBe(first);
    expect(await card(page).locator('[role=status] dl, [role=alert], [role=timer]').count()).toBe(0);
  });

  test('that fails says why: what did not begin, what ended, and what the provider was not told', async () => {
    const { page, bridge, become } = await open();
    const alert = card(page).getByRole('alert');
    bridge.prepare('signIn.start', async () => {
      await become({});
      await become(null);
      throw new LimpidError('signIn.metadata', { host: 'login.studio.example' });
    });
    await button(page, 'Sign in').press('Enter');
    await alert.getByText('does not describe itself as an identity provider').waitFor();
    expect(await button(page, 'Sign in').count()).toBe(0);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    answers(bridge, 'electron');
    await button(page, 'Try again').press('Enter');
    await eventually(() => status(page).textContent()).toContain('Go on in your browser.');
    expect(await alert.count()).toBe(0);

    await become({ ...aCode, problem: { code: 'signIn.code-expired', params: {} } });
    await alert.getByText('The code was not entered in time.').waitFor();
    await button(page, 'Try again').click();
    await eventually(() => bridge.argumentsOf('signIn.start').at(-1)).toEqual({ name: 'production', method: 'device' });
    await become({ problem: { code: 'signIn.denied', params: { host: 'login.studio.example' } } });
    await button(page, 'Dismiss').press('Enter');
    await eventually(() => alert.count()).toBe(0);
    expect(bridge.argumentsOf('signIn.cancel')).toHaveLength(1);

    await become(null, signedIn);
    bridge.prepare('signIn.end', async () => {
      await become(null);
      throw new LimpidError('signIn.not-revoked', { reason: { code: 'backend.dns', params: { host: 'x.example' } } });
    });
    await button(page, 'Sign out…').click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await alert.getByText('You are signed out here').waitFor();
    await button(page, 'Dismiss').click();
    await eventually(() => alert.count()).toBe(0);
  });

  test('that is given up by another one is no failure', async () => {
    const { page, bridge, become } = await open();
    bridge.prepare('signIn.start', async () => {
      await become({});
      throw new LimpidError('cancelled');
    });
    await button(page, 'Sign in').click();
    await eventually(() => status(page).textContent()).toContain('Go on in your browser.');
    expect(await card(page).getByRole('alert').count()).toBe(0);
  });

  test('waits until what was typed is saved', async () => {
    const { page, bridge } = await open();
    const editor = page.locator('.editor').first();
    await page.getByLabel('Client ID').fill('another');
    await card(page).getByText('Save your changes first').waitFor();
    await button(page, 'Sign in').press('Enter');
    expect(bridge.received).toEqual([]);
    await page.getByLabel('Identity provider').fill('http://login.studio.example');
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.getByText('Use https.').waitFor();
    await editor.getByRole('button', { name: 'Discard changes' }).click();
    await editor.getByText('Save your changes first').first().waitFor({ state: 'detached' });

    await page.getByLabel('How Limpid signs in').selectOption('bearer');
    await page.getByRole('textbox', { name: 'Credential' }).fill('typed, then not wanted');
    await page.getByLabel('How Limpid signs in').selectOption('sign-in');
    await eventually(() => button(page, 'Sign in').getAttribute('aria-disabled')).toBe('false');
  });

  test('is where the token card and the banner lead', async () => {
    const { page, bridge } = await windows.open(scenes['sign-in-needed']?.state ?? states.idle);
    const token = page.getByRole('region', { name: /^Token/ });
    await token.getByText('Nobody is signed in', { exact: true }).waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'Open Backend' }).waitFor();
    await token.getByRole('link', { name: 'Sign in under Backend' }).press('Enter');
    await page.getByRole('heading', { name: 'Backend', level: 2 }).waitFor();
    expect(await page.getByRole('link', { name: 'Sign in under Backend' }).count()).toBe(0);
    expect(bridge.received).toEqual([]);
  });
});
