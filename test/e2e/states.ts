import { backendEnvironment, type BackendEnvironment, type EnvironmentView } from '../../src/shared/backend.js';
import { describe } from '../../src/shared/messages/index.js';
import { appState, type AppState, type Device, type LiveNumbers } from '../../src/shared/state.js';
import type { TokenStatus } from '../../src/shared/token.js';
import { aDevice, idleState } from '../fakes/appState.js';

const device = (id: string, name: string, part: Partial<Device>): Device => aDevice({ id, name, ...part });
const podcastMicrophone = device('pulse:mv7', 'Shure MV7 Podcast Microphone', { inputs: 1 });
const laptopMicrophone = device('pulse:laptop-mic', 'Built-in Audio Analog Stereo', {
  inputs: 2,
  isDefaultInput: true,
  kind: 'built-in',
});
const headphones = device('pulse:headphones', 'USB Headphones', { outputs: 2 });
const speakers = device('pulse:speakers', 'Built-in Speakers', {
  outputs: 2,
  isDefaultOutput: true,
  kind: 'built-in',
});
const monitor = device('pulse:speakers.monitor', 'Monitor of Built-in Speakers', { inputs: 2, kind: 'monitor' });

const environment = (part: Partial<BackendEnvironment>, view: Partial<EnvironmentView> = {}): EnvironmentView => ({
  values: backendEnvironment.parse({ name: 'production', ...part }),
  credential: 'none',
  signedInAs: null,
  lockedFields: [],
  isLocked: false,
  ...view,
});

/** As on a fresh install: three names, no address. */
const emptyBackend: AppState['backend'] = {
  ...idleState.backend,
  environments: ['production', 'staging', 'development'].map((name) => environment({ name })),
  active: 'production',
};

const idle: AppState = {
  ...idleState,
  backend: emptyBackend,
  engines: [
    { id: 'gtcrn', bandwidthHz: 8000 },
    { id: 'aic', bandwidthHz: null },
    { id: 'bypass', bandwidthHz: null },
  ],
  input: {
    chosen: 'default',
    chosenName: laptopMicrophone.name,
    present: true,
    devices: [podcastMicrophone, laptopMicrophone, monitor],
  },
  output: { chosen: headphones.id, chosenName: headphones.name, present: true, devices: [headphones, speakers] },
  virtualMicrophone: { supported: true, active: false },
  version: '0.1.0',
};

const builtIn = { code: 'engine.name.gtcrn', params: {} };
const withBuiltIn = { code: 'engine.name.with-gtcrn', params: {} };
const badOutput = { code: 'status.engine-bad-output', params: {} };

const running: AppState = {
  ...idle,
  phase: 'running',
  status: {
    code: 'status.enhancing',
    params: { input: podcastMicrophone.name, engine: withBuiltIn, output: headphones.name },
  },
  level: 0.85,
  input: { ...idle.input, chosen: podcastMicrophone.id, chosenName: podcastMicrophone.name },
};

const host = 'tokens.studio.example';
const configuredBackend: AppState['backend'] = {
  ...emptyBackend,
  environments: [
    environment({ url: `https://${host}/v1/limpid/token` }, { credential: 'saved' }),
    environment({ name: 'staging', url: 'https://tokens.staging.studio.example/token', credentialKind: 'basic' }),
    environment({ name: 'development', url: 'http://127.0.0.1:8787/token' }, { credential: 'saved' }),
  ],
};

const secondsMs = 1000;
const minutesMs = 60 * secondsMs;
const startedAtMs = Date.now();
const errorOf = (code: string, params: Record<string, string | number>) => ({
  code,
  params,
  ...describe({ code, params }),
});

