import { licensedChoice, type LicensedChoice } from '../../../shared/state.js';
import type { FieldProblems } from './environmentForm.js';

/**
 * Who decides whether usage metrics are sent: the environment of the process, or the switch here. Arrow keys choose what they pass, so
 * `on` stands at an end, where nobody passes.
 */
export const metricsChoices = ['system', 'off', 'on'] as const;
export type MetricsChoice = (typeof metricsChoices)[number];

export interface LicensedDraft {
  libraryPath: string;
  modelPath: string;
  vadModelPath: string;
  metrics: MetricsChoice;
  sessionId: string;
  interval: string;
}

const usualIntervalMs = 60_000;

export function toLicensedDraft({ libraryPath, modelPath, vadModelPath, otel }: LicensedChoice): LicensedDraft {
  return {
    libraryPath: libraryPath ?? '',
    modelPath: modelPath ?? '',
    vadModelPath: vadModelPath ?? '',
    metrics: otel === null ? 'system' : otel.enable ? 'on' : 'off',
    sessionId: otel?.sessionId ?? '',
    interval: String((otel?.exportIntervalMs ?? usualIntervalMs) / 1000),
  };
}

/** Checks what was typed by the shared schema. Session and interval count only while metrics are on. */
export function readLicensedDraft(draft: LicensedDraft): { choice: LicensedChoice | null; problems: FieldProblems } {
  const isOn = draft.metrics === 'on';
  const intervalMs = /^\d+$/.test(draft.interval.trim()) ? Number(draft.interval) * 1000 : Number.NaN;
  const otel = {
    enable: isOn,
    sessionId: (isOn && draft.sessionId.trim()) || null,
    exportIntervalMs: isOn ? intervalMs : usualIntervalMs,
  };
  const parsed = licensedChoice.safeParse({
    libraryPath: draft.libraryPath.trim() || null,
    modelPath: draft.modelPath.trim() || null,
    vadModelPath: draft.vadModelPath.trim() || null,
    otel: draft.metrics === 'system' ? null : otel,
  });
  if (parsed.success) return { choice: parsed.data, problems: {} };
  const problems: FieldProblems = {};
  for (const { path } of parsed.error.issues) {
    if (path[1] === 'exportIntervalMs') problems['interval'] = 'window.problem.interval';
    else if (path[1] === 'sessionId') problems['sessionId'] = 'window.problem.session';
    else problems[String(path[0])] = 'window.problem.path';
  }
  return { choice: null, problems };
}

/** Whether an arrow key would go round from one end to the other, and so switch sending on from the far side. */
export function goesRound(choice: MetricsChoice, key: string): boolean {
  if (key === 'ArrowUp' || key === 'ArrowLeft') return choice === metricsChoices[0];
  return (key === 'ArrowDown' || key === 'ArrowRight') && choice === metricsChoices.at(-1);
}

/** The same with another choice about metrics: session and interval stay, so that off and on again changes nothing else. */
export function withMetrics(otel: LicensedChoice['otel'], metrics: MetricsChoice): LicensedChoice['otel'] {
  if (metrics === 'system') return null;
  const { sessionId = null, exportIntervalMs = usualIntervalMs } = otel ?? {};
  return { enable: metrics === 'on', sessionId, exportIntervalMs };
}
