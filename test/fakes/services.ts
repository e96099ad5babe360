import type { Services } from '../../src/main/services.js';
import { createEventListeners } from '../../src/shared/eventListeners.js';
import { LimpidError } from '../../src/shared/errors.js';
import { connectionStepIds, type ConnectionStep } from '../../src/shared/backend.js';
import { preferences } from '../../src/shared/preferences.js';
import { licensedView, type AppState, type LiveNumbers } from '../../src/shared/state.js';
import { emptyHistory, idleState } from './appState.js';

export const someNumbers: LiveNumbers = {
  inputPeakDb: -6,
  inputRmsDb: -20,
  outputPeakDb: -7,
  outputRmsDb: -21,
  noiseReductionDb: 12.5,
  speechProbability: null,
  delay: { inputDeviceMs: 5, ringMs: 6, converterMs: 0.3, engineMs: 18.5, outputDeviceMs: 5, totalMs: 34.8 },
  load: { p50: 0.1, p95: 0.2, p99: 0.3, max: 0.4, recentP99: 0.3 },
  underruns: 0,
  overruns: 0,
  droppedFrames: 0,
  insertedFrames: 0,
  nonFiniteSamples: 0,
  driftPpm: 3.2,
  secondsRunning: 60,
  realTimePriority: true,
  recordedSeconds: null,
  counters: {
    modelLoads: 0,
    processorCreates: 0,
    tokenUpdates: 0,
    blocksEnhanced: 6000,
    blocksBypassed: 0,
    blocksDisallowed: 0,
  },
};

export interface ContractServices extends Services {
  state: AppState;
  emit: ReturnType<typeof createEventListeners>['emit'];
  /** Names of the calls that reached a handler, in order. */
  reached: string[];
  isDisposed: boolean;
}

const tested = (id: ConnectionStep['id']): ConnectionStep => ({
  id,
  result: 'ok',
  notice: { code: 'internal', params: {} },
  tookMs: 1,
});

/**
 * The smallest services that keep the contract, for tests of what carries it: a state in memory, no sound.
 * `live.start` fails as with a device that is held elsewhere, `live.stop` with an error nobody foresaw, `devices.rescan` never answers.
 */