const validToken: TokenStatus = {
  state: 'valid',
  environment: 'production',
  issuedAtMs: startedAtMs - 12 * minutesMs,
  expiresAtMs: startedAtMs + 47.6 * minutesMs,
  refreshAtMs: startedAtMs + 41.3 * minutesMs,
  lastError: null,
  skewMs: 300,
  refreshes: 4,
  failures: 1,
  history: [
    { atMs: startedAtMs - 12 * minutesMs, notice: { code: 'token.applied', params: {} } },
    {
      atMs: startedAtMs - 12 * minutesMs,
      notice: { code: 'token.fetched', params: { life: { code: 'duration.minutes', params: { count: 60 } } } },
    },
    { atMs: startedAtMs - 66 * minutesMs, notice: { code: 'token.recovered', params: {} } },
    {
      atMs: startedAtMs - 66.1 * minutesMs,
      notice: { code: 'token.retry-planned', params: { wait: { code: 'duration.seconds', params: { count: 4.2 } } } },
    },
    {
      atMs: startedAtMs - 66.1 * minutesMs,
      notice: {
        code: 'token.failed',
        params: { reason: { code: 'backend.refused', params: { host } } },
      },
    },
  ],
};

const licensed: AppState['licensed'] = {
  ...idle.licensed,
  isLibraryLoaded: true,
  loaded: { sdkVersion: '0.25.1', modelId: 'quail-l-48khz', sampleRate: 48_000 },
};

const onLicence: AppState = {
  ...running,
  engine: 'aic',
  heardEngine: 'aic',
  status: { ...running.status, params: { ...running.status.params, engine: 'ai-coustics' } },
  licensed,
  token: validToken,
  backend: configuredBackend,
};

const stoodInFor: AppState = {
  ...onLicence,
  heardEngine: 'gtcrn',
  status: {
    code: 'status.standing-in',
    params: { ...running.status.params, engine: withBuiltIn, wished: 'ai-coustics' },
  },
};

const policyReason = { reason: 'Call centre standard 4', path: '/etc/limpid/policy.json' };

const recordingFolder = '/home/kim/Music/Limpid/2026-11-21 15-04-05';
const recording: AppState = {
  ...running,
  recording: {
    startedAtMs: startedAtMs - 754 * secondsMs,
    folder: recordingFolder,
    seconds: 754,
    freeBytes: 18_000_000_000,
    bytesPerSecond: 384_000,
    takes: 1,
  },
  recordings: { ...running.recordings, folder: '/home/kim/Music/Limpid' },
};
const afterRecording = (code: string): AppState => ({
  ...recording,
  recording: null,
  recordings: {
    ...recording.recordings,
    lastFolder: recordingFolder,
    notice: { code, params: { folder: recordingFolder } },
  },
});

