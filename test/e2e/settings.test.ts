import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { usualPreferences, type Preferences } from '../../src/shared/preferences.js';
import type { AppState } from '../../src/shared/state.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { answerChanges } from './scenes.js';
import { states } from './states.js';
import { eventually, useWindows } from './windows.js';

const liking = (part: Partial<Preferences>, state: AppState = states.idle): AppState => ({
  ...state,
  preferences: { ...usualPreferences, ...part },
});
const language = (page: Page) => page.getByRole('combobox', { name: /Language|Sprache/ });
const undo = (page: Page) => page.getByRole('button', { name: /^(Undo|Rückgängig)$/ });
const pageColour = (page: Page) => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
const [light, dark] = ['rgb(238, 243, 245)', 'rgb(12, 20, 24)'];

describe.skipIf(noBrowserReason)(`the settings${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open, openAlone } = useWindows();
  const openSettings = async (part: Partial<Preferences> = {}) => {
    const state = liking(part);
    const window = await open(state, { route: 'settings' });
    answerChanges(window.bridge, state);
    return window;
  };

  test('are a view of their own, with its name and its heading', async () => {
    const { page, bridge } = await open(states.idle);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Settings');
    expect(await page.title()).toBe('Limpid: Settings');
    expect(bridge.received).toEqual([]);
  });

  describe('the language', () => {
    test('changes at once and everywhere, and is undone by keyboard alone', async () => {
      const { page, bridge } = await openSettings();
      await language(page).selectOption('de');
      await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('de');
      expect(await page.title()).toBe('Limpid: Einstellungen');
      await page.getByRole('status').getByText('Die Sprache wurde geändert.').waitFor();
      await undo(page).press('Enter');
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('en');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('The last change is undone.');
      expect(bridge.argumentsOf('settings.change')).toEqual([{ language: 'de' }, { language: 'system' }]);
    });

    test('is the browser’s own where nothing was chosen', async () => {
      const german = await open(liking({}), { locale: 'de-AT' });
      await german.page.getByText('Schalten Sie Limpid ein, um Ihre Stimme zu entrauschen.').waitFor();
      const french = await open(liking({}), { locale: 'fr-FR' });
      await french.page.getByText('Switch Limpid on to clean your voice.').waitFor();
      const chosen = await open(liking({ language: 'en' }), { locale: 'de-DE' });
      await chosen.page.getByText('Switch Limpid on to clean your voice.').waitFor();
    });

    test('is the browser’s own also without a main to ask', async () => {
      const page = await openAlone('de-DE');
      await page.getByRole('alert').getByText('Diese Seite erreicht Limpid nicht.').waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    });

    test('has its numbers and times, and speaks of what went wrong in main', async () => {
      const { page } = await open(liking({ language: 'de' }, states['token-offline']));
      const card = page.getByRole('region', { name: 'Token für production' });
      await card.getByText('Der Name tokens.studio.example wurde nicht gefunden.').waitFor();
      await card.getByText('Verlauf').click();
      await card.getByText('Kein neues Token: tokens.studio.example antwortet nicht.').waitFor();
      const figures = page.getByRole('region', { name: 'Live-Werte' });
      await eventually(() => figures.textContent()).toContain('4,3\u00a0%');
    });

    test('tells a refusal in German', async () => {
      const { page, bridge } = await open(liking({ language: 'de' }));
      bridge.prepare('live.start', async () => {
        throw new LimpidError('output.not-chosen');
      });
      await page.getByRole('switch').click();
      await page.getByRole('alert').getByText('Es wurde kein Ausgang gewählt').waitFor();
    });

    test('loses nothing of what is being typed', async () => {
      const { page, bridge } = await open(states.backend, { route: 'backend' });
      await page.getByLabel('Address').fill('https://half.exam');
      await bridge.become(liking({ language: 'de' }, states.backend));
      await page.getByText('Noch nicht gespeichert.').waitFor();
      expect(await page.getByLabel('Adresse').inputValue()).toBe('https://half.exam');
      expect(await page.evaluate('document.activeElement.value')).toBe('https://half.exam');
    });
  });

  describe('the colours', () => {
    test('follow the system, and its changes', async () => {
      const { page } = await openSettings();
      expect(await pageColour(page)).toBe(light);
      await page.emulateMedia({ colorScheme: 'dark' });
      await eventually(() => pageColour(page)).toBe(dark);
    });

    test.each([
      ['dark', 'Dark', 'light', dark],
      ['light', 'Light', 'dark', light],
    ] as const)('are %s when that was chosen, whatever the system has', async (theme, name, scheme, colour) => {
      const { page } = await openSettings();
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByRole('radio', { name, exact: true }).click();
      await eventually(() => pageColour(page)).toBe(colour);
      expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe(theme);
      expect(await findAccessibilityProblems(page)).toEqual([]);
    });

    test('also of the picture of the levels', async () => {
      const { page, bridge } = await open(liking({}, states.running));
      const picture = () => page.evaluate<string>(`document.querySelector('canvas').toDataURL()`);
      const before = await picture();
      await bridge.become(liking({ theme: 'dark' }, states.running));
      await eventually(picture).not.toBe(before);
    });
  });

  describe('switches', () => {
    const names = {
      startsAtLaunch: ['Switch the sound on when Limpid starts', 'What happens at the start of Limpid is changed.'],
      singleKeyShortcuts: ['Single-key shortcuts', 'The single keys are changed.'],
      vendorErrorReports: ['Error reports to ai-coustics', 'What is sent to the vendor is changed.'],
    } as const;

    test.each(Object.entries(names))('%s is turned by keyboard, told, and undone', async (name, [label, told]) => {
      const { page, bridge } = await openSettings();
      const control = page.getByRole('switch', { name: label });
      const before = await control.isChecked();
      await control.press('Space');
      await page.getByRole('status').getByText(told).waitFor();
      expect(await control.isChecked()).toBe(!before);
      await undo(page).press('Enter');
      await eventually(() => control.isChecked()).toBe(before);
      expect(bridge.argumentsOf('settings.change')).toEqual([{ [name]: !before }, { [name]: before }]);
    });

    test('say when a loaded library makes them wait', async () => {
      const { page, bridge } = await openSettings();
      const later = page.getByText('a change takes effect at the next start of Limpid.');
      expect(await later.count()).toBe(0);
      await bridge.become(states['token-valid']);
      await later.waitFor();
      // The sound is off again; the library stays.
      const { licensed } = states['token-valid'];
      await bridge.become({ ...states.idle, licensed: { ...licensed, loaded: null } });
      await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
      expect(await later.count()).toBe(1);
    });
  });

  describe('usage metrics', () => {
    const metrics = { enable: true, sessionId: 'desk 4', exportIntervalMs: 30_000 };
    const withMetrics = (part: Partial<AppState['licensed']>): AppState => ({
      ...states.idle,
      licensed: { ...states.idle.licensed, otel: metrics, ...part },
    });

    test('say where they go, and are switched off without losing the rest', async () => {
      const { page, bridge } = await open(withMetrics({}), { route: 'settings' });
      bridge.prepare('licensed.choose');
      await page.getByText('OTEL_EXPORTER_OTLP_ENDPOINT').waitFor();
      await page.getByText('Sent every 30\u00a0s with the session name “desk 4”.').waitFor();
      await page.getByRole('radio', { name: 'Do not send' }).click();
      await eventually(() => bridge.argumentsOf('licensed.choose')).toEqual([{ otel: { ...metrics, enable: false } }]);
    });

    test('are not switched on by a key on its way to another choice', async () => {
      const { page, bridge } = await open(withMetrics({ otel: null }), { route: 'settings' });
      bridge.prepare('licensed.choose', ({ otel }) => bridge.become(withMetrics({ otel: otel ?? null })));
      const isChecked = (name: string) => page.getByRole('radio', { name, exact: true }).isChecked();
      await page.locator('input[type=radio][value=system]').last().focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
      await eventually(() => isChecked('Do not send')).toBe(true);
      await page.keyboard.press('ArrowUp');
      await eventually(() => isChecked('Do not send')).toBe(false);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowLeft');
      const sent = bridge.argumentsOf('licensed.choose') as { otel: { enable: boolean } | null }[];
      expect(sent.map(({ otel }) => otel?.enable ?? null)).toEqual([false, null]);
    });

    test('say why they are fixed, and cannot be changed then', async () => {
      const reason = { code: 'policy.locked', params: { path: '/etc/limpid/policy.json', reason: 'Ask room 4.' } };
      const { page } = await open(withMetrics({ metricsLockReason: reason }), { route: 'settings' });
      await page.getByText('Ask room 4.').waitFor();
      expect(await page.getByRole('radio', { name: 'Send', exact: true }).isChecked()).toBe(true);
      expect(await page.getByRole('radio', { name: 'Do not send' }).isDisabled()).toBe(true);
    });
  });

  test('show the folder of recordings, and change it', async () => {
    const { page, bridge } = await openSettings();
    bridge.prepare('recording.setFolder');
    await page.getByText('Change the folder').click();
    await page.getByLabel('Folder').fill('/data/takes');
    await page.getByLabel('Folder').press('Enter');
    await eventually(() => bridge.argumentsOf('recording.setFolder')).toEqual([{ folder: '/data/takes' }]);
  });

  describe('reset to defaults', () => {
    test('resets all, and its undo brings all back', async () => {
      const { page, bridge } = await openSettings({ language: 'en', theme: 'dark' });
      await page.getByRole('button', { name: 'Reset to defaults' }).press('Enter');
      await page.getByRole('status').getByText('These settings are back to their defaults.').waitFor();
      await eventually(() => pageColour(page)).toBe(light);
      await undo(page).click();
      await eventually(() => pageColour(page)).toBe(dark);
      expect(bridge.argumentsOf('settings.change')).toEqual([
        { language: 'system', theme: 'system' },
        { language: 'en', theme: 'dark' },
      ]);
    });

    test('says so when there is nothing to reset', async () => {
      const { page, bridge } = await openSettings();
      await page.getByRole('button', { name: 'Reset to defaults' }).click();
      await page.getByRole('status').getByText('These settings are at their defaults already.').waitFor();
      expect(await undo(page).count()).toBe(0);
      expect(bridge.received).toEqual([]);
    });
  });

  test('undo leaves alone what another window changed meanwhile', async () => {
    const { page, bridge } = await openSettings();
    await page.getByRole('radio', { name: 'Dark' }).click();
    await undo(page).waitFor();
    await bridge.become(liking({ theme: 'dark', language: 'de' }));
    await undo(page).click();
    expect(bridge.argumentsOf('settings.change').at(-1)).toEqual({ theme: 'system' });
  });

  test('a change that main refuses is told, and offers no undo', async () => {
    const { page, bridge } = await open(liking({}), { route: 'settings' });
    bridge.prepare('settings.change', async () => {
      throw new LimpidError('settings.unwritable', { path: '/x', detail: 'EACCES' });
    });
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.getByRole('alert').getByText('could not be written to /x').waitFor();
    expect(await page.getByRole('radio', { name: 'As the system' }).isChecked()).toBe(true);
    expect(await undo(page).count()).toBe(0);
  });

  test('an undo that main refuses is not called undone, and can be tried again', async () => {
    const { page, bridge } = await openSettings();
    await page.getByRole('radio', { name: 'Dark' }).click();
    await undo(page).waitFor();
    bridge.prepare('settings.change', async () => {
      throw new LimpidError('settings.unwritable', { path: '/x', detail: 'EACCES' });
    });
    await undo(page).click();
    await page.getByRole('alert').getByText('could not be written to /x').waitFor();
    expect(await page.getByText('The last change is undone.').count()).toBe(0);
    expect(await undo(page).count()).toBe(1);
  });

  test('undo goes back to where arrow keys began, over every option they passed', async () => {
    const { page, bridge } = await openSettings();
    await page.getByRole('radio', { name: 'As the system' }).focus();
    await page.keyboard.press('ArrowDown');
    await eventually(() => page.getByRole('radio', { name: 'Light' }).isChecked()).toBe(true);
    await page.keyboard.press('ArrowDown');
    await eventually(() => page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    await undo(page).click();
    await eventually(() => page.getByRole('radio', { name: 'As the system' }).isChecked()).toBe(true);
    expect(bridge.argumentsOf('settings.change')).toEqual([{ theme: 'light' }, { theme: 'dark' }, { theme: 'system' }]);
    await page.getByText('The last change is undone.').waitFor();
    expect(await undo(page).count()).toBe(0);
  });

  describe('a later start', () => {
    test('begins as it was, while main is still silent', async () => {
      const { page, bridge } = await open(liking({ language: 'de', theme: 'dark' }));
      await eventually(() => pageColour(page)).toBe(dark);
      bridge.answering = false;
      await page.reload();
      await eventually(() => page.evaluate('document.documentElement.lang')).toBe('de');
      expect(await pageColour(page)).toBe(dark);
    });

    test('has its colours before the page’s own script has run', async () => {
      const page = await openAlone();
      await page.evaluate(`localStorage.setItem('limpid.preferences', '{"language":"de","theme":"dark"}')`);
      await page.route('**/assets/*.js', (route) => route.abort());
      await page.reload();
      expect(await page.evaluate('document.getElementById("root").childElementCount')).toBe(0);
      expect(await pageColour(page)).toBe(dark);
    });
  });
});
