/**
 * The native core of Limpid, as seen from JavaScript. Only `src/main/audio/native.ts` loads the binary.
 *
 * Audio never enters JavaScript: this interface starts, steers and reads numbers. Samples are IEEE floats in
 * −1..1 (0 dBFS = 1.0), levels are dBFS, `-Infinity` never appears (the floor is −150).
 * Every promise rejects with a `NativeError` (an `Error` with a stable `code`).
 */

/**
 * `gtcrn`: compiled in; noise suppression up to 8 kHz, dry high band above. `bypass`: no change, no delay.
 * `aic`: the licensed engine, from a library that is opened at run time; needs a `LicensedEngine`.
 */
export type EngineId = 'gtcrn' | 'bypass' | 'aic';

/** What is heard while the licensed engine may not work. */
export type FallbackId = 'gtcrn' | 'bypass';

/** Stable codes of native errors. `message` is one English sentence without a stack. */
export type NativeErrorCode =
  | 'device.unknown' // no such device: show the list
  | 'device.busy' // another program holds it: close that, or pick another
  | 'device.rate-refused' // the device takes neither the asked nor its own default rate
  | 'device.none' // there is no device of that direction at all
  | 'device.failed' // PortAudio said no; `detail` has its text
  | 'device.hung' // a PortAudio call did not return within 5 s; it was abandoned
  | 'engine.unknown'
  | 'engine.failed' // it stopped for good while a file was enhanced; `detail` has its reason
  | 'engine.prepare-failed' // e.g. address space for the engine's memory could not be reserved
  | 'aic.library-missing' // no such file; `detail` has the path, or what the system's loader said
  | 'aic.library-unloadable' // a file, but no library for this system and processor; `detail` has the loader's text
  | 'aic.library-too-old' // `detail` has its version; 0.22 is needed
  | 'aic.library-incomplete' // `detail` has its version and the symbol that it lacks
  | 'aic.model-missing' // no such file; `detail` has the path
  | 'aic.no-token' // the engine was asked for before its first token
  | 'aic.vendor' // the library refused; `detail` has its code (AicErrorCode) in decimal digits
  | 'aic.closed' // the `LicensedEngine` was closed
  | 'file.not-found'
  | 'file.unreadable'
  | 'file.not-wav'
  | 'file.empty'
  | 'file.truncated' // ends inside the header, or before its first frame
  | 'file.bad-rate' // its header says 0 Hz, or a rate outside 8..192 kHz
  | 'file.bad-channels' // its header says 0 channels, or more than 64
  | 'file.unsupported' // a WAV of a kind we refuse; `detail` says which
  | 'file.same' // output equals input
  | 'file.unwritable'
  | 'file.disk-full'
  | 'cancelled'
  | 'argument' // a value out of range or of the wrong type
  | 'internal';

export interface NativeError extends Error {
  code: NativeErrorCode;
  detail?: string;
}

/**
 * Where a stream begins or ends.
 * `pulse`: a PulseAudio/PipeWire node by its name (Linux; opened through ALSA's pulse plug-in, may appear at any time).
 * `portaudio`: a device of PortAudio's list by host API and name.
 * `timer`: no device; callbacks come from a timer. Capture plays `wavPath` once, then silence (no path: silence); playback is discarded.
 * As the output of a device that captures: the voice goes to nobody. As the input it has to be the output too.
 */
export type DeviceSpec =
  | { kind: 'pulse'; name: string }
  | { kind: 'portaudio'; hostApi: string; name: string }
  | { kind: 'timer'; wavPath?: string };

/** One entry of PortAudio's list. Channel counts are the maxima, rates in Hz, latencies in ms. */
export interface PortAudioDevice {
  name: string;
  hostApi: string;
  inputs: number;
  outputs: number;
  defaultRate: number;
  isDefaultInput: boolean;
  isDefaultOutput: boolean;
}

/** Lists PortAudio's devices. `refresh` re-initialises PortAudio first; refused with `device.busy` while any stream is open. */
export function listPortAudioDevices(options?: { refresh?: boolean }): Promise<PortAudioDevice[]>;

/** Which engine a loop or a file uses. `licensed` is required by `aic` and ignored by the others. */
export interface EngineChoice {
  engine: EngineId;
  licensed?: LicensedEngine;
  /** Takes over, time-aligned, while `aic` may not work or any engine failed. Default `bypass`: the unchanged voice. */
  fallback?: FallbackId;
}

