import { z } from 'zod';
import { backendView } from './backend.js';
import { desktopView } from './desktop.js';
import { selfTestView } from './diagnostics.js';
import { filesView } from './files.js';
import { notice } from './notice.js';
import { comparisonView, playerView } from './player.js';
import { preferences } from './preferences.js';
import { recordingsView, recordingView } from './recording.js';
import { tokenStatus } from './token.js';

/** `gtcrn` is built in, `aic` needs its library, a model and a token, `bypass` changes nothing. */
export const engineIds = ['gtcrn', 'aic', 'bypass'] as const;
export const engineId = z.enum(engineIds);
export type EngineId = z.infer<typeof engineId>;

/** What is heard while the licensed engine may not work: the built-in engine, or the unchanged voice. */
export const fallbackId = z.enum(['gtcrn', 'bypass']);
export type FallbackId = z.infer<typeof fallbackId>;

/** Where the licensed engine's parts are, as chosen; null: Limpid looks in its own folder (library: then asks the system's loader). */
export const licensedChoice = z.object({
  libraryPath: z.string().max(4000).nullable(),
  modelPath: z.string().max(4000).nullable(),
  vadModelPath: z.string().max(4000).nullable(),
  /** Usage metrics to the OpenTelemetry collector named by OTEL_EXPORTER_OTLP_ENDPOINT; null: AIC_SDK_OTEL_ENABLE decides. */
  otel: z
    .object({
      enable: z.boolean(),
      sessionId: z.string().max(200).nullable(),
      exportIntervalMs: z.number().int().min(1000).max(3_600_000),
    })
    .nullable(),
});
export type LicensedChoice = z.infer<typeof licensedChoice>;

/** The licensed engine as it was found. */
export const licensedView = licensedChoice.extend({
  /** Facts of the loaded library and model; null until it was needed. */
  loaded: z.object({ sdkVersion: z.string(), modelId: z.string(), sampleRate: z.number() }).nullable(),
  /** Whether the library is in this process: once it is, it stays until Limpid ends, whatever is loaded. */
  isLibraryLoaded: z.boolean(),
  /** Why it cannot be used at the moment; null when it can, or was not tried. */
  problem: notice.nullable(),
  /** Why `otel` cannot be chosen; null when it can. */
  metricsLockReason: notice.nullable(),
});
export type LicensedView = z.infer<typeof licensedView>;

/** A device as people see it. `id` is stable over unplug and replug; `kind` says what we know of it. */
export const device = z.object({
  id: z.string(),
  name: z.string(),
  hostApi: z.string(),
  inputs: z.number().int(),
  outputs: z.number().int(),
  defaultRate: z.number(),
  isDefaultInput: z.boolean(),
  isDefaultOutput: z.boolean(),
  kind: z.enum(['physical', 'built-in', 'monitor', 'virtual-cable', 'limpid', 'plain-alsa']),
});
export type Device = z.infer<typeof device>;

/** One end of the live path. `chosen` is a wish: it is kept while the device is away (`present` false). */
export const endpoint = z.object({
  /** A device id, 'default' (follow the system; input only), 'virtual' (the Limpid microphone; output only, Linux), or null: nothing chosen yet. */
  chosen: z.string().nullable(),
  chosenName: z.string().nullable(),
  present: z.boolean(),
  devices: z.array(device),
});

export const livePhase = z.enum(['off', 'starting', 'running', 'stalled', 'restarting', 'failed']);

export const appState = z.object({
  phase: livePhase,
  /** The one status line. */
  status: notice,
  /** The last failure, until the next success; null when all is well. */
  problem: notice.nullable(),
  /** A question that must be answered before the start goes on (e.g. `question.speakers`). */
  question: notice.nullable(),
  engine: engineId,
  /** What the listener hears: the engine, the one that stands in for it, or `bypass`, the unchanged voice. */
  heardEngine: engineId,
  fallback: fallbackId,
  engines: z.array(z.object({ id: engineId, bandwidthHz: z.number().nullable() })),
  licensed: licensedView,
  token: tokenStatus,
  backend: backendView,
  level: z.number().min(0).max(1),
  bypass: z.boolean(),
  mutedByFeedback: z.boolean(),
  /** Where it was too loud since the sound was switched on, or since the lamp was put out. */
  clipped: z.object({ input: z.boolean(), output: z.boolean() }),
  input: endpoint,
  output: endpoint,
  virtualMicrophone: z.object({ supported: z.boolean(), active: z.boolean() }),
  microphonePermission: z.enum(['granted', 'denied', 'undetermined', 'not-needed']),
  /** Null while nothing is recorded. */
  recording: recordingView.nullable(),
  recordings: recordingsView,
  comparison: comparisonView,
  /** Null: nothing is open. */
  player: playerView.nullable(),
  /** Where sounds are played; `chosen` null: where the enhanced voice is heard, else the system's default. */
  monitor: endpoint,
  files: filesView,
  selfTest: selfTestView,
  /** An error of Limpid's own that nobody foresaw, until it was read; null when there is none. */
  mishap: notice.nullable(),
  /** Whether the introduction was gone through or skipped. */
  welcomed: z.boolean(),
  preferences,
  /** Names of the settings (`preferences` and others) that the administrator fixed, and why a change is refused; null: nothing is. */
  policy: z.object({ locked: z.array(z.string()), lockReason: notice.nullable() }),
  /** Null in a browser panel. */
  desktop: desktopView.nullable(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  host: z.enum(['electron', 'panel']),
  version: z.string(),
});
export type AppState = z.infer<typeof appState>;

/**
 * What moves all the time; sent at 20 Hz while running. Levels in dBFS, delays in ms, load 0..1 since the start and, `recentP99`,
 * of the last second.
 */
export const liveNumbers = z.object({
  inputPeakDb: z.number(),
  inputRmsDb: z.number(),
  outputPeakDb: z.number(),
  outputRmsDb: z.number(),
  noiseReductionDb: z.number().nullable(),
  speechProbability: z.number().nullable(),
  delay: z.object({
    inputDeviceMs: z.number(),
    ringMs: z.number(),
    converterMs: z.number(),
    engineMs: z.number(),
    outputDeviceMs: z.number(),
    totalMs: z.number(),
  }),
  load: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number(), recentP99: z.number() }),
  underruns: z.number().int(),
  overruns: z.number().int(),
  droppedFrames: z.number().int(),
  insertedFrames: z.number().int(),
  nonFiniteSamples: z.number().int(),
  driftPpm: z.number(),
  secondsRunning: z.number(),
  realTimePriority: z.boolean(),
  /** Recorded so far; null while nothing is recorded. */
  recordedSeconds: z.number().nullable(),
  /** Since the start; blocks are device callbacks. The vendor's names: `processor.bypass` and `usage.disallowed`. */
  counters: z.object({
    modelLoads: z.number().int(),
    processorCreates: z.number().int(),
    tokenUpdates: z.number().int(),
    blocksEnhanced: z.number().int(),
    blocksBypassed: z.number().int(),
    blocksDisallowed: z.number().int(),
  }),
});
export type LiveNumbers = z.infer<typeof liveNumbers>;
