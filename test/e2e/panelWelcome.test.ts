import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noSoundServerReason } from '../rig/soundServer.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { openPanelWindow, type PanelWindow } from './panelWindow.js';
import { deskHeadphones, deskMicrophone } from './talkingDesk.js';

const reason = noBrowserReason ?? noSoundServerReason;
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 100 });

/** The first start of a person who has a microphone and headphones: one session, in order. */
describe.skipIf(reason)(`the first start on the real panel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let window: PanelWindow;
  beforeAll(async () => {
    window = await openPanelWindow({ isFresh: true });
  });
  afterAll(() => window?.close());

  const picker = (name: string) => window.page.getByRole('combobox', { name });
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });
  const state = () => window.services.handlers['state.get'](undefined);

  test('opens the introduction, where the microphone is seen to move', async () => {
    await window.page.getByText('Step 1 of 3').waitFor();
    await picker('Microphone').selectOption({ label: deskMicrophone });
    await window.page.getByText('Limpid hears you well.').waitFor();
    const meter = window.page.getByRole('meter', { name: 'Level of the microphone' });
    await eventually(() => meter.getAttribute('aria-valuetext')).toContain('decibels');
    expect((await state()).phase).toBe('off');
    expect(await findAccessibilityProblems(window.page)).toEqual([]);
  });

  test('records the voice with the sound off, and lets it be heard before and after', async () => {
    await button('Next').click();
    await picker('Choose where the live voice goes').selectOption({ label: deskHeadphones });
    await button('Record 10 s and compare').click();
    await eventually(async () => (await state()).comparison.seconds).toBeGreaterThan(1);
    await window.page.getByRole('button', { name: /^Stop/ }).click();
    await button('Play').click();
    await eventually(async () => (await state()).player?.playing).toBe(true);
    // It shows what main says, which takes a moment.
    await window.page.getByRole('radio', { name: 'Enhanced' }).click();
    await eventually(async () => (await state()).player?.heard).toBe('enhanced');
    expect(await findAccessibilityProblems(window.page)).toEqual([]);
  });

  test('ends at the live view with what was chosen, and does not open again', async () => {
    await button('Next').click();
    await button('Finish').click();
    await window.page.getByRole('switch').waitFor();
    expect(await picker('Output').locator('option:checked').textContent()).toBe(deskHeadphones);
    await window.page.goto(new URL(window.page.url()).origin);
    await window.page.getByRole('switch').waitFor();
    expect((await state()).welcomed).toBe(true);
  });

  test('neither the page nor the panel complained', () => {
    expect(window.complaints).toEqual([]);
  });
});
