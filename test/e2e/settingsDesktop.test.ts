import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { UpdatesView } from '../../src/shared/desktop.js';
import { LimpidError } from '../../src/shared/errors.js';
import { usualPreferences } from '../../src/shared/preferences.js';
import type { AppState } from '../../src/shared/state.js';
import { noBrowserReason } from './browser.js';
import { aDesktop, onDesktop, policy, someKeys } from './desktopStates.js';
import { Keyboard } from './keyboard.js';
import { answerChanges } from './scenes.js';
import { comparing, draws } from './scenes/listening.js';
import { states } from './states.js';
import { eventually, useWindows } from './windows.js';

const keysOf = (page: Page, action: string) => page.getByRole('button', { name: new RegExp(`^${action}`) });
const updates = (page: Page) => page.getByRole('region', { name: 'Updates' });
const said = (page: Page, words: string) => page.getByRole('status').getByText(words).waitFor();
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' });

describe.skipIf(noBrowserReason)(
  `the desktop's settings${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`,
  () => {
    const { open } = useWindows();
    const openSettings = async (state: AppState = onDesktop()) => {
      const window = await open(state, { route: 'settings' });
      answerChanges(window.bridge, state);
      return window;
    };

    test('are not there in a panel, and are not reset from there', async () => {
      const { page, bridge } = await openSettings({
        ...states.idle,
        preferences: { ...usualPreferences, notifies: false },
      });
      await page.getByRole('region', { name: 'Start and keys' }).waitFor();
      expect(await page.getByRole('region', { name: /Updates|whole system|background/ }).count()).toBe(0);
      await page.getByRole('button', { name: 'Reset to defaults' }).click();
      await said(page, 'These settings are at their defaults already.');
      expect(bridge.received).toEqual([]);
    });

    test('are switched by keyboard, told, undone and reset', async () => {
      const { page, bridge } = await openSettings(onDesktop(aDesktop(), { globalShortcuts: someKeys }));
      const keyboard = await Keyboard.at(page);
      for (const [name, told] of [
        ['Start Limpid when you log in', 'What happens when you log in is changed.'],
        ['Keep running when the window is closed', 'What happens when the window is closed is changed.'],
        ['System notifications', 'System notifications are changed.'],
        ['Look for updates', 'The search for updates is changed.'],
      ] as const) {
        await keyboard.tabTo('switch', name);
        await keyboard.press('Space');
        await said(page, told);
      }
      await undo(page).press('Enter');
      await eventually(() => page.getByRole('switch', { name: 'Look for updates' }).isChecked()).toBe(true);
      await page.getByRole('button', { name: 'Reset to defaults' }).press('Enter');
      const { startsAtLogin, staysInTray, notifies, globalShortcuts } = usualPreferences;
      await eventually(() => bridge.argumentsOf('settings.change').at(-1)).toEqual({
        startsAtLogin,
        staysInTray,
        notifies,
        globalShortcuts,
      });
      await undo(page).press('Enter');
      await eventually(() => keysOf(page, 'Bypass').textContent()).toBe('Ctrl+Shift+Space');
      expect(keyboard.unseen).toEqual([]);
    });

    test('keys are recorded, refused, kept, cleared and undone, and Tab is never caught', async () => {
      const { page, bridge } = await openSettings();
      const keyboard = await Keyboard.at(page);
      const toggle = keysOf(page, 'Switch on or off');
      const show = keysOf(page, 'Show the window');
      const alert = page.getByRole('alert');
      await keyboard.tabTo('button', 'Switch on or off No keys');
      await keyboard.press('Enter');
      await said(page, 'Escape leaves it as it is');
      await keyboard.press('l');
      await alert.getByText('Hold a key such as Ctrl').waitFor();
      await page.keyboard.down('Control');
      await page.keyboard.down('Alt');
      await eventually(() => toggle.textContent()).toBe('Ctrl+Alt');
      await keyboard.press('l');
      await page.keyboard.up('Alt');
      await page.keyboard.up('Control');
      await eventually(() => toggle.textContent()).toBe('Ctrl+Alt+L');
      expect(await alert.count()).toBe(0);
      await said(page, 'The system-wide keys are changed.');

      // Space would press the button, Enter too.
      await keyboard.tabTo('button', 'Show the window No keys');
      await keyboard.press('Space');
      await keyboard.press('Control+Alt+l');
      await alert.getByText('Ctrl+Alt+L are already the keys for “Switch on or off”.').waitFor();
      await keyboard.press('Control+Space');
      await eventually(() => show.textContent()).toBe('Ctrl+Space');
      await keyboard.press('Enter');
      await keyboard.press('Escape');
      await eventually(() => show.textContent()).toBe('Ctrl+Space');
      await keyboard.press('Enter');
      await keyboard.press('Tab');
      expect(await show.textContent()).toBe('Ctrl+Space');
      expect((await keyboard.focused()).name).toBe('Remove the keys: Show the window');
      await keyboard.press('Shift+Tab');
      await keyboard.press('Enter');
      await keyboard.press('Delete');
      await eventually(() => show.textContent()).toBe('No keys');
      await page.getByRole('button', { name: 'Remove the keys: Switch on or off' }).press('Enter');
      await eventually(() => toggle.textContent()).toBe('No keys');
      expect((await keyboard.focused()).name).toBe('Switch on or off No keys');
      const none = usualPreferences.globalShortcuts;
      expect(bridge.argumentsOf('settings.change')).toEqual(
        [
          { ...none, toggle: 'Control+Alt+L' },
          { ...none, toggle: 'Control+Alt+L', show: 'Control+Space' },
          { ...none, toggle: 'Control+Alt+L' },
          none,
        ].map((globalShortcuts) => ({ globalShortcuts })),
      );
      // Keys of the whole system would act instead of being recorded.
      const recorded = bridge.argumentsOf('shortcuts.record');
      expect(recorded).toEqual(recorded.map((_, index) => ({ recording: index % 2 === 0 })));
      expect(recorded).toHaveLength(10);
    });

    test('say what the desktop did not give, and list the keys under Help', async () => {
      const problem = { code: 'shortcut.taken', params: { keys: someKeys.toggle } };
      const desktop = aDesktop({
        hasTray: false,
        loginItem: { isSupported: false, problem: null },
        shortcutProblems: { toggle: problem, bypass: null, show: null },
        command: '/home/kim/Limpid.AppImage',
      });
      const { page, bridge } = await openSettings(onDesktop(desktop, { globalShortcuts: someKeys }));
      const described = async () => {
        const ids = (await keysOf(page, 'Switch on or off').getAttribute('aria-describedby'))?.split(' ') ?? [];
        return (await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()))).join(' ');
      };
      expect(await described()).toContain('Another program uses Ctrl+Alt+L already.');
      for (const [name, why] of [
        ['Start Limpid when you log in', 'Here Limpid cannot be started at login.'],
        ['Keep running when the window is closed', 'This desktop shows no such icons'],
      ] as const) {
        const control = page.getByRole('switch', { name });
        await control.press('Space');
        expect(await control.isDisabled()).toBe(true);
        await page.getByText(why).waitFor();
      }
      await page.getByText('If the keys do nothing').click();
      await page.getByText('/home/kim/Limpid.AppImage --toggle').waitFor();
      expect(bridge.received).toEqual([]);
      // There a program runs on without windows anyway.
      await bridge.become(onDesktop(desktop, { globalShortcuts: someKeys }, { platform: 'darwin' }));
      await eventually(() => page.getByRole('switch', { name: /^Keep running/ }).count()).toBe(0);
      expect(await page.getByText('If the keys do nothing').count()).toBe(0);
      await bridge.become(onDesktop(desktop, { globalShortcuts: someKeys }));
      await page.getByRole('link', { name: 'Help' }).click();
      const keys = page.getByRole('region', { name: 'Keyboard' });
      await keys.getByText('In every program: switch Limpid on or off').waitFor();
      expect(
        await keys.locator('div', { hasText: 'In every program: switch to the original' }).locator('dt').textContent(),
      ).toBe('Ctrl+Shift+Space');
      expect(await keys.getByText('In every program: show').count()).toBe(0);
    });

    test('updates tell each phase, are looked for, and installed after a question, never during a recording', async () => {
      const { page, bridge } = await openSettings();
      const become = (part: Partial<UpdatesView>, recording: AppState['recording'] = null) =>
        bridge.become(onDesktop(aDesktop({}, part), {}, { recording }));
      const status = updates(page).getByRole('status').first();
      const install = updates(page).getByRole('button', { name: 'Install and restart…' });
      const look = updates(page).getByRole('button', { name: 'Look for updates now' });
      bridge.prepare('updates.check', () => become({ phase: 'checking' }));
      await look.press('Enter');
      await eventually(() => status.textContent()).toBe('Looking for a newer version…');
      await look.press('Enter');
      expect(bridge.argumentsOf('updates.check')).toHaveLength(1);
      await become({ phase: 'downloading', version: '0.2.0', progress: 0.43 });
      await eventually(() => status.textContent()).toContain('Version 0.2.0 is being downloaded.');
      expect(await updates(page).getByRole('progressbar', { name: 'Downloaded' }).getAttribute('value')).toBe('0.43');
      expect(await status.textContent()).not.toContain('43');

      await become({ phase: 'ready', version: '0.2.0' }, states.recording.recording);
      await updates(page).getByText('cannot be updated while it records').waitFor();
      await install.press('Enter');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await become({ phase: 'ready', version: '0.2.0' });
      bridge.prepare('updates.install', async () => {
        throw new LimpidError('updates.recording');
      });
      await install.press('Enter');
      await page.getByRole('dialog', { name: 'Install the new version and restart Limpid?' }).waitFor();
      expect((await page.evaluate<string>('document.activeElement.textContent')).trim()).toBe('Not now');
      await page.keyboard.press('Escape');
      expect(bridge.argumentsOf('updates.install')).toEqual([]);
      await install.press('Enter');
      await page.getByRole('button', { name: 'Install and restart', exact: true }).press('Enter');
      await updates(page).getByRole('alert').getByText('cannot be updated while it records').waitFor();
      expect(bridge.argumentsOf('updates.install')).toHaveLength(1);

      // What the state says is not said twice.
      const notice = { code: 'backend.dns', params: { host: 'updates.example' } };
      bridge.prepare('updates.check', async () => {
        await become({ phase: 'failed', notice });
        throw new LimpidError(notice.code, notice.params);
      });
      await become({ phase: 'idle' });
      await look.click();
      await eventually(() => status.textContent()).toContain('The name updates.example was not found.');
      expect(await updates(page).getByRole('alert').count()).toBe(0);
      await become({ phase: 'off', notice: { code: 'updates.off-by-policy', params: {} } });
      await eventually(() => look.count()).toBe(0);
    });

    test('what an administrator fixed cannot be changed, on any screen, and says why', async () => {
      const why = 'Your administrator has set this. Reason: Call centre standard 4.';
      const locked: AppState = {
        ...states['token-valid'],
        ...onDesktop(aDesktop(), { globalShortcuts: someKeys }),
        policy,
      };
      const { page, bridge } = await open(locked, { route: 'settings' });
      const switches = page.getByRole('switch');
      expect(await switches.count()).toBe(7);
      for (const control of await switches.all()) {
        await control.press('Space');
        const ids = (await control.getAttribute('aria-describedby'))?.split(' ') ?? [];
        expect(await page.locator(`[id="${ids.at(-1)}"]`).textContent()).toBe(why);
      }
      expect(await page.getByRole('combobox').count()).toBe(0);
      expect(await page.getByRole('button', { name: /^(Switch on or off|Remove)/ }).count()).toBe(0);
      expect(await page.getByRole('radio', { name: 'Dark' }).isDisabled()).toBe(true);
      const reset = page.getByRole('button', { name: 'Reset to defaults' });
      expect(await reset.isDisabled()).toBe(true);
      await reset.press('Enter');
      expect(bridge.argumentsOf('settings.change')).toEqual([]);

      draws(bridge);
      const compared = comparing({ phase: 'ready', seconds: 10 }, states['token-valid']);
      await bridge.become({ ...compared, policy });
      await page.getByRole('link', { name: 'Live' }).click();
      await page.getByRole('slider', { name: 'Strength' }).waitFor();
      expect(await page.getByRole('slider', { name: 'Strength' }).isDisabled()).toBe(true);
      expect(await page.getByRole('combobox').count()).toBe(0);
      const microphone = page.getByRole('textbox', { name: 'Microphone' });
      expect(await microphone.inputValue()).toBe('Shure MV7 Podcast Microphone');
      expect(await microphone.getAttribute('readonly')).not.toBeNull();
      expect(await page.getByRole('radio', { name: /^Remove noise/ }).isDisabled()).toBe(true);
      await page.getByRole('group', { name: 'Player' }).locator('summary').click();
      expect(
        await page.getByRole('textbox', { name: 'This recording plays on' }).getAttribute('readonly'),
      ).not.toBeNull();

      await page.getByRole('link', { name: 'Files' }).click();
      await page.getByText('Folder and names', { exact: true }).click();
      expect(await page.getByLabel('Names of results').getAttribute('readonly')).not.toBeNull();
      expect(await page.getByRole('button', { name: /^Use th/ }).count()).toBe(0);
      // One of the two may be free.
      const some = policy.locked.filter((name) => !name.startsWith('files') || name === 'files.folder');
      await bridge.become({ ...states['token-valid'], policy: { ...policy, locked: some } });
      await eventually(() => page.getByLabel('Names of results').isEditable()).toBe(true);
      expect(await page.getByLabel('Folder for results').isEditable()).toBe(false);

      await page.getByRole('link', { name: 'Backend' }).click();
      const files = page.getByRole('region', { name: 'ai-coustics on this computer' });
      expect(await files.getByLabel('Model', { exact: true }).getAttribute('readonly')).not.toBeNull();
      expect(await files.getByRole('button').count()).toBe(0);
      expect(bridge.received.filter(({ name }) => !['files.list', 'sound.waveforms'].includes(name))).toEqual([]);
    });
  },
);