export interface LoopOptions extends EngineChoice {
  input: DeviceSpec;
  output: DeviceSpec;
  /** Strength 0..1: 0 = the dry signal, 1 = the engine's full effect. */
  level: number;
  bypass: boolean;
  /** Asked frames per device callback, 32..4096. Default 256. */
  periodFrames?: number;
  /** Asked rate of each stream in Hz, 8000..192000. Default: 48000, or the device's own when that is refused. */
  inputRate?: number;
  outputRate?: number;
}

/**
 * `idle` → `starting` → `running`; `stalled`: no callback for max(500 ms, 8 periods);
 * `restarting`: the streams are being reopened (after 2.5 s of stall, then 2, 4, 8, 8 … s); `failed`: the first start did not succeed.
 */
export type LoopState = 'idle' | 'starting' | 'running' | 'stalled' | 'restarting' | 'failed';

/**
 * How the chosen engine fares: `active`; `blocked`: it hands blocks back unprocessed (`vendorCode` says why) and is asked again
 * with every block; `failed`: it can never work again.
 */
export type EngineStatus = 'active' | 'blocked' | 'failed';

export interface LoopNumbers {
  state: LoopState;
  /** Why the state is not `running`: a code and PortAudio's text, or null. */
  error: { code: NativeErrorCode; detail: string } | null;
  restarts: number;
  /** The choice that is heard: after `setEngine` the one before until the fade is over. */
  engine: EngineId;
  engineStatus: EngineStatus;
  /** Reason of `failed`: 'trap', 'bad-output' or the empty string. */
  engineReason: string;
  /** The library's answer to the last block (AicErrorCode); 0: enhanced. Always 0 with the embedded engines. */
  vendorCode: number;
  /** What is heard: the chosen engine, its fallback, or `bypass` where the voice is unchanged because no engine works. The user's own bypass does not count. */
  heardEngine: EngineId;
  level: number;
  bypass: boolean;
  /** Output muted by the feedback guard (until `unmute`). */
  mutedByFeedback: boolean;
  inputRate: number;
  outputRate: number;
  inputPeriodFrames: number;
  outputPeriodFrames: number;
  realTimePriority: boolean;
  secondsRunning: number;
  /** dBFS over the last 60 ms; peak and RMS of the (mono) input and of what is played. */
  inputPeakDb: number;
  inputRmsDb: number;
  outputPeakDb: number;
  outputRmsDb: number;
  /** In minus out RMS over the blocks of the last 3 s below the 30th percentile of input level; null until 3 s are there. */
  noiseReductionDb: number | null;
  /** 0..1, or null where the engine has no speech detector. */
  speechProbability: number | null;
  /** Milliseconds by part; `totalMs` is their sum. */
  delay: {
    inputDeviceMs: number;
    ringMs: number;
    converterMs: number;
    engineMs: number;
    outputDeviceMs: number;
    totalMs: number;
  };
  /** Processing time over available time of the capture callback, 0..1 and above, since start; `recentP99`: of the last second. */
  load: { p50: number; p95: number; p99: number; max: number; recentP99: number };
  underruns: number;
  overruns: number;
  droppedFrames: number;
  insertedFrames: number;
  nonFiniteSamples: number;
  driftPpm: number;
  /**
   * Loads, creates and updates are those of the `LicensedEngine` where one was given, else of the embedded engine (its
   * fallback does not count). Blocks are device callbacks: enhanced by any engine; heard unchanged (the vendor's
   * `processor.bypass`); refused by the licensed engine, whatever was heard instead (the vendor's `usage.disallowed`).
   */
  counters: {
    modelLoads: number;
    processorCreates: number;
    tokenUpdates: number;
    blocksEnhanced: number;
    blocksBypassed: number;
    blocksDisallowed: number;
  };
  recording: { seconds: number; droppedFrames: number; error: string | null } | null;
}

/** 128 log-spaced bands from 50 Hz to 20 kHz, in dBFS, of the last 1024 samples. */
export interface Spectra {
  input: Float32Array;
  output: Float32Array;
}

