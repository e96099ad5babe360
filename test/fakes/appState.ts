import type { SessionHistory } from '../../src/shared/diagnostics.js';
import { emptyFilesView } from '../../src/shared/files.js';
import { usualPreferences } from '../../src/shared/preferences.js';
import type { AppState, Device } from '../../src/shared/state.js';
import type { TokenStatus } from '../../src/shared/token.js';

/** No engine that needs a token, or no backend: what a fresh install says. */
const noToken: TokenStatus = {
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

const noBackend: AppState['backend'] = {
  environments: [],
  active: '',
  signIn: null,
  isActiveLocked: false,
  canAdd: true,
  lockReason: null,
  keychain: { state: 'ready', notice: null },
  problem: null,
};

const noLicence: AppState['licensed'] = {
  libraryPath: null,
  modelPath: null,
  vadModelPath: null,
  otel: null,
  loaded: null,
  isLibraryLoaded: false,
  problem: null,
  metricsLockReason: null,
};

const noEndpoint = { chosen: null, chosenName: null, present: false, devices: [] };

/** Off, on a fresh install without devices. */
export const idleState: AppState = {
  phase: 'off',
  status: { code: 'status.off', params: {} },
  problem: null,
  question: null,
  engine: 'gtcrn',
  heardEngine: 'gtcrn',
  fallback: 'gtcrn',
  licensed: noLicence,
  token: noToken,
  backend: noBackend,
  engines: [{ id: 'gtcrn', bandwidthHz: 8000 }],
  policy: { locked: [], lockReason: null },
  desktop: null,
  level: 1,
  bypass: false,
  mutedByFeedback: false,
  clipped: { input: false, output: false },
  input: noEndpoint,
  output: noEndpoint,
  virtualMicrophone: { supported: false, active: false },
  microphonePermission: 'not-needed',
  recording: null,
  recordings: {
    folder: '/home/kim/Music/Limpid',
    isDefault: true,
    lockReason: null,
    lastFolder: null,
    notice: null,
  },
  comparison: { phase: 'none', seconds: 0, totalSeconds: 10, notice: null },
  player: null,
  monitor: noEndpoint,
  files: emptyFilesView,
  selfTest: { running: null, last: null },
  mishap: null,
  welcomed: true,
  preferences: usualPreferences,
  platform: 'linux',
  host: 'panel',
  version: '0.0.0',
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

/** A session that has just begun. */
export const emptyHistory: SessionHistory = {
  startedAtMs: 0,
  stepSeconds: 1,
  inputDb: [],
  outputDb: [],
  noiseReductionDb: [],
  delayMs: [],
  loadP99: [],
  underruns: [],
  facts: { inputDb: null, outputDb: null, noiseReductionDb: null, delayMs: null, loadP99: null, underruns: null },
  changes: [],
};
