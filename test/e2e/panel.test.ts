import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMonoWav } from '../../src/main/demo/wav.js';
import { noSoundServerReason } from '../rig/soundServer.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { openPanelWindow, type PanelWindow } from './panelWindow.js';
import { deskHeadphones, deskMicrophone } from './talkingDesk.js';

const reason = noBrowserReason ?? noSoundServerReason;
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 100 });

/** The tests are one session of a person, in order. */
describe.skipIf(reason)(`the window on the real panel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let window: PanelWindow;
  beforeAll(async () => {
    window = await openPanelWindow();
  });
  afterAll(() => window?.close());

  const mainSwitch = () => window.page.getByRole('switch', { name: 'Voice enhancement' });
  const status = () => window.page.getByRole('status').first();
  const picker = (name: string) => window.page.getByRole('combobox', { name });
  const meterText = (name: string) => window.page.getByRole('meter', { name }).getAttribute('aria-valuetext');
  const levelInMain = () =>
    window.page.evaluate<number>(`window.limpid.call('state.get').then(({ value }) => value.level)`);
  /** The bar itself, as the eye sees it: how much of it is covered, 0..1. */
  const cover = () =>
    window.page.evaluate<number>(`Number(/[\\d.]+/.exec(document.querySelector('.meter-cover').style.transform)[0])`);

  test('nothing plays before an output is chosen', async () => {
    await mainSwitch().click();
    await window.page.getByRole('alert').getByText('No output was chosen').waitFor();
    expect(await mainSwitch().getAttribute('aria-checked')).toBe('false');
  });

  test('devices are chosen by the names the system gives them', async () => {
    await picker('Microphone').selectOption({ label: deskMicrophone });
    await picker('Output').selectOption({ label: deskHeadphones });
    await eventually(() => picker('Output').locator('option:checked').textContent()).toBe(deskHeadphones);
    await eventually(() => window.page.getByRole('alert').count()).toBe(0);
    expect(await status().textContent()).toContain('Switch Limpid on');
  });

  test('the switch starts the enhancement, and everything moves', async () => {
    await mainSwitch().click();
    await eventually(() => status().textContent()).toContain(`Enhancing ${deskMicrophone}`);
    expect(await mainSwitch().getAttribute('aria-checked')).toBe('true');
    const seen = new Set<number>();
    await eventually(async () => seen.add(await cover()).size).toBeGreaterThan(3);
    await eventually(() => meterText('Input level')).toContain('decibels');
    const figures = window.page.getByRole('region', { name: 'Live figures' });
    await eventually(() => figures.textContent()).toMatch(/Noise removed−?\d+\u00a0dB/);
    expect(await figures.textContent()).toMatch(/Delay\d+\.\d\u00a0ms/);
    expect(await findAccessibilityProblems(window.page)).toEqual([]);
  });

  test('a recording is kept in the chosen folder, original and enhanced voice beside each other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limpid-panel-takes-'));
    try {
      const card = window.page.getByRole('region', { name: 'Recording' });
      await card.getByText('Change the folder').click();
      const field = card.getByRole('textbox', { name: 'Folder for recordings' });
      await field.fill(folder);
      await field.press('Enter');
      await card.getByText('New recordings go there.').waitFor();
      await card.getByText('Change the folder').click();
      await card.getByRole('button', { name: 'Record', exact: true }).click();
      await eventually(() => card.getByRole('timer').textContent()).toMatch(/^00:00:0[2-9]$/);
      expect(await card.textContent()).toMatch(/Space for \d+/);
      expect(await findAccessibilityProblems(window.page)).toEqual([]);
      await card.getByRole('button', { name: 'Stop recording' }).click();
      await card.getByText(`Saved in ${folder}`).waitFor();
      const [take = ''] = await readdir(folder);
      for (const name of ['original.wav', 'enhanced.wav'])
        expect((await readMonoWav(join(folder, take, name))).samples.length).toBeGreaterThan(48_000);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('bypass passes the original voice', async () => {
    const bypass = window.page.getByRole('button', { name: 'Bypass' });
    await bypass.click();
    await eventually(() => bypass.getAttribute('aria-pressed')).toBe('true');
    await eventually(() => status().textContent()).toContain('unchanged');
    await bypass.click();
    await eventually(() => status().textContent()).toContain('Enhancing');
  });

  test('the strength is taken over and remembered', async () => {
    const slider = window.page.getByRole('slider', { name: 'Strength' });
    await slider.focus();
    for (let count = 0; count < 5; count += 1) await window.page.keyboard.press('ArrowLeft');
    // The slider shows the hand's value before main has it.
    await eventually(() => levelInMain()).toBe(0.95);
    await window.page.reload();
    await eventually(() => slider.inputValue()).toBe('95');
    await slider.press('Delete');
    await eventually(() => slider.inputValue()).toBe('100');
  });

  test('a microphone pulled out is said to be gone, stays chosen, and comes back by itself', async () => {
    await window.desk.unplugMicrophone();
    await eventually(() => window.page.getByRole('alert').textContent()).toContain(deskMicrophone);
    await eventually(() => picker('Microphone').locator('option:checked').textContent()).toBe(
      `Not connected: ${deskMicrophone}`,
    );
    expect(await mainSwitch().getAttribute('aria-checked')).toBe('true');
    expect(await findAccessibilityProblems(window.page)).toEqual([]);

    await window.desk.plugMicrophone();
    await eventually(() => status().textContent()).toContain(`Enhancing ${deskMicrophone}`);
    await eventually(() => window.page.getByRole('alert').count()).toBe(0);
  });

  test('the switch stops it', async () => {
    await mainSwitch().click();
    await eventually(() => mainSwitch().getAttribute('aria-checked')).toBe('false');
    await eventually(() => meterText('Input level')).toBe('No signal');
  });

  test('neither the page nor the panel complained', () => {
    expect(window.complaints).toEqual([]);
  });
});
