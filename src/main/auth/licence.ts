import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { EngineId, FallbackId, LicensedChoice, LicensedView } from '../../shared/state.js';
import { vendorCodeOf, vendorError } from '../../shared/vendorCodes.js';
import type { EngineSupply, SuppliedEngine } from '../audio/engineSupply.js';
import type { LicensedFiles } from '../audio/licensedFiles.js';
import { asLimpidError, type LicensedEngine, type LicensedFacts, type Native } from '../audio/native.js';
import { isLibraryOpened, openingLibrary } from '../audio/openedLibrary.js';
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
  /** Name of the environment that tokens come from; or why there is none. */
  environment(): string | Notice;
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
  /** Set when the target or the engine's parts changed; the work goes on until it stays unset. */
  #isUnsettled = false;
  #isOutdated = false;
  #settling: Promise<void> | null = null;
  #closing: Promise<unknown> = Promise.resolve();

  #engine: LicensedEngine | null = null;
  #facts: LicensedFacts | null = null;
  #hasToken = false;
  /** A processor that cannot swap was replaced, and the new one has not swapped yet. */
  #wasReplaced = false;
  /** Why the engine could not be loaded, or made with its present token. */
  #problem: Notice | null = null;
  #supplied: SuppliedEngine | null = null;

  constructor(options: LicenceOptions) {
    this.#options = options;
    this.keeper = new TokenKeeper({
      environment: () => {
        const environment = options.environment();
        return typeof environment === 'string' ? environment : null;
      },
      fetch: (signal) => options.fetchToken(signal),
      apply: (token) => this.#apply(token),
      isVoiceLive: () => this.#isNeeded,
    });
    // Why there is no token yet is the reason that a window shows.
    this.keeper.onStatus(() => this.#change());
  }

  get view(): Omit<LicensedView, 'metricsLockReason'> {
    const facts = this.#facts;
    const loaded = facts && { sdkVersion: facts.sdkVersion, modelId: facts.modelId, sampleRate: facts.sampleRate };
    return { ...this.#options.choice(), loaded, isLibraryLoaded: isLibraryOpened(), problem: this.#problem };
  }

  /** Also when the token's status changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  follow({ wished, isSounding }: { wished: EngineId; isSounding: boolean }): void {
    const isWanted = wished === 'aic';
    if (isWanted === this.#isWanted && isSounding === this.#isSounding) return;
    this.#isWanted = isWanted;
    this.#isSounding = isSounding;
    if (isWanted) this.keeper.start();
    else this.keeper.stop();
    if (this.#isNeeded) this.keeper.wake();
    void this.#settle();
  }

  async ready(patienceMs = startPatienceMs): Promise<void> {
    if (!this.#isNeeded) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.#isReady()) return;
        clearTimeout(timer);
        stopListening();
        resolve();
      };
      const timer = setTimeout(() => {
        stopListening();
        resolve();
      }, patienceMs);
      const stopListening = this.onChange(look);
      look();
    });
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
    // What it was made of has been replaced meanwhile.
    if (error.code === 'aic.closed') return true;
    this.#problem = noticeOf(error);
    const code = vendorCodeOf(error);
    if (code !== null) this.keeper.engineAnswered(code);
    this.#change();
    return true;
  }

  answered(vendorCode: number): void {
    this.keeper.engineAnswered(vendorCode);
  }

  /** Another library or model was chosen: when it is loaded, it replaces the old one behind a cross-fade. */
  async reload(): Promise<void> {
    this.#isOutdated = true;
    await this.#settle();
  }

  /** Another fallback was chosen. */
  refit(): void {
    this.#supplied = null;
    this.#change();
  }

  /** Waits a moment for the vendor's sessions to end. */
  async dispose(): Promise<void> {
    this.follow({ wished: 'bypass', isSounding: false });
    this.keeper.stop();
    const ended = Promise.resolve(this.#settling).then(() => this.#closing);
    await Promise.race([ended, sleep(closingPatienceMs, undefined, { ref: false })]);
    this.#listeners.clear();
  }

  get #isNeeded(): boolean {
    return this.#isWanted && this.#isSounding;
  }

  #isReady(): boolean {
    if (this.#problem || typeof this.#options.environment() !== 'string') return true;
    return this.#engine !== null && (this.#hasToken || this.keeper.status.lastError !== null);
  }

  #findObstacle(): Notice | null {
    if (this.#problem) return this.#problem;
    if (this.#engine && this.#hasToken) return null;
    const environment = this.#options.environment();
    if (typeof environment !== 'string') return environment;
    if (!this.#engine) return { code: 'aic.loading', params: {} };
    const { lastError } = this.keeper.status;
    if (!lastError) return { code: 'aic.waiting-token', params: {} };
    return { code: 'aic.no-token-because', params: { reason: { code: lastError.code, params: lastError.params } } };
  }

  /** One object for each engine and obstacle, so that the same answer is the same object. */
  #embed(engine: EngineId, obstacle: Notice | null): SuppliedEngine {
    const known = this.#embedded.get(engine);
    if (known && isDeepStrictEqual(known.obstacle, obstacle)) return known;
    const supplied = { choice: { engine }, obstacle };
    this.#embedded.set(engine, supplied);
    return supplied;
  }

  /** Brings the engine and what is needed together. One at a time; never rejects. */
  async #settle(): Promise<void> {
    this.#isUnsettled = true;
    // What is asked for after the last look and before the promise settles needs another one.
    while (this.#isUnsettled) await (this.#settling ??= this.#settleOnce().finally(() => (this.#settling = null)));
  }

  async #settleOnce(): Promise<void> {
    while (this.#isUnsettled) {
      this.#isUnsettled = false;
      if (!this.#isNeeded) this.#replace(null, null);
      else if (!this.#engine || this.#isOutdated) await this.#load();
    }
  }

  async #load(): Promise<void> {
    const { native, choice, findFiles } = this.#options;
    const chosen = choice();
    const { libraryPath, modelPath, vadModelPath } = findFiles(chosen);
    this.#isOutdated = false;
    this.#problem = null;
    let engine: LicensedEngine | null = null;
    try {
      if (!native) throw new LimpidError('native.missing', { detail: 'no audio core' });
      if (!modelPath) throw new LimpidError('aic.no-model');
      engine = new native.LicensedEngine({ libraryPath, modelPath, vadModelPath, otel: chosen.otel });
      this.#replace(engine, await openingLibrary(engine.load()));
      await this.#giveFirstToken();
    } catch (error) {
      if (engine !== this.#engine) this.#close(engine);
      this.#replace(null, null);
      this.#problem = noticeOf(asLimpidError(error));
    }
    this.#change();
  }

  /** The token that came before the engine. One that it refuses is the keeper's business. */
  async #giveFirstToken(): Promise<void> {
    const { token } = this.keeper;
    const code = token === null ? null : await this.#apply(token);
    if (code) this.failed(vendorError(code));
  }

  #replace(engine: LicensedEngine | null, facts: LicensedFacts | null): void {
    const old = this.#engine;
    this.#engine = engine;
    this.#facts = facts;
    this.#supplied = null;
    this.#hasToken = false;
    this.#wasReplaced = false;
    if (!engine) this.#problem = null;
    if (old !== engine) this.#close(old);
  }

  /** Ends the vendor's session, which may wait for the network. What is heard at the moment ends when it is let go. */
  #close(engine: LicensedEngine | null): void {
    if (engine) this.#closing = Promise.allSettled([this.#closing, engine.close()]);
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
    // Another one was loaded meanwhile, with the token before this one.
    if (engine !== this.#engine) return this.#apply(token);
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

  #change(): void {
    for (const listener of this.#listeners) listener();
  }
}
