import type { Page } from 'playwright-core';
import { LimpidError } from '../../../src/shared/errors.js';
import type { ComparisonView, PlayerView, Waveforms } from '../../../src/shared/player.js';
import type { AppState } from '../../../src/shared/state.js';
import type { Scene } from '../scenes.js';
import { states } from '../states.js';
import type { TestBridge } from '../testBridge.js';

const totalSeconds = 10;

export const comparing = (part: Partial<ComparisonView>, state: AppState = states.running): AppState => {
  const { output } = state;
  return {
    ...state,
    comparison: { phase: 'none', seconds: 0, totalSeconds, notice: null, ...part },
    monitor: { chosen: null, chosenName: output.chosenName, present: true, devices: output.devices },
  };
};

export const ready: AppState = comparing({ phase: 'ready', seconds: totalSeconds });

/** The comparison, open in the player. */
export const openInPlayer = (part: Partial<PlayerView> = {}, state: AppState = ready): AppState => ({
  ...state,
  player: {
    source: { kind: 'comparison' },
    durationSeconds: 10.05,
    playing: false,
    heard: 'original',
    positionSeconds: 0,
    outputName: state.monitor.chosenName,
    problem: null,
    ...part,
  },
});

/** Words with pauses; a noise that is gone afterwards. */
function speech(buckets: number, noise: number, lengthSeconds: number): number[] {
  return Array.from({ length: buckets }, (_, index) => {
    const seconds = (index / buckets) * lengthSeconds;
    const word = Math.max(0, Math.sin(seconds * 2.1)) * (0.55 + 0.3 * Math.sin(seconds * 17) * Math.cos(seconds * 5));
    return Math.min(1, word + noise * (0.8 + 0.2 * Math.sin(index * 1.7)));
  });
}
export const drawn = (buckets: number, seconds = 10.05): Waveforms => ({
  seconds,
  original: speech(buckets, 0.16, seconds),
  enhanced: speech(buckets, 0.004, seconds),
});

export const draws = (bridge: TestBridge, seconds?: number): void => {
  bridge.prepare('sound.waveforms', async ({ buckets }) => drawn(buckets, seconds));
  // Whoever leaves the view of a player that plays.
  bridge.prepare('player.pause');
};

const scene = (state: AppState, act?: Scene['act']): Scene => ({
  state,
  route: 'live',
  prepare: draws,
  ...(act ? { act } : {}),
});
const german = (state: AppState): AppState => ({ ...state, preferences: { ...state.preferences, language: 'de' } });
const openOutput = async (page: Page) => page.locator('.player-output summary').click();

export const listeningScenes: Record<string, Scene> = {
  'compare-recording': scene(comparing({ phase: 'recording', seconds: 3.25 })),
  'compare-ready': scene(openInPlayer({ playing: true, heard: 'enhanced', positionSeconds: 3.4 })),
  'compare-output': scene(ready, openOutput),
  'compare-kept': scene(
    comparing({
      phase: 'ready',
      seconds: totalSeconds,
      notice: { code: 'comparison.kept', params: { folder: '/home/kim/Music/Limpid/2026-11-21 15-04-05' } },
    }),
  ),
  'compare-cut': {
    ...scene(
      comparing({
        phase: 'ready',
        seconds: 4.25,
        notice: {
          code: 'comparison.cut',
          params: { count: 4, reason: { code: 'comparison.interrupted', params: {} } },
        },
      }),
    ),
    prepare: (bridge) => draws(bridge, 4.25),
  },
  'compare-refused': scene(comparing({}, states.idle), async (page, bridge) => {
    bridge.prepare('comparison.record', async () => {
      throw new LimpidError('device.busy', { detail: 'Device or resource busy' });
    });
    await page.getByRole('button', { name: 'Record 10\u00a0s and compare' }).click();
    await page.getByText('Another program is using the device.').waitFor();
  }),
  'compare-output-lost': scene({
    ...openInPlayer({
      outputName: null,
      problem: { code: 'player.output-lost', params: { name: 'USB Headphones' } },
    }),
    monitor: { ...ready.monitor, chosen: 'pulse:gone', chosenName: 'USB Headphones', present: false },
  }),
  'german-compare-ready': scene(german(openInPlayer({ heard: 'enhanced', positionSeconds: 3.4 })), openOutput),
};
