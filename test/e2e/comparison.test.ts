import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import type { AppState } from '../../src/shared/state.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { comparing, drawn, openInPlayer, ready } from './scenes/listening.js';
import { states } from './states.js';
import type { TestBridge } from './testBridge.js';
import { eventually, useWindows } from './windows.js';

const card = (page: Page) => page.getByRole('region', { name: 'Before and after' });
const button = (page: Page, name: string) => card(page).getByRole('button', { name, exact: true });
const head = (page: Page) => card(page).getByRole('slider', { name: 'Position' });
const version = (page: Page, name: 'Original' | 'Enhanced') => card(page).getByRole('radio', { name, exact: true });
const focused = (page: Page) => page.evaluate('document.activeElement.textContent');
const record = 'Record 10\u00a0s and compare';

/** Main as it plays: it keeps what it is told and tells it to the window. `seekMs`: how long each move takes. */
function plays(bridge: TestBridge, state: AppState, seekMs = 0): { now: () => AppState['player'] } {
  let now = state;
  const change = (part: Partial<NonNullable<AppState['player']>>) => {
    now = { ...now, player: { ...(now.player ?? openInPlayer().player!), ...part } };
    return bridge.become(now);
  };
  bridge.prepare('sound.waveforms', async ({ buckets }) => drawn(buckets));
  bridge.prepare('player.open', async ({ source }) => change({ source, playing: false, positionSeconds: 0 }));
  bridge.prepare('player.play', async () => change({ playing: true }));
  bridge.prepare('player.pause', async () => change({ playing: false }));
  bridge.prepare('player.hear', async ({ version: heard }) => change({ heard }));
  bridge.prepare('player.seek', async ({ seconds }) => {
    await sleep(seekMs);
    await change({ positionSeconds: seconds });
  });
  return { now: () => now.player };
}

