import type { Page } from 'playwright-core';
import type { ConnectionStep } from '../../src/shared/backend.js';
import { preferences, usualPreferences } from '../../src/shared/preferences.js';
import type { AppState } from '../../src/shared/state.js';
import { desktopScenes } from './scenes/desktop.js';
import { diagnosticsScenes, germanDiagnosticsScenes } from './scenes/diagnostics.js';
import { filesScenes } from './scenes/files.js';
import { listeningScenes } from './scenes/listening.js';
import { liveScenes } from './scenes/live.js';
import { signInScenes } from './scenes/signIn.js';
import { welcomeScenes } from './scenes/welcome.js';
import { stateNames, states } from './states.js';
import type { TestBridge } from './testBridge.js';

export type Route = 'live' | 'files' | 'backend' | 'diagnostics' | 'settings' | 'help' | 'welcome';

/** A face of the window: a state of main, the view, and what was done before it is looked at. */
export interface Scene {
  state: AppState;
  route: Route;
  /** What main answers from the first moment on. */
  prepare?(bridge: TestBridge): void;
  act?(page: Page, bridge: TestBridge): Promise<void>;
}

const host = 'tokens.studio.example';
const step = (
  id: ConnectionStep['id'],
  code: string,
  params: ConnectionStep['notice']['params'],
  tookMs: number | null = null,
  result: ConnectionStep['result'] = 'ok',
): ConnectionStep => ({ id, result, notice: { code, params }, tookMs });

const firstSteps = [
  step('url', 'connection.url', { host }, 0.1),
  step('credential', 'connection.credential', { kind: 'Bearer' }, 3.2),
  step('dns', 'connection.dns', { host, addresses: '203.0.113.7' }, 21),
  step('connect', 'connection.connect', { address: '203.0.113.7', port: 443 }, 18),
];

/** All nine steps of a test that goes well, but for the clocks. */
export const passedSteps: ConnectionStep[] = [
  ...firstSteps,
  step('tls', 'connection.tls', { protocol: 'TLSv1.3', issuer: 'Example CA', count: 61 }, 24),
  step('http', 'connection.http', { status: 200 }, 87),
  step('shape', 'connection.shape', { path: 'token' }, 0.4),
  step('claims', 'connection.claims', { remaining: { code: 'duration.minutes', params: { count: 59 } } }, 0.2),
  step(
    'clock',
    'connection.clock-behind',
    { difference: { code: 'duration.minutes', params: { count: 3 } } },
    null,
    'warning',
  ),
];

/** A test that ends where the encryption should begin. */
export const failedSteps: ConnectionStep[] = [
  ...firstSteps,
  step('tls', 'backend.tls-untrusted', { host, issuer: 'Contoso Root CA' }, 23, 'failed'),
  ...(['http', 'shape', 'claims', 'clock'] as const).map((id) => step(id, 'connection.skipped', {}, null, 'skipped')),
];

const runTest = (page: Page) => page.getByRole('button', { name: 'Test connection' }).click();
const openDetails = async (page: Page) => {
  for (const summary of await page.locator('summary').all()) await summary.click();
};

const backend = (act?: Scene['act']): Scene => ({ state: states.backend, route: 'backend', ...(act ? { act } : {}) });

/** Scenes that need more than a state. */
const acted = {
  'token-details': { state: states['token-valid'], route: 'live', act: openDetails },
  'recording-folder': { state: states.recording, route: 'live', act: openDetails },
  'backend-details': backend(openDetails),
  'backend-testing': backend(async (page, bridge) => {
    bridge.prepare('backend.test', () => new Promise<never>(() => undefined));
    await runTest(page);
    for (const each of firstSteps) await bridge.emit('backend.tested', { name: 'production', step: each });
    await page.getByText('Connected to').waitFor();
  }),
  'backend-test-failed': backend(async (page, bridge) => {
    bridge.prepare('backend.test', async () => failedSteps);
    await runTest(page);
    await page.getByText('It stopped at: Encryption.').waitFor();
  }),
  'backend-test-passed': backend(async (page, bridge) => {
    bridge.prepare('backend.test', async () => passedSteps);
    await runTest(page);
    await page.getByText('It works, but have a look at this: Clocks.').waitFor();
  }),
  'backend-invalid': backend(async (page) => {
    await openDetails(page);
    await page.getByRole('button', { name: 'Add a header' }).click();
    await page.getByLabel('Name of header 1').fill('not a name');
    await page.getByLabel('Address').fill('http://tokens.studio.example/token');
    await page.getByRole('button', { name: 'Save' }).first().click();
  }),
  'backend-new': backend((page) => page.getByRole('button', { name: 'Add an environment' }).click()),
  'backend-delete': backend((page) => page.getByRole('button', { name: 'Delete…' }).click()),
  'backend-leave': backend(async (page) => {
    await page.getByLabel('Address').fill('https://elsewhere.example/token');
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('dialog').waitFor();
  }),
} satisfies Record<string, Scene>;

