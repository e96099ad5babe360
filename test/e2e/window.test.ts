import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { scenes } from './scenes.js';
import { measuredAt, states } from './states.js';
import { eventually, useWindows } from './windows.js';

const { idle, running } = states;
const mainSwitch = (page: Page) => page.getByRole('switch', { name: 'Voice enhancement' });
/** The way past the views, and the views, come before everything else. */
const viewLinks = 7;
const pressTab = async (page: Page, times = 1) => {
  for (let count = 0; count < times; count += 1) await page.keyboard.press('Tab');
};

describe.skipIf(noBrowserReason)(`the window${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open, openAlone } = useWindows();

  /** Colours do not know of widths: each scene is looked at in both, and neighbours, faces of one screen mostly, cross them. */
  const looks = [
    ['light', 1000],
    ['dark', 320],
    ['dark', 1000],
    ['light', 320],
  ] as const;

  test.each(Object.entries(scenes).map(([name, scene], index) => ({ name, scene, index })))(
    'is accessible and fits, wide and narrow, light and dark: $name',
    async ({ scene, index }) => {
      const { page, bridge } = await open(scene.state, { route: scene.route, prepare: scene.prepare });
      await scene.act?.(page, bridge);
      for (const [colorScheme, width] of looks.slice(2 * (index % 2), 2 * (index % 2) + 2)) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 760 });
        expect(await findAccessibilityProblems(page), `${colorScheme}, ${width} px`).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    },
  );

  test('axe would notice: a control without a name is found', async () => {
    const { page } = await open(idle);
    await page.evaluate(`document.querySelector('[role=switch]').removeAttribute('aria-label')`);
    expect((await findAccessibilityProblems(page)).join()).toContain('button-name');
  });

  test.each([
    'running',
    'recording-low-disk',
    'token-details',
    'backend-details',
    'backend-test-failed',
    'welcome-heard',
    'german-welcome-engine',
    'german-help',
  ])('fits at 200 % of the text size: %s', async (name) => {
    const scene = scenes[name];
    if (!scene) throw new Error(`no scene ${name}`);
    const { page, bridge } = await open(scene.state, { width: 640, route: scene.route, prepare: scene.prepare });
    await scene.act?.(page, bridge);
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(640);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  describe('by keyboard alone', () => {
    test('switches on and off', async () => {
      const { page, bridge } = await open(idle);
      bridge.prepare('live.start', () => bridge.become(running));
      bridge.prepare('live.stop', () => bridge.become(idle));
      await pressTab(page, 1 + viewLinks);
      await page.keyboard.press('Space');
      await eventually(() => mainSwitch(page).getAttribute('aria-checked')).toBe('true');
      expect(await page.getByRole('status').first().textContent()).toContain('Enhancing Shure MV7');
      await page.keyboard.press('Enter');
      await eventually(() => mainSwitch(page).getAttribute('aria-checked')).toBe('false');
      expect(bridge.argumentsOf('live.start')).toHaveLength(1);
      expect(bridge.argumentsOf('live.stop')).toHaveLength(1);
    });

    test('toggles bypass, and shows what main says, not what was pressed', async () => {
      const { page, bridge } = await open(running);
      bridge.prepare('live.setBypass');
      const bypass = page.getByRole('button', { name: 'Bypass' });
      await pressTab(page, 2 + viewLinks);
      await page.keyboard.press('Space');
      await eventually(() => bridge.argumentsOf('live.setBypass')).toEqual([{ bypass: true }]);
      expect(await bypass.getAttribute('aria-pressed')).toBe('false');
      await bridge.become(states.bypassed);
      await eventually(() => bypass.getAttribute('aria-pressed')).toBe('true');
    });

    test('holding bypass compares: on while held, off on release', async () => {
      const { page, bridge } = await open(running);
      bridge.prepare('live.holdBypass', ({ held }) => bridge.become({ ...running, bypass: held }));
      await pressTab(page, 2 + viewLinks);
      await page.keyboard.down('Space');
      await page.getByRole('button', { name: 'Bypass', pressed: true }).waitFor();
      await page.keyboard.up('Space');
      await page.getByRole('button', { name: 'Bypass', pressed: false }).waitFor();
      expect(bridge.argumentsOf('live.holdBypass').at(-1)).toEqual({ held: false });
      expect(bridge.argumentsOf('live.setBypass')).toEqual([]);
    });

    test('chooses devices from the lists', async () => {
      const { page, bridge } = await open(states['no-output']);
      bridge.prepare('devices.choose');
      await page.getByRole('combobox', { name: 'Output' }).selectOption({ label: 'USB Headphones' });
      await page.getByRole('combobox', { name: 'Microphone' }).selectOption('pulse:mv7');
      await eventually(() => bridge.argumentsOf('devices.choose')).toEqual([
        { direction: 'output', id: 'pulse:headphones' },
        { direction: 'input', id: 'pulse:mv7' },
      ]);
    });

    test('selects an engine', async () => {
      const { page, bridge } = await open(running);
      bridge.prepare('live.setEngine', ({ engine }) => bridge.become({ ...running, engine }));
      await page.getByRole('radio', { name: /Remove noise/ }).focus();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('radio', { name: /ai-coustics/, checked: true }).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('radio', { name: /No processing/, checked: true }).waitFor();
      expect(bridge.argumentsOf('live.setEngine')).toEqual([{ engine: 'aic' }, { engine: 'bypass' }]);
    });

    test('chooses what is heard while the licensed engine cannot work', async () => {
      const { page, bridge } = await open(states['token-valid']);
      bridge.prepare('live.setFallback', ({ fallback }) => bridge.become({ ...states['token-valid'], fallback }));
      const picker = page.getByRole('combobox', { name: 'If ai-coustics cannot work' });
      await picker.selectOption({ label: 'Unchanged voice' });
      await eventually(() => picker.inputValue()).toBe('bypass');
      expect(bridge.argumentsOf('live.setFallback')).toEqual([{ fallback: 'bypass' }]);
    });

    test('moves the strength at once, and back to 100 % with Delete', async () => {
      const { page, bridge } = await open(running);
      bridge.prepare('live.setLevel', ({ level }) => bridge.become({ ...running, level }));
      const slider = page.getByRole('slider', { name: 'Strength' });
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      expect(await slider.getAttribute('aria-valuetext')).toBe('84 percent');
      await eventually(() => bridge.argumentsOf('live.setLevel')).toEqual([{ level: 0.84 }]);
      await page.keyboard.press('Delete');
      await eventually(() => bridge.argumentsOf('live.setLevel').at(-1)).toEqual({ level: 1 });
      await eventually(() => slider.inputValue()).toBe('100');
    });

    test('a question is answered, and Escape means no', async () => {
      const { page, bridge } = await open(states.question);
      bridge.prepare('live.answer');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Do not play');
      await page.keyboard.press('Escape');
      await eventually(() => bridge.argumentsOf('live.answer')).toEqual([{ yes: false }]);
      await page.getByRole('button', { name: 'Play anyway' }).press('Enter');
      await eventually(() => bridge.argumentsOf('live.answer')).toEqual([{ yes: false }, { yes: true }]);
      await bridge.become(running);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    test('every control is reached, and shows that it is', async () => {
      const { page } = await open(running);
      const reached: string[] = [];
      for (let count = 0; count < viewLinks + 13; count += 1) {
        await pressTab(page);
        reached.push(await page.evaluate<string>(`document.activeElement.role ?? document.activeElement.tagName`));
        const outline = await page.evaluate<string>(`
          (getComputedStyle(document.activeElement).outlineStyle !== 'none' ||
            getComputedStyle(document.activeElement.closest('.engine') ?? document.body).outlineStyle !== 'none') ? 'seen' : 'unseen'`);
        expect(outline, reached.at(-1)).toBe('seen');
      }
      expect(reached).toEqual([
        ...Array<string>(viewLinks).fill('A'),
        'switch',
        'BUTTON',
        'BUTTON',
        'BUTTON',
        'SUMMARY',
        'BUTTON',
        'SELECT',
        'SELECT',
        'INPUT',
        'INPUT',
        'SUMMARY',
        'BUTTON',
        'SUMMARY',
      ]);
    });
  });

  describe('the strength', () => {
    test('goes back to 100 % on a double click', async () => {
      const { page, bridge } = await open(running);
      bridge.prepare('live.setLevel', ({ level }) => bridge.become({ ...running, level }));
      await page.getByRole('slider', { name: 'Strength' }).dblclick();
      await eventually(() => bridge.argumentsOf('live.setLevel').at(-1)).toEqual({ level: 1 });
    });

    test('follows main again after a refusal', async () => {
      const { page, bridge } = await open(running);
      bridge.prepare('live.setLevel', async () => {
        throw new LimpidError('argument', { detail: 'no' });
      });
      const slider = page.getByRole('slider', { name: 'Strength' });
      await slider.press('ArrowLeft');
      await page.getByRole('alert').getByText('A value was refused').waitFor();
      await eventually(() => slider.inputValue()).toBe('85');
    });
  });

  describe('banners', () => {
    test('feedback is unmuted from its banner', async () => {
      const { page, bridge } = await open(states['feedback-muted']);
      bridge.prepare('live.unmute', () => bridge.become(running));
      await page.getByRole('button', { name: 'Unmute' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });

    test('an engine that failed is restarted', async () => {
      const { page, bridge } = await open(states['engine-failed']);
      bridge.prepare('live.setEngine', () => bridge.become(running));
      await page.getByRole('button', { name: 'Restart the engine' }).press('Enter');
      await page.getByRole('alert').waitFor({ state: 'detached' });
      expect(bridge.argumentsOf('live.setEngine')).toEqual([{ engine: 'gtcrn' }]);
    });

    test('a lost device stays chosen in its list', async () => {
      const { page } = await open(states['device-lost']);
      await page.getByRole('alert').getByText('Shure MV7 Podcast Microphone is gone.').waitFor();
      const chosen = page.getByRole('combobox', { name: 'Microphone' }).locator('option:checked');
      expect(await chosen.textContent()).toBe('Not connected: Shure MV7 Podcast Microphone');
    });

    test('a failed start is tried again', async () => {
      const { page, bridge } = await open(states['start-failed']);
      bridge.prepare('live.start');
      await page.getByRole('button', { name: 'Try again' }).click();
      await eventually(() => bridge.argumentsOf('live.start')).toHaveLength(1);
    });

    test('a refusal says why, and is dismissed', async () => {
      const { page, bridge } = await open(states['no-output']);
      bridge.prepare('live.start', async () => {
        throw new LimpidError('output.not-chosen');
      });
      await mainSwitch(page).click();
      await page.getByRole('alert').getByText('No output was chosen').waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });

    test('links and settings are named, never given as an address', async () => {
      const { page, bridge } = await open(states['permission-denied']);
      bridge.prepare('permission.openSettings');
      bridge.prepare('help.open');
      bridge.prepare('devices.rescan');
      await page.getByRole('button', { name: 'Open privacy settings' }).click();
      await page.getByRole('button', { name: 'How to install one' }).click();
      await page.getByRole('button', { name: 'Look for devices' }).click();
      await eventually(() => bridge.received.map(({ name }) => name)).toEqual([
        'permission.openSettings',
        'help.open',
        'devices.rescan',
      ]);
    });
  });

  describe('figures and meters', () => {
    const inputMeter = (page: Page) => page.getByRole('meter', { name: 'Input level' });

    test('show what was measured, in words too', async () => {
      const { page } = await open(running);
      const figures = page.getByRole('region', { name: 'Live figures' });
      await eventually(() => figures.textContent()).toContain('48.2\u00a0ms');
      expect(await figures.textContent()).toContain('18\u00a0dB');
      expect(await inputMeter(page).getAttribute('aria-valuetext')).toMatch(/^−\d+ decibels, peak −\d+$/);
    });

    test('count what the licensed engine did', async () => {
      const { page, bridge } = await open(states['token-valid']);
      const counters = { ...measuredAt(13, running).counters, blocksBypassed: 12, blocksDisallowed: 345 };
      await bridge.emit('numbers.measured', { ...measuredAt(13, running), counters });
      await page.getByText('Details', { exact: true }).click();
      const line = (name: string) => page.locator('.details dl > div', { hasText: name }).locator('dd').textContent();
      await eventually(() => line('Blocks bypassed')).toBe('12');
      expect(await line('Blocks disallowed')).toBe('345');
      expect(await line('Models loaded')).toBe('1');
      expect(await line('Processors created')).toBe('1');
      expect(await line('Tokens swapped in place')).toBe('4');
    });

    test('clipping is a word', async () => {
      const { page, bridge } = await open(running);
      await bridge.become({ ...running, clipped: { input: true, output: false } });
      await page.getByText('Clipping', { exact: true }).waitFor();
    });

    test('say that nothing is measured when it stops', async () => {
      const { page, bridge } = await open(running);
      await bridge.become(idle);
      await eventually(() => inputMeter(page).getAttribute('aria-valuetext')).toBe('No signal');
      const figures = page.getByRole('region', { name: 'Live figures' });
      await eventually(() => figures.textContent()).not.toContain('48.2\u00a0ms');
    });

    test('the voice lamp is there only for an engine that knows', async () => {
      const { page, bridge } = await open(running);
      expect(await page.getByText('Voice detected').count()).toBe(0);
      await bridge.emit('numbers.measured', { ...measuredAt(13, running), speechProbability: 0.9 });
      await page.getByText('Voice detected').waitFor();
    });
  });

  test('says so when main is gone, locks the controls, and comes back by itself', async () => {
    const { page, bridge } = await open(running);
    bridge.prepare('live.stop');
    bridge.answering = false;
    await mainSwitch(page).click();
    await page.getByRole('alert').getByText('Limpid is not answering.').waitFor();
    expect(await page.locator('main').getAttribute('inert')).not.toBeNull();
    bridge.answering = true;
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await page.locator('main').getAttribute('inert')).toBeNull();
  });

  test('without a bridge the page says what to do', async () => {
    const page = await openAlone();
    await page.getByRole('alert').getByText('This page cannot reach Limpid.').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });
});
