import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startPanel, type Panel } from '../../src/main/host/panel.js';
import { createPanelEnvironment } from '../../src/main/host/panelEnvironment.js';
import { createServices, type Services } from '../../src/main/services.js';
import { makeNoise, makeWav } from '../wavFile.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason, openBrowser } from './browser.js';
import { buildWindow } from './buildWindow.js';

const format = { sampleRate: 16_000, channels: 1, bits: 16 } as const;
const patient = { timeout: 20_000 };

/** The screen as people use it, with the real panel, services and native core: no sound device is needed. */
describe.skipIf(noBrowserReason)(
  `the screen of files, with all behind it${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`,
  () => {
    const complaints: string[] = [];
    let folder: string;
    let window: Awaited<ReturnType<typeof buildWindow>>;
    let services: Services;
    let panel: Panel;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'limpid-files-screen-'));
      vi.stubEnv('LIMPID_DATA_DIR', join(folder, 'data'));
      const settingsPath = join(folder, 'settings.json');
      await writeFile(settingsPath, JSON.stringify({ welcomed: true }));
      const sounds = join(folder, 'Interviews');
      await mkdir(sounds);
      for (const name of ['a.wav', 'b.wav', 'b (enhanced).wav'])
        await writeFile(join(sounds, name), makeWav(makeNoise(16_000 * 2, 0.2), format));
      await writeFile(join(sounds, 'c.wav'), 'this is no sound');
      await writeFile(join(sounds, 'notes.txt'), 'nor is this');
      services = await createServices(createPanelEnvironment(settingsPath));
      window = await buildWindow();
      const report = (error: unknown) => void complaints.push(String(error));
      panel = await startPanel({ services, rendererRoot: window.root, port: 0, report });
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1000, height: 760 }, reducedMotion: 'reduce' });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(panel.createLinkUrl());
      await page.getByRole('link', { name: 'Files', exact: true }).click();
    });
    afterAll(async () => {
      await browser?.close();
      await panel?.close();
      await services?.dispose();
      await window?.remove();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true });
    });

    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
    const queue = () => page.getByRole('region', { name: 'Queue' });

    test('enhances a folder by its path; asks before it replaces, and tells what is broken', async () => {
      await page.getByRole('textbox', { name: 'Path of a file' }).fill(join(folder, 'Interviews'));
      await page.keyboard.press('Enter');
      await row('a.wav').getByText('Done').waitFor(patient);
      await row('c.wav').getByText('Failed').waitFor(patient);
      await queue().getByText('This file cannot be read as sound').waitFor();
      const question = page.getByRole('group', { name: 'b.wav asks' });
      await question.getByText('There is a result of that name already').waitFor(patient);
      await question.getByRole('button', { name: /^Keep both/ }).press('Enter');
      await row('b.wav').getByText('Done').waitFor(patient);
      expect(await row('a.wav').textContent()).toMatch(/−\d+\u00a0dB.*0\.\d\d0:02/);
      const outputs = ['a (enhanced).wav', 'b (enhanced) (2).wav', 'b (enhanced).wav'];
      expect(await readdir(join(folder, 'Interviews'))).toEqual(expect.arrayContaining(outputs));
    });

    test('shows a file before and after in its row', async () => {
      await page.getByRole('button', { name: 'Listen to a.wav before and after' }).press('Enter');
      const sound = page.getByRole('group', { name: 'a.wav before and after' });
      await sound.getByText('of 0:02').waitFor(patient);
      expect(await findAccessibilityProblems(page)).toEqual([]);
    });

    test('takes what was sent through the browser to the chosen folder, and shows it after a reload', async () => {
      const results = join(folder, 'Results');
      await mkdir(results, { recursive: true });
      await page.getByText('Change the folder and the names').click();
      await page.getByRole('textbox', { name: 'Folder for results' }).fill(results);
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('New results go there.').waitFor();
      await page.getByLabel('Add files…').setInputFiles({
        name: 'sent.wav',
        mimeType: 'audio/wav',
        buffer: makeWav(makeNoise(16_000, 0.2), format),
      });
      await row('sent.wav').getByText('Done').waitFor(patient);
      expect(await readdir(results)).toEqual(['sent (enhanced).wav']);
      await page.reload();
      await row('sent.wav').getByText('Came through the browser').waitFor(patient);
      await queue()
        .getByText(/\d of \d files (is|are) done\./)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Clear finished' }).press('Enter');
      await page.getByText('No files yet.').waitFor();
      expect(complaints).toEqual([]);
    });
  },
);