/** Every face of the window, by the name of its screenshot. */
export const states = {
  idle,
  'no-output': { ...idle, output: { ...idle.output, chosen: null, chosenName: null, present: false } },
  starting: {
    ...running,
    phase: 'starting',
    status: { code: 'status.starting', params: { input: podcastMicrophone.name, output: headphones.name } },
  },
  running,
  bypassed: { ...running, bypass: true, status: { code: 'status.passing-bypass', params: {} } },
  'device-lost': {
    ...running,
    phase: 'restarting',
    status: { code: 'status.waiting-input', params: { name: podcastMicrophone.name } },
    problem: { code: 'device.lost', params: { name: podcastMicrophone.name } },
    input: {
      chosen: podcastMicrophone.id,
      chosenName: podcastMicrophone.name,
      present: false,
      devices: [laptopMicrophone, monitor],
    },
  },
  'feedback-muted': {
    ...running,
    mutedByFeedback: true,
    output: { ...idle.output, chosen: speakers.id, chosenName: speakers.name },
    status: { code: 'status.muted-feedback', params: {} },
    problem: { code: 'feedback.muted', params: {} },
  },
  question: {
    ...idle,
    phase: 'starting',
    status: { code: 'status.question', params: {} },
    question: { code: 'question.speakers', params: { input: laptopMicrophone.name, output: speakers.name } },
    output: { ...idle.output, chosen: speakers.id, chosenName: speakers.name },
  },
  recording,
  'recording-low-disk': {
    ...recording,
    recording: { ...recording.recording!, takes: 3, freeBytes: 97_000_000 },
    recordings: { ...recording.recordings, notice: { code: 'recording.disk-low', params: {} } },
  },
  'recording-saved': afterRecording('recording.saved'),
  'recording-failed': afterRecording('recording.disk-full'),
  'engine-failed': {
    ...running,
    heardEngine: 'bypass',
    status: { code: 'status.passing-failed', params: { engine: builtIn, reason: badOutput } },
    problem: { code: 'engine.passing-through', params: { engine: builtIn, reason: badOutput } },
  },
  'start-failed': {
    ...running,
    phase: 'failed',
    status: { code: 'status.failed', params: {} },
    problem: { code: 'device.busy', params: { detail: 'Device or resource busy' } },
  },
  'permission-denied': {
    ...idle,
    platform: 'darwin',
    host: 'electron',
    microphonePermission: 'denied',
    virtualMicrophone: { supported: false, active: false },
    problem: { code: 'permission.denied', params: {} },
  },
  'aic-no-library': {
    ...idle,
    engine: 'aic',
    licensed: { ...idle.licensed, problem: { code: 'aic.library-missing', params: { detail: 'libaic.so' } } },
  },
  'aic-no-backend': { ...idle, engine: 'aic' },
  'token-valid': onLicence,
  'token-fetching': {
    ...stoodInFor,
    problem: { code: 'aic.waiting-token', params: {} },
    token: { ...idleState.token, state: 'fetching', environment: 'production' },
  },
  'token-refreshing': { ...onLicence, token: { ...validToken, state: 'refreshing', refreshAtMs: null } },
  'token-rejected': {
    ...stoodInFor,
    problem: {
      code: 'aic.no-token-because',
      params: { reason: { code: 'backend.unauthorised', params: { host } } },
    },
    token: {
      ...validToken,
      state: 'rejected',
      issuedAtMs: null,
      expiresAtMs: null,
      refreshAtMs: startedAtMs + 4.7 * minutesMs,
      lastError: errorOf('backend.unauthorised', { host }),
      refreshes: 0,
      failures: 1,
    },
  },
  'token-expired': {
    ...stoodInFor,
    problem: { code: 'aic.expired', params: { name: 'LICENSE_EXPIRED', code: 52 } },
    token: {
      ...validToken,
      state: 'expired',
      expiresAtMs: startedAtMs - 3 * minutesMs,
      refreshAtMs: startedAtMs + 8 * secondsMs,
      lastError: errorOf('backend.server-error', { host, status: 503 }),
      failures: 14,
    },
  },
  'token-offline': {
    ...onLicence,
    token: {
      ...validToken,
      state: 'offline',
      expiresAtMs: startedAtMs + 5.5 * minutesMs,
      refreshAtMs: startedAtMs + 42 * secondsMs,
      lastError: errorOf('backend.dns', { host, detail: 'ENOTFOUND' }),
      failures: 3,
    },
  },
  'token-clock-wrong': {
    ...stoodInFor,
    problem: { code: 'aic.expired', params: { name: 'LICENSE_EXPIRED', code: 52 } },
    token: { ...validToken, state: 'clock-wrong', skewMs: 10 * minutesMs, refreshAtMs: startedAtMs + 55 * secondsMs },
  },
  'token-not-allowed': {
    ...stoodInFor,
    fallback: 'bypass',
    heardEngine: 'bypass',
    status: { code: 'status.passing-instead', params: { wished: 'ai-coustics' } },
    problem: { code: 'aic.not-allowed', params: { name: 'PROCESSING_NOT_ALLOWED', code: 6 } },
    token: {
      ...validToken,
      state: 'not-allowed',
      refreshAtMs: startedAtMs + 15 * secondsMs,
      lastError: errorOf('aic.not-allowed', { name: 'PROCESSING_NOT_ALLOWED', code: 6 }),
    },
  },
  'backend-fresh': { ...idle, backend: { ...emptyBackend, environments: [], active: '' } },
  backend: { ...idle, backend: configuredBackend, token: validToken },
  'backend-locked': {
    ...idle,
    backend: {
      ...configuredBackend,
      environments: [
        environment(
          { url: `https://${host}/v1/limpid/token`, headers: [{ name: 'X-Tenant', value: 'calls' }] },
          {
            credential: 'saved',
            isLocked: true,
            lockedFields: ['url', 'method', 'headers', 'body', 'credentialKind', 'credentialHeader', 'reply'],
          },
        ),
      ],
      isActiveLocked: true,
      canAdd: false,
      lockReason: { code: 'policy.locked', params: policyReason },
    },
  },
  'backend-memory-only': {
    ...idle,
    backend: {
      ...configuredBackend,
      environments: configuredBackend.environments.map((each) => ({ ...each, credential: 'memory' as const })),
      keychain: {
        state: 'unavailable',
        notice: { code: 'keychain.unavailable', params: { detail: 'no session bus' } },
      },
    },
  },
  'backend-lost': {
    ...idle,
    backend: {
      ...configuredBackend,
      environments: configuredBackend.environments.map((each) => ({ ...each, credential: 'lost' as const })),
      keychain: { state: 'waiting', notice: { code: 'keychain.waiting', params: { seconds: 5 } } },
    },
  },
} satisfies Record<string, AppState>;

