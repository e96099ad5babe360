import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { AppState } from '../../src/shared/state.js';
import { noBrowserReason } from './browser.js';
import { answerChanges } from './scenes.js';
import { answerSpectra } from './scenes/live.js';
import { states } from './states.js';
import type { TestBridge } from './testBridge.js';
import { eventually, useWindows } from './windows.js';

const { idle, running } = states;
const focused = (page: Page) =>
  page.evaluate<string>(`(() => {
    const { activeElement: at } = document;
    return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? (at.getAttribute('aria-labelledby')
      ? document.getElementById(at.getAttribute('aria-labelledby')).textContent : at.textContent);
  })()`);
/** Presses Tab until the focus is there; fails when it never comes there. */
const tabTo = async (page: Page, name: string, most = 40) => {
  const passed: string[] = [];
  for (let count = 0; count < most && passed.at(-1) !== name; count += 1) {
    await page.keyboard.press('Tab');
    passed.push(await focused(page));
  }
  expect(passed.at(-1), passed.join(' → ')).toBe(name);
};

describe.skipIf(noBrowserReason)(`the live view${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open } = useWindows();

  describe('by keyboard alone', () => {
    test('past the views to the switch, and on', async () => {
      const { page, bridge } = await open(idle);
      bridge.prepare('live.start', () => bridge.become(running));
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.tagName + location.hash')).toBe('MAIN');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Voice enhancement');
      await page.keyboard.press('Space');
      await page.getByRole('switch', { name: 'Voice enhancement', checked: true }).waitFor();
      await page
        .getByRole('status')
        .getByText('Enhancing Shure MV7 Podcast Microphone with the built-in engine')
        .waitFor();
    });

    test('chooses microphone and output', async () => {
      const { page, bridge } = await open(idle);
      const chosen = { ...idle };
      bridge.prepare('devices.choose', ({ direction, id }) => {
        chosen[direction] = { ...chosen[direction], chosen: id };
        return bridge.become({ ...chosen });
      });
      await tabTo(page, 'Microphone');
      await page.keyboard.press('S');
      await eventually(() => bridge.argumentsOf('devices.choose')).toEqual([{ direction: 'input', id: 'pulse:mv7' }]);
      await tabTo(page, 'Output');
      await page.keyboard.press('B');
      await eventually(() => bridge.argumentsOf('devices.choose').at(-1)).toEqual({
        direction: 'output',
        id: 'pulse:speakers',
      });
      const value = () => page.getByRole('combobox', { name: 'Output' }).inputValue();
      await eventually(value).toBe('pulse:speakers');
    });

    test('changes the language, and undoes it', async () => {
      const { page, bridge } = await open(idle);
      answerChanges(bridge, idle);
      await tabTo(page, 'Settings');
      await page.keyboard.press('Enter');
      await eventually(() => focused(page)).toBe('Settings');
      await tabTo(page, 'Language');
      await page.keyboard.press('D');
      await page.getByRole('heading', { name: 'Einstellungen', level: 2 }).waitFor();
      await tabTo(page, 'Rückgängig');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
      expect(await focused(page)).toBe('The last change is undone.');
    });
  });

  describe('the switch for the original', () => {
    const switches = (bridge: TestBridge) =>
      bridge.argumentsOf('live.setBypass').map((each) => (each as { bypass: boolean }).bypass);
    const openRunning = async (part: Partial<AppState> = {}) => {
      const state = { ...running, ...part };
      const window = await open(state);
      window.bridge.prepare('live.setBypass', ({ bypass }) => window.bridge.become({ ...state, bypass }));
      window.bridge.prepare('live.holdBypass', ({ held }) => window.bridge.become({ ...state, bypass: held }));
      return window;
    };
    const isPressed = (page: Page, pressed: boolean) => page.getByRole('button', { name: 'Bypass', pressed }).waitFor();

    /** Whether it was held, each time that this changed. */
    const holds = (bridge: TestBridge) =>
      bridge
        .argumentsOf('live.holdBypass')
        .map((each) => (each as { held: boolean }).held)
        .filter((held, index, all) => held !== all[index - 1]);

    test('switches when B is pressed shortly, and back', async () => {
      const { page, bridge } = await openRunning();
      const keyOf = (name: string) => page.getByRole('button', { name, exact: true }).getAttribute('aria-keyshortcuts');
      expect([await keyOf('Bypass'), await keyOf('Record')]).toEqual(['B', 'R']);
      await page.keyboard.press('b');
      await isPressed(page, true);
      await page.keyboard.press('b');
      await isPressed(page, false);
      expect(switches(bridge)).toEqual([true, false]);
    });

    test('lets the original be heard while B is held', async () => {
      const { page, bridge } = await openRunning();
      await page.keyboard.down('b');
      await isPressed(page, true);
      await page.keyboard.up('b');
      await isPressed(page, false);
      expect([holds(bridge), switches(bridge)]).toEqual([[true, false], []]);
    });

    test('is let go when the pointer slips off, and does not take its return for a click', async () => {
      const { page, bridge } = await openRunning();
      await page.getByRole('button', { name: 'Bypass' }).hover();
      await page.mouse.down();
      await isPressed(page, true);
      await page.getByRole('heading', { name: 'Limpid' }).hover();
      await isPressed(page, false);
      await page.getByRole('button', { name: 'Bypass' }).hover();
      await page.mouse.up();
      // What came before has arrived when this has.
      await page.mouse.down();
      await page.mouse.up();
      await eventually(() => switches(bridge)).toEqual([true]);
      expect(holds(bridge)).toEqual([true, false]);
    });

    test('stays as it was after two presses at once', async () => {
      const { page, bridge } = await openRunning();
      await page.getByRole('button', { name: 'Bypass' }).focus();
      await page.keyboard.down('Space');
      await isPressed(page, true);
      await page.keyboard.down('b');
      await page.keyboard.up('b');
      await page.keyboard.up('Space');
      await isPressed(page, false);
      expect([holds(bridge), switches(bridge)]).toEqual([[true, false], []]);
    });

    test('is let go when another modifier made another letter of the key', async () => {
      const { page, bridge } = await openRunning();
      await page.keyboard.down('b');
      await isPressed(page, true);
      await page.evaluate(
        `document.dispatchEvent(new KeyboardEvent('keyup', { key: '∫', code: 'KeyB', altKey: true }))`,
      );
      await isPressed(page, false);
      expect([holds(bridge), switches(bridge)]).toEqual([[true, false], []]);
    });

    test('is pressed once, however long Enter stays down, and so is the main switch', async () => {
      const { page, bridge } = await openRunning();
      bridge.prepare('live.stop');
      for (const control of [page.getByRole('switch'), page.getByRole('button', { name: 'Bypass' })]) {
        await control.focus();
        for (let count = 0; count < 4; count += 1) await page.keyboard.down('Enter');
        await page.keyboard.up('Enter');
      }
      await isPressed(page, true);
      expect([bridge.argumentsOf('live.stop').length, switches(bridge)]).toEqual([1, [true]]);
    });

    test.each([
      ['the window lost the focus', `dispatchEvent(new Event('blur'))`],
      ['the view is left', `location.hash = '#help'`],
    ])('is let go when %s', async (_, script) => {
      const { page, bridge } = await openRunning();
      await page.keyboard.down('b');
      await isPressed(page, true);
      await page.evaluate(script);
      await eventually(() => holds(bridge)).toEqual([true, false]);
      await page.keyboard.up('b');
      expect([holds(bridge), switches(bridge)]).toEqual([[true, false], []]);
    });

    test('does nothing in a field, a list or on a slider, nor with another key', async () => {
      const { page, bridge } = await openRunning();
      await page.getByText('Change the folder').click();
      await page.getByLabel('Folder').press('b');
      await page.getByRole('slider', { name: 'Strength' }).press('b');
      await page.getByRole('heading', { name: 'Live', exact: true }).focus();
      await page.keyboard.press('Control+b');
      await page.keyboard.press('Shift+B');
      // What came before has arrived when this has.
      await page.keyboard.press('b');
      await isPressed(page, true);
      expect(switches(bridge)).toEqual([true]);
    });

    test('is not said to work where single keys are off, and does not', async () => {
      const { page, bridge } = await openRunning({
        preferences: { ...running.preferences, singleKeyShortcuts: false },
      });
      await page.getByText('Hear the original voice; hold to compare.', { exact: true }).waitFor();
      expect(await page.locator('[aria-keyshortcuts]').count()).toBe(0);
      await page.keyboard.press('b');
      await page.keyboard.press('r');
      await page.getByRole('button', { name: 'Bypass' }).press('Space');
      await isPressed(page, true);
      expect(switches(bridge)).toEqual([true]);
    });
  });

  test('the key R starts a recording and ends it, and does nothing while Limpid is off', async () => {
    const { page, bridge } = await open(running);
    bridge.prepare('recording.start', () => bridge.become(states.recording));
    bridge.prepare('recording.stop', () => bridge.become(idle));
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Stop recording' }).waitFor();
    await page.keyboard.press('r');
    await page.getByRole('switch', { checked: false }).waitFor();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
    expect(bridge.received.map(({ name }) => name).filter((name) => name.startsWith('recording'))).toEqual([
      'recording.start',
      'recording.stop',
    ]);
  });

  describe('the clip lamp', () => {
    test('is lit for as long as main says so, also after the view was left, and put out by a press; the focus stays at its meter', async () => {
      const loud = { ...running, clipped: { input: true, output: false } };
      const { page, bridge } = await open(loud);
      bridge.prepare('live.clearClip', () => bridge.become(running));
      const lamp = page.getByRole('button', { name: 'Clipping' });
      await lamp.waitFor();
      await page.evaluate(`location.hash = '#help'`);
      await lamp.waitFor({ state: 'detached' });
      await page.evaluate(`location.hash = '#live'`);
      await lamp.waitFor();
      await lamp.press('Enter');
      await lamp.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Input level');
      expect(bridge.argumentsOf('live.clearClip')).toEqual([{ side: 'input' }]);
    });
  });

  describe('the spectrogram', () => {
    const asked = (bridge: TestBridge) => bridge.argumentsOf('live.spectra').length;
    const picture = (page: Page) => page.evaluate<string>(`document.querySelector('.spectrum-canvas').toDataURL()`);
    const openMoving = async () => {
      const window = await open(running, { height: 2400 });
      answerSpectra(window.bridge);
      await window.page.emulateMedia({ reducedMotion: 'no-preference' });
      await eventually(() => asked(window.bridge)).toBeGreaterThan(3);
      return window;
    };
    /** Whether main is left alone; what was under way is answered first. */
    const expectQuiet = async (page: Page, bridge: TestBridge) => {
      await page.waitForTimeout(150);
      const before = asked(bridge);
      await page.waitForTimeout(300);
      expect(asked(bridge)).toBe(before);
    };

    test('moves, and says in words where the voice is', async () => {
      const { page } = await openMoving();
      const before = await picture(page);
      await eventually(() => picture(page)).not.toBe(before);
      await page.getByText(/^Before: loudest near .*Hz, at −\d+\u00a0dB\.$/).waitFor();
      const described = await page.evaluate<string>(`(() => {
        const canvas = document.querySelector('.spectrum-canvas');
        return document.getElementById(canvas.getAttribute('aria-describedby')).textContent;
      })()`);
      expect(described).toContain('After: loudest near');
    });

    test.each([
      ['it is paused', (page: Page) => page.getByRole('button', { name: 'Pause' }).click()],
      ['it is folded', (page: Page) => page.locator('.spectrum-summary').click()],
      ['it is out of sight', (page: Page) => page.setViewportSize({ width: 1000, height: 200 })],
      [
        'the window is hidden',
        (page: Page) =>
          page.evaluate(`
            Object.defineProperty(document, 'hidden', { value: true });
            document.dispatchEvent(new Event('visibilitychange'))`),
      ],
    ] as const)('asks for nothing while %s', async (_, act) => {
      const { page, bridge } = await openMoving();
      await act(page);
      await expectQuiet(page, bridge);
    });

    test('asks for nothing while Limpid is off, and says nothing old when it is on again', async () => {
      const { page, bridge } = await openMoving();
      await page.getByText(/^Before: loudest near/).waitFor();
      await bridge.become(idle);
      await page.getByText('The picture moves while Limpid is on.').waitFor();
      expect(await page.getByRole('button', { name: 'Pause' }).getAttribute('aria-disabled')).toBe('true');
      await expectQuiet(page, bridge);
      bridge.prepare('live.spectra', async () => null);
      await bridge.become(running);
      await page.getByText('The picture waits for sound.').waitFor();
    });

    test('goes by the last of several reports about what is in view', async () => {
      const { page, bridge } = await openMoving();
      await page.evaluate(`
        window.IntersectionObserver = class {
          constructor(report) { window.reportSight = report; }
          observe() {}
          disconnect() {}
        };
        location.hash = '#help'`);
      await page.getByRole('heading', { name: 'Help', level: 2 }).waitFor();
      await page.evaluate(`location.hash = '#live'`);
      await page.getByText('The picture moves while it is in view.').waitFor();
      const before = asked(bridge);
      await page.evaluate('window.reportSight([{ isIntersecting: false }, { isIntersecting: true }])');
      await eventually(() => asked(bridge)).toBeGreaterThan(before);
    });

    test('stands still where little motion is asked for, and moves once a second when it is played', async () => {
      const { page, bridge } = await open(running, { height: 2400 });
      answerSpectra(bridge);
      await page.getByText('The picture stands still because your system asks for little motion.').waitFor();
      expect(asked(bridge)).toBe(0);
      await page.getByRole('button', { name: 'Play' }).click();
      await page.getByText(/^Before: loudest near/).waitFor();
      await page.waitForTimeout(500);
      expect(asked(bridge)).toBe(1);
    });
  });

  test.each([
    [320, '100%'],
    [640, '200%'],
  ])('every view is reached at once, %i px wide at a text size of %s', async (width, textSize) => {
    const { page } = await open(idle, { width, route: 'settings' });
    await page.evaluate(`document.documentElement.style.fontSize = '${textSize}'`);
    const links = await page.getByRole('navigation', { name: 'Views' }).getByRole('link').all();
    expect(links).toHaveLength(6);
    for (const link of links) {
      const box = await link.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= width, (await link.textContent()) ?? '').toBe(true);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});
