import { isDeepStrictEqual } from 'node:util';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import { clipDb } from '../../shared/levels.js';
import type { AppState, EngineId } from '../../shared/state.js';
import { Complaints } from './complaints.js';
import type { DeviceCatalog, Direction } from './devices.js';
import { embeddedEngines, type EngineSupply } from './engineSupply.js';
import { isRun, planLive, toWish, usesPortAudio, type LivePlan, type LiveWishes, type RunPlan } from './livePlan.js';
import { describeWishes, keepVirtualMicrophone, type EnhancerOptions, type LiveState } from './enhancerOptions.js';
import { describeAwaited, describeLoop, findLoopProblem, isBeyondRepair, SilenceDetector } from './liveStatus.js';
import { LiveStreams } from './liveStreams.js';
import { asLimpidError, type LoopNumbers } from './native.js';

const retryDelaysMs = [500, 1000, 2000, 4000, 8000];
const rescanWhileWaitingMs = 3000;
/** Whoever holds renews it each second; a window that is gone does not. */
const holdLastsMs = 2000;

interface StartOptions {
  isPatient?: boolean;
  makeRoom?(): Promise<void>;
}

/**
 * The live path as a person steers it: wishes in, state out. It decides, whenever a wish or the devices change, which streams
 * shall be open; the loop's own watchdog mends what happens in between.
 */