export type StateName = keyof typeof states;
export const stateNames = Object.keys(states) as StateName[];
for (const state of Object.values(states)) appState.parse(state);

/** Limpid has been on for a while. */
const runningSeconds = 4520;

/** What a talking person in a noisy room measures like, `seconds` after the start: the same every time. */
export function measuredAt(
  seconds: number,
  { bypass, mutedByFeedback, heardEngine, recording: kept }: AppState,
): LiveNumbers {
  const ripple = Math.sin(seconds * 23.1) * Math.sin(seconds * 7.3);
  const talking = Math.sin(seconds * 1.35) + 0.35 * Math.sin(seconds * 3.9) > -0.25;
  const noiseDb = -37 + ripple * 2;
  const voiceDb = talking ? -20 + 9 * Math.abs(Math.sin(seconds * 9.4)) - 7 * Math.abs(ripple) : -150;
  const inputRmsDb = Math.max(noiseDb, voiceDb);
  const enhancedDb = talking ? voiceDb : -55 + ripple * 2;
  const isUnchanged = bypass || heardEngine === 'bypass';
  const outputRmsDb = mutedByFeedback ? -150 : isUnchanged ? inputRmsDb : enhancedDb;
  const delay = { inputDeviceMs: 10.7, ringMs: 8, converterMs: 0.3, engineMs: 18.5, outputDeviceMs: 10.7 };
  return {
    inputPeakDb: inputRmsDb + 9,
    inputRmsDb,
    outputPeakDb: outputRmsDb + (isUnchanged ? 9 : 8),
    outputRmsDb,
    noiseReductionDb: isUnchanged ? 0 : 18.2,
    speechProbability: null,
    delay: { ...delay, totalMs: Object.values(delay).reduce((sum, ms) => sum + ms) },
    load: { p50: 0.043, p95: 0.067, p99: 0.112, max: 0.231, recentP99: 0.112 },
    underruns: 0,
    overruns: 0,
    droppedFrames: 0,
    insertedFrames: 0,
    nonFiniteSamples: 0,
    driftPpm: -14,
    secondsRunning: seconds + runningSeconds,
    realTimePriority: true,
    recordedSeconds: kept && kept.seconds + seconds,
    counters: {
      modelLoads: 1,
      processorCreates: 1,
      tokenUpdates: 4,
      blocksEnhanced: Math.round((seconds + runningSeconds) * 100),
      blocksBypassed: 0,
      blocksDisallowed: 0,
    },
  };
}

/** Twelve seconds of measurements, as main sends them: twenty a second. */
export function measurements(state: AppState): LiveNumbers[] {
  if (state.phase !== 'running') return [];
  return Array.from({ length: 240 }, (_, index) => measuredAt(index / 20, state));
}
