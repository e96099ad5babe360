import { appState, type AppState, type Device, type LiveNumbers } from '../../src/shared/state.js';

const device = (id: string, name: string, part: Partial<Device>): Device => ({
  id,
  name,
  hostApi: 'PulseAudio',
  inputs: 0,
  outputs: 0,
  defaultRate: 48_000,
  isDefaultInput: false,
  isDefaultOutput: false,
  kind: 'physical',
  ...part,
});

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

const idle: AppState = {
  phase: 'off',
  status: { code: 'status.off', params: {} },
  problem: null,
  question: null,
  engine: 'gtcrn',
  engines: [
    { id: 'gtcrn', bandwidthHz: 8000 },
    { id: 'bypass', bandwidthHz: null },
  ],
  level: 1,
  bypass: false,
  mutedByFeedback: false,
  input: {
    chosen: 'default',
    chosenName: laptopMicrophone.name,
    present: true,
    devices: [podcastMicrophone, laptopMicrophone, monitor],
  },
  output: { chosen: headphones.id, chosenName: headphones.name, present: true, devices: [headphones, speakers] },
  virtualMicrophone: { supported: true, active: false },
  microphonePermission: 'not-needed',
  platform: 'linux',
  host: 'panel',
  version: '0.1.0',
};

const running: AppState = {
  ...idle,
  phase: 'running',
  status: {
    code: 'status.enhancing',
    params: { input: podcastMicrophone.name, engine: 'GTCRN', output: headphones.name },
  },
  level: 0.85,
  input: { ...idle.input, chosen: podcastMicrophone.id, chosenName: podcastMicrophone.name },
};

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
  'engine-failed': {
    ...running,
    status: { code: 'status.passing-failed', params: { engine: 'GTCRN', reason: 'bad-output' } },
    problem: { code: 'engine.passing-through', params: { engine: 'GTCRN', reason: 'bad-output' } },
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
} satisfies Record<string, AppState>;

export type StateName = keyof typeof states;
export const stateNames = Object.keys(states) as StateName[];
for (const state of Object.values(states)) appState.parse(state);

/** What a talking person in a noisy room measures like, `seconds` after the start: the same every time. */
export function measuredAt(seconds: number, { bypass, mutedByFeedback }: AppState): LiveNumbers {
  const ripple = Math.sin(seconds * 23.1) * Math.sin(seconds * 7.3);
  const talking = Math.sin(seconds * 1.35) + 0.35 * Math.sin(seconds * 3.9) > -0.25;
  const noiseDb = -37 + ripple * 2;
  const voiceDb = talking ? -20 + 9 * Math.abs(Math.sin(seconds * 9.4)) - 7 * Math.abs(ripple) : -150;
  const inputRmsDb = Math.max(noiseDb, voiceDb);
  const enhancedDb = talking ? voiceDb : -55 + ripple * 2;
  const outputRmsDb = mutedByFeedback ? -150 : bypass ? inputRmsDb : enhancedDb;
  const delay = { inputDeviceMs: 10.7, ringMs: 8, converterMs: 0.3, engineMs: 18.5, outputDeviceMs: 10.7 };
  return {
    inputPeakDb: inputRmsDb + 9,
    inputRmsDb,
    outputPeakDb: outputRmsDb + 8,
    outputRmsDb,
    noiseReductionDb: 18.2,
    speechProbability: null,
    delay: { ...delay, totalMs: Object.values(delay).reduce((sum, ms) => sum + ms) },
    load: { p50: 0.043, p95: 0.067, p99: 0.112, max: 0.231 },
    underruns: 0,
    overruns: 0,
    droppedFrames: 0,
    insertedFrames: 0,
    nonFiniteSamples: 0,
    driftPpm: -14,
    secondsRunning: seconds,
    realTimePriority: true,
  };
}

/** Twelve seconds of measurements, as main sends them: twenty a second. */
export function measurements(state: AppState): LiveNumbers[] {
  if (state.phase !== 'running') return [];
  return Array.from({ length: 240 }, (_, index) => measuredAt(index / 20, state));
}