const settings = (part: Partial<AppState['preferences']>, act?: Scene['act']): Scene => ({
  state: { ...states.idle, preferences: { ...usualPreferences, ...part } },
  route: 'settings',
  ...(act ? { act } : {}),
});

/** Main as it answers a change of the preferences. */
export const answerChanges = (bridge: TestBridge, state: AppState): void => {
  let now = state;
  bridge.prepare('settings.change', (changes) => {
    now = { ...now, preferences: preferences.parse({ ...now.preferences, ...changes }) };
    return bridge.become(now);
  });
};

const german = (scene: Scene): Scene => ({
  ...scene,
  state: { ...scene.state, preferences: { ...scene.state.preferences, language: 'de' } },
});
const germanStates = [
  'running',
  'question',
  'device-lost',
  'permission-denied',
  'aic-no-backend',
  'token-rejected',
  'token-offline',
  'recording-low-disk',
  'recording-failed',
  'backend-locked',
] as const satisfies (keyof typeof states)[];

const settingsScenes = {
  settings: settings({}),
  'settings-changed': settings({}, async (page, bridge) => {
    answerChanges(bridge, settings({}).state);
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
  }),
  'settings-chosen-light': settings({ theme: 'light' }),
} satisfies Record<string, Scene>;

const germanScenes: Record<string, Scene> = {
  'german-token-details': german({ state: states['token-valid'], route: 'live', act: openDetails }),
  'german-backend-details': german(backend(openDetails)),
  'german-backend-test-failed': german(
    backend(async (page, bridge) => {
      bridge.prepare('backend.test', async () => failedSteps);
      await page.getByRole('button', { name: 'Verbindung testen' }).click();
      await page.getByText('Hier ging es nicht weiter: Verschlüsselung.').waitFor();
    }),
  ),
  'german-backend-invalid': german(
    backend(async (page) => {
      await openDetails(page);
      await page.getByRole('button', { name: 'Kopfzeile hinzufügen' }).click();
      await page.getByLabel('Name der Kopfzeile 1').fill('kein Name');
      await page.getByLabel('Adresse').fill('http://tokens.studio.example/token');
      await page.getByRole('button', { name: 'Speichern' }).first().click();
    }),
  ),
  'german-settings': german(
    settings({}, async (page, bridge) => {
      answerChanges(bridge, german(settings({})).state);
      await page.getByRole('button', { name: 'Auf Standard zurücksetzen' }).waitFor();
      await page.getByRole('radio', { name: 'Hell' }).click();
      await page.getByRole('button', { name: 'Rückgängig' }).waitFor();
    }),
  ),
};

const plain = stateNames.map((name): [string, Scene] => [
  name,
  { state: states[name], route: name.startsWith('backend') ? 'backend' : 'live' },
]);

/** Every scene, by the name of its screenshot. */
export const scenes: Record<string, Scene> = {
  ...Object.fromEntries(plain),
  ...acted,
  ...settingsScenes,
  ...Object.fromEntries(
    germanStates.map((name) => [
      `german-${name}`,
      german({ state: states[name], route: name.startsWith('backend') ? 'backend' : 'live' }),
    ]),
  ),
  ...germanScenes,
  ...listeningScenes,
  ...liveScenes,
  ...welcomeScenes,
  ...filesScenes,
  ...diagnosticsScenes,
  ...germanDiagnosticsScenes,
  ...signInScenes,
  ...desktopScenes,
};
