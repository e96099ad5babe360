import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { measuredAt, states } from './states.js';
import { eventually, useWindows } from './windows.js';

const card = (page: Page) => page.getByRole('region', { name: 'Recording', exact: true });
const button = (page: Page, name: string) => card(page).getByRole('button', { name, exact: true });
const status = (page: Page) => card(page).getByRole('status').first();

describe.skipIf(noBrowserReason)(`recording${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open } = useWindows();

  test('begins and ends by keyboard; each is said once, and where it was saved', async () => {
    const { page, bridge } = await open(states.running);
    bridge.prepare('recording.start', () => bridge.become(states.recording));
    bridge.prepare('recording.stop', () => bridge.become(states['recording-saved']));
    expect(await status(page).textContent()).toBe('');
    await button(page, 'Record').focus();
    await page.keyboard.press('Enter');
    await button(page, 'Stop recording').waitFor();
    await eventually(() => status(page).textContent()).toBe('Recording started.');
    // The same button goes on to have the focus, and what follows is not said again.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Stop recording');
    await page.evaluate(`
      window.said = 0;
      new MutationObserver(() => (window.said += 1)).observe(
        document.querySelector('.recording [role=status]'), { subtree: true, childList: true, characterData: true })`);
    for (let second = 1; second <= 3; second += 1)
      await bridge.become({
        ...states.recording,
        recording: { ...states.recording.recording!, seconds: 754 + second },
      });
    expect(await page.evaluate('window.said')).toBe(0);
    await page.keyboard.press('Space');
    await button(page, 'Record').waitFor();
    await eventually(() => status(page).textContent()).toBe(
      'Recording stopped. Saved in /home/kim/Music/Limpid/2026-11-21 15-04-05.',
    );
    expect(bridge.argumentsOf('recording.start')).toHaveLength(1);
    expect(bridge.argumentsOf('recording.stop')).toHaveLength(1);
  });

  test('shows the recorded time as it is measured, and the space that is left', async () => {
    const { page, bridge } = await open(states.recording);
    const timer = card(page).getByRole('timer', { name: 'Recorded time' });
    await bridge.emit('numbers.measured', { ...measuredAt(1, states.recording), recordedSeconds: 3725.9 });
    await eventually(() => timer.textContent()).toBe('01:02:05');
    expect(await card(page).textContent()).toContain('Space for 13\u00a0h');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('[role=timer]')).fontVariantNumeric`)).toBe(
      'tabular-nums',
    );
  });

  test('cannot begin while Limpid is off, which the button says', async () => {
    const { page } = await open(states.idle);
    const record = button(page, 'Record');
    expect(await record.getAttribute('aria-disabled')).toBe('true');
    await record.press('Enter');
    const described = await record.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described}"]`).textContent()).toBe('Switch Limpid on to record.');
  });

  test('that cannot begin says why', async () => {
    const { page, bridge } = await open(states.running);
    bridge.prepare('recording.start', async () => {
      throw new LimpidError('file.disk-full', { detail: '/music' });
    });
    await button(page, 'Record').click();
    await page.getByRole('alert').getByText('The disk is full').waitFor();
    await eventually(() => button(page, 'Record').getAttribute('aria-disabled')).toBe('false');
  });

  test('that ends early is an alert, and another can begin', async () => {
    const { page, bridge } = await open(states.recording);
    await bridge.become(states['recording-failed']);
    await card(page).getByRole('alert').getByText('The recording ended because the disk is full.').waitFor();
    expect(await button(page, 'Record').getAttribute('aria-disabled')).toBe('false');
  });

  test('its folder is opened by main, which is not told which', async () => {
    const { page, bridge } = await open(states['recording-saved']);
    bridge.prepare('recording.openFolder');
    await button(page, 'Open folder').press('Enter');
    await eventually(() => bridge.argumentsOf('recording.openFolder')).toEqual([undefined]);
  });

  test('goes to another folder; one that cannot be used says why, and stays to be corrected', async () => {
    const { page, bridge } = await open(states.running);
    bridge.prepare('recording.setFolder', async ({ folder }) => {
      if (folder === 'takes') throw new LimpidError('recording.folder-not-absolute', { folder });
      const recordings = { ...states.running.recordings, folder: folder ?? '/usual', isDefault: folder === null };
      await bridge.become({ ...states.running, recordings });
    });
    await card(page).getByText('Change the folder').press('Enter');
    const field = card(page).getByRole('textbox', { name: 'Folder for recordings' });
    // Nothing was typed: nothing is chosen.
    await field.press('Enter');
    await field.fill('takes');
    await field.press('Enter');
    await card(page).getByRole('alert').getByText('This is not a full path of a folder: takes.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.inputValue()).toBe('takes');
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await field.fill('/data/takes');
    await field.press('Enter');
    await card(page).getByRole('status').getByText('New recordings go there.').waitFor();
    expect(await field.inputValue()).toBe('/data/takes');
    await button(page, 'Use the usual folder').press('Enter');
    await eventually(() => field.inputValue()).toBe('/usual');
    expect(bridge.argumentsOf('recording.setFolder')).toEqual([
      { folder: 'takes' },
      { folder: '/data/takes' },
      { folder: null },
    ]);
  });

  test('a lock that comes while a folder is typed leaves nothing unsaved that cannot be seen', async () => {
    const lockReason = { code: 'policy.locked', params: { path: '/etc/limpid/policy.json', reason: 'Calls' } };
    const { page, bridge } = await open(states.running);
    await card(page).getByText('Change the folder').click();
    await card(page).getByRole('textbox', { name: 'Folder for recordings' }).fill('/data/takes');
    const leave = () => page.getByRole('link', { name: 'Settings' }).click();
    await leave();
    await page.getByRole('dialog', { name: 'Discard your changes?' }).waitFor();
    await page.keyboard.press('Escape');
    await bridge.become({ ...states.running, recordings: { ...states.running.recordings, lockReason } });
    await card(page).getByText('Calls').waitFor();
    await leave();
    await card(page).waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/#settings$/);
  });

  test('a folder that the administrator fixed can be read, not changed', async () => {
    const lockReason = { code: 'policy.locked', params: { path: '/etc/limpid/policy.json', reason: 'Calls' } };
    const { page } = await open({ ...states.running, recordings: { ...states.running.recordings, lockReason } });
    await card(page).getByText('Change the folder').click();
    const field = card(page).getByRole('textbox', { name: 'Folder for recordings' });
    expect(await field.getAttribute('readonly')).not.toBeNull();
    expect(await card(page).textContent()).toContain('Calls');
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });
});