export class Enhancer {
  readonly #options: EnhancerOptions;
  readonly #catalog: DeviceCatalog;
  readonly #engines: EngineSupply;
  readonly #streams: LiveStreams | null;
  readonly #silence = new SilenceDetector();
  readonly #stateListeners = new Set<(state: LiveState) => void>();
  readonly #numbersListeners = new Set<(numbers: LoopNumbers) => void>();
  #wishes: LiveWishes;
  /** What was opened last since it was switched on. */
  #opened: RunPlan | null = null;
  /** The devices wished before others decided about them, which sound until theirs can. */
  #kept: Pick<LiveWishes, Direction> | null = null;
  /** Why it is still those. */
  #awaited: Notice | null = null;
  /** `asking`: switched on, but the permission for the microphone is not answered yet. */
  #intent: 'off' | 'asking' | 'on' = 'off';
  /** Whether a failure to open is the answer to the user's own start, not something to try again. */
  #isFirstTry = false;
  #failure: LimpidError | null = null;
  #phase: AppState['phase'] = 'off';
  #status: Notice = { code: 'status.off', params: {} };
  #problem: Notice | null;
  readonly #complaints = new Complaints(() => this.#publish());
  #loopProblem: Notice | null = null;
  /** Why the open streams must be closed and opened anew. */
  #broken: LimpidError | null = null;
  #question: { notice: Notice; pair: string } | null = null;
  #isMuted = false;
  #clipped: AppState['clipped'] = { input: false, output: false };
  /** The other voice is heard for as long as somebody holds it. */
  #isBypassHeld = false;
  #letGo: NodeJS.Timeout | undefined;
  #heardEngine: EngineId | null = null;
  #disallowedBlocks = 0;
  #published: LiveState | null = null;
  #settling: Promise<void> | null = null;
  #isUnsettled = false;
  #isRescanDue = false;
  #rescanFailure: LimpidError | null = null;
  #isDisposed = false;
  #failedTries = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: EnhancerOptions) {
    const { loop, catalog, wishes, problem, toSpec, engines = embeddedEngines() } = options;
    this.#options = options;
    this.#catalog = catalog;
    this.#wishes = wishes;
    this.#problem = problem ?? null;
    this.#engines = engines;
    const hasLoop = !(loop instanceof LimpidError);
    this.#streams = hasLoop ? new LiveStreams(loop, engines, () => this.#readNumbers(), toSpec) : null;
    this.#followWishes();
    engines.onChange(() => void this.#followEngines());
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
    return {
      phase: this.#phase,
      status: this.#status,
      problem: this.#loopProblem ?? this.#problem ?? this.#awaited ?? this.#complaints.first,
      question: this.#question?.notice ?? null,
      mutedByFeedback: this.#isMuted,
      clipped: this.#clipped,
      heardEngine: this.#heardEngine ?? this.#wishes.engine,
      ...describeWishes(this.#options, this.#heardWishes, this.#opened),
    };
  }

  /** The loop's numbers as of now; null while its streams are closed. */
  get numbers(): LoopNumbers | null {
    return this.#streams?.numbers ?? null;
  }

  /**
   * Switches on. Resolves when sound runs, when a device or an answer is waited for (the state says so), or when it was
   * switched off meanwhile. Rejects with `output.not-chosen`, `permission.denied`, `native.missing` or the device's error.
   * `isPatient`: nobody waits for the answer, so a device that cannot be opened is tried again. `makeRoom` is called when nothing
   * speaks against it and the state says that it begins: what else has a device open closes it; it never rejects.
   */
  async start({ isPatient = false, makeRoom }: StartOptions = {}): Promise<void> {
    if (this.#intent === 'asking') return;
    if (this.#intent === 'on') return this.#settle();
    const { loop, microphone } = this.#options;
    if (loop instanceof LimpidError) throw this.#refuse(loop);
    if (!this.#wishes.output) throw this.#refuse(new LimpidError('output.not-chosen'));
    this.#problem = null;
    this.#clipped = { input: false, output: false };
    let permission: AppState['microphonePermission'] | LimpidError = microphone.status();
    if (permission === 'undetermined') {
      this.#setIntent('asking');
      this.#show('starting', { code: 'status.asking-permission', params: {} });
      permission = await microphone.request().catch(asLimpidError);
      if (!this.#intends('asking')) return;
    }
    if (permission instanceof LimpidError) throw this.#refuse(permission);
    if (permission === 'denied') throw this.#refuse(new LimpidError('permission.denied'));
    this.#setIntent('on');
    this.#isFirstTry = !isPatient;
    this.#show('starting', { code: 'status.preparing', params: {} });
    await makeRoom?.();
    await this.#engines.ready();
    await this.#settleOrThrow();
  }

  /** Switches off; the virtual microphone stays. */
  async stop(): Promise<void> {
    this.#setIntent('off');
    this.#problem = null;
    this.#phase = 'off';
    this.#streams?.giveUp();
    await this.#settle();
  }

  /**
   * Cross-fades to another engine; selecting a failed one again restarts it. Rejects with the engine's error and keeps the old
   * one. A licensed engine that is not ready yet is a wish: its fallback is heard until it is.
   */
  async setEngine(engine: EngineId): Promise<void> {
    const before = this.#wishes.engine;
    const again = this.numbers?.engineStatus === 'failed';
    this.#wish({ engine });
    if (this.#streams?.plan) await this.#engines.ready();
    // Another one was chosen meanwhile.
    if (this.#wishes.engine !== engine) return;
    try {
      await this.#complaints.watch('engine', this.#streams?.useEngine({ again }));
    } catch (error) {
      if (this.#wishes.engine === engine) this.#wish({ engine: before });
      throw error;
    }
  }

  /** Strength 0..1. */
  setLevel(level: number): void {
    this.#streams?.loop.setLevel(level);
    this.#wish({ level });
  }

  setBypass(bypass: boolean): void {
    this.#isBypassHeld = false;
    this.#streams?.loop.setBypass(bypass);
    this.#wish({ bypass });
  }

  /** Lets the other voice be heard, until it is let go or was not held again for two seconds; the wish stays what it is. */
  holdBypass(held: boolean): void {
    clearTimeout(this.#letGo);
    if (held) this.#letGo = setTimeout(() => this.holdBypass(false), holdLastsMs);
    if (held === this.#isBypassHeld) return;
    this.#isBypassHeld = held;
    this.#streams?.loop.setBypass(this.#heardWishes.bypass);
    this.#readNumbers();
    this.#publish();
  }

  /**
   * Follows wishes that others than the user decided about: what sounds goes on as it then should. Nothing is remembered. The voice
   * does not stop for it: a device that is taken away without another stays for this run, and where the new ones cannot be used
   * (yet), the old ones go on, and the state's problem says what is waited for. Never rejects.
   */
  async adopt(wishes: Partial<LiveWishes>): Promise<void> {
    const before = this.#wishes;
    const input = wishes.input ?? this.#kept?.input ?? before.input;
    const output = wishes.output ?? this.#kept?.output ?? before.output;
    this.#wishes = { ...before, ...wishes, input, output };
    if (isDeepStrictEqual(this.#wishes, before)) return;
    if (this.#opened) this.#kept ??= { input: before.input, output: before.output };
    this.#followWishes();
    if (this.#wishes.level !== before.level) this.#streams?.loop.setLevel(this.#wishes.level);
    if (this.#wishes.engine !== before.engine) await this.#followEngines();
    this.#publish();
    await this.#settle();
  }

  /** Ends the mute of the feedback guard. */
  unmute(): void {
    this.#streams?.loop.unmute();
    this.#readNumbers();
  }

  clearClip(side: keyof AppState['clipped']): void {
    this.#clipped = { ...this.#clipped, [side]: false };
    this.#publish();
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
    if (this.#kept) this.#kept = { ...this.#kept, [direction]: wish };
    this.#wish(direction === 'input' ? { input: wish } : { output: wish });
    await this.#settle();
  }

  /** Looks for devices again. Where PortAudio keeps the list, the sound pauses for it. Rejects when it cannot. */
  async rescan(): Promise<void> {
    this.#isRescanDue = true;
    await this.#settle();
    if (this.#rescanFailure) throw this.#rescanFailure;
  }

  /** Stops the sound and removes the virtual microphone. */
  async dispose(): Promise<void> {
    const stopped = this.stop();
    this.#isDisposed = true;
    await stopped;
    clearTimeout(this.#retry);
    clearTimeout(this.#letGo);
    this.#stateListeners.clear();
    this.#numbersListeners.clear();
    this.#catalog.dispose();
    await this.#options.virtualMicrophone.remove();
  }

  /** Brings streams and wishes together, again and again until nothing changed meanwhile. One at a time; never rejects. */
  async #settle(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isUnsettled = true;
    // What is asked for after the last look and before the promise settles needs another one.
    while (this.#isUnsettled) await (this.#settling ??= this.#settleOnce().finally(() => (this.#settling = null)));
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
      if (this.#isRescanDue) await this.#lookForDevices();
      const decision = this.#broken ?? (await this.#decide());
      this.#broken = null;
      if (this.#intent === 'off') await this.#switchOff();
      else if (this.#intent === 'on' && decision instanceof LimpidError) await this.#failToOpen(decision);
      else if (this.#intent === 'on' && !(decision instanceof LimpidError)) await this.#follow(decision);
    }
    this.#publish();
  }

  /** What to open now, or why that cannot be. */
  async #decide(): Promise<LivePlan | LimpidError> {
    const wished = await this.#plan(this.#wishes);
    this.#awaited = null;
    if (!this.#kept) return wished;
    if (isRun(wished)) {
      this.#kept = null;
      return wished;
    }
    const kept = await this.#plan({ ...this.#wishes, ...this.#kept });
    // It may come back before the others do.
    if (!isRun(kept)) return wished;
    this.#awaited = describeAwaited(wished, kept);
    return kept;
  }

  async #plan(wishes: LiveWishes): Promise<LivePlan | LimpidError> {
    const refusal = await keepVirtualMicrophone(this.#options, wishes);
    return refusal ?? planLive(wishes, this.#catalog.devices, this.#opened);
  }

  async #lookForDevices(): Promise<void> {
    this.#isRescanDue = false;
    this.#rescanFailure = null;
    if (!this.#catalog.hasSoundServer) await this.#close();
    try {
      await this.#catalog.refresh({ reopen: !this.#streams?.plan });
    } catch (error) {
      this.#rescanFailure = asLimpidError(error);
    }
  }

  async #switchOff(): Promise<void> {
    await this.#close();
    if (this.#intent !== 'off') return;
    this.#question = null;
    this.#complaints.forget('engine');
    if (this.#phase !== 'failed') this.#show('off', { code: 'status.off', params: {} });
  }

  async #follow(plan: LivePlan): Promise<void> {
    this.#question = plan.kind === 'ask' ? { notice: plan.question, pair: plan.pair } : null;
    if (plan.kind === 'run' && this.#streams?.plan?.key === plan.key) return;
    await this.#close();
    if (this.#intent !== 'on') return;
    switch (plan.kind) {
      case 'run':
        return this.#open(plan);
      case 'ask':
        this.#problem = null;
        return this.#show('starting', { code: 'status.question', params: {} });
      case 'refuse':
        this.#setIntent('off');
        this.#problem = plan.problem;
        return this.#show('off', { code: 'status.off', params: {} });
      case 'wait':
        this.#isFirstTry = false;
        this.#problem = plan.problem;
        this.#show('restarting', plan.status);
        if (usesPortAudio(this.#wishes, this.#catalog)) this.#retryIn(rescanWhileWaitingMs);
    }
  }

  async #open(plan: RunPlan): Promise<void> {
    const params = { input: plan.input.name, output: plan.output.name };
    this.#show(this.#isFirstTry ? 'starting' : 'restarting', { code: 'status.starting', params });
    this.#opened = plan;
    try {
      if (!(await this.#streams?.open(plan, () => this.#heardWishes))) return;
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
    if (this.#intent !== 'on') return;
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
    this.#heardEngine = null;
    await this.#streams?.close().catch((error: unknown) => (this.#problem = noticeOf(asLimpidError(error))));
  }

  #retryIn(delayMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(async () => {
      const reopen = usesPortAudio(this.#wishes, this.#catalog) && !this.#streams?.plan;
      await this.#catalog.refresh({ reopen }).catch(() => undefined);
      await this.#settle();
    }, delayMs);
  }

  /** The supply has another engine for the same wish: a token came, a library was installed. */
  async #followEngines(): Promise<void> {
    const following = this.#streams?.useEngine();
    await this.#complaints.watch('engine', following).catch(() => undefined);
    this.#readNumbers();
  }

  #readNumbers(): void {
    const numbers = this.numbers;
    const plan = this.#streams?.plan;
    if (!numbers || !plan) return;
    const isSilent = this.#silence.isSilent(numbers.inputPeakDb, performance.now());
    this.#phase = numbers.state === 'idle' ? 'restarting' : numbers.state;
    this.#isMuted = numbers.mutedByFeedback;
    this.#noteClipping(numbers);
    this.#heardEngine = numbers.heardEngine;
    this.#passOnAnswer(numbers);
    const obstacle = this.#streams?.supplied?.obstacle ?? null;
    this.#loopProblem = findLoopProblem(numbers, obstacle);
    const wished = obstacle ? this.#wishes.engine : numbers.engine;
    const names = { input: plan.input.name, output: plan.output.name, wished };
    this.#status = describeLoop(numbers, names, isSilent);
    for (const listener of this.#numbersListeners) listener(numbers);
    this.#publish();
    if (!isBeyondRepair(numbers, usesPortAudio(this.#wishes, this.#catalog))) return;
    const closed = { code: 'status.streams-closed', params: {} };
    const { code, detail } = numbers.error ?? { code: 'device.failed', detail: closed };
    this.#broken = new LimpidError(code, { detail });
    void this.#settle();
  }

  /** Windows may be hidden, or away; what was too loud is said when somebody looks. */
  #noteClipping({ inputPeakDb, outputPeakDb }: LoopNumbers): void {
    const input = this.#clipped.input || inputPeakDb >= clipDb;
    const output = this.#clipped.output || outputPeakDb >= clipDb;
    this.#clipped = { input, output };
  }

  /** Only what the engine said since the last look: between two probes it says nothing. */
  #passOnAnswer({ engine, engineStatus, vendorCode, counters }: LoopNumbers): void {
    if (engine !== 'aic') return;
    const isNew = engineStatus !== 'blocked' || counters.blocksDisallowed !== this.#disallowedBlocks;
    this.#disallowedBlocks = counters.blocksDisallowed;
    if (isNew) this.#engines.answered(vendorCode);
  }

  /** The wishes as they are heard now. */
  get #heardWishes(): LiveWishes {
    return { ...this.#wishes, bypass: this.#wishes.bypass !== this.#isBypassHeld };
  }

  #setIntent(intent: 'off' | 'asking' | 'on'): void {
    this.#intent = intent;
    this.#opened = null;
    this.#kept = null;
    this.#awaited = null;
    this.#followWishes();
  }

  /** After an `await`, when it may be another one. */
  #intends(intent: 'off' | 'asking' | 'on'): boolean {
    return this.#intent === intent;
  }

  #followWishes(): void {
    this.#engines.follow({ wished: this.#wishes.engine, isSounding: this.#intent === 'on' });
  }

  #wish(changes: Partial<LiveWishes>): void {
    this.#wishes = { ...this.#wishes, ...changes };
    this.#followWishes();
    this.#complaints.watch('settings', this.#options.remember(changes)).catch(() => undefined);
    this.#readNumbers();
    this.#publish();
  }

  #refuse(error: LimpidError): LimpidError {
    this.#setIntent('off');
    this.#problem = noticeOf(error);
    this.#show('failed', { code: 'status.failed', params: {} });
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
