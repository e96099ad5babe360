import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { noBrowserReason } from './browser.js';
import { states } from './states.js';
import { eventually, useWindows } from './windows.js';

const card = (page: Page) => page.getByRole('region', { name: /^Token/ });
const fact = (page: Page, name: string) => card(page).locator('dl > div', { hasText: name }).locator('dd');
const refresh = (page: Page) => card(page).getByRole('button', { name: /^Refresh/ });
const valid = states['token-valid'];

describe.skipIf(noBrowserReason)(`the token card${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const windows = useWindows();
  const open = (state = valid) => windows.open(state);

  test('is not there for those who need no token', async () => {
    const { page } = await open(states.running);
    expect(await card(page).count()).toBe(0);
  });

  test('counts down by itself, in silence: no live region holds what ticks', async () => {
    const { page } = await open();
    const first = await fact(page, 'Expires in').textContent();
    expect(first).toMatch(/^4\d:\d\d$/);
    await eventually(() => fact(page, 'Expires in').textContent()).not.toBe(first);
    expect(await card(page).locator('[role=status] dl, [aria-live] dl, [role=timer], [role=alert]').count()).toBe(0);
    expect(await card(page).getByRole('status').first().textContent()).toBe('ValidLimpid renews it by itself.');
  });

  test('a change of state is what is read out', async () => {
    const { page, bridge } = await open();
    const status = card(page).getByRole('status').first();
    for (const name of ['token-offline', 'token-rejected', 'token-valid'] as const) {
      await bridge.become(states[name]);
      await eventually(() => status.textContent()).not.toContain(name === 'token-valid' ? 'refuses' : 'Valid');
    }
    expect(await status.textContent()).toContain('Valid');
  });

  test('refreshes on request, once at a time, and keeps the focus', async () => {
    const { page, bridge } = await open();
    let finish = (): void => undefined;
    bridge.prepare('token.refresh', () => new Promise<void>((resolve) => (finish = resolve)));
    await refresh(page).press('Enter');
    await eventually(() => refresh(page).getAttribute('aria-disabled')).toBe('true');
    await refresh(page).press('Enter');
    expect(bridge.argumentsOf('token.refresh')).toHaveLength(1);
    finish();
    await eventually(() => refresh(page).getAttribute('aria-disabled')).toBe('false');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Refresh now');
  });

  test('cannot be asked while a request is under way anyway', async () => {
    const { page, bridge } = await open(states['token-refreshing']);
    await refresh(page).press('Enter');
    expect(bridge.argumentsOf('token.refresh')).toEqual([]);
    expect(await fact(page, 'Next refresh').textContent()).toBe('Now');
  });

  test('what the backend answered stands in the card, not in a banner', async () => {
    const { page, bridge } = await open();
    const { lastError } = states['token-offline'].token;
    bridge.prepare('token.refresh', async () => {
      await bridge.become({ ...valid, token: { ...valid.token, lastError } });
      throw new LimpidError('backend.dns', { host: 'tokens.studio.example', detail: 'ENOTFOUND' });
    });
    await refresh(page).click();
    await eventually(() => fact(page, 'Last result').textContent()).toBe(lastError?.message);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('copies a report', async () => {
    const { page } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await card(page).getByText('History (5)').click();
    await card(page).getByRole('button', { name: 'Copy a report' }).click();
    await card(page).getByText('Copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain('Token: valid');
    expect(copied).toContain('token.fetched: A new token arrived');
    expect(copied).not.toContain('https://');
  });

  test('shows the report where the system does not let it copy', async () => {
    const { page } = await open();
    await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('no'))`);
    await card(page).getByText('History (5)').click();
    await card(page).getByRole('button', { name: 'Copy a report' }).click();
    const report = page.getByRole('textbox', { name: 'Report' });
    await report.waitFor();
    expect(await report.inputValue()).toContain('Token: valid');
    expect(await page.evaluate('getSelection().toString()')).toContain('Token: valid');
  });
});
