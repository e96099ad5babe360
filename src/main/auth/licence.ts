import { setTimeout as sleep } from 'node:timers/promises';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { EngineId, FallbackId, LicensedChoice, LicensedView } from '../../shared/state.js';
import { vendorCodeOf, vendorError } from '../../shared/vendorCodes.js';
import type { EngineSupply, SuppliedEngine } from '../audio/engineSupply.js';
import type { LicensedFiles } from '../audio/licensedFiles.js';
import { asLimpidError, type LicensedEngine, type LicensedFacts, type Native } from '../audio/native.js';
import type { FetchedToken } from './backendClient.js';
import { TokenKeeper } from './tokenKeeper.js';

/** How long a start waits for library, model and first token before the fallback is heard. */
const startPatienceMs = 1500;
const closingPatienceMs = 3000;
const tokenUpdateUnsupported = 53;

export interface LicenceOptions {
  native: Pick<Native, 'LicensedEngine'> | null;
  /** What was chosen, and the files that this means now. */
  choice(): LicensedChoice;
  findFiles(choice: LicensedChoice): LicensedFiles;
  fallback(): FallbackId;
  environment(): string | null;
  fetchToken(signal: AbortSignal): Promise<FetchedToken>;
}

/**
 * The licensed engine's life: loads it when sound starts, keeps it in tokens, swaps those in place, and says at each moment
 * which engine the loop shall run. Library, model and processor are made once for as long as the sound is on.
 */
export class Licence implements EngineSupply {
  readonly keeper: TokenKeeper;
  readonly #options: LicenceOptions;
  readonly #listeners = new Set<() => void>();
  readonly #embedded = new Map<EngineId, SuppliedEngine>();
  #isWanted = false;
  #isSounding = false;
  #engine: LicensedEngine | null = null;
  #facts: LicensedFacts | null = null;
  #hasToken = false;
  /** A processor that cannot swap was replaced, and the new one has not swapped yet. */
  #wasReplaced = false;
  /** Why the engine could not be loaded, or made with its present token. */
  #problem: Notice | null = null;
  #supplied: SuppliedEngine | null = null;
  #loading: Promise<void> | null = null;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(options: LicenceOptions) {
    this.#options = options;
    this.keeper = new TokenKeeper({
      environment: () => options.environment(),
      fetch: (signal) => options.fetchToken(signal),
      apply: (token) => this.#apply(token),
      isVoiceLive: () => this.#isSounding && this.#isWanted,
    });
    // Why there is no token yet is the reason that a window shows.
    this.keeper.onStatus(() => {
      if (this.#isWanted && !this.#hasToken) this.#change();
    });
  }

