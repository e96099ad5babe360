import type { Page } from 'playwright-core';
import { usualPreferences } from '../../../src/shared/preferences.js';
import type { AppState } from '../../../src/shared/state.js';
import type { Scene } from '../scenes.js';
import { measuredAt, states } from '../states.js';
import type { TestBridge } from '../testBridge.js';

const bands = 128;

/** Levels of a voice that glides over a hum, as main would tell them; after enhancement the ground is quieter. Whole dB. */
function spokenAt(moment: number): { inputDb: number[]; outputDb: number[] } {
  const syllable = Math.max(0, Math.sin(moment / 3)) ** 2;
  const pitch = 22 + 4 * Math.sin(moment / 11);
  const levelOf = (band: number, groundDb: number): number => {
    const harmonic = Math.cos((2 * Math.PI * (band - pitch)) / 9);
    const voiceDb = -34 - band / 3 + 12 * harmonic + 30 * Math.log10(syllable + 0.001);
    return Math.round(Math.max(groundDb - band / 8, voiceDb));
  };
  const both = (groundDb: number) => Array.from({ length: bands }, (_, band) => levelOf(band, groundDb));
  return { inputDb: both(-58), outputDb: both(-86) };
}

/** Main as it tells spectra of a voice. */
export function answerSpectra(bridge: TestBridge): void {
  let moment = 0;
  bridge.prepare('live.spectra', async () => spokenAt((moment += 1)));
}

/** A clock that goes on with each answer, so that a busy machine draws the same picture. */
const steadyClock = `{
  let nowMs = 0;
  performance.now = () => nowMs;
  const { call } = window.limpid;
  window.limpid.call = async (name, argument) => {
    const answer = await call(name, argument);
    if (name === 'live.spectra') setTimeout(() => (nowMs += 200), 5);
    return answer;
  };
}`;

/** Lets the spectrogram run until its picture is full. */
const runSpectrogram: Scene['act'] = async (page: Page, bridge: TestBridge) => {
  answerSpectra(bridge);
  await page.evaluate(steadyClock);
  await page.locator('.spectrum-canvas').scrollIntoViewIfNeeded();
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const isFull = () => bridge.argumentsOf('live.spectra').length >= 52;
  for (let count = 0; count < 200 && !isFull(); count += 1) await page.waitForTimeout(50);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate('window.scrollTo(0, 0)');
};

const clip: Scene['act'] = async (page, bridge) => {
  await bridge.emit('numbers.measured', { ...measuredAt(13, states.running), inputPeakDb: 0 });
  await page.locator('.clip').waitFor();
};

const clipped: AppState = { ...states.running, clipped: { input: true, output: false } };

const german = (state: AppState): AppState => ({ ...state, preferences: { ...state.preferences, language: 'de' } });

/** With a loaded library, metrics on, and all preferences unlike their defaults. */
const allChosen: AppState = {
  ...states['token-valid'],
  licensed: {
    ...states['token-valid'].licensed,
    otel: { enable: true, sessionId: 'desk 4', exportIntervalMs: 30_000 },
  },
  preferences: { ...usualPreferences, startsAtLaunch: true, singleKeyShortcuts: false, vendorErrorReports: true },
};

/** The live screen and the settings in the faces that need more than a state. */
export const liveScenes: Record<string, Scene> = {
  spectrogram: { state: states.running, route: 'live', act: runSpectrogram },
  'german-spectrogram': { state: german(states.running), route: 'live', act: runSpectrogram },
  clipped: { state: clipped, route: 'live', act: clip },
  'german-clipped': { state: german(clipped), route: 'live', act: clip },
  'settings-chosen': { state: allChosen, route: 'settings' },
  'german-settings-chosen': { state: german(allChosen), route: 'settings' },
};