export function createContractServices(): ContractServices {
  const { on, emit } = createEventListeners();
  const change = (part: Partial<AppState>): undefined => {
    services.state = { ...services.state, ...part };
    emit('state.changed', services.state);
  };
  const reach = (name: string): undefined => {
    services.reached.push(name);
  };

  const changeBackend = (part: Partial<AppState['backend']>) =>
    change({ backend: { ...services.state.backend, ...part } });
  const environmentOf = (name: string) => {
    const found = services.state.backend.environments.find(({ values }) => values.name === name);
    if (!found) throw new LimpidError('argument', { detail: 'environment' });
    return found;
  };

  const services: ContractServices = {
    state: idleState,
    reached: [],
    isDisposed: false,
    startPatiently: async () => reach('startPatiently'),
    updatePolicy: () => ({ isAllowed: true, channel: 'latest', feedUrl: null }),
    wake: async (reason) => reach(`wake ${reason}`),
    receiveFile: async (name) => reach(`receiveFile ${name}`),
    emit,
    on,
    handlers: {
      'state.get': async () => (reach('state.get'), services.state),
      'live.start': async () => {
        throw new LimpidError('device.busy', { detail: 'hw:0' }, { retryable: true });
      },
      'live.stop': async () => {
        throw new Error('secret text at /home/someone');
      },
      'live.setEngine': async ({ engine }) => change({ engine, heardEngine: engine }),
      'live.setFallback': async ({ fallback }) => change({ fallback }),
      'live.setLevel': async ({ level }) => (reach('live.setLevel'), change({ level })),
      'live.setBypass': async ({ bypass }) => change({ bypass }),
      'live.holdBypass': async ({ held }) => reach(`live.holdBypass ${held}`),
      'live.spectra': async () => null,
      'live.unmute': async () => change({ mutedByFeedback: false }),
      'live.clearClip': async ({ side }) => change({ clipped: { ...services.state.clipped, [side]: false } }),
      'live.answer': async () => change({ question: null }),
      'devices.choose': async ({ direction, id }) =>
        change({ [direction]: { ...services.state[direction], chosen: id, chosenName: id } }),
      'devices.rescan': () => new Promise<never>(() => undefined),
      'permission.openSettings': async () => undefined,
      'licensed.choose': async (choice) =>
        change({ licensed: licensedView.parse({ ...services.state.licensed, ...choice }) }),
      'token.refresh': async () => reach('token.refresh'),
      'backend.save': async ({ name, values }) => {
        const { environments, active } = services.state.backend;
        const view = { credential: 'none' as const, signedInAs: null, lockedFields: [], isLocked: false };
        if (name === null) return changeBackend({ environments: [...environments, { ...view, values }] });
        const changed = { ...environmentOf(name), values };
        return changeBackend({
          environments: environments.map((each) => (each.values.name === name ? changed : each)),
          active: active === name ? values.name : active,
        });
      },
      'backend.remove': async ({ name }) =>
        changeBackend({
          environments: services.state.backend.environments.filter((each) => each !== environmentOf(name)),
        }),
      'backend.select': async ({ name }) => changeBackend({ active: environmentOf(name).values.name }),
      'backend.setCredential': async ({ name, credential }) => {
        const changed = {
          ...environmentOf(name),
          credential: credential === null ? ('none' as const) : ('memory' as const),
        };
        return changeBackend({
          environments: services.state.backend.environments.map((each) => (each.values.name === name ? changed : each)),
        });
      },
      'backend.test': async ({ name }) => {
        environmentOf(name);
        const steps = connectionStepIds.map(tested);
        for (const step of steps) emit('backend.tested', { name, step });
        return steps;
      },
      'settings.change': async (changes) =>
        change({ preferences: preferences.parse({ ...services.state.preferences, ...changes }) }),
      'recording.start': async () => reach('recording.start'),
      'recording.stop': async () => reach('recording.stop'),
      'recording.setFolder': async ({ folder }) =>
        change({ recordings: { ...services.state.recordings, folder: folder ?? '/home/kim/Music/Limpid' } }),
      'recording.openFolder': async () => reach('recording.openFolder'),
      'microphone.listen': async () => reach('microphone.listen'),
      'files.list': async () => [],
      'files.add': async ({ paths }) => reach(`files.add ${paths.join(' ')}`),
      'files.cancel': async () => reach('files.cancel'),
      'files.retry': async () => reach('files.retry'),
      'files.remove': async () => reach('files.remove'),
      'files.answer': async () => reach('files.answer'),
      'files.setOptions': async () => reach('files.setOptions'),
      'files.openFolder': async () => reach('files.openFolder'),
      'files.leaveSound': async () => reach('files.leaveSound'),
      'files.dismiss': async () => reach('files.dismiss'),
      'diagnostics.run': async () => (reach('diagnostics.run'), []),
      'diagnostics.openFolder': async () => reach('diagnostics.openFolder'),
      'selfTest.start': async () => (reach('selfTest.start'), null),
      'selfTest.stop': async () => reach('selfTest.stop'),
      'session.history': async () => emptyHistory,
      'report.save': async () => ({ path: '/home/kim/Documents/Limpid/Limpid report.html' }),
      'bundle.preview': async () => ({ id: 'a', entries: [] }),
      'bundle.save': async () => ({ path: '/home/kim/Documents/Limpid/Limpid support bundle.zip' }),
      'comparison.record': async () => reach('comparison.record'),
      'comparison.stop': async () => reach('comparison.stop'),
      'comparison.keep': async () => reach('comparison.keep'),
      'comparison.discard': async () => reach('comparison.discard'),
      'player.open': async () => reach('player.open'),
      'player.play': async () => reach('player.play'),
      'player.pause': async () => reach('player.pause'),
      'player.seek': async () => reach('player.seek'),
      'player.hear': async () => reach('player.hear'),
      'player.close': async () => reach('player.close'),
      'player.chooseOutput': async () => reach('player.chooseOutput'),
      'sound.waveforms': async () => ({ seconds: 1, original: [0], enhanced: [0] }),
      'welcome.finish': async () => change({ welcomed: true }),
      'signIn.start': async ({ name, method }) => reach(`signIn.start ${name} ${method}`),
      'signIn.cancel': async () => reach('signIn.cancel'),
      'signIn.end': async ({ name }) => reach(`signIn.end ${name}`),
      'shortcuts.record': async ({ recording }) => reach(`shortcuts.record ${recording}`),
      'updates.check': async () => reach('updates.check'),
      'updates.install': async () => reach('updates.install'),
      'mishap.dismiss': async () => change({ mishap: null }),
      'help.open': async ({ topic }) => reach(`help.open ${topic}`),
    },
    dispose: async () => {
      services.isDisposed = true;
    },
  };
  return services;
}
