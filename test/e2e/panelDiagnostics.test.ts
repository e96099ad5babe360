import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noSoundServerReason } from '../rig/soundServer.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { openPanelWindow, type PanelWindow } from './panelWindow.js';

const reason = noBrowserReason ?? noSoundServerReason;

describe.skipIf(reason)(`diagnostics in the panel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let window: PanelWindow;
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'limpid-home-'));
    vi.stubEnv('HOME', home);
    window = await openPanelWindow();
  });
  afterAll(async () => {
    await window?.close();
    vi.unstubAllEnvs();
    await rm(home, { recursive: true, force: true });
  });

  test('the real checks are told one by one, and a real bundle is read, saved and found', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Diagnostics' }).click();
    await page.getByRole('button', { name: 'Run the checks' }).press('Enter');
    await page.getByRole('button', { name: 'Run the checks again' }).waitFor({ timeout: 60_000 });
    const results = page.getByRole('list', { name: 'Results of the checks' }).getByRole('listitem');
    expect(await results.count()).toBe(14);
    expect(await results.nth(0).textContent()).toMatch(/^1 Native coreGood/);
    expect(await results.nth(2).textContent()).toMatch(/^3 Sound serverGood/);
    await page.getByRole('img', { name: /^Levels:/ }).waitFor();
    await page.getByRole('button', { name: 'Support bundle…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'What the support bundle holds' });
    await dialog.getByText('state.json').click();
    const content = await dialog.getByRole('region', { name: 'Content of state.json' }).textContent();
    expect(JSON.parse(content ?? '')).toMatchObject({ state: { host: 'panel', phase: 'off' } });
    expect(content).not.toContain(home);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).press('Enter');
    const saved = await page.getByRole('status').getByText('Saved: ').textContent();
    const path = saved?.replace(/^Saved: /, '') ?? '';
    expect(path.startsWith(join(home, 'Limpid', 'Limpid support bundle '))).toBe(true);
    expect(existsSync(path)).toBe(true);
    expect(window.complaints).toEqual([]);
  });
});