/** One live path: capture → pipeline → ring → converter → playback. Owns its threads; collected or torn down, it stops. */
export class Loop {
  constructor();
  /** Resolves when both streams deliver callbacks (opening, starting and the first callback have 5 s each); rejects with the device's error and leaves the loop `failed`. */
  start(options: LoopOptions): Promise<void>;
  /** Stops and closes both streams. Resolves also when the loop was idle. */
  stop(): Promise<void>;
  /**
   * Prepares the engine off the audio thread, then cross-fades time-aligned; until the fade is over the numbers (`engine`,
   * `engineStatus`, `engineReason`, `vendorCode`, `heardEngine`) are those of the choice before. A change of the fallback makes a
   * second processor for the length of the fade. Without a running loop it has no effect: `start` names the engine.
   */
  setEngine(choice: EngineChoice): Promise<void>;
  setLevel(level: number): void;
  setBypass(bypass: boolean): void;
  unmute(): void;
  /** Cheap; poll at 30 Hz or less. */
  numbers(): LoopNumbers;
  /** Computed when asked, off the audio thread. Null when idle. */
  spectra(): Spectra | null;
  /** Writes `original.wav` and `enhanced.wav` (mono, 32-bit float, time-aligned) into an existing folder; the header is kept valid once a second. */
  startRecording(folder: string): Promise<void>;
  /** Closes both files. Rejects with what ended the recording early, e.g. `file.disk-full`; the files hold what was written before. */
  stopRecording(): Promise<void>;
}

/** Where the licensed engine is found and how it reports. Paths are UTF-8. */
export interface LicensedOptions {
  /** The library, or the folder that holds it; null: `libaic.so`, `libaic.dylib` or `aic.dll` by the system's loader. */
  libraryPath: string | null;
  modelPath: string;
  /** A speech detector's own model; it hears the original signal. null: no detector. */
  vadModelPath?: string | null;
  /** Usage metrics to an OpenTelemetry collector; null or left out: the library's environment variables decide. */
  otel?: { enable: boolean; sessionId?: string | null; exportIntervalMs?: number } | null;
}

/** What was found. `sampleRate` (Hz) and `blockFrames` are the model's own. */
export interface LicensedFacts {
  libraryPath: string;
  sdkVersion: string;
  compatibleModelVersion: number;
  modelId: string;
  sampleRate: number;
  blockFrames: number;
}

/**
 * The licensed engine of one session of enhancement: library, model and processors, which outlive streams that are closed and
 * opened again. A processor is made when a loop or file first asks for it, and used again when it is free.
 */
export class LicensedEngine {
  constructor(options: LicensedOptions);
  /** Opens the library (once per process and path; it stays open) and loads the models (once). Rejects with `aic.*`. */
  load(): Promise<LicensedFacts>;
  /**
   * Hands a token (a JWT) in place to every licensed object there is, off the main and the audio thread, and keeps it for those
   * made later, unless all refused it; those made meanwhile get it too, or the old one should it be refused. Resolves with the
   * vendor's code: 0, or that of the first object that refused; what refused keeps its old token. One at a time, in order.
   */
  updateToken(token: string): Promise<number>;
  /**
   * For objects that refuse an update (53): objects made from now on use this token, and those that exist are not used again once
   * they are free. `Loop.setEngine` then cross-fades to a new processor.
   */
  replaceToken(token: string): Promise<void>;
  /** Ends the vendor's sessions and frees models and processors, as the end of the environment does; those in use follow when they become free. */
  close(): Promise<void>;
  /**
   * Since construction; a speech detector and its model are not counted. `tokenUpdates`: calls of `updateToken` that every object
   * accepted, and there was one: what is only kept for later is no update.
   */
  numbers(): { modelLoads: number; processorCreates: number; tokenUpdates: number };
}

/** Opens the library alone, for `doctor` and the installers. Rejects with `aic.library-*`. */
export function inspectLicensedLibrary(
  libraryPath: string | null,
): Promise<{ libraryPath: string; sdkVersion: string; compatibleModelVersion: number }>;

export interface EnhanceFileOptions extends EngineChoice {
  inputPath: string;
  outputPath: string;
  level: number;
}

export interface EnhanceFileResult {
  sampleRate: number;
  channels: number;
  frames: number;
  seconds: number;
  wallSeconds: number;
  /** Removed from the output, so that it is in time with the input. */
  delayMs: number;
  inputDb: number;
  outputDb: number;
  nonFiniteSamples: number;
  /** As `LoopNumbers.noiseReductionDb`, over the whole file; null where it is shorter than 3 s. */
  noiseReductionDb: number | null;
  /** Engine blocks that were replaced by the dry signal. */
  replacedBlocks: number;
  /** Blocks that the licensed engine refused, over all channels; a file with one is not completed. */
  blocksDisallowed: number;
  /** The input ends before its header says so: it was enhanced up to the cut. */
  inputTruncated: boolean;
}