describe.skipIf(noBrowserReason)(`comparing${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open } = useWindows();

  test('is recorded by keyboard, counts down, and goes on at the button that plays', async () => {
    const { page, bridge } = await open(comparing({}));
    plays(bridge, ready);
    bridge.prepare('comparison.record', () => bridge.become(comparing({ phase: 'recording' })));
    await button(page, record).focus();
    await page.keyboard.press('Enter');
    await button(page, 'Stop and compare').waitFor();
    await eventually(() => focused(page)).toBe('Stop and compare');
    await card(page).getByText('Speak now: 10 seconds left').waitFor();
    await card(page).getByRole('status').getByText('Recording for the comparison. Speak now.').waitFor();
    await bridge.become(comparing({ phase: 'recording', seconds: 9.25 }));
    await card(page).getByText('Speak now: 1 second left').waitFor();
    const progress = card(page).getByRole('progressbar', { name: 'Recorded of the ten seconds' });
    expect(await progress.getAttribute('value')).toBe('0.925');
    await bridge.become(ready);
    await button(page, 'Play').waitFor();
    await eventually(() => focused(page)).toBe('Play');
    await card(page).getByRole('status').getByText('The comparison is ready.').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('opens the player when it is wanted, and both versions have one play head', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    const { now } = plays(bridge, ready);
    expect(bridge.argumentsOf('player.open')).toEqual([]);
    await button(page, 'Play').press('Enter');
    await button(page, 'Pause').waitFor();
    expect(bridge.argumentsOf('player.open')).toEqual([{ source: { kind: 'comparison' } }]);
    await bridge.emit('player.moved', { positionSeconds: 3.4 });
    await eventually(() => head(page).getAttribute('aria-valuetext')).toBe('0:03 of 0:10');
    await version(page, 'Original').focus();
    await page.keyboard.press('ArrowRight');
    await eventually(() => version(page, 'Enhanced').isChecked()).toBe(true);
    await page.keyboard.press('x');
    await eventually(() => version(page, 'Original').isChecked()).toBe(true);
    expect(now()).toMatchObject({ playing: true, heard: 'original' });
    expect(bridge.argumentsOf('player.open')).toHaveLength(1);
    await button(page, 'Pause').press('Enter');
    await button(page, 'Play').waitFor();
  });

  test('does not play on where nobody can stop it', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    const { now } = plays(bridge, ready);
    await button(page, 'Play').press('Enter');
    await button(page, 'Pause').waitFor();
    await page.getByRole('link', { name: 'Help' }).click();
    await eventually(() => now()?.playing).toBe(false);
  });

  test('leaves playing what another window plays', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    await button(page, 'Play').press('Enter');
    await button(page, 'Pause').waitFor();
    // Another window paused it and plays it again.
    await bridge.become(openInPlayer({ playing: false }));
    await button(page, 'Play').waitFor();
    await bridge.become(openInPlayer({ playing: true }));
    await button(page, 'Pause').waitFor();
    await page.getByRole('link', { name: 'Help' }).click();
    await card(page).waitFor({ state: 'detached' });
    expect(bridge.argumentsOf('player.pause')).toEqual([]);
  });

  test('moves the play head by keys, a press and a drag', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    const { now } = plays(bridge, ready);
    await head(page).focus();
    for (const [key, at] of [
      ['ArrowRight', 1],
      ['PageUp', 6],
      ['ArrowLeft', 5],
      ['PageDown', 0],
      ['End', 10.05],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key);
      await eventually(() => now()?.positionSeconds).toBe(at);
      await eventually(() => head(page).getAttribute('aria-valuenow')).toBe(String(Math.floor(at)));
    }
    const box = (await card(page).locator('canvas').boundingBox())!;
    const at = async (share: number) => [box.x + share * box.width, box.y + box.height / 2] as const;
    await page.mouse.move(...(await at(0.25)));
    await page.mouse.down();
    await eventually(() => now()?.positionSeconds).toBeCloseTo(2.5, 1);
    await page.mouse.move(...(await at(0.75)), { steps: 5 });
    await page.mouse.up();
    await eventually(() => now()?.positionSeconds).toBeCloseTo(7.5, 1);
    // Released: the pointer alone moves nothing.
    await page.mouse.move(...(await at(0.1)));
    expect(now()?.positionSeconds).toBeCloseTo(7.5, 1);
  });

  test('counts a key from where the hand is, while main is still behind', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    const { now } = plays(bridge, ready, 200);
    await head(page).focus();
    for (let count = 0; count < 4; count += 1) await page.keyboard.press('ArrowRight');
    // What main tells of the first move must not call the hand back.
    await eventually(() => bridge.argumentsOf('player.seek').length).toBe(2);
    await page.keyboard.press('ArrowRight');
    await eventually(() => now()?.positionSeconds).toBe(5);
    await eventually(() => head(page).getAttribute('aria-valuetext')).toBe('0:05 of 0:10');
  });

  test('draws both versions in the colours of the theme, anew when that changes', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    const picture = () => page.evaluate(`document.querySelector('.waveform-canvas').toDataURL()`);
    const hasBars = `(() => {
      const canvas = document.querySelector('.waveform-canvas');
      const { width, height } = canvas;
      const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
      return data.filter((value, index) => index % 4 === 3 && value > 0).length / (width * height);
    })()`;
    await eventually(() => page.evaluate(hasBars)).toBeGreaterThan(0.1);
    const light = await picture();
    await bridge.become({ ...ready, preferences: { ...ready.preferences, theme: 'dark' } });
    await eventually(async () => (await picture()) === light).toBe(false);
  });

  test('is kept once, recorded again, or thrown away', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    const kept = { code: 'comparison.kept', params: { folder: '/home/kim/Music/Limpid/now' } };
    bridge.prepare('comparison.keep', () => bridge.become(comparing({ phase: 'ready', seconds: 10, notice: kept })));
    bridge.prepare('comparison.discard', () => bridge.become(comparing({})));
    await button(page, 'Keep').press('Enter');
    await card(page).getByRole('status').getByText('Kept in /home/kim/Music/Limpid/now.').waitFor();
    await button(page, 'Kept').press('Enter');
    expect(bridge.argumentsOf('comparison.keep')).toHaveLength(1);
    await button(page, 'Close').press('Enter');
    await eventually(() => focused(page)).toBe(record);
  });

  test('chooses the output for sounds; automatic is one of them', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    bridge.prepare('player.chooseOutput');
    await card(page).getByText('This recording plays on: USB Headphones').press('Enter');
    const outputs = card(page).getByRole('combobox', { name: 'This recording plays on' });
    expect(await outputs.locator('option').first().textContent()).toBe('Automatic: USB Headphones');
    const [headphones] = ready.monitor.devices;
    await outputs.selectOption(headphones!.id);
    await outputs.selectOption('auto');
    await eventually(() => bridge.argumentsOf('player.chooseOutput')).toContainEqual({ id: headphones!.id });
    // X chooses in a list by its letter, and does not switch the version there.
    await outputs.press('x');
    expect(bridge.argumentsOf('player.hear')).toEqual([]);
  });

  test('says why it cannot begin, and why it was refused', async () => {
    const { page, bridge } = await open(comparing({}, states.recording));
    const start = button(page, record);
    expect(await start.getAttribute('aria-disabled')).toBe('true');
    await start.press('Enter');
    const described = await start.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described}"]`).textContent()).toBe('Stop the recording to compare.');
    await bridge.become(comparing({}, states.idle));
    bridge.prepare('comparison.record', async () => {
      throw new LimpidError('permission.denied');
    });
    await start.press('Enter');
    await card(page).getByRole('alert').getByText('The system does not let Limpid use the microphone.').waitFor();
    bridge.prepare('comparison.record', () => bridge.become(comparing({ phase: 'preparing' }, states.idle)));
    await start.press('Enter');
    await button(page, 'Cancel').waitFor();
    expect(await card(page).getByRole('alert').count()).toBe(0);
    bridge.prepare('comparison.discard', () => bridge.become(comparing({}, states.idle)));
    await button(page, 'Cancel').press('Enter');
    await start.waitFor();
  });

  test('a sound that cannot be opened or played says why', async () => {
    const { page, bridge } = await open(ready, { prepare: (main) => void plays(main, ready) });
    bridge.prepare('player.open', async () => {
      throw new LimpidError('sound.gone');
    });
    await button(page, 'Play').click();
    await card(page).getByRole('alert').getByText('This sound is not there any more.').waitFor();
    expect(bridge.argumentsOf('player.play')).toEqual([]);
    const problem = { code: 'player.output-lost', params: { name: 'USB Headphones' } };
    await bridge.become(openInPlayer({ problem }));
    await card(page).getByRole('alert').getByText('USB Headphones is gone').waitFor();
  });
});
