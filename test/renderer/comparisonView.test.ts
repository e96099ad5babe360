import { describe, expect, test } from 'vitest';
import { comparisonPanel } from '../../src/renderer/src/view/comparisonView.js';
import type { AppState } from '../../src/shared/state.js';
import { idleState } from '../fakes/appState.js';

const withComparison = (part: Partial<AppState['comparison']>, state: Partial<AppState> = {}): AppState => ({
  ...idleState,
  ...state,
  comparison: { ...idleState.comparison, ...part },
});
const recording = { startedAtMs: 0, folder: null, seconds: 0, freeBytes: null, bytesPerSecond: 0, takes: 0 };

describe('the comparison', () => {
  test.each([
    [0, 'Speak now: 10 seconds left', 0],
    [3.25, 'Speak now: 7 seconds left', 0.325],
    [9.25, 'Speak now: 1 second left', 0.925],
    [10, 'Speak now: 0 seconds left', 1],
  ])('after %d s says how long it lasts', (seconds, countdown, progress) => {
    expect(comparisonPanel(withComparison({ phase: 'recording', seconds }))).toMatchObject({ countdown, progress });
  });

  test.each(['off', 'failed', 'running'] as const)('can begin while the sound is %s', (phase) => {
    expect(comparisonPanel(withComparison({}, { phase })).obstacle).toBeNull();
  });

  test.each(['starting', 'stalled', 'restarting'] as const)('waits for sound that is %s', (phase) => {
    expect(comparisonPanel(withComparison({}, { phase })).obstacle).toMatch(/once the sound runs/);
  });

  test('needs the microphone', () => {
    const denied = withComparison({}, { microphonePermission: 'denied' });
    expect(comparisonPanel(denied).obstacle).toBe('Allow the microphone to compare.');
  });

  test('goes after a recording', () => {
    expect(comparisonPanel(withComparison({}, { phase: 'running', recording })).obstacle).toMatch(/Stop the recording/);
  });

  test('that was kept says where, calmly', () => {
    const notice = { code: 'comparison.kept', params: { folder: '/music' } };
    expect(comparisonPanel(withComparison({ phase: 'ready', notice }))).toMatchObject({
      isKept: true,
      kept: { message: 'Kept in /music.' },
      problem: null,
    });
  });

  test('that came about in part says why', () => {
    const notice = {
      code: 'comparison.cut',
      params: { count: 4, reason: { code: 'comparison.sound-off', params: {} } },
    };
    const { problem, isKept } = comparisonPanel(withComparison({ phase: 'ready', notice }));
    expect(problem?.message).toBe('Only 4 seconds were recorded: Limpid was switched off.');
    expect(isKept).toBe(false);
  });
});
