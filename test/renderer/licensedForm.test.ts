import { describe, expect, test } from 'vitest';
import {
  goesRound,
  metricsChoices,
  readLicensedDraft,
  toLicensedDraft,
  withMetrics,
} from '../../src/renderer/src/view/licensedForm.js';
import type { LicensedChoice } from '../../src/shared/state.js';

const nothing: LicensedChoice = { libraryPath: null, modelPath: null, vadModelPath: null, otel: null };
const everything: LicensedChoice = {
  libraryPath: '/opt/aic',
  modelPath: '/opt/m.aicmodel',
  vadModelPath: '/opt/v.aicmodel',
  otel: { enable: true, sessionId: 'desk 4', exportIntervalMs: 30_000 },
};

test.each([nothing, everything, { ...nothing, otel: { enable: false, sessionId: null, exportIntervalMs: 60_000 } }])(
  'comes back as it was',
  (choice) => {
    expect(readLicensedDraft(toLicensedDraft(choice))).toEqual({ choice, problems: {} });
  },
);

test('switched off, session and interval do not matter', () => {
  const draft = { ...toLicensedDraft(everything), metrics: 'off' as const, interval: 'soon' };
  expect(readLicensedDraft(draft).choice?.otel).toEqual({ enable: false, sessionId: null, exportIntervalMs: 60_000 });
});

test('what is wrong is named', () => {
  const draft = {
    ...toLicensedDraft(everything),
    interval: '0',
    sessionId: 'x'.repeat(201),
    modelPath: 'x'.repeat(4001),
  };
  expect(readLicensedDraft(draft)).toEqual({
    choice: null,
    problems: {
      interval: 'window.problem.interval',
      sessionId: 'window.problem.session',
      modelPath: 'window.problem.path',
    },
  });
});

test('another choice about metrics keeps session and interval', () => {
  expect(withMetrics(everything.otel, 'off')).toEqual({ enable: false, sessionId: 'desk 4', exportIntervalMs: 30_000 });
  expect(withMetrics(null, 'on')).toEqual({ enable: true, sessionId: null, exportIntervalMs: 60_000 });
  expect(withMetrics(everything.otel, 'system')).toBeNull();
});

describe('arrow keys among the choices about metrics', () => {
  test('pass nothing that sends', () => {
    expect(metricsChoices.at(-1)).toBe('on');
    const round = metricsChoices.flatMap((choice) =>
      ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Tab']
        .filter((key) => goesRound(choice, key))
        .map((key) => [choice, key]),
    );
    expect(round).toEqual([
      ['system', 'ArrowUp'],
      ['system', 'ArrowLeft'],
      ['on', 'ArrowDown'],
      ['on', 'ArrowRight'],
    ]);
  });
});
