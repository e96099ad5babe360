/** What the live path of one run is told, as JSON in its argument. */
export interface SystemOptions {
  libraryPath: string;
  modelPath: string;
  periodFrames: number;
  updates: number;
  /** Updates of one window. */
  windowUpdates: number;
  /** Pause after each update. */
  pauseMs: number;
  /** About what an update and its pause take; how long the first window without updates lasts. */
  roughUpdateMs: number;
  lifetimeSeconds: number;
}

/** `updates`: tokens are swapped all the time; `control`: none is, for as long as in its pair's window of updates. */
export type Arm = 'updates' | 'control';

/** A part of the run. Windows 2n and 2n + 1 are a pair; which of the two comes first alternates. */
export interface Window {
  arm: Arm;
  /** Monotonic clock of the system, which is also that of the library's log. */
  fromNs: number;
  toNs: number;
  /** What was counted in it. */
  underruns: number;
  droppedFrames: number;
  /** Delay of the main thread's event loop, sampled every ms. */
  eventLoop: { p99Ms: number; maxMs: number };
}

/** What the live path says of itself at the end of the measured part. */
export interface SystemNumbers {
  state: string;
  engineStatus: string;
  restarts: number;
  /** Time used over time available in the capture callback, over the whole run; above 1 a block was late. */
  load: { p50: number; p99: number; max: number };
  modelLoads: number;
  processorCreates: number;
  tokenUpdates: number;
  blocksDisallowed: number;
  windows: Window[];
  /** From the call to the answer. */
  updateMs: { p50: number; p99: number; max: number };
}

/** Order of things: `ready` out, `begin` in, `through` out, `end` in, numbers out. */
export type SystemMessage = { kind: 'ready' } | { kind: 'through' } | { kind: 'measured'; numbers: SystemNumbers };
