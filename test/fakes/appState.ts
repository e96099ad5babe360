import type { AppState, Device } from '../../src/shared/state.js';
import type { TokenStatus } from '../../src/shared/token.js';

/** No engine that needs a token, or no backend: what a fresh install says. */
export const noToken: TokenStatus = {
  state: 'not-configured',
  environment: null,
  issuedAtMs: null,
  expiresAtMs: null,
  refreshAtMs: null,
  lastError: null,
  skewMs: null,
  refreshes: 0,
  failures: 0,
  history: [],
};

export const noBackend: AppState['backend'] = {
  environments: [],
  active: '',
  isActiveLocked: false,
  canAdd: true,
  lockReason: null,
  keychain: { state: 'ready', notice: null },
  problem: null,
};

export const noLicence: AppState['licensed'] = {
  libraryPath: null,
  modelPath: null,
  vadModelPath: null,
  otel: null,
  loaded: null,
  problem: null,
};

/** A device with the facts a test is about. */
export function aDevice(facts: Partial<Device> & { id: string }): Device {
  return {
    name: facts.id,
    hostApi: 'PulseAudio',
    inputs: 0,
    outputs: 0,
    defaultRate: 48_000,
    isDefaultInput: false,
    isDefaultOutput: false,
    kind: 'physical',
    ...facts,
  };
}
