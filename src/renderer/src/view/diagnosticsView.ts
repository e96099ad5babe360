import {
  checkOutcome,
  type BundleEntry,
  type CheckOutcome,
  type CheckView,
  type SelfTestResult,
  type SessionHistory,
} from '../../../shared/diagnostics.js';
import { describe, type Message } from '../../../shared/messages/index.js';
import { sessionSeconds } from '../../../shared/sessionPlot.js';
import type { AppState } from '../../../shared/state.js';
import { formatCount, formatDb, formatMs } from './format.js';
import { text, type TextCode } from './text.js';
import { hasNoInput } from './viewModel.js';

export interface CheckRow extends Message {
  id: string;
  number: string;
  name: string;
  outcome: CheckOutcome;
  word: string;
}

const nameOf = (id: string) => describe({ code: `check.name.${id}`, params: {} }).message;

/** The checks in their order, numbered as `limpid doctor` does. */
export function checkRows(views: readonly CheckView[]): CheckRow[] {
  return views.map((view, index) => {
    const outcome = checkOutcome(view);
    const { message, hint } = view.notice ? describe(view.notice) : { message: '', hint: '' };
    return {
      id: view.id,
      number: formatCount(index + 1),
      name: nameOf(view.id),
      outcome,
      word: text(`check.outcome.${outcome}`),
      message,
      hint: outcome === 'ok' ? '' : hint,
    };
  });
}

/** How far the checks are; null while none run. */
export function checksProgress(views: readonly CheckView[]): { value: number; max: number; words: string } | null {
  const index = views.findIndex(({ result }) => result === 'running' || result === 'waiting');
  const current = views[index];
  if (!current) return null;
  const [number, total] = [formatCount(index + 1), formatCount(views.length)];
  const words = text('window.checks.progress', { number, total, name: nameOf(current.id) });
  return { value: index, max: views.length, words };
}

/** The outcome in one sentence, for a glance and for a reader. Empty before the first run. */
export function checksSummary(views: readonly CheckView[], isRunning: boolean): string {
  if (isRunning) return text('window.checks.busy');
  if (views.length === 0) return '';
  const outcomes = views.map(checkOutcome);
  const count = (outcome: CheckOutcome) => outcomes.filter((each) => each === outcome).length;
  if (count('failed') > 0) return text('window.checks.failed', { count: count('failed') });
  if (count('impaired') > 0) return text('window.checks.impaired', { count: count('impaired') });
  if (count('absent') > 0) return text('window.checks.absent', { count: count('absent') });
  return text('window.checks.ok');
}

export interface SelfTestPanel {
  isVirtual: boolean;
  input: string;
  output: string;
  /** Why it cannot be started; empty when it can. */
  obstacle: string;
}

/** What the self-test would use, and what is in its way. */
export function selfTestPanel(state: AppState): SelfTestPanel {
  const { input, output } = state;
  const isVirtual = output.chosen === 'virtual';
  const own = text('window.selfTest.virtual-name');
  const nothing = describe({ code: 'session.nothing', params: {} }).message;
  return {
    isVirtual,
    input: isVirtual ? own : (input.chosenName ?? nothing),
    output: isVirtual ? own : (output.chosenName ?? nothing),
    obstacle: selfTestObstacle(state),
  };
}

function selfTestObstacle(state: AppState): string {
  const { phase, output } = state;
  if (phase !== 'off' && phase !== 'failed') return text('window.selfTest.off');
  if (output.chosen === null) return text('window.selfTest.no-output');
  return output.chosen !== 'virtual' && hasNoInput(state) ? text('window.selfTest.no-input') : '';
}

export interface ResultRow {
  label: string;
  value: string;
}

/** The numbers of a self-test. */
export function resultRows(result: SelfTestResult): ResultRow[] {
  const { heard, played, roundTripMs, jitterMs, gaps, gapSeconds, signalDb, noiseDb } = result;
  const measured = (value: number | null, write: (known: number) => string) =>
    value === null ? text('selfTest.unknown') : write(value);
  const ms = (value: number) => text('session.ms', { value: formatMs(value) });
  const db = (value: number) => text('session.db', { value: formatDb(value) });
  const gapsFound =
    gaps === 0
      ? text('selfTest.no-gaps')
      : text('selfTest.value-gaps', { number: formatCount(gaps), seconds: gapSeconds });
  const gapsText = heard === 0 ? text('selfTest.unknown') : gapsFound;
  const row = (code: TextCode, value: string): ResultRow => ({ label: text(code), value });
  return [
    row('selfTest.output', result.outputName),
    row('selfTest.input', result.inputName),
    row('selfTest.heard', text('selfTest.value-heard', { heard: formatCount(heard), played: formatCount(played) })),
    row('selfTest.round-trip', measured(roundTripMs, ms)),
    row('selfTest.jitter', measured(jitterMs, ms)),
    row('selfTest.missing', gapsText),
    row('selfTest.signal', measured(signalDb, db)),
    row('selfTest.noise', measured(noiseDb, db)),
  ];
}

const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;

/** How long the session has been going on: minutes, from two hours on hours. */
export function sessionDuration(history: Pick<SessionHistory, 'stepSeconds' | 'inputDb'>): string {
  const seconds = sessionSeconds(history);
  if (seconds >= 2 * hourSeconds) return text('window.session.hours', { count: Math.floor(seconds / hourSeconds) });
  return text('window.session.minutes', { count: Math.max(1, Math.floor(seconds / minuteSeconds)) });
}

/** Bytes as people read them: from 10,000 on in KiB. */
export function formatSize(bytes: number): string {
  if (bytes < 10_000) return text('window.bundle.bytes', { value: formatCount(bytes) });
  return text('window.bundle.kib', { value: formatCount(Math.ceil(bytes / 1024)) });
}

/** All files of a bundle in one line. */
export function bundleTotal(entries: readonly Pick<BundleEntry, 'bytes'>[]): string {
  const size = formatSize(entries.reduce((sum, { bytes }) => sum + bytes, 0));
  return text('window.bundle.total', { count: entries.length, size });
}
