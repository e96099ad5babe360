import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMonoWav } from '../../src/main/demo/wav.js';
import type { AppState, LiveNumbers } from '../../src/shared/state.js';
import { noSoundServerReason } from '../rig/soundServer.js';
import { noBrowserReason } from './browser.js';
import { openPanelWindow, type PanelWindow } from './panelWindow.js';
import { deskHeadphones, deskMicrophone } from './talkingDesk.js';

const reason = noBrowserReason ?? noSoundServerReason;
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 100 });

/** Two people at one Limpid, and windows that die: one session, in order, with the sound on from beginning to end. */
describe.skipIf(reason)(`two windows on one panel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let window: PanelWindow;
  let other: Page;
  let recordings: string;
  let numbers: LiveNumbers | undefined;
  const phases: AppState['phase'][] = [];

  beforeAll(async () => {
    recordings = await mkdtemp(join(tmpdir(), 'limpid-twice-'));
    window = await openPanelWindow();
    window.services.on('numbers.measured', (measured) => (numbers = measured));
    window.services.on('state.changed', ({ phase }) => phases.at(-1) !== phase && phases.push(phase));
    other = await window.openAnother();
  });
  afterAll(async () => {
    await window?.close();
    await rm(recordings, { recursive: true, force: true });
  });

  const mainSwitch = (page: Page) => page.getByRole('switch', { name: 'Voice enhancement' });
  const status = (page: Page) => page.getByRole('status').first();
  const bypass = (page: Page) => page.getByRole('button', { name: 'Bypass', exact: true });
  const card = (page: Page) => page.getByRole('region', { name: 'Recording' });
  const blocks = () => (numbers?.counters.blocksEnhanced ?? 0) + (numbers?.counters.blocksBypassed ?? 0);
  /** Blocks that the device took go on being counted only while the sound goes on. */
  const soundGoesOn = async () => {
    const before = blocks();
    await eventually(blocks).toBeGreaterThan(before + 20);
  };

  test('what one starts, the other sees', async () => {
    await window.page.getByRole('combobox', { name: 'Microphone' }).selectOption({ label: deskMicrophone });
    await window.page.getByRole('combobox', { name: 'Output' }).selectOption({ label: deskHeadphones });
    await mainSwitch(window.page).click();
    await eventually(() => status(other).textContent()).toContain(`Enhancing ${deskMicrophone}`);
    expect(await mainSwitch(other).getAttribute('aria-checked')).toBe('true');
    await soundGoesOn();
  });

  test('each commands, and both show the truth', async () => {
    await bypass(other).click();
    await eventually(() => bypass(window.page).getAttribute('aria-pressed')).toBe('true');
    await bypass(window.page).click();
    await eventually(() => bypass(other).getAttribute('aria-pressed')).toBe('false');
    // Both at the same moment: whatever wins, they agree with main.
    await Promise.all([bypass(window.page).click(), bypass(other).click()]);
    const inMain = async () => String((await window.services.handlers['state.get'](undefined)).bypass);
    await eventually(async () => {
      const shown = await Promise.all([window.page, other].map((page) => bypass(page).getAttribute('aria-pressed')));
      return new Set([...shown, await inMain()]).size;
    }).toBe(1);
    if ((await inMain()) === 'true') await bypass(other).click();
    await eventually(() => status(window.page).textContent()).toContain('Enhancing');
  });

  test('a window that is reloaded shows the recording that went on', async () => {
    await window.services.handlers['recording.setFolder']({ folder: recordings });
    await card(window.page).getByRole('button', { name: 'Record', exact: true }).click();
    await card(other).getByRole('timer').waitFor();
    await window.page.reload();
    await card(window.page).getByRole('timer').waitFor();
    await soundGoesOn();
  });

  test('a window that crashes while the original is held lets go of it, and takes neither sound nor recording with it, and the next one shows both', async () => {
    await window.page.getByRole('heading', { name: 'Live', exact: true }).focus();
    await window.page.keyboard.down('b');
    await eventually(() => bypass(other).getAttribute('aria-pressed')).toBe('true');
    const crashed = new Promise<void>((done) => void window.page.once('crash', () => done()));
    const session = await window.page.context().newCDPSession(window.page);
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
    await soundGoesOn();
    await eventually(() => bypass(other).getAttribute('aria-pressed')).toBe('false');
    const context = window.page.context();
    const next = await context.newPage();
    await next.goto(new URL(other.url()).origin);
    await eventually(() => status(next).textContent()).toContain(`Enhancing ${deskMicrophone}`);
    await card(next).getByRole('button', { name: 'Stop recording' }).click();
    await card(other).getByText(`Saved in ${recordings}`).waitFor();
    const [take = ''] = await readdir(recordings);
    const { samples } = await readMonoWav(join(recordings, take, 'original.wav'));
    expect(samples.length).toBeGreaterThan(48_000 / 2);
  });

  test('the sound never stopped, until one of them stopped it', async () => {
    const sinceStart = phases.slice(phases.indexOf('running'));
    // A busy machine may stand still for a moment; nothing else may have happened.
    expect(sinceStart.filter((phase) => phase !== 'running' && phase !== 'stalled')).toEqual([]);
    await mainSwitch(other).click();
    await eventually(() => phases.at(-1)).toBe('off');
  });

  test('neither the pages nor the panel complained', () => {
    expect(window.complaints).toEqual([]);
  });
});
