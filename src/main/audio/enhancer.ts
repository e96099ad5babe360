import { isDeepStrictEqual } from 'node:util';
import { LimpidError, type Notice } from '../../shared/errors.js';
import type { AppState, EngineId } from '../../shared/state.js';
import type { DeviceCatalog, Direction } from './devices.js';
import { findVirtualSink, planLive, toEndpoint, toWish, type LivePlan, type LiveWishes } from './livePlan.js';
import { keepVirtualMicrophone, type EnhancerOptions, type LiveState } from './enhancerOptions.js';
import { describeLoop, findLoopProblem, SilenceDetector } from './liveStatus.js';
import { LiveStreams, type RunPlan } from './liveStreams.js';
import { asLimpidError, type LoopNumbers } from './native.js';

const retryDelaysMs = [500, 1000, 2000, 4000, 8000];
const rescanWhileWaitingMs = 3000;

/**
 * The live path as a person steers it: wishes in, state out. It decides, whenever a wish or the devices change, which streams
 * shall be open; the loop's own watchdog mends what happens in between.
 */
export class Enhancer {
  readonly #options: EnhancerOptions;
  readonly #catalog: DeviceCatalog;
  readonly #streams: LiveStreams | null;
  readonly #silence = new SilenceDetector();
  readonly #stateListeners = new Set<(state: LiveState) => void>();
  readonly #numbersListeners = new Set<(numbers: LoopNumbers) => void>();
  #wishes: LiveWishes;
  /** `asking`: switched on, but the permission for the microphone is not answered yet. */
  #intent: 'off' | 'asking' | 'on' = 'off';
  /** Whether a failure to open is the answer to the user's own start, not something to try again. */
  #isFirstTry = false;
  #failure: LimpidError | null = null;
  #phase: AppState['phase'] = 'off';
  #status: Notice = { code: 'status.off', params: {} };
  #problem: Notice | null;
  #loopProblem: Notice | null = null;
  /** Why the open streams must be closed and opened anew. */
  #broken: LimpidError | null = null;
  #question: { notice: Notice; pair: string } | null = null;
  #isMuted = false;
  #published: LiveState | null = null;
  #settling: Promise<void> | null = null;
  #isUnsettled = false;
  #failedTries = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: EnhancerOptions) {
    const { loop, catalog, wishes, problem, toSpec } = options;
    this.#options = options;
    this.#catalog = catalog;
    this.#wishes = wishes;
    this.#problem = problem ?? null;
    this.#streams = loop instanceof LimpidError ? null : new LiveStreams(loop, () => this.#readNumbers(), toSpec);
    catalog.onChange(() => void this.#settle());
    void this.#settle();
  }

