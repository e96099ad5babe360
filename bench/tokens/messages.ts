/** What the live path of one run is told, as JSON in its argument. */
export interface SystemOptions {
  libraryPath: string;
  modelPath: string;
  periodFrames: number;
  /** Updates to make once it is told to begin; 0: the control run. */
  updates: number;
  /** Pause after each update. */
  pauseMs: number;
  /** Life of its first token and of each later one. */
  firstLifetimeSeconds: number;
  lifetimeSeconds: number;
}

/** What the live path says of itself at the end of the measured part. */
export interface SystemNumbers {
  state: string;
  engineStatus: string;
  restarts: number;
  underruns: number;
  overruns: number;
  droppedFrames: number;
  /** Time used over time available in the capture callback; above 1 the block was late. */
  load: { p50: number; p99: number; max: number };
  modelLoads: number;
  processorCreates: number;
  tokenUpdates: number;
  blocksDisallowed: number;
  /** Delay of the main thread's event loop during the measured part, sampled every ms. */
  eventLoop: { p50Ms: number; p99Ms: number; maxMs: number };
  /** Updates that the library did not accept. */
  refusedUpdates: number;
  /** From the call to the answer; null without updates. */
  updateMs: { p50: number; p99: number; max: number } | null;
}

/** Order of things: `ready` out, `begin` in, `updated` out (at once in a control run), `measured` in, numbers out, end. */
export type SystemMessage = { kind: 'ready' } | { kind: 'updated' } | { kind: 'measured'; numbers: SystemNumbers };
