import type { Page } from 'playwright-core';
import type { BundlePreview, CheckView, SelfTestResult, SessionHistory } from '../../../src/shared/diagnostics.js';
import type { Notice } from '../../../src/shared/errors.js';
import type { AppState } from '../../../src/shared/state.js';
import type { Scene } from '../scenes.js';
import { states } from '../states.js';
import type { TestBridge } from '../testBridge.js';

const check = (
  id: string,
  result: CheckView['result'],
  required: boolean,
  notice: Notice | null = null,
): CheckView => ({ id, required, result, notice });
const found = (code: string, params: Notice['params'] = {}): Notice => ({ code, params });

/** All fourteen checks on a computer that lacks a microphone, a keychain and a backend. */
export const checkViews: CheckView[] = [
  check('addon', 'ok', true, found('check.addon', { engines: 'gtcrn, bypass', compiler: 'gcc 12.2.0' })),
  check('portaudio', 'ok', true, found('check.portaudio', { version: 'PortAudio V19.7.0-devel', count: 9 })),
  check('sound-server', 'ok', false, found('check.sound-server', { server: 'PulseAudio (on PipeWire 0.3.65)' })),
  check('devices', 'failed', true, found('check.devices-no-input')),
  check('microphone-permission', 'ok', true, found('check.permission-not-needed')),
  check('virtual-microphone', 'ok', false, found('check.virtual-microphone')),
  check('real-time', 'failed', false, found('check.real-time-refused')),
  check('keychain', 'failed', false, found('keychain.locked')),
  check('policy', 'ok', false, found('check.policy-none', { path: '/etc/limpid/policy.json' })),
  check('backend', 'failed', false, found('backend.refused', { host: 'tokens.studio.example' })),
  check('libaic', 'failed', false, found('check.libaic-not-installed')),
  check('model', 'failed', false, found('check.model-not-installed')),
  check('electron', 'ok', false, found('check.electron', { version: '45.4.1' })),
  check('display', 'ok', false, found('check.display')),
];
/** The same with a microphone. */
const withMicrophone: CheckView[] = checkViews.map((view) =>
  view.id === 'devices'
    ? check(
        'devices',
        'ok',
        true,
        found('check.devices', {
          inputs: 3,
          defaultInput: 'Built-in Audio Analog Stereo',
          outputs: 2,
          defaultOutput: 'Built-in Speakers',
        }),
      )
    : view,
);
export const wellViews: CheckView[] = checkViews.map(({ id, required }) =>
  check(id, 'ok', required, found('check.display')),
);

export const startedAtMs = Date.UTC(2026, 10, 21, 9, 30, 0);

/** Forty minutes of talking with a break. */
export const history: SessionHistory = {
  startedAtMs,
  stepSeconds: 4,
  ...(() => {
    const seconds = Array.from({ length: 600 }, (_, index) => index);
    const isBreak = (index: number) => index > 250 && index < 310;
    const series = (read: (index: number) => number) =>
      seconds.map((index) => (isBreak(index) ? null : Math.round(read(index) * 100) / 100));
    const talking = (index: number) => Math.sin(index / 3) * Math.sin(index / 17) > -0.2;
    return {
      inputDb: series((index) => (talking(index) ? -22 + 5 * Math.sin(index * 1.7) : -41)),
      outputDb: series((index) => (talking(index) ? -23 + 5 * Math.sin(index * 1.7) : -62)),
      noiseReductionDb: series((index) => 17 + 3 * Math.sin(index / 40)),
      delayMs: series((index) => 34 + Math.abs(4 * Math.sin(index / 60)) + (index === 420 ? 60 : 0)),
      loadP99: series((index) => 0.09 + 0.03 * Math.abs(Math.sin(index / 25))),
      underruns: series((index) => (index === 420 ? 3 : 0)),
    };
  })(),
  facts: {
    inputDb: { seconds: 2164, lowest: -52.3, mean: -20.9, highest: -14.2 },
    outputDb: { seconds: 2164, lowest: -71.8, mean: -21.8, highest: -15.4 },
    noiseReductionDb: { seconds: 2164, lowest: 14, mean: 17.2, highest: 20 },
    delayMs: { seconds: 2164, lowest: 34, mean: 36.7, highest: 94 },
    loadP99: { seconds: 2164, lowest: 0.06, mean: 0.11, highest: 0.12 },
    underruns: { seconds: 2164, lowest: 0, mean: 3 / 2164, highest: 3 },
  },
  changes: [
    { atMs: startedAtMs, notice: found('session.input', { name: 'Shure MV7 Podcast Microphone' }) },
    { atMs: startedAtMs, notice: found('session.output', { name: 'USB Headphones' }) },
    { atMs: startedAtMs + 1_680_000, notice: found('device.lost', { name: 'Shure MV7 Podcast Microphone' }) },
    { atMs: startedAtMs + 1_686_000, notice: found('session.problem-over') },
  ],
};
export const emptySession: SessionHistory = {
  startedAtMs,
  stepSeconds: 1,
  inputDb: [],
  outputDb: [],
  noiseReductionDb: [],
  delayMs: [],
  loadP99: [],
  underruns: [],
  facts: { inputDb: null, outputDb: null, noiseReductionDb: null, delayMs: null, loadP99: null, underruns: null },
  changes: [],
};