  get view(): LicensedView {
    const facts = this.#facts;
    const loaded = facts && { sdkVersion: facts.sdkVersion, modelId: facts.modelId, sampleRate: facts.sampleRate };
    return { ...this.#options.choice(), loaded, problem: this.#problem };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  want(engine: EngineId): void {
    this.#isWanted = engine === 'aic';
    if (this.#isWanted) this.keeper.start();
    else this.keeper.stop();
  }

  async prepare(patienceMs = startPatienceMs): Promise<void> {
    this.#isSounding = true;
    if (!this.#isWanted) return;
    this.keeper.wake();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    const ready = this.#load().then(() => this.#waitForToken());
    await Promise.race([ready, patience]);
    clearTimeout(timer);
  }

  choose(engine: EngineId): SuppliedEngine {
    if (engine !== 'aic') return this.#embed(engine, null);
    const obstacle = this.#findObstacle();
    if (obstacle) return this.#embed(this.#options.fallback(), obstacle);
    this.#supplied ??= {
      choice: { engine: 'aic', licensed: this.#engine!, fallback: this.#options.fallback() },
      obstacle: null,
    };
    return this.#supplied;
  }

  failed(error: LimpidError): boolean {
    if (!error.code.startsWith('aic.')) return false;
    this.#problem = noticeOf(error);
    const code = vendorCodeOf(error);
    if (code !== null) this.keeper.engineAnswered(code);
    this.#change();
    return true;
  }

  answered(vendorCode: number): void {
    this.keeper.engineAnswered(vendorCode);
  }

  release(): void {
    this.#isSounding = false;
    void this.#closeUnlessSounding();
  }

  /** Another library, model or fallback was chosen: what runs is replaced behind a cross-fade. */
  async reload(): Promise<void> {
    await this.#loading;
    const old = this.#takeOut();
    this.#problem = null;
    if (this.#isSounding && this.#isWanted) await this.#load();
    this.#change();
    this.#close(old);
  }

  /** Waits a moment for the vendor's sessions to end. */
  async dispose(): Promise<void> {
    this.keeper.stop();
    this.#isSounding = false;
    await this.#closeUnlessSounding();
    await Promise.race([this.#closing, sleep(closingPatienceMs, undefined, { ref: false })]);
    this.#listeners.clear();
  }

  async #closeUnlessSounding(): Promise<void> {
    await this.#loading;
    // Switched on again meanwhile: what was loaded serves that.
    if (!this.#isSounding) this.#close(this.#takeOut());
  }

  /** Ends the vendor's session, which may wait for the network. */
  #close(engine: LicensedEngine | null): void {
    if (engine) this.#closing = Promise.allSettled([this.#closing, engine.close()]);
  }

  #findObstacle(): Notice | null {
    if (this.#problem) return this.#problem;
    if (!this.#engine || !this.#facts) return { code: 'aic.loading', params: {} };
    if (this.#hasToken) return null;
    const { lastError } = this.keeper.status;
    return {
      code: lastError ? 'aic.no-token-because' : 'aic.waiting-token',
      params: { reason: lastError?.message ?? '' },
    };
  }

  /** One object for each engine and obstacle, so that the same answer is the same object. */
  #embed(engine: EngineId, obstacle: Notice | null): SuppliedEngine {
    const known = this.#embedded.get(engine);
    if (known && JSON.stringify(known.obstacle) === JSON.stringify(obstacle)) return known;
    const supplied = { choice: { engine }, obstacle };
    this.#embedded.set(engine, supplied);
    return supplied;
  }

  #load(): Promise<void> {
    if (this.#engine) return Promise.resolve();
    return (this.#loading ??= this.#loadOnce().finally(() => (this.#loading = null)));
  }

  async #loadOnce(): Promise<void> {
    const { native, choice, findFiles } = this.#options;
    const chosen = choice();
    const { libraryPath, modelPath, vadModelPath } = findFiles(chosen);
    this.#problem = null;
    let engine: LicensedEngine | null = null;
    try {
      if (!native) throw new LimpidError('native.missing', { detail: 'no audio core' });
      if (!modelPath) throw new LimpidError('aic.no-model');
      engine = new native.LicensedEngine({ libraryPath, modelPath, vadModelPath, otel: chosen.otel });
      this.#facts = await engine.load();
      if (!this.#isSounding) return this.#close(engine);
      this.#engine = engine;
      await this.#giveFirstToken();
    } catch (error) {
      this.#problem = noticeOf(asLimpidError(error));
      if (engine !== this.#engine) this.#close(engine);
    }
    this.#change();
  }

  /** The token that came before the engine. One that it refuses is the keeper's business. */
  async #giveFirstToken(): Promise<void> {
    const { token } = this.keeper;
    const code = token === null ? null : await this.#apply(token);
    if (code) this.failed(vendorError(code));
  }

  #takeOut(): LicensedEngine | null {
    const engine = this.#engine;
    this.#engine = null;
    this.#supplied = null;
    this.#hasToken = false;
    this.#wasReplaced = false;
    return engine;
  }

  /**
   * In place; where an object cannot swap (53), a new processor takes over behind a cross-fade, once. Resolves with the vendor's
   * code (null: there is no engine), and rejects with `aic.token-unsupported` when the new processor cannot swap either.
   */
  async #apply(token: string): Promise<number | null> {
    const engine = this.#engine;
    if (!engine) return null;
    const code = await engine.updateToken(token);
    if (code === tokenUpdateUnsupported) await this.#replaceToken(engine, token);
    else if (code !== 0) return code;
    else this.#wasReplaced = false;
    if (engine !== this.#engine) return code;
    const isNews = !this.#hasToken || this.#supplied === null || this.#problem !== null;
    this.#hasToken = true;
    this.#problem = null;
    if (isNews) this.#change();
    return code;
  }

  async #replaceToken(engine: LicensedEngine, token: string): Promise<void> {
    if (this.#wasReplaced) throw vendorError(tokenUpdateUnsupported);
    this.#wasReplaced = true;
    await engine.replaceToken(token);
    this.#supplied = null;
  }

  #waitForToken(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.#hasToken && !this.#problem && !this.keeper.status.lastError) return;
        stopListening();
        stopWaiting();
        resolve();
      };
      const stopListening = this.onChange(look);
      const stopWaiting = this.keeper.onStatus(look);
      look();
    });
  }

  #change(): void {
    for (const listener of this.#listeners) listener();
  }
}
