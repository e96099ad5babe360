import { LimpidError } from '../../shared/errors.js';
import type { Device } from '../../shared/state.js';
import { deviceSpec } from './devices.js';
import type { EngineSupply, SuppliedEngine } from './engineSupply.js';
import type { LiveWishes, RunPlan } from './livePlan.js';
import { asLimpidError, type DeviceSpec, type LoopNumbers, type NativeLoop } from './native.js';

/** The native start gives up after 5 s and closing may take as long; more means that a driver hangs. */
const startDeadlineMs = 12_000;
const stopDeadlineMs = 8000;
const pollMs = 50;

/** The part of the native loop that is steered from here. */
export type LiveLoop = Pick<
  NativeLoop,
  'start' | 'stop' | 'setEngine' | 'setLevel' | 'setBypass' | 'unmute' | 'numbers'
>;

/** The loop's two streams while they are open: every call has a deadline, and the numbers are read 20 times a second. */
export class LiveStreams {
  #plan: RunPlan | null = null;
  #poll: NodeJS.Timeout | undefined;
  #isOpening = false;
  #isGivenUp = false;
  #wishes: () => LiveWishes = () => {
    throw new Error('nothing is open');
  };
  #supplied: SuppliedEngine | null = null;
  #engineWork: Promise<void> = Promise.resolve();

  constructor(
    readonly loop: LiveLoop,
    private readonly engines: EngineSupply,
    private readonly onTick: () => void,
    private readonly toSpec: (device: Device) => DeviceSpec = deviceSpec,
  ) {}

  /** What is open; null when nothing is. */
  get plan(): RunPlan | null {
    return this.#plan;
  }

  /** Null while nothing is open. */
  get numbers(): LoopNumbers | null {
    return this.#plan && this.loop.numbers();
  }

  /**
   * Opens the devices of the plan. `wishes` is read again afterwards: the user may have moved a control meanwhile.
   * Resolves with whether it did; false means that `giveUp` was called meanwhile and nothing is open.
   */
  async open(plan: RunPlan, wishes: () => LiveWishes): Promise<boolean> {
    this.#isOpening = true;
    this.#isGivenUp = false;
    this.#wishes = wishes;
    try {
      await this.#startLoop(plan);
      if (this.#isGivenUp) throw new LimpidError('cancelled');
    } catch (error) {
      await this.#stopLoop().catch(() => undefined);
      if (this.#isGivenUp) return false;
      throw asLimpidError(error);
    } finally {
      this.#isOpening = false;
    }
    this.#plan = plan;
    this.#poll = setInterval(this.onTick, pollMs);
    await this.#applyLate();
    return true;
  }

  /** Ends an `open` that is under way; does nothing otherwise. */
  giveUp(): void {
    if (!this.#isOpening) return;
    this.#isGivenUp = true;
    // The start answers; that the streams are closed is what `open` sees to.
    this.loop.stop().catch(() => undefined);
  }

  /** Closes what is open. Rejects with `live.stop-timeout` when a driver hangs; nothing counts as open then either. */
  async close(): Promise<void> {
    if (!this.#plan) return;
    this.#plan = null;
    clearInterval(this.#poll);
    await this.#stopLoop();
  }

  /** What the running loop was told to run; null while nothing is open. */
  get supplied(): SuppliedEngine | null {
    return this.#plan && this.#supplied;
  }

  /**
   * Brings the running loop to what is supplied for the wished engine now; `again` also when it runs that already. Rejects with
   * the engine's error, and the old one goes on; what the licensed engine lacks is the supply's business.
   */
  async useEngine({ again = false } = {}): Promise<void> {
    const work = this.#engineWork.then(() => this.#switchEngine(again));
    this.#engineWork = work.catch(() => undefined);
    await work;
  }

  async #switchEngine(again: boolean): Promise<void> {
    if (!this.#plan) return;
    const supplied = this.engines.choose(this.#wishes().engine);
    const runs = this.#supplied;
    this.#supplied = supplied;
    if (!again && runs && isSameChoice(runs, supplied)) return;
    try {
      await this.loop.setEngine(supplied.choice);
    } catch (cause) {
      const error = asLimpidError(cause);
      this.#supplied = runs;
      if (!this.engines.failed(error)) throw error;
      await this.#switchEngine(false);
    }
  }

  async #startLoop(plan: RunPlan): Promise<void> {
    const { engine, level, bypass, periodFrames } = this.#wishes();
    const [input, output] = [this.toSpec(plan.input), this.toSpec(plan.output)];
    const timeout = new LimpidError('live.start-timeout', { seconds: startDeadlineMs / 1000 }, { retryable: true });
    const supplied = this.engines.choose(engine);
    this.#supplied = supplied;
    const starting = this.loop.start({ input, output, ...supplied.choice, level, bypass, periodFrames });
    try {
      await withDeadline(starting, startDeadlineMs, timeout);
    } catch (cause) {
      const error = asLimpidError(cause);
      if (this.#isGivenUp || !this.engines.failed(error)) throw error;
      await this.#startLoop(plan);
    }
  }

  async #applyLate(): Promise<void> {
    const { level, bypass } = this.#wishes();
    this.loop.setLevel(level);
    this.loop.setBypass(bypass);
    await this.useEngine().catch(() => undefined);
  }

  #stopLoop(): Promise<void> {
    const timeout = new LimpidError('live.stop-timeout', { seconds: stopDeadlineMs / 1000 }, { retryable: true });
    return withDeadline(this.loop.stop(), stopDeadlineMs, timeout);
  }
}

/** Two that differ only in why the wished engine does not run need the same loop. */
function isSameChoice(one: SuppliedEngine, other: SuppliedEngine): boolean {
  if (one === other) return true;
  return one.choice.engine === other.choice.engine && !one.choice.licensed && !other.choice.licensed;
}

/** Rejects with `error` when the work takes longer; what comes of it then is lost. */
export async function withDeadline<Value>(
  work: Promise<Value>,
  deadlineMs: number,
  error: LimpidError,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
