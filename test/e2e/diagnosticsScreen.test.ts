import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { writeReport } from '../../src/main/diagnostics/report.js';
import { LimpidError } from '../../src/shared/errors.js';
import type { AppState } from '../../src/shared/state.js';
import { sessionFacts } from '../main/diagnostics/sessionFacts.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { checkViews, passed, prepareDiagnostics, preview, unheard, wellViews } from './scenes/diagnostics.js';
import { states } from './states.js';
import { eventually, useWindows } from './windows.js';

/** Name and role of what has the focus, as a screen reader says them. */
const focused = (page: Page) =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    const name = element.getAttribute('aria-label') ?? element.textContent.trim();
    return name.replaceAll(/\\s+/g, ' ').slice(0, 60);
  })()`);
/** What describes the element that has the focus. */
const description = (page: Page) =>
  page.evaluate<string>(`(document.activeElement.getAttribute('aria-describedby') ?? '').split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '').join(' ')`);
const press = async (page: Page, key: string, times = 1) => {
  for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
};
const tested = (part: Partial<AppState['selfTest']>): AppState => ({
  ...states.idle,
  selfTest: { running: null, last: null, ...part },
});

/** A saved report, opened as a file in a page of its own. */
async function openReport(page: Page): Promise<Page> {
  const report = await page.context().browser()!.newPage();
  await report.setContent(writeReport(await sessionFacts()));
  return report;
}

describe.skipIf(noBrowserReason)(`the diagnostics${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open } = useWindows();
  const openDiagnostics = (state = states.idle as AppState, locale = 'en-US') =>
    open(state, { route: 'diagnostics', prepare: prepareDiagnostics, locale });

  test('find out what is wrong, by keyboard alone', async () => {
    const { page, bridge } = await open(states.idle, { prepare: prepareDiagnostics });
    await page.getByRole('link', { name: 'Diagnostics' }).focus();
    await press(page, 'Enter');
    await page.getByRole('heading', { name: 'Diagnostics', level: 2 }).waitFor();
    expect(await focused(page)).toBe('Diagnostics');
    expect(await page.title()).toBe('Limpid: Diagnostics');
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Run the checks');
    expect(await description(page)).toContain('What a live voice needs');
    await press(page, 'Enter');
    await page.getByRole('status').getByText('1 needed check failed.').waitFor();
    expect(await focused(page)).toBe('Run the checks again');
    expect(bridge.argumentsOf('diagnostics.run')).toHaveLength(1);
    const list = page.getByRole('list', { name: 'Results of the checks' });
    expect(await list.getByRole('listitem').count()).toBe(checkViews.length);
    const devices = list.getByRole('listitem').nth(3);
    expect(await devices.textContent()).toMatch(/^4 DevicesDoes not work, and is needed.*no microphone.*Plug one in/);
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Start the self-test');
    expect(await description(page)).toContain('The chirps can be loud.');
    await press(page, 'Tab');
    expect(await focused(page)).toBe('What changed (4)');
    await press(page, 'Enter');
    await press(page, 'Tab');
    expect(await focused(page)).toBe('What changed (4)');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('OL');
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Save the report');
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('export a support bundle, by keyboard alone', async () => {
    const path = '/home/kim/Documents/Limpid/bundle.zip';
    const { page, bridge } = await openDiagnostics();
    bridge.prepare('bundle.save', async () => ({ path }));
    await page.getByRole('button', { name: 'Save the report' }).focus();
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Support bundle…');
    await press(page, 'Enter');
    const dialog = page.getByRole('dialog', { name: 'What the support bundle holds' });
    await dialog.waitFor();
    expect(bridge.argumentsOf('bundle.preview')).toEqual([{ language: 'en' }]);
    expect(await focused(page)).toBe('What the support bundle holds');
    expect(await dialog.textContent()).toContain('8 files');
    expect(await dialog.textContent()).toContain('names of devices and environments stay in it');
    for (const { name } of preview.entries) {
      await press(page, 'Tab');
      expect(await focused(page)).toContain(name);
    }
    await press(page, 'Shift+Tab', 2);
    await press(page, 'Enter');
    await dialog.getByRole('region').waitFor();
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Content of settings.json');
    expect(await dialog.getByRole('region').textContent()).toBe(preview.entries[5]?.text);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await press(page, 'Tab', 3);
    expect(await focused(page)).toBe('Cancel');
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Save');
    await press(page, 'Enter');
    await page.getByRole('status').getByText(`Saved: ${path}`).waitFor();
    expect(bridge.argumentsOf('bundle.save')).toEqual([{ id: preview.id }]);
    expect(await focused(page)).toBe('Support bundle…');
    bridge.prepare('diagnostics.openFolder');
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Show folder');
    await press(page, 'Enter');
    await eventually(() => bridge.argumentsOf('diagnostics.openFolder')).toHaveLength(1);
    await press(page, 'Tab');
    expect(await focused(page)).toBe('Copy path');
    await press(page, 'Enter');
    await page.getByRole('status').getByText('The path').waitFor();
  });

  test('a bundle that is not wanted is not saved, and the focus is where it was', async () => {
    const { page, bridge } = await openDiagnostics();
    await page.getByRole('button', { name: 'Support bundle…' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await press(page, 'Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Support bundle…');
    expect(bridge.argumentsOf('bundle.save')).toEqual([]);
  });

  test('a bundle that cannot be saved says why, and can be tried again', async () => {
    const { page, bridge } = await openDiagnostics();
    const refuse = async () => {
      throw new LimpidError('report.folder-unusable', { folder: '/full', detail: 'ENOSPC' });
    };
    bridge.prepare('bundle.save', refuse);
    await page.getByRole('button', { name: 'Support bundle…' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').getByText('Nothing could be written to /full').waitFor();
    bridge.prepare('bundle.save', async () => ({ path: '/elsewhere.zip' }));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('status').getByText('Saved: /elsewhere.zip').waitFor();
  });

  test('a report is saved in the language of the window', async () => {
    const { page, bridge } = await openDiagnostics(states.idle, 'de-DE');
    bridge.prepare('report.save', async () => ({ path: '/bericht.html' }));
    await page.getByRole('button', { name: 'Bericht speichern' }).press('Enter');
    await page.getByRole('status').getByText('Gespeichert: /bericht.html').waitFor();
    expect(bridge.argumentsOf('report.save')).toEqual([{ language: 'de' }]);
  });

  test('the checks tell how far they are, also those that another window began', async () => {
    const { page, bridge } = await openDiagnostics();
    const waiting = checkViews.map(({ id, required }) => ({ id, required, result: 'waiting', notice: null }) as const);
    await bridge.emit('diagnostics.checked', waiting);
    const progress = page.getByRole('progressbar', { name: 'Check 1 of 14: Native core' });
    expect(await progress.getAttribute('value')).toBe('0');
    const run = page.getByRole('button', { name: 'Run the checks again' });
    expect(await run.getAttribute('aria-disabled')).toBe('true');
    await bridge.emit('diagnostics.checked', [...checkViews.slice(0, 6), ...waiting.slice(6)]);
    await page.getByRole('progressbar', { name: 'Check 7 of 14: Real-time priority' }).waitFor();
    await bridge.emit('diagnostics.checked', wellViews);
    await page.getByRole('status').getByText('All is well.').waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
    await page.getByRole('link', { name: 'Diagnostics' }).click();
    await page.getByRole('status').getByText('All is well.').waitFor();
    expect(bridge.received.filter(({ name }) => name === 'diagnostics.run')).toEqual([]);
  });

  test('the self-test is started and stopped by the same button, and says what came of it', async () => {
    const { page, bridge } = await openDiagnostics();
    bridge.prepare('selfTest.start', () => new Promise<never>(() => undefined));
    bridge.prepare('selfTest.stop');
    await page.getByRole('button', { name: 'Start the self-test' }).press('Enter');
    await bridge.become(tested({ running: { seconds: 12, totalSeconds: 30 } }));
    const progress = page.getByRole('progressbar', { name: 'Progress of the self-test' });
    expect([await progress.getAttribute('value'), await progress.getAttribute('max')]).toEqual(['12', '30']);
    await page.getByText('Testing: 12 of 30\u00a0s').waitFor();
    expect(await focused(page)).toBe('Stop the self-test');
    await press(page, 'Enter');
    await eventually(() => bridge.argumentsOf('selfTest.stop')).toHaveLength(1);
    await bridge.become(tested({ last: unheard }));
    await page.getByRole('status').getByText('No chirp was heard at “Built-in Audio Analog Stereo”.').waitFor();
    expect(await focused(page)).toBe('Start the self-test again');
    const table = page.getByRole('table', { name: 'Result of the last self-test' });
    expect(await table.getByRole('row', { name: 'Way there and back' }).textContent()).toContain('not measured');
    await bridge.become(tested({ last: passed }));
    await page.getByRole('status').getByText('Passed').waitFor();
    await table.getByRole('row', { name: 'Way there and back 48\u00a0ms' }).waitFor();
  });

  test('a self-test that was stopped tells no old verdict as a new one', async () => {
    const { page, bridge } = await openDiagnostics(tested({ last: passed }));
    let stop: () => void = () => undefined;
    bridge.prepare('selfTest.start', () => new Promise((resolve) => (stop = () => resolve(null))));
    bridge.prepare('selfTest.stop');
    const status = page.getByRole('region', { name: 'Self-test' }).getByRole('status');
    await page.getByRole('button', { name: 'Start the self-test again' }).press('Enter');
    await bridge.become(tested({ running: { seconds: 1, totalSeconds: 30 }, last: passed }));
    await status.getByText('The self-test runs.').waitFor();
    await bridge.become(tested({ last: passed }));
    stop();
    await status.getByText('The self-test was stopped.').waitFor();
    expect(await status.textContent()).toBe('The self-test was stopped.');
    await page.getByText('Passed').waitFor();
    // Another window tests.
    await bridge.become(tested({ running: { seconds: 1, totalSeconds: 30 }, last: passed }));
    await bridge.become(tested({ last: unheard }));
    await status.getByText('No chirp was heard').waitFor();
    expect(await status.textContent()).not.toContain('stopped');
  });

  test('the self-test needs a microphone, and says so', async () => {
    const { page, bridge } = await openDiagnostics({ ...states.idle, input: { ...states.idle.input, devices: [] } });
    const button = page.getByRole('button', { name: 'Start the self-test' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('Connect a microphone first.').waitFor();
    await button.press('Enter');
    expect(bridge.argumentsOf('selfTest.start')).toEqual([]);
  });

  test('the self-test waits until the sound is off, and says so', async () => {
    const { page, bridge } = await openDiagnostics(states.running);
    const button = page.getByRole('button', { name: 'Start the self-test' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.press('Enter');
    expect(await description(page)).toContain('Switch Limpid off first');
    expect(bridge.argumentsOf('selfTest.start')).toEqual([]);
  });

  test('a self-test that the voice ended says why', async () => {
    const { page, bridge } = await openDiagnostics();
    bridge.prepare('selfTest.start', async () => {
      throw new LimpidError('selfTest.sound-started');
    });
    await page.getByRole('button', { name: 'Start the self-test' }).click();
    await page.getByRole('alert').getByText('your voice comes first').waitFor();
  });

  test('the report that is saved is accessible and fits, wide and narrow, light and dark', async () => {
    const { page } = await openDiagnostics();
    const report = await openReport(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1000, 320]) {
        await report.emulateMedia({ colorScheme });
        await report.setViewportSize({ width, height: 760 });
        expect(await findAccessibilityProblems(report)).toEqual([]);
        expect(await report.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    }
    await report.close();
  });

  test('the plots have their words', async () => {
    const { page } = await openDiagnostics();
    await page.getByRole('img', { name: /^Levels: Microphone from −\d+ to −\d+\sdBFS/ }).waitFor();
    await page.getByRole('img', { name: 'Under-runs: 3 under-runs in all.' }).waitFor();
    expect(await page.getByRole('img').count()).toBe(5);
  });
});
