import type { LiveLoop } from '../../src/main/audio/liveStreams.js';
import type { EngineChoice, LoopNumbers, LoopOptions } from '../../src/main/audio/native.js';

/** Numbers of a loop that has not begun. */
export const idleNumbers: LoopNumbers = {
  state: 'idle',
  error: null,
  restarts: 0,
  engine: 'gtcrn',
  engineStatus: 'active',
  engineReason: '',
  vendorCode: 0,
  heardEngine: 'gtcrn',
  level: 1,
  bypass: false,
  mutedByFeedback: false,
  inputRate: 48_000,
  outputRate: 48_000,
  inputPeriodFrames: 256,
  outputPeriodFrames: 256,
  realTimePriority: false,
  secondsRunning: 0,
  inputPeakDb: -20,
  inputRmsDb: -30,
  outputPeakDb: -20,
  outputRmsDb: -30,
  noiseReductionDb: null,
  speechProbability: null,
  delay: { inputDeviceMs: 5, ringMs: 5, converterMs: 0, engineMs: 19, outputDeviceMs: 5, totalMs: 34 },
  load: { p50: 0.1, p95: 0.1, p99: 0.1, max: 0.1, recentP99: 0.1 },
  underruns: 0,
  overruns: 0,
  droppedFrames: 0,
  insertedFrames: 0,
  nonFiniteSamples: 0,
  driftPpm: 0,
  counters: {
    modelLoads: 1,
    processorCreates: 1,
    tokenUpdates: 0,
    blocksEnhanced: 0,
    blocksBypassed: 0,
    blocksDisallowed: 0,
  },
  recording: null,
};

/** A loop without devices for sequences in time: it opens what it is told, unless `refusal` is set, and notes every call. */
export class FakeLoop implements LiveLoop {
  readonly calls: string[] = [];
  refusal: Error | null = null;
  /** While true, a start answers only when `stop` ends it. */
  hangs = false;
  #numbers: LoopNumbers = idleNumbers;
  #giveUp: (error: Error) => void = () => undefined;

  start({ input, output, engine, level, bypass }: LoopOptions): Promise<void> {
    this.calls.push(`start ${nameOf(input)} ${nameOf(output)}`);
    if (this.hangs) return new Promise((_, reject) => (this.#giveUp = reject));
    if (this.refusal) return Promise.reject(this.refusal);
    this.become({ state: 'running', error: null, engine, heardEngine: engine, level, bypass });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.calls.push('stop');
    this.#giveUp(Object.assign(new Error('Stopped.'), { code: 'cancelled', detail: '' }));
    this.become({ state: 'idle' });
    return Promise.resolve();
  }

  setEngine({ engine }: EngineChoice): Promise<void> {
    this.calls.push(`engine ${engine}`);
    if (this.refusal) return Promise.reject(this.refusal);
    this.become({ engine, heardEngine: engine });
    return Promise.resolve();
  }

  setLevel(level: number): void {
    this.become({ level });
  }

  setBypass(bypass: boolean): void {
    this.become({ bypass });
  }

  unmute(): void {
    this.become({ mutedByFeedback: false });
  }

  numbers(): LoopNumbers {
    return this.#numbers;
  }

  /** Lets something happen to the sound. */
  become(changes: Partial<LoopNumbers>): void {
    this.#numbers = { ...this.#numbers, ...changes };
  }
}

const nameOf = (spec: LoopOptions['input']): string => ('name' in spec ? spec.name : spec.kind);