  /** Calls `listener` after every real change of the state. */
  onState(listener: (state: LiveState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /** Calls `listener` 20 times a second while the streams are open. */
  onNumbers(listener: (numbers: LoopNumbers) => void): () => void {
    this.#numbersListeners.add(listener);
    return () => void this.#numbersListeners.delete(listener);
  }

  get state(): LiveState {
    const { virtualMicrophone, microphone } = this.#options;
    const { devices, hasSoundServer } = this.#catalog;
    const { engine, level, bypass, input, output } = this.#wishes;
    return {
      phase: this.#phase,
      status: this.#status,
      problem: this.#loopProblem ?? this.#problem,
      question: this.#question?.notice ?? null,
      engine,
      level,
      bypass,
      mutedByFeedback: this.#isMuted,
      input: toEndpoint(input, 'input', devices),
      output: toEndpoint(output, 'output', devices),
      virtualMicrophone: {
        supported: hasSoundServer,
        active: virtualMicrophone.isActive && findVirtualSink(devices) !== undefined,
      },
      microphonePermission: microphone.status(),
    };
  }

  /** The loop's numbers as of now; null while its streams are closed. */
  get numbers(): LoopNumbers | null {
    return this.#streams?.numbers ?? null;
  }

  /**
   * Switches on. Resolves when sound runs, or when a device or an answer is waited for (the state says so). Rejects with
   * `output.not-chosen`, `permission.denied`, `native.missing` or the device's error.
   */
  async start(): Promise<void> {
    if (this.#intent === 'asking') return;
    if (this.#intent === 'on') return this.#settle();
    const { loop, microphone } = this.#options;
    if (loop instanceof LimpidError) throw this.#refuse(loop);
    if (!this.#wishes.output) throw this.#refuse(new LimpidError('output.not-chosen'));
    this.#problem = null;
    let permission = microphone.status();
    if (permission === 'undetermined') {
      this.#intent = 'asking';
      this.#show('starting', { code: 'status.asking-permission', params: {} });
      permission = await microphone.request();
      if (this.#intent !== 'asking') return;
    }
    if (permission === 'denied') throw this.#refuse(new LimpidError('permission.denied'));
    this.#intent = 'on';
    this.#isFirstTry = true;
    await this.#settleOrThrow();
  }

  /** Switches off; the virtual microphone stays. */
  async stop(): Promise<void> {
    this.#intent = 'off';
    this.#problem = null;
    this.#phase = 'off';
    await this.#settle();
  }

  /** Cross-fades to another engine; selecting a failed one again restarts it. Rejects with the engine's error and keeps the old one. */
  async setEngine(engine: EngineId): Promise<void> {
    try {
      await this.#streams?.loop.setEngine(engine);
    } catch (error) {
      throw this.#complain(asLimpidError(error));
    }
    this.#wish({ engine });
  }

  /** Strength 0..1. */
  setLevel(level: number): void {
    this.#streams?.loop.setLevel(level);
    this.#wish({ level });
  }

  setBypass(bypass: boolean): void {
    this.#streams?.loop.setBypass(bypass);
    this.#wish({ bypass });
  }

  /** Ends the mute of the feedback guard. */
  unmute(): void {
    this.#streams?.loop.unmute();
    this.#readNumbers();
  }

  /** Answers the question in the state; without one it does nothing. Rejects like `start`. */
  async answer(yes: boolean): Promise<void> {
    if (!this.#question) return;
    const { pair } = this.#question;
    this.#question = null;
    if (!yes) return this.stop();
    this.#wish({ confirmedSpeakers: [...this.#wishes.confirmedSpeakers, pair].slice(-100) });
    await this.#settleOrThrow();
  }

  /** Chooses a device by its id, `default` (input), `virtual` (output) or null (nothing). Throws `device.unknown`. */
  async choose(direction: Direction, id: string | null): Promise<void> {
    const current = this.#wishes[direction];
    const { devices, hasSoundServer } = this.#catalog;
    const wish = id === null ? null : toWish(id, direction, { current, devices, hasSoundServer });
    // Another device answers what was wrong with the last start.
    if (this.#intent === 'off') {
      this.#problem = null;
      this.#phase = 'off';
    }
    this.#wish(direction === 'input' ? { input: wish } : { output: wish });
    await this.#settle();
  }

  /** Looks for devices again. Where PortAudio keeps the list, the sound pauses for it. */
  async rescan(): Promise<void> {
    if (!this.#catalog.hasSoundServer) await this.#close();
    await this.#catalog.refresh({ reopen: !this.#streams?.plan });
    await this.#settle();
  }

  /** Stops the sound and removes the virtual microphone. */
  async dispose(): Promise<void> {
    await this.stop();
    clearTimeout(this.#retry);
    this.#stateListeners.clear();
    this.#numbersListeners.clear();
    this.#catalog.dispose();
    await this.#options.virtualMicrophone.remove();
  }

  /** Brings streams and wishes together, again and again until nothing changed meanwhile. One at a time; never rejects. */
  #settle(): Promise<void> {
    this.#isUnsettled = true;
    this.#settling ??= this.#settleOnce().finally(() => (this.#settling = null));
    return this.#settling;
  }

  async #settleOrThrow(): Promise<void> {
    this.#failure = null;
    await this.#settle();
    if (this.#failure) throw this.#failure;
  }

  async #settleOnce(): Promise<void> {
    while (this.#isUnsettled) {
      this.#isUnsettled = false;
      clearTimeout(this.#retry);
      const refusal = this.#broken ?? (await keepVirtualMicrophone(this.#options, this.#wishes));
      this.#broken = null;
      if (this.#intent === 'off') await this.#switchOff();
      else if (this.#intent === 'on' && refusal) await this.#failToOpen(refusal);
      else if (this.#intent === 'on') await this.#follow(planLive(this.#wishes, this.#catalog.devices));
    }
    this.#publish();
  }

  async #switchOff(): Promise<void> {
    await this.#close();
    this.#question = null;
    if (this.#phase !== 'failed') this.#show('off', { code: 'status.off', params: {} });
  }

  async #follow(plan: LivePlan): Promise<void> {
    this.#question = plan.kind === 'ask' ? { notice: plan.question, pair: plan.pair } : null;
    if (plan.kind === 'run' && this.#streams?.plan?.key === plan.key) return;
    await this.#close();
    switch (plan.kind) {
      case 'run':
        return this.#open(plan);
      case 'ask':
        this.#problem = null;
        return this.#show('starting', { code: 'status.question', params: {} });
      case 'refuse':
        this.#intent = 'off';
        this.#problem = plan.problem;
        return this.#show('off', { code: 'status.off', params: {} });
      case 'wait':
        this.#isFirstTry = false;
        this.#problem = plan.problem;
        this.#show('restarting', plan.status);
        if (this.#usesPortAudio()) this.#retryIn(rescanWhileWaitingMs);
    }
  }

  async #open(plan: RunPlan): Promise<void> {
    const params = { input: plan.input.name, output: plan.output.name };
    this.#show(this.#isFirstTry ? 'starting' : 'restarting', { code: 'status.starting', params });
    try {
      await this.#streams?.open(plan, () => this.#wishes);
    } catch (error) {
      return this.#failToOpen(asLimpidError(error));
    }
    this.#isFirstTry = false;
    this.#failedTries = 0;
    this.#problem = null;
    this.#silence.reset();
    this.#readNumbers();
  }

  async #failToOpen(error: LimpidError): Promise<void> {
    await this.#close();
    this.#failure = error;
    if (this.#isFirstTry) return void this.#refuse(error);
    this.#problem = noticeOf(error);
    this.#show('restarting', { code: 'status.waiting-retry', params: {} });
    this.#retryIn(retryDelaysMs[Math.min(this.#failedTries, retryDelaysMs.length - 1)]!);
    this.#failedTries += 1;
  }

  async #close(): Promise<void> {
    this.#loopProblem = null;
    this.#isMuted = false;
    await this.#streams?.close().catch((error: unknown) => this.#complain(asLimpidError(error)));
  }

  #retryIn(delayMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(async () => {
      const reopen = this.#usesPortAudio() && !this.#streams?.plan;
      await this.#catalog.refresh({ reopen }).catch(() => undefined);
      await this.#settle();
    }, delayMs);
  }

  /** Whether a device is wished whose coming and going only PortAudio knows. */
  #usesPortAudio(): boolean {
    const { input, output } = this.#wishes;
    return !this.#catalog.hasSoundServer || [input, output].some((wish) => wish?.id.startsWith('pa:'));
  }

  #readNumbers(): void {
    const numbers = this.numbers;
    const plan = this.#streams?.plan;
    if (!numbers || !plan) return;
    const isSilent = this.#silence.isSilent(numbers.inputPeakDb, performance.now());
    this.#phase = numbers.state === 'idle' ? 'restarting' : numbers.state;
    this.#isMuted = numbers.mutedByFeedback;
    this.#loopProblem = findLoopProblem(numbers);
    this.#status = describeLoop(numbers, { input: plan.input.name, output: plan.output.name }, isSilent);
    for (const listener of this.#numbersListeners) listener(numbers);
    this.#publish();
    if (!this.#isBeyondRepair(numbers)) return;
    const { code, detail } = numbers.error ?? { code: 'device.failed', detail: 'the streams were closed' };
    this.#broken = new LimpidError(code, { detail });
    void this.#settle();
  }

  /** Whether the loop's own restarts cannot help: it gave up, or PortAudio needs a new list, for which all must be closed. */
  #isBeyondRepair({ state, error }: LoopNumbers): boolean {
    if (state === 'idle' || state === 'failed') return true;
    return state === 'restarting' && error !== null && this.#usesPortAudio();
  }

  #wish(changes: Partial<LiveWishes>): void {
    this.#wishes = { ...this.#wishes, ...changes };
    this.#options.remember(changes).catch((error: unknown) => this.#complain(asLimpidError(error)));
    this.#readNumbers();
    this.#publish();
  }

  #refuse(error: LimpidError): LimpidError {
    this.#intent = 'off';
    this.#problem = noticeOf(error);
    this.#show('failed', { code: 'status.failed', params: {} });
    return error;
  }

  #complain(error: LimpidError): LimpidError {
    this.#problem = noticeOf(error);
    this.#publish();
    return error;
  }

  #show(phase: AppState['phase'], status: Notice): void {
    this.#phase = phase;
    this.#status = status;
    this.#publish();
  }

  #publish(): void {
    const { state } = this;
    if (isDeepStrictEqual(state, this.#published)) return;
    this.#published = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}

const noticeOf = ({ code, params }: LimpidError): Notice => ({ code, params });
