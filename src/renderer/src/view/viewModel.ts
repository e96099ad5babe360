import type { LimpidErrorShape, Notice } from '../../../shared/errors.js';
import { rootOf } from '../../../shared/rootOfProblem.js';
import { describe, describeError, type Message } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { isPassing } from './engineView.js';
import { clockProblem, isAboutSignIn } from './tokenView.js';
import { hint, text, type TextCode } from './text.js';

/** How the large control looks; the words always say the same. */
export type Tone = 'off' | 'busy' | 'on' | 'warning' | 'problem';

export interface MainView {
  switchOn: boolean;
  tone: Tone;
  /** The state in one or two words. */
  headline: string;
  /** The one status line. */
  status: string;
  statusHint: string;
  /** Whether meters and figures move. */
  live: boolean;
}

/** What stands at the top of the window. */
export function mainView(state: AppState): MainView {
  const status = statusLine(state);
  return {
    switchOn: state.phase !== 'off' && state.phase !== 'failed',
    tone: toneOf(state),
    headline: text(headlineOf(state)),
    status: status.message,
    statusHint: statusHint(state, status),
    live: state.phase === 'running',
  };
}

/** What the headline says already is not said twice. */
function statusLine({ status, output, microphonePermission }: AppState): Message {
  const line = describe(status);
  if (status.code !== 'status.off') return line;
  if (microphonePermission === 'denied') return { message: text('window.allow-first'), hint: '' };
  return { message: output.chosen === null ? text('window.choose-first') : line.hint, hint: '' };
}

/** Why something else than the chosen engine is heard, where that passes by itself; else the hint of the status. */
function statusHint(state: AppState, status: Message): string {
  if (needsAttention(state)) return '';
  if (state.problem && isPassing(state.problem)) return describe(state.problem).message;
  return state.status.code === 'status.enhancing' && state.clipped.input ? text('window.clipped') : status.hint;
}

/** Whether a banner says what to do, so that the status line need not. */
const needsAttention = (state: AppState) => state.mutedByFeedback || problemView(state, null) !== null;

const isStoodInFor = ({ engine, heardEngine, level }: AppState) => heardEngine !== engine && level > 0;

function toneOf(state: AppState): Tone {
  const { phase, bypass, mutedByFeedback } = state;
  if (phase === 'off') return 'off';
  if (phase === 'failed') return 'problem';
  if (phase === 'starting') return 'busy';
  return phase !== 'running' || mutedByFeedback || bypass || isStoodInFor(state) ? 'warning' : 'on';
}

function headlineOf(state: AppState): TextCode {
  const { phase, bypass, mutedByFeedback, heardEngine } = state;
  if (phase !== 'running') return `window.phase.${phase}`;
  if (mutedByFeedback) return 'window.phase.muted';
  if (bypass) return 'window.phase.bypassed';
  if (!isStoodInFor(state)) return 'window.phase.running';
  return heardEngine === 'bypass' ? 'window.phase.unchanged' : 'window.phase.standing-in';
}

/** Has its own banner, with the button that ends it. */
export const feedbackNotice: Notice = { code: 'feedback.muted', params: {} };

/** `backend` and `diagnostics` lead to the view of that name, where the advice sends people. */
export type ProblemAction = 'retry' | 'engine' | 'permission' | 'rescan' | 'dismiss' | 'backend' | 'diagnostics';

const viewOf = new Map<string, ProblemAction>([
  ['aic.no-token', 'backend'],
  ['aic.no-token-because', 'backend'],
  ['aic.model-path', 'backend'],
  ['aic.expired-because', 'diagnostics'],
]);

export interface ProblemView {
  message: string;
  hint: string;
  actions: ProblemAction[];
}

/**
 * The problem to show, or null. Main's own view of things wins over the answer to the last command,
 * because it goes away by itself.
 */
export function problemView(state: AppState, commandError: LimpidErrorShape | null): ProblemView | null {
  if (state.microphonePermission === 'denied') {
    return { ...describe({ code: 'permission.denied', params: {} }), actions: deniedActions(state) };
  }
  if (state.mutedByFeedback && state.problem?.code === feedbackNotice.code) return null;
  if (state.problem && !isPassing(state.problem)) {
    const root = rootOf(state.problem, state.token);
    return { ...problemWords(root, state), actions: problemActions(root, state) };
  }
  if (!commandError) return null;
  return { ...describeError(commandError), actions: ['dismiss'] };
}

/** Main looks again when it starts, which needs an output. */
const deniedActions = ({ output }: AppState): ProblemAction[] =>
  output.chosen === null ? ['permission'] : ['permission', 'retry'];

/** Where the token card knows better why, or somebody has to do something, that is said and not that it comes right by itself. */
function problemWords(problem: Notice, { token }: AppState): Message {
  const clock = problem.code.startsWith('aic.expired') ? clockProblem(token) : null;
  if (clock) return clock;
  const words = describe(problem);
  const { reason } = problem.params;
  if (problem.code !== 'aic.no-token-because' || typeof reason !== 'object') return words;
  const needsSomebody = token.state === 'rejected' || isAboutSignIn(problem);
  return needsSomebody ? { ...words, hint: describe(reason).hint } : words;
}

const isEngineFailure = ({ code }: Notice) => code === 'engine.passing-through' || code === 'engine.standing-in';

function problemActions(problem: Notice, state: AppState): ProblemAction[] {
  const actions: ProblemAction[] = [];
  if (state.phase === 'failed') actions.push('retry');
  if (isEngineFailure(problem)) actions.push('engine');
  if (offersRescan(state) && (isAway(state.input) || isAway(state.output))) actions.push('rescan');
  const view = isAboutSignIn(problem) ? 'backend' : viewOf.get(problem.code);
  if (view) actions.push(view);
  return actions;
}

/** Whether this computer has nothing to record from. */
export const hasNoInput = ({ input }: Pick<AppState, 'input'>) => input.devices.every(({ inputs }) => inputs === 0);

/** The line of help under the microphone picker; empty when there is nothing to say. */
export function inputHint(state: AppState): string {
  if (hasNoInput(state)) return text('window.input.none');
  return isAway(state.input) ? hint('window.device.away') : '';
}

/** The line of help under the output picker; empty when there is nothing to say. */
export function outputHint(state: AppState): string {
  const { chosen, devices } = state.output;
  const nothingThere = devices.every((device) => device.outputs === 0) && !state.virtualMicrophone.supported;
  if (nothingThere) return text('window.output.none');
  if (chosen === null) return text('window.output.choose-hint');
  if (chosen === 'virtual') return hint('window.output.virtual');
  if (isAway(state.output)) return hint('window.device.away');
  const device = devices.find(({ id }) => id === chosen);
  return device?.kind === 'virtual-cable' ? hint('window.output.cable') : '';
}

/** Whether to point to virtual cables: where Limpid cannot make a microphone itself and none is installed. */
export function needsCableHelp(state: AppState): boolean {
  const hasCable = state.output.devices.some((device) => device.kind === 'virtual-cable');
  return !state.virtualMicrophone.supported && !hasCable;
}

/** Whether "look for devices" is offered: only a Linux sound server says by itself when the list changes. */
export function offersRescan(state: AppState): boolean {
  return state.platform !== 'linux' || !state.virtualMicrophone.supported;
}

const isAway = ({ chosen, present }: AppState['input']) => chosen !== null && !present;
