import type { Page } from 'playwright-core';
import { LimpidError } from '../../../src/shared/errors.js';
import type { AppState } from '../../../src/shared/state.js';
import { aDesktop, onDesktop, someKeys } from '../desktopStates.js';
import type { Scene } from '../scenes.js';
import { states } from '../states.js';
import { comparing, draws, openInPlayer } from './listening.js';
import type { TestBridge } from '../testBridge.js';

/** As on the first start: nothing chosen but the system's microphone. */
export const fresh: AppState = { ...states.idle, welcomed: false, output: { ...states.idle.output, chosen: null } };
const seen: AppState = { ...states.idle, welcomed: true };

const speaking = { peakDb: -14, rmsDb: -26 };
const silence = { peakDb: -200, rmsDb: -200 };

/** Main as it answers a window that listens. */
export const listens = (bridge: TestBridge) => bridge.prepare('microphone.listen');
const isBusy = (bridge: TestBridge) =>
  bridge.prepare('microphone.listen', async () => {
    throw new LimpidError('device.busy', { detail: 'Device or resource busy' }, { retryable: true });
  });

/** Sends a level until the words say what it means. */
async function hear(page: Page, bridge: TestBridge, level: typeof speaking, words: string): Promise<void> {
  for (let count = 0; count < 40 && !(await page.getByText(words).isVisible()); count += 1) {
    await bridge.emit('microphone.heard', level);
    await page.waitForTimeout(100);
  }
  await page.getByText(words).waitFor();
}

const goTo = async (page: Page, step: number, next = 'Next') => {
  for (let count = 1; count < step; count += 1) await page.getByRole('button', { name: next, exact: true }).click();
};

const welcome = (state: AppState, act?: Scene['act']): Scene => ({
  state,
  route: 'welcome',
  prepare: listens,
  ...(act ? { act } : {}),
});
const german = (state: AppState): AppState => ({ ...state, preferences: { ...state.preferences, language: 'de' } });

export const welcomeScenes: Record<string, Scene> = {
  'welcome-microphone': welcome(fresh, (page, bridge) => hear(page, bridge, speaking, 'Limpid hears you well.')),
  'welcome-silent': welcome(fresh, (page, bridge) => hear(page, bridge, silence, 'Nothing comes from this microphone')),
  'welcome-busy': {
    ...welcome(fresh, (page) => page.getByText('Another program is using the device').waitFor()),
    prepare: isBusy,
  },
  'welcome-denied': welcome({ ...fresh, platform: 'darwin', microphonePermission: 'denied' }),
  'welcome-hear': welcome(fresh, (page) => goTo(page, 2)),
  'welcome-heard': {
    ...welcome(
      openInPlayer(
        { playing: true, heard: 'enhanced', positionSeconds: 4 },
        comparing({ phase: 'ready', seconds: 10 }, fresh),
      ),
      (page) => goTo(page, 2),
    ),
    prepare: (bridge) => {
      listens(bridge);
      draws(bridge);
    },
  },
  'welcome-engine': welcome(fresh, (page) => goTo(page, 3)),
  'welcome-engine-ready': welcome({ ...states.backend, welcomed: true }, (page) => goTo(page, 3)),
  'german-welcome-microphone': welcome(german(fresh), (page, bridge) =>
    hear(page, bridge, speaking, 'Limpid hört Sie gut.'),
  ),
  'german-welcome-hear': welcome(german(fresh), (page) => goTo(page, 2, 'Weiter')),
  'german-welcome-engine': welcome(german(fresh), (page) => goTo(page, 3, 'Weiter')),
  help: { state: seen, route: 'help' },
  'help-no-cable': {
    state: {
      ...onDesktop(aDesktop(), { globalShortcuts: { ...someKeys, show: 'Super+F9' } }),
      platform: 'win32',
      recordings: { ...seen.recordings, folder: 'C:\\Users\\kim\\Music\\Limpid' },
      virtualMicrophone: { supported: false, active: false },
    },
    route: 'help',
  },
  'german-help': { state: german(seen), route: 'help' },
  mishap: { state: { ...states.running, mishap: { code: 'mishap', params: { count: 14 } } }, route: 'live' },
};
