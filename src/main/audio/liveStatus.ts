import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { EngineId } from '../../shared/state.js';
import { describeVendorCode } from '../../shared/vendorCodes.js';
import type { LivePlan, OpenDevices, RunPlan } from './livePlan.js';
import type { LoopNumbers } from './native.js';

/** Peaks below this are no sound of any microphone: a muted or forbidden one delivers exact zeros. */
const digitalSilenceDb = -90;
const silentAfterMs = 5000;

/** An engine as sentences name it: as what acts, and after “with”, where German declines it. */
const engineNames: Record<EngineId, Notice | string> = {
  gtcrn: { code: 'engine.name.gtcrn', params: {} },
  aic: 'ai-coustics',
  bypass: 'bypass',
};
const withEngineNames: typeof engineNames = { ...engineNames, gtcrn: { code: 'engine.name.with-gtcrn', params: {} } };

/** Names for sentences: the two devices and the engine that was wished, whatever runs. */
export interface LoopNames {
  input: string;
  output: string;
  wished: EngineId;
}

/** Where the engine gave no reason. */
const unknown: Notice = { code: 'status.unknown', params: {} };

/** The core's own words for why an engine can never work again; what it says beyond these is told as it is. */
const engineReasons = new Map<string, Notice>([
  ['', unknown],
  ['trap', { code: 'status.engine-crashed', params: {} }],
  ['bad-output', { code: 'status.engine-bad-output', params: {} }],
]);
const reasonOf = ({ engineReason }: LoopNumbers): Notice | string => engineReasons.get(engineReason) ?? engineReason;

/** What the listener hears, in one line, from the numbers of the loop alone. */
export function describeLoop(numbers: LoopNumbers, names: LoopNames, isSilent: boolean): Notice {
  const { input, output } = names;
  const detail = numbers.error?.detail || { code: 'status.no-delivery', params: {} };
  if (numbers.state === 'stalled') return { code: 'status.stalled', params: { detail } };
  if (numbers.state !== 'running') return { code: 'status.restarting', params: { detail } };
  if (numbers.mutedByFeedback) return { code: 'status.muted-feedback', params: {} };
  if (isSilent) return { code: 'input.silent', params: { input: names.input } };
  if (numbers.bypass) return { code: 'status.passing-bypass', params: {} };
  if (names.wished === 'bypass') return { code: 'status.passing-engine', params: {} };
  if (numbers.level === 0) return { code: 'status.passing-level', params: {} };
  const engine = withEngineNames[numbers.heardEngine];
  if (numbers.heardEngine === names.wished) return { code: 'status.enhancing', params: { engine, input, output } };
  const wished = engineNames[names.wished];
  if (numbers.heardEngine !== 'bypass')
    return { code: 'status.standing-in', params: { engine, wished, input, output } };
  if (numbers.engineStatus !== 'failed') return { code: 'status.passing-instead', params: { wished } };
  return { code: 'status.passing-failed', params: { engine: wished, reason: reasonOf(numbers) } };
}

/** What is wrong with a loop that runs; null when nothing is. `obstacle`: why the wished engine does not run yet. */
export function findLoopProblem(numbers: LoopNumbers, obstacle: Notice | null): Notice | null {
  if (numbers.mutedByFeedback) return { code: 'feedback.muted', params: {} };
  if (numbers.engineStatus === 'failed') {
    const params = { engine: engineNames[numbers.engine], reason: reasonOf(numbers) };
    return { code: numbers.heardEngine === 'bypass' ? 'engine.passing-through' : 'engine.standing-in', params };
  }
  if (numbers.engineStatus === 'blocked') {
    const { name, notice } = describeVendorCode(numbers.vendorCode);
    return { code: notice, params: { name, code: numbers.vendorCode } };
  }
  if (numbers.state !== 'running' && numbers.error) {
    return { code: numbers.error.code, params: { detail: numbers.error.detail } };
  }
  return obstacle;
}

/** What a person should know while devices that are wished cannot be used yet and the ones before sound on. */
export function describeAwaited(
  wished: Exclude<LivePlan, RunPlan> | LimpidError,
  { input, output }: OpenDevices,
): Notice {
  const devices = { input: input.name, output: output.name };
  if (wished instanceof LimpidError) return noticeOf(wished);
  if (wished.kind === 'ask') return { code: 'device.awaits-answer', params: devices };
  const { code, params } = wished.problem;
  return code === 'device.lost' ? { code: 'device.awaited', params: { ...params, ...devices } } : wished.problem;
}

/**
 * Whether the loop's own restarts cannot help: it gave up, or a device has to be found in a new list of PortAudio's, for which
 * all streams must be closed.
 */
export function isBeyondRepair({ state, error }: LoopNumbers, needsPortAudioList: boolean): boolean {
  if (state === 'idle' || state === 'failed') return true;
  return state === 'restarting' && error !== null && needsPortAudioList;
}

/** Notices an input that has delivered nothing for 5 s. */
export class SilenceDetector {
  #silentSinceMs: number | null = null;

  /** Takes a peak in dBFS and the time in ms; returns whether the input has been silent long enough to say so. */
  isSilent(inputPeakDb: number, nowMs: number): boolean {
    if (inputPeakDb > digitalSilenceDb) this.#silentSinceMs = null;
    else this.#silentSinceMs ??= nowMs;
    return this.#silentSinceMs !== null && nowMs - this.#silentSinceMs > silentAfterMs;
  }

  reset(): void {
    this.#silentSinceMs = null;
  }
}
