import type { Services } from '../../src/main/services.js';
import { createEventListeners } from '../../src/shared/eventListeners.js';
import { LimpidError } from '../../src/shared/errors.js';
import type { AppState, LiveNumbers } from '../../src/shared/state.js';

const noEndpoint = { chosen: null, chosenName: null, present: false, devices: [] };

export const idleState: AppState = {
  phase: 'off',
  status: { code: 'status.off', params: {} },
  problem: null,
  question: null,
  engine: 'gtcrn',
  engines: [{ id: 'gtcrn', bandwidthHz: 8000 }],
  level: 1,
  bypass: false,
  mutedByFeedback: false,
  input: noEndpoint,
  output: noEndpoint,
  virtualMicrophone: { supported: false, active: false },
  microphonePermission: 'not-needed',
  platform: 'linux',
  host: 'panel',
  version: '0.0.0',
};

export const someNumbers: LiveNumbers = {
  inputPeakDb: -6,
  inputRmsDb: -20,
  outputPeakDb: -7,
  outputRmsDb: -21,
  noiseReductionDb: 12.5,
  speechProbability: null,
  delay: { inputDeviceMs: 5, ringMs: 6, converterMs: 0.3, engineMs: 18.5, outputDeviceMs: 5, totalMs: 34.8 },
  load: { p50: 0.1, p95: 0.2, p99: 0.3, max: 0.4 },
  underruns: 0,
  overruns: 0,
  droppedFrames: 0,
  insertedFrames: 0,
  nonFiniteSamples: 0,
  driftPpm: 3.2,
  secondsRunning: 60,
  realTimePriority: true,
};

export interface ContractServices extends Services {
  state: AppState;
  emit: ReturnType<typeof createEventListeners>['emit'];
  /** Names of the calls that reached a handler, in order. */
  reached: string[];
  isDisposed: boolean;
}

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

  const services: ContractServices = {
    state: idleState,
    reached: [],
    isDisposed: false,
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
      'live.setEngine': async ({ engine }) => change({ engine }),
      'live.setLevel': async ({ level }) => (reach('live.setLevel'), change({ level })),
      'live.setBypass': async ({ bypass }) => change({ bypass }),
      'live.unmute': async () => change({ mutedByFeedback: false }),
      'live.answer': async () => change({ question: null }),
      'devices.choose': async ({ direction, id }) =>
        change({ [direction]: { ...services.state[direction], chosen: id, chosenName: id } }),
      'devices.rescan': () => new Promise<never>(() => undefined),
      'permission.openSettings': async () => undefined,
      'help.open': async ({ topic }) => reach(`help.open ${topic}`),
    },
    dispose: async () => {
      services.isDisposed = true;
    },
  };
  return services;
}
