import type { Notice } from '../../../shared/errors.js';
import { describe } from '../../../shared/messages/index.js';
import type { AppState, EngineId } from '../../../shared/state.js';
import { formatKhz } from './format.js';
import { hint, text } from './text.js';
import { needsSignIn } from './tokenView.js';

export interface EngineOption {
  id: EngineId;
  name: string;
  help: string;
}

/** The engines to choose from, each with one line of help. */
export function engineOptions(state: AppState): EngineOption[] {
  return state.engines.map(({ id, bandwidthHz }) => ({
    id,
    name: text(`window.engine.${id}`),
    help: engineHelp(state, id, bandwidthHz),
  }));
}

function engineHelp({ licensed }: AppState, id: EngineId, bandwidthHz: number | null): string {
  if (id !== 'aic') return hint(`window.engine.${id}`, bandwidthHz === null ? {} : { khz: formatKhz(bandwidthHz) });
  if (licensed.problem && !isPassing(licensed.problem)) return text('window.engine.aic.unusable');
  if (licensed.loaded) {
    const khz = formatKhz(bandwidthHz ?? licensed.loaded.sampleRate / 2);
    return text('window.engine.aic.range', { khz });
  }
  return hint('window.engine.aic');
}

export interface LicensedEngineView {
  tone: 'on' | 'off' | 'warning';
  message: string;
  hint: string;
  /** Whether the Backend screen is where to go next. */
  leadsToBackend: boolean;
  facts: { label: string; value: string }[];
}

/** How the licensed engine fares, for those who chose it; null for everybody else. */
export function licensedEngineView(state: AppState): LicensedEngineView | null {
  if (state.engine !== 'aic') return null;
  return { ...licensedWords(state), facts: licensedFacts(state) };
}

function licensedWords(state: AppState): Omit<LicensedEngineView, 'facts'> {
  const { problem, loaded } = state.licensed;
  if (problem && !isPassing(problem)) {
    return { tone: 'warning', ...describe(problem), leadsToBackend: true };
  }
  if (!hasBackend(state)) {
    const code = 'window.aic.no-backend';
    return { tone: 'warning', message: text(code), hint: hint(code), leadsToBackend: true };
  }
  if (problem) return { tone: 'off', ...describe(problem), leadsToBackend: false };
  if (loaded && state.phase === 'running' && state.heardEngine !== 'aic') {
    const isComing = state.token.state === 'fetching';
    return {
      tone: isComing ? 'off' : 'warning',
      message: text('window.aic.unheard'),
      hint: unheardHint(state.token),
      leadsToBackend: false,
    };
  }
  const code = loaded ? 'window.aic.ready' : 'window.aic.untried';
  return { tone: loaded ? 'on' : 'off', message: text(code), hint: hint(code), leadsToBackend: false };
}

/** Only where nobody has to do anything it comes back by itself. */
function unheardHint(token: AppState['token']): string {
  const { state } = token;
  if (state === 'fetching' || state === 'refreshing') return text('window.aic.unheard.fetching');
  if (needsSignIn(token)) return text('window.aic.unheard.sign-in');
  if (state === 'rejected' || state === 'not-allowed' || state === 'clock-wrong')
    return text('window.aic.unheard.token');
  return hint('window.aic.unheard');
}

function licensedFacts({ phase, bypass, heardEngine, licensed }: AppState): LicensedEngineView['facts'] {
  const facts: LicensedEngineView['facts'] = [];
  if (phase === 'running') {
    facts.push({ label: text('window.heard'), value: text(`window.heard.${bypass ? 'bypass' : heardEngine}`) });
  }
  if (!licensed.loaded) return facts;
  const { modelId, sdkVersion } = licensed.loaded;
  return [
    ...facts,
    { label: text('window.aic.model'), value: modelId },
    { label: text('window.aic.sdk'), value: text('window.aic.sdk.value', { version: sdkVersion }) },
  ];
}

const hasBackend = ({ backend }: AppState) =>
  backend.environments.some(({ values }) => values.name === backend.active && values.url !== '');

/** Ends by itself within moments: nothing to warn of. */
export const isPassing = ({ code }: Notice) => code === 'aic.loading' || code === 'aic.waiting-token';
