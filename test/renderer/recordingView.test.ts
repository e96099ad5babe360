import { describe, expect, test } from 'vitest';
import { formatRecorded, formatSpace, recordingPanel } from '../../src/renderer/src/view/recordingView.js';
import type { AppState } from '../../src/shared/state.js';
import { idleState } from '../fakes/appState.js';

const running: AppState = { ...idleState, phase: 'running' };
const recording: NonNullable<AppState['recording']> = {
  startedAtMs: 0,
  folder: '/music/now',
  seconds: 1,
  freeBytes: 384_000 * 3600 * 12.9,
  bytesPerSecond: 384_000,
  takes: 1,
};
const withNotice = (code: string): AppState => ({
  ...running,
  recordings: {
    ...running.recordings,
    notice: { code, params: { folder: '/music/now', seconds: 2, detail: 'EROFS' } },
  },
});

test.each([
  [0, '00:00:00'],
  [59.99, '00:00:59'],
  [3599, '00:59:59'],
  [3600, '01:00:00'],
  [360_061, '100:01:01'],
])('%d seconds are %s', (seconds, shown) => {
  expect(formatRecorded(seconds)).toBe(shown);
});

test.each([
  [59, 'Space for 0\u00a0min'],
  [299, 'Space for 4\u00a0min'],
  [3599, 'Space for 59\u00a0min'],
  [3600, 'Space for 1\u00a0h'],
  [72 * 3600 - 1, 'Space for 71\u00a0h'],
  [72 * 3600, 'Space for 3 days'],
])('%d seconds left: %s', (seconds, shown) => {
  expect(formatSpace(seconds)).toBe(shown);
});

describe('the panel', () => {
  test('says what fits on the disk, and which take runs when it is not the first', () => {
    expect(recordingPanel({ ...running, recording })).toMatchObject({
      isRecording: true,
      facts: ['Space for 12\u00a0h'],
      folder: '/music/now',
    });
    expect(recordingPanel({ ...running, recording: { ...recording, takes: 3 } }).facts).toEqual([
      'Space for 12\u00a0h',
      'Take 3',
    ]);
    expect(recordingPanel({ ...running, recording: { ...recording, freeBytes: null } }).facts).toEqual([]);
    expect(recordingPanel({ ...running, recording: { ...recording, takes: 0, folder: null } })).toMatchObject({
      facts: ['Waits for sound'],
      folder: idleState.recordings.folder,
    });
  });

  test.each(['off', 'failed'] as const)('offers nothing to record while %s', (phase) => {
    expect(recordingPanel({ ...idleState, phase }).canStart).toBe(false);
  });

  test('tells the good end calmly, and the others as what they are', () => {
    expect(recordingPanel(withNotice('recording.saved'))).toMatchObject({
      saved: { message: 'Saved in /music/now.' },
      problem: null,
    });
    for (const [code, tone] of [
      ['recording.saved-gaps', 'warning'],
      ['recording.nothing', 'warning'],
      ['recording.disk-low', 'warning'],
      ['recording.disk-full', 'problem'],
      ['recording.folder-gone', 'problem'],
      ['recording.failed', 'problem'],
      ['recording.folder-unusable', 'problem'],
    ])
      expect(recordingPanel(withNotice(code!))).toMatchObject({ saved: null, problem: { tone } });
  });
});