const names = { inputName: 'Built-in Audio Analog Stereo', outputName: 'USB Headphones' };
export const passed: SelfTestResult = {
  heard: 30,
  played: 30,
  roundTripMs: 48.3,
  jitterMs: 1.4,
  gaps: 0,
  gapSeconds: 0,
  signalDb: -31.2,
  noiseDb: -58.9,
  verdict: found('selfTest.fine', { delayMs: 48 }),
  passed: true,
  ...names,
};
export const unheard: SelfTestResult = {
  ...passed,
  heard: 0,
  roundTripMs: null,
  jitterMs: null,
  signalDb: null,
  verdict: found('selfTest.nothing-heard', { input: names.inputName, output: names.outputName }),
  passed: false,
};

const file = (name: string, purpose: string, text: string) => ({
  name,
  purpose: found(purpose),
  text,
  bytes: Buffer.byteLength(text),
});
export const preview: BundlePreview = {
  id: 'preview-1',
  entries: [
    file(
      'report.html',
      'bundle.report',
      `<!doctype html>\n<title>Limpid session report</title>\n${'<p>…</p>\n'.repeat(1800)}`,
    ),
    file('checks.txt', 'bundle.checks', ' 1 addon · Well · The native core is loaded.\n'),
    file('problems.txt', 'bundle.problems', '2026-11-21T09:58:00.000Z device.lost “Shure MV7” is not there.\n'),
    file('session.json', 'bundle.session', '{ "stepSeconds": 4 }\n'),
    file('state.json', 'bundle.state', '{ "state": { "phase": "running" } }\n'),
    file('settings.json', 'bundle.settings', '{\n  "engine": "gtcrn",\n  "recordingsFolder": "~/Music/Limpid"\n}\n'),
    file('policy.json', 'bundle.policy', '{ "isInForce": false }\n'),
    file('versions.json', 'bundle.versions', '{ "limpid": "0.1.0" }\n'),
  ],
};

/** Main as it answers the screen of diagnostics. */
export function prepareDiagnostics(bridge: TestBridge): void {
  bridge.prepare('session.history', async () => history);
  bridge.prepare('diagnostics.run', async () => checkViews);
  bridge.prepare('bundle.preview', async () => preview);
}

const scene = (state: AppState, act?: Scene['act'], prepare: Scene['prepare'] = prepareDiagnostics): Scene => ({
  state,
  route: 'diagnostics',
  prepare,
  ...(act ? { act } : {}),
});
const tested = (last: SelfTestResult | null, running: AppState['selfTest']['running'] = null): AppState => ({
  ...states.idle,
  selfTest: { running, last },
});
const withoutMicrophone: AppState = {
  ...states.idle,
  input: { chosen: 'default', chosenName: null, present: false, devices: [] },
};
const virtual: AppState = {
  ...states.idle,
  output: { ...states.idle.output, chosen: 'virtual', chosenName: 'Limpid microphone' },
};

const runChecks = async (page: Page) => {
  await page.getByRole('button', { name: 'Run the checks' }).click();
  await page.getByText('1 needed check failed.').waitFor();
};
const openBundle = async (page: Page) => {
  await page.getByRole('button', { name: 'Support bundle…' }).click();
  await page.getByText('settings.json').click();
  await page.getByRole('region', { name: 'Content of settings.json' }).waitFor();
};

export const diagnosticsScenes: Record<string, Scene> = {
  diagnostics: scene(states.running),
  'diagnostics-virtual': scene(virtual, undefined, (bridge) =>
    bridge.prepare('session.history', async () => emptySession),
  ),
  'diagnostics-busy': scene(tested(null, { seconds: 11, totalSeconds: 30 }), async (page, bridge) => {
    bridge.prepare('diagnostics.run', () => new Promise<never>(() => undefined));
    await page.getByRole('button', { name: 'Run the checks' }).click();
    const open = (result: CheckView['result'], views: CheckView[]) =>
      views.map((view) => ({ ...view, result, notice: null }));
    await bridge.emit('diagnostics.checked', [
      ...withMicrophone.slice(0, 7),
      ...open('running', withMicrophone.slice(7, 8)),
      ...open('waiting', withMicrophone.slice(8)),
    ]);
    await page.getByText('Check 8 of 14: Keychain').waitFor();
  }),
  'diagnostics-checked': scene(withoutMicrophone, runChecks),
  'diagnostics-passed': scene(tested(passed), (page) => page.getByText('What changed (4)').click()),
  'diagnostics-unheard': scene(tested(unheard)),
  'diagnostics-bundle': scene(states.idle, openBundle),
  'diagnostics-saved': scene(states.idle, async (page, bridge) => {
    const path = '/home/kim/Documents/Limpid/Limpid support bundle 2026-11-21 10-12-44.zip';
    bridge.prepare('bundle.save', async () => ({ path }));
    await page.getByRole('button', { name: 'Support bundle…' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(`Saved: ${path}`).waitFor();
  }),
};

const german = (state: AppState): AppState => ({ ...state, preferences: { ...state.preferences, language: 'de' } });
export const germanDiagnosticsScenes: Record<string, Scene> = {
  'german-diagnostics-unheard': scene(german(tested(unheard)), async (page, bridge) => {
    bridge.prepare('diagnostics.run', async () => withMicrophone);
    await page.getByRole('button', { name: 'Jetzt prüfen' }).click();
    await page.getByText('3 weitere Prüfungen sind fehlgeschlagen.').waitFor();
  }),
  'german-diagnostics-bundle': scene(german(virtual), async (page) => {
    await page.getByRole('button', { name: 'Diagnosepaket…' }).click();
    await page.getByText('settings.json').click();
  }),
};