/** One file being enhanced on native threads (a thread a channel, at most one a core). */
export class FileEnhancement {
  constructor(options: EnhanceFileOptions);
  /** Writes to a temporary name beside the output and renames at the end; on any error the temporary file is gone. */
  run(): Promise<EnhanceFileResult>;
  /** Frames done and frames in all; 0 and 0 until the header is read. */
  progress(): { framesDone: number; framesTotal: number };
  cancel(): void;
}

/** A WAV file at a glance. */
export interface Waveform {
  sampleRate: number;
  channels: number;
  frames: number;
  seconds: number;
  /** Largest |sample| of all channels in each of `buckets` equally long pieces, 0..1 and above. */
  peaks: Float32Array;
  /** Over all channels, in dBFS. */
  rmsDb: number;
}

/** Reads a WAV file once, on a thread of its own, at any length with the same memory. Rejects with `file.*`. */
export function readWaveform(path: string, buckets: number): Promise<Waveform>;

export interface PlayerNumbers {
  /** `ended`: the play head is at the end and the device closed; `failed`: `error` says why. */
  state: 'idle' | 'paused' | 'playing' | 'ended' | 'failed';
  positionSeconds: number;
  /** Index of the version that is heard. */
  version: number;
  underruns: number;
  error: { code: NativeErrorCode; detail: string } | null;
}

/**
 * Plays one sound in several versions on one play head. WAV files are read ahead by a thread of their own; the playback callback
 * only mixes. Files differ in length by a few frames at most: the shortest counts. Up to two channels are played, more are mixed
 * down; the rate is converted to the device's.
 */
export class Player {
  constructor();
  /** Opens the versions (1..4 paths) paused at the beginning, version 0; what was open is closed. Rejects with `file.*`. */
  open(paths: string[]): Promise<{ seconds: number; sampleRate: number; channels: number }>;
  /** Opens the device and plays from the play head, from the beginning when that is at the end. Rejects with `device.*`. */
  play(output: DeviceSpec): Promise<void>;
  /** Fades out within 10 ms and closes the device. Resolves also when nothing plays. */
  pause(): Promise<void>;
  /** Moves the play head, behind a 10 ms fade while it plays. */
  seek(seconds: number): void;
  /** Cross-fades to another version at the same play head within 10 ms, without a gap. */
  hear(version: number): void;
  /** Cheap; poll at 30 Hz or less. */
  numbers(): PlayerNumbers;
  /** Stops, and closes device and files. */
  close(): Promise<void>;
}

export interface RoundTripOptions {
  input: DeviceSpec;
  output: DeviceSpec;
  /** 5..60. */
  seconds: number;
  /** Peak of the chirps in dBFS, −40..−6. */
  levelDb: number;
}

/** What came back of the chirps. Levels in dBFS; null where no chirp was heard. */
export interface RoundTripResult {
  chirpsPlayed: number;
  chirpsHeard: number;
  /** Median time from the playback callback's first frame of a chirp to the capture callback's, with the devices' own latencies in it. */
  roundTripMs: number | null;
  jitterMs: number | null;
  /** Places where captured sound is missing or a chirp is torn, and their length in all. */
  gaps: number;
  gapSeconds: number;
  signalDb: number | null;
  noiseDb: number | null;
  underruns: number;
  overruns: number;
  inputRate: number;
  outputRate: number;
}

/** Plays chirps to one device and listens to another, without any engine. */
export class RoundTrip {
  constructor(options: RoundTripOptions);
  /** Rejects with `device.*`, or `cancelled`. */
  run(): Promise<RoundTripResult>;
  progress(): { secondsDone: number; secondsTotal: number };
  cancel(): void;
}

/** Ends the process at once with this code (0..255), waiting for no thread: Node waits for ever for one that a driver or a keychain holds. */
export function endProcess(exitCode: number): never;

/** Facts for `doctor`. `engines`: those that are compiled in. */
export function about(): { portAudioVersion: string; engines: EngineId[]; guardPages: boolean; compiler: string };

/** What an engine is: its rate (Hz), block, bandwidth (Hz; null = full), and the delay in frames at 48 kHz as the pipeline runs it. */
export function describeEngine(id: Exclude<EngineId, 'aic'>): {
  id: EngineId;
  sampleRate: number;
  blockFrames: number;
  delayFrames: number;
  bandwidthHz: number | null;
};
