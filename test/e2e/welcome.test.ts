import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { fresh, listens } from './scenes/welcome.js';
import { states } from './states.js';
import type { TestBridge } from './testBridge.js';
import { eventually, useWindows } from './windows.js';

const heading = (page: Page) => page.getByRole('heading', { level: 3 });
/** What has the focus, as a screen reader names it. */
const focused = (page: Page) =>
  page.evaluate<string>(`(() => {
    const { activeElement: element } = document;
    const labels = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    const name = element.getAttribute('aria-label') ?? labels.join('');
    return element.tagName.toLowerCase() + ': ' + (name || element.textContent).trim();
  })()`);
const tab = async (page: Page, times = 1) => {
  for (let count = 0; count < times; count += 1) await page.keyboard.press('Tab');
};
/** Whoever is in the introduction and whose main takes it that it was gone through. */
const finishes = (bridge: TestBridge) => {
  listens(bridge);
  bridge.prepare('welcome.finish', () => bridge.become({ ...fresh, welcomed: true }));
};

describe.skipIf(noBrowserReason)(`the introduction${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open } = useWindows();
  const openFresh = () => open(fresh, { prepare: finishes });

  test('is gone through by keyboard alone, and ends at the live view', async () => {
    const { page, bridge } = await openFresh();
    await eventually(() => heading(page).textContent()).toBe('Step 1 of 3 Pick your microphone');
    expect(new URL(page.url()).hash).toBe('#welcome');
    await heading(page).focus();
    await tab(page);
    expect(await focused(page)).toBe('select: Microphone');
    await bridge.emit('microphone.heard', { peakDb: -12, rmsDb: -20 });
    await page.getByText('Limpid hears you well.').waitFor();
    expect(await page.getByRole('meter', { name: 'Level of the microphone' }).getAttribute('aria-valuetext')).toBe(
      '−20 decibels',
    );
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await tab(page);
    expect(await focused(page)).toBe('button: Next');
    await page.keyboard.press('Enter');

    await eventually(() => focused(page)).toBe('h3: Step 2 of 3 Hear the difference');
    expect(await page.getByRole('listitem').filter({ hasText: 'Before and after' }).getAttribute('aria-current')).toBe(
      'step',
    );
    await tab(page);
    expect(await focused(page)).toBe('select: Choose where the live voice goes');
    await tab(page);
    expect(await focused(page)).toBe('button: Record 10\u00a0s and compare');
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Space');

    await eventually(() => focused(page)).toBe('h3: Step 3 of 3 Choose your engine');
    await tab(page);
    expect(await focused(page)).toBe('a: Set up the backend');
    await tab(page);
    expect(await focused(page)).toBe('button: Back');
    await page.keyboard.press('Enter');
    await eventually(() => focused(page)).toBe('h3: Step 2 of 3 Hear the difference');
    await page.getByRole('button', { name: 'Next' }).press('Enter');
    await page.getByRole('button', { name: 'Finish' }).press('Enter');

    await page.getByRole('switch').waitFor();
    expect(await focused(page)).toBe('h2: Live');
    expect(bridge.argumentsOf('welcome.finish')).toHaveLength(1);
    await page.reload();
    await page.getByRole('switch').waitFor();
    expect(await page.getByText('Step 1 of 3').count()).toBe(0);
  });

  test('listens while the microphone is looked at, and no longer', async () => {
    const { page, bridge } = await openFresh();
    await eventually(() => bridge.argumentsOf('microphone.listen').at(-1)).toEqual({ listening: true });
    await page.getByRole('button', { name: 'Next' }).click();
    await eventually(() => bridge.argumentsOf('microphone.listen').at(-1)).toEqual({ listening: false });
  });

  test('asks again before main closes the microphone', async () => {
    const { page, bridge } = await openFresh();
    await page.clock.install();
    await page.reload();
    await heading(page).waitFor();
    const asked = () => bridge.argumentsOf('microphone.listen').length;
    const before = asked();
    await page.clock.fastForward(4000);
    await eventually(asked).toBe(before + 1);
  });

  test('shows what the live voice measures while it runs, and opens nothing', async () => {
    const { page, bridge } = await open({ ...states.running, welcomed: false });
    await page.getByText('Limpid hears you well.').waitFor();
    expect(bridge.argumentsOf('microphone.listen')).toEqual([]);
    await bridge.become({ ...states.running, welcomed: true });
  });

  test('says what the sound waits for while it is on without any', async () => {
    const status = { code: 'status.waiting-output', params: { name: 'Desk speakers' } };
    const { page, bridge } = await open({ ...states.running, phase: 'restarting', status, welcomed: false });
    await page.getByText('Waiting for Desk speakers to come back.').waitFor();
    expect(await page.getByText('Opening the microphone…').count()).toBe(0);
    await bridge.become({ ...states.running, welcomed: true });
  });

  test('says what each engine can do once', async () => {
    const { page } = await openFresh();
    for (let count = 0; count < 2; count += 1) await page.getByRole('button', { name: 'Next' }).click();
    const points = await page.getByRole('listitem').allTextContents();
    expect(points).toContain('Does not remove the voices of other people.');
  });

  test('stays at its step when the window is reloaded, and begins anew after it was gone through', async () => {
    const { page } = await openFresh();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.reload();
    await eventually(() => heading(page).textContent()).toBe('Step 2 of 3 Hear the difference');
    await page.getByRole('button', { name: 'Skip the introduction' }).click();
    await page.getByRole('switch').waitFor();
    await page.getByRole('link', { name: 'Help' }).click();
    await page.getByRole('link', { name: 'Open the introduction' }).click();
    await eventually(() => heading(page).textContent()).toBe('Step 1 of 3 Pick your microphone');
    await page.getByRole('button', { name: 'Close the introduction' }).click();
    await page.getByRole('switch').waitFor();
  });

  test('can be left for Live by its link, which is a skip too', async () => {
    const { page, bridge } = await openFresh();
    await heading(page).waitFor();
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await page.getByRole('switch').waitFor();
    await eventually(() => bridge.argumentsOf('welcome.finish')).toHaveLength(1);
  });

  test('waits at its step while the backend is set up', async () => {
    const { page, bridge } = await openFresh();
    for (let count = 0; count < 2; count += 1) await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('link', { name: 'Set up the backend' }).click();
    await page.getByRole('heading', { name: 'Backend', level: 2 }).waitFor();
    await page.goBack();
    await eventually(() => heading(page).textContent()).toBe('Step 3 of 3 Choose your engine');
    expect(bridge.argumentsOf('welcome.finish')).toEqual([]);
  });

  test('does not open over a view that the address names, nor for those who know it', async () => {
    const { page } = await open(fresh, { route: 'settings' });
    await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
    const known = await open({ ...fresh, welcomed: true });
    await known.page.getByRole('switch').waitFor();
  });

  test('the help lists the keys, but for those that are switched off', async () => {
    const { page, bridge } = await open({ ...fresh, welcomed: true }, { route: 'help' });
    const keys = page.getByRole('region', { name: 'Keyboard' }).locator('kbd');
    expect(await keys.allTextContents()).toContain('B');
    const state = { ...fresh, welcomed: true };
    await bridge.become({ ...state, preferences: { ...state.preferences, singleKeyShortcuts: false } });
    await eventually(() => keys.allTextContents()).not.toContain('B');
    expect(await keys.count()).toBeGreaterThan(0);
  });

  test('an error nobody foresaw is said in every view until it was read', async () => {
    const mishap = { code: 'mishap', params: { count: 2 } };
    const { page, bridge } = await open({ ...states.running, mishap }, { route: 'help' });
    bridge.prepare('mishap.dismiss', () => bridge.become(states.running));
    const notice = page.getByRole('alert').filter({ hasText: 'Limpid met an unexpected error' });
    const message = await notice.locator('.notice-message').textContent();
    await bridge.become({ ...states.running, mishap: { code: 'mishap', params: { count: 14 } } });
    // What grows is not read out: the words of the alert stay the same.
    await notice.locator('[aria-live=off]').getByText('Errors so far: 14.').waitFor();
    expect(await notice.locator('.notice-message').textContent()).toBe(message);
    await notice.getByRole('link', { name: 'Open Diagnostics' }).waitFor();
    await notice.getByRole('button', { name: 'Dismiss' }).press('Enter');
    await eventually(() => notice.count()).toBe(0);
  });
});
