import type { AppState } from '../../../src/shared/state.js';
import { aDesktop, onDesktop, policy, someKeys } from '../desktopStates.js';
import type { Scene } from '../scenes.js';
import { states } from '../states.js';

/** Nothing goes as it should: keys that others have, no tray, a login item that was refused. */
const troubled = aDesktop(
  {
    hasTray: false,
    loginItem: { isSupported: true, problem: { code: 'login.refused', params: {} } },
    shortcutProblems: {
      toggle: { code: 'shortcut.taken', params: { keys: someKeys.toggle } },
      bypass: { code: 'shortcut.wayland', params: { keys: someKeys.bypass, command: 'limpid --bypass' } },
      show: null,
    },
  },
  { phase: 'failed', notice: { code: 'updates.unreachable', params: { host: 'updates.limpid.example' } } },
);

const german = (state: AppState): AppState => ({ ...state, preferences: { ...state.preferences, language: 'de' } });
const settings = (state: AppState, act?: Scene['act']): Scene => ({
  state,
  route: 'settings',
  ...(act ? { act } : {}),
});
const openDetails: Scene['act'] = async (page) => {
  for (const summary of await page.locator('summary').all()) await summary.click();
};
const ready = { phase: 'ready', version: '0.2.0' } as const;
const lockedDesk = onDesktop(aDesktop({}, { phase: 'off', notice: { code: 'updates.off-by-policy', params: {} } }), {
  globalShortcuts: someKeys,
});

export const desktopScenes: Record<string, Scene> = {
  'desktop-settings': settings(onDesktop(), openDetails),
  'desktop-recording-keys': settings(onDesktop(aDesktop(), { globalShortcuts: someKeys }), async (page) => {
    await page.getByRole('button', { name: /^Show the window/ }).click();
    await page.keyboard.press('Control+Alt+L');
    await page.getByText('are already the keys for').waitFor();
  }),
  'desktop-troubled': settings(onDesktop(troubled, { globalShortcuts: someKeys, startsAtLogin: true })),
  'desktop-downloading': settings(
    onDesktop(
      aDesktop({}, { phase: 'downloading', version: '0.2.0', progress: 0.43 }),
      { staysInTray: true },
      { platform: 'darwin' },
    ),
  ),
  'desktop-update-ready': settings(
    onDesktop(
      aDesktop({}, ready),
      { globalShortcuts: someKeys },
      { platform: 'darwin', recording: states.recording.recording },
    ),
  ),
  'desktop-locked': settings({ ...lockedDesk, policy }, openDetails),
  'live-locked': {
    state: { ...states['token-valid'], policy },
    route: 'live',
    act: openDetails,
  },
  'files-locked': { state: { ...states.idle, policy }, route: 'files', act: openDetails },
  'german-desktop-settings': settings(german(onDesktop(troubled, { globalShortcuts: someKeys })), openDetails),
  'german-desktop-locked': settings(german({ ...lockedDesk, policy })),
};
