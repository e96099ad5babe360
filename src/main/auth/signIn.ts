import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendEnvironment, SignInMethod, SignInView } from '../../shared/backend.js';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import { hideSecret } from '../redact.js';
import { PassedTime, systemClock, type Clock } from './clock.js';
import type { Credentials } from './credentials.js';
import { askBrowser, askDevice } from './signInAsking.js';
import { openProvider, type Grant, type MetadataCache, type Provider } from './signInProvider.js';
import { formatRecord, parseRecord, type SignInRecord } from './signInRecord.js';
import type { Transport } from './signInTransport.js';
import { needsPerson } from './tokenSchedule.js';

/** An access token is renewed so long before its end, or when a fifth of its life is left. */
const longestMarginMs = 60_000;
const marginShare = 0.2;
/** Where the provider does not say how long an access token is good. */
const assumedLifeMs = 5 * 60_000;
const closingPatienceMs = 3000;
/** Whoever signs in or out does not wait any longer for another process. */
const lockPatienceMs = 3000;
/** Where nobody is signed in, a sign-in by another process is looked for so often. */
const lookOutMs = 2000;
/** Tokens that are kept out of logs: those in use, and some that may be good a while yet. */
const hiddenTokens = 24;

export interface SignInOptions {
  credentials: Pick<Credentials, 'signIns'>;
  /** The environment of this name as it counts now. Throws when there is none. */
  require(name: string): BackendEnvironment;
  transport: Transport;
  /** Shows a page of the provider in the person's browser; rejects where there is none. */
  openPage(url: string): Promise<void>;
  /** Takes the lock of an environment's sign-in among the processes of this user; resolves with what gives it back. Default: there is no other. */
  lock?(name: string, signal: AbortSignal): Promise<() => Promise<void>>;
  clock?: Clock;
}

/** `affected`: the environment whose next request for a token may end differently now; null: only what a window shows has changed. */
export type SignInListener = (affected: string | null) => void;

/** An access token, in this memory only. Times are of `PassedTime`. */
interface Held {
  /** Of which environment, and where it is sent. */
  place: string;
  accessToken: string;
  account: string | null;
  endsMs: number;
  lifeMs: number;
  isRenewable: boolean;
  /** The backend would not have it. */
  isRefused: boolean;
}

/** A sign-in under way. */
interface Attempt {
  environment: BackendEnvironment;
  place: string;
  controller: AbortController;
}

/**
 * Signs persons in at the identity providers of the environments whose credential is of that kind, and keeps them signed in: the
 * access token in memory, renewed when it is needed and about to end; the refresh token in the keychain. One sign-in at a time.
 * Public clients only: this program can keep no secret of its own (RFC 8252, 8.5).
 */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #clock: Clock;
  readonly #time: PassedTime;
  readonly #metadata: MetadataCache = new Map();
  readonly #held = new Map<string, Held>();
  readonly #renewals = new Map<string, Promise<Held>>();
  /** Counts what ended the sign-ins of an environment: what was asked for before counts for nothing then. */
  readonly #ends = new Map<string, number>();
  /** Refresh tokens on their way to the keychain. */
  readonly #writes = new Set<Promise<unknown>>();
  /** What tells providers of sign-ins that do not count. */
  readonly #farewells = new Set<Promise<unknown>>();
  /** Environments that get another name now. */
  readonly #pauses = new Map<string, Promise<void>>();
  /** Tokens that are hidden, the newest last, each with what ends that. */
  readonly #hidden = new Map<string, () => void>();
  /** Calls off the next look for a sign-in by another process, by the names of environments. */
  readonly #lookOuts = new Map<string, () => void>();
  /** Nobody waits any more. */
  readonly #disposed = new AbortController();
  readonly #listeners = new Set<SignInListener>();
  #attempt: Attempt | null = null;
  #finished: Promise<void> = Promise.resolve();
  #view: SignInView | null = null;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#time = new PassedTime(this.#clock);
  }

  /** The sign-in under way, or the one that failed last. */
  get view(): SignInView | null {
    return this.#view;
  }

  onChange(listener: SignInListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Who is signed in, as far as it is known without asking the keychain. */
  accountOf(environment: BackendEnvironment): string | null {
    const record = parseRecord(this.#options.credentials.signIns.peek(environment.name), environment);
    return this.#usable(environment)?.account ?? record?.account ?? null;
  }

  /**
   * What the keychain has of a sign-in; `memory` also where there is nothing to keep. What is found to be no sign-in, or one with another
   * provider or client, is none.
   */
  kindOf(environment: BackendEnvironment): ReturnType<Credentials['kindOf']> {
    const { signIns } = this.#options.credentials;
    const kind = signIns.kindOf(environment.name);
    const text = signIns.peek(environment.name);
    const isAnothers = text !== null && parseRecord(text, environment) === null;
    if (kind !== 'none' && !isAnothers) return kind;
    return this.#usable(environment) ? 'memory' : 'none';
  }

  /** When the access token in use ends, ms since 1970; null: there is none, or nobody knows. */
  expiresAtMs(name: string): number | null {
    const endsMs = this.#held.get(keyOf(name))?.endsMs ?? Infinity;
    return Number.isFinite(endsMs) ? this.#time.toWallMs(endsMs) : null;
  }

  /**
   * Begins to sign in, in place of one that is under way. Resolves when the browser was asked for, or the code is there; rejects when it
   * does not come that far: `signIn.*`, `cancelled`, or what `openPage` said.
   */
  async start(name: string, method: SignInMethod): Promise<void> {
    const environment = this.#require(name);
    this.cancel();
    const attempt: Attempt = { environment, place: placeOf(environment), controller: new AbortController() };
    this.#attempt = attempt;
    this.#show({
      environment: environment.name,
      method,
      userCode: null,
      verificationUrl: null,
      expiresAtMs: null,
      problem: null,
    });
    try {
      const provider = await this.#open(environment, attempt.controller.signal);
      const work = await (method === 'browser' ? askBrowser : askDevice)(provider, {
        clock: this.#clock,
        time: this.#time,
        signal: attempt.controller.signal,
        openPage: (url) => this.#options.openPage(url),
        openLasting: () => this.#open(environment),
        show: (more) => this.#showMore(attempt, more),
      });
      attempt.controller.signal.throwIfAborted();
      this.#finished = this.#follow(attempt, work);
      this.#finished.catch(() => undefined);
    } catch (error) {
      const { signal } = attempt.controller;
      const reason: unknown = signal.aborted ? signal.reason : error;
      attempt.controller.abort(reason);
      if (this.#attempt === attempt) this.#endAttempt(null);
      throw reason;
    }
  }

  /** Settles with the sign-in that was started last; rejects with why it came to nothing (`cancelled`: nobody wants it any more). */
  finished(): Promise<void> {
    return this.#finished;
  }

  /** Gives up the sign-in under way, or forgets the one that failed. */
  cancel(): void {
    this.#attempt?.controller.abort(new LimpidError('cancelled'));
    if (this.#view) this.#endAttempt(null);
  }

  /**
   * An access token that is good now, renewed where that is needed; one renewal at a time, which goes on when nobody waits any more. Rejects
   * with `signIn.needed` when nobody is signed in, `signIn.revoked` when the provider ended it, other `signIn.*`, `credential.lost`
   * or `keychain.*`.
   */
  async accessToken(environment: BackendEnvironment): Promise<string> {
    await this.#sitOutRename(environment);
    const held = this.#usable(environment);
    if (held && this.#isFresh(held)) {
      if (!(await this.#options.credentials.signIns.isForgotten(environment.name))) return held.accessToken;
      this.drop(environment.name);
    }
    const key = JSON.stringify([keyOf(environment.name), this.#endsOf(environment.name), placeOf(environment)]);
    let renewal = this.#renewals.get(key);
    if (!renewal) {
      renewal = this.#renew(environment).finally(() => this.#renewals.delete(key));
      this.#renewals.set(key, renewal);
    }
    return (await renewal).accessToken;
  }

  /** The backend refused the access token. Returns whether another one can be had. */
  refuse(environment: BackendEnvironment, accessToken: string): boolean {
    const held = this.#usable(environment);
    if (held?.accessToken !== accessToken) return held !== undefined;
    held.isRefused = held.isRenewable;
    return held.isRenewable;
  }

  /**
   * Signs out: forgets everything here at once, then tells the provider, where it has a place for that. Rejects with
   * `signIn.not-revoked` when it could not be told, and as `Credentials.forget` does. Returns who was signed in, as far as it is known, and
   * whether the provider has a place for that and was told.
   */
  async end(name: string): Promise<{ wasSignedIn: boolean; account: string | null; wasTold: boolean }> {
    const environment = this.#require(name);
    if (this.#attempt && keyOf(this.#attempt.environment.name) === keyOf(name)) this.cancel();
    const held = this.#usable(environment);
    this.drop(environment.name);
    const { signIns } = this.#options.credentials;
    const giveBack = await this.#lockBriefly(environment.name);
    const record = await this.#readRecord(environment).catch(() => null);
    // Again, for what was begun while the keychain was asked.
    this.drop(environment.name);
    const forgotten = signIns.forget(environment.name).finally(giveBack);
    this.#tell(environment.name);
    const token = record?.refreshToken ?? held?.accessToken ?? null;
    const [kept, told] = await Promise.allSettled([forgotten, token !== null && this.#revoke(environment, token)]);
    if (told.status === 'rejected') throw notRevoked(told.reason);
    if (kept.status === 'rejected') throw kept.reason;
    const account = record?.account ?? held?.account ?? null;
    return { wasSignedIn: token !== null, account, wasTold: told.value };
  }

  /** Drops what is in memory of an environment that is another one now, or none. */
  drop(name: string): void {
    this.#held.delete(keyOf(name));
    this.#ends.set(keyOf(name), this.#endsOf(name) + 1);
  }

  /** Ends the sign-in under way where its environment is another now, or none. */
  review(): void {
    const attempt = this.#attempt;
    if (!attempt || this.#isStill(attempt.place, attempt.environment.name)) return;
    attempt.controller.abort(new LimpidError('signIn.changed', { environment: attempt.environment.name }));
  }

  /**
   * Runs `work`, which gives an environment another name, between two renewals: one under way comes to its end and is written first,
   * or its refresh token would be lost. Rejects as `work` does.
   */
  async rename(from: string, to: string, work: () => Promise<void>): Promise<void> {
    let goOn = (): void => undefined;
    const pause = new Promise<void>((done) => (goOn = done));
    for (const name of [from, to]) this.#pauses.set(keyOf(name), pause);
    try {
      await Promise.allSettled(this.#renewals.values());
      await Promise.allSettled(this.#writes);
      const giveBack = await this.#lockBriefly(from);
      await work().finally(giveBack);
      const held = this.#held.get(keyOf(from));
      for (const name of [from, to]) this.drop(name);
      if (held) this.#held.set(keyOf(to), held);
    } finally {
      for (const name of [from, to]) this.#pauses.delete(keyOf(name));
      goOn();
    }
  }

  /** Gives up the sign-in under way; a renewal may come to its end, for its refresh token would be lost with it. */
  async dispose(): Promise<void> {
    this.cancel();
    this.#listeners.clear();
    this.#disposed.abort(new LimpidError('cancelled'));
    for (const callOff of this.#lookOuts.values()) callOff();
    const ended = Promise.allSettled(this.#renewals.values())
      .then(() => Promise.allSettled(this.#writes))
      .then(() => Promise.allSettled(this.#farewells));
    await Promise.race([ended, sleep(closingPatienceMs, undefined, { ref: false })]);
  }

  // Signing in

  async #follow(attempt: Attempt, work: () => Promise<Grant>): Promise<void> {
    const { environment, controller } = attempt;
    const { signal } = controller;
    const granting = work();
    try {
      await this.#count(attempt, await Promise.race([granting, whenAborted(signal)]));
    } catch (error) {
      // What was granted all the same shall not be left with the provider.
      const givingUp = granting.then((grant) => this.#giveUp(environment, grant)).catch(() => undefined);
      void this.#track(givingUp, this.#farewells);
      const reason: unknown = signal.aborted ? signal.reason : error;
      const isPlace = this.#isSignInPlace(environment.name);
      if (this.#attempt === attempt) this.#endAttempt(isPlace ? toNotice(reason) : null);
      throw reason;
    }
  }

  /** Takes a grant for the sign-in of its environment, unless nobody wants it any more. */
  async #count({ environment, place, controller }: Attempt, grant: Grant): Promise<void> {
    const { name } = environment;
    const { signIns } = this.#options.credentials;
    const before = signIns.kindOf(name) === 'none' ? null : await this.#readRecord(environment).catch(() => null);
    controller.signal.throwIfAborted();
    if (!this.#isStill(place, name)) throw new LimpidError('signIn.changed', { environment: name });
    // What was kept before is another sign-in's.
    this.drop(name);
    const { refreshToken, account } = grant;
    this.#hold(environment, grant, { isRenewable: refreshToken !== null, account });
    const kept =
      refreshToken === null
        ? signIns.forget(name).catch(() => undefined)
        : this.#track(this.#keepNew(environment, refreshToken, account));
    this.#endAttempt(null);
    this.#tell(name);
    // Who waits for the end wants to know what the keychain says.
    await kept;
    if (before) void this.#track(this.#giveUp(environment, before), this.#farewells);
  }

  /**
   * Ends at the provider what does not count here. Not what is the same person's as what is kept: at many providers that is one session,
   * and with the one token the other would end.
   */
  async #giveUp(
    environment: BackendEnvironment,
    { refreshToken, accessToken, account }: Pick<Grant, 'refreshToken' | 'account'> & { accessToken?: string },
  ): Promise<void> {
    const token = refreshToken ?? accessToken;
    const held = this.#usable(environment);
    const record = await this.#readRecord(environment).catch(() => null);
    const isShared = [record, held].some((kept) => kept && (kept.account === null || kept.account === account));
    if (token && !isShared) await this.#revokeInSilence(environment, token);
  }

  #showMore(attempt: Attempt, more: Partial<SignInView>): void {
    if (this.#view && this.#attempt === attempt) this.#show({ ...this.#view, ...more });
  }

  #show(view: SignInView | null): void {
    this.#view = view;
    this.#tell(null);
  }

  #endAttempt(problem: Notice | null): void {
    this.#attempt = null;
    const failed = problem && this.#view;
    this.#show(failed && { ...failed, userCode: null, verificationUrl: null, expiresAtMs: null, problem });
  }

  // Staying signed in

  async #sitOutRename(environment: BackendEnvironment): Promise<void> {
    const { name } = environment;
    const pause = this.#pauses.get(keyOf(name));
    if (!pause) return;
    await pause;
    if (!this.#isStill(placeOf(environment), name)) throw new LimpidError('signIn.changed', { environment: name });
  }

  /** Other processes wait from the reading of the refresh token until the new one is written: used twice, it ends the sign-in. */
  async #renew(environment: BackendEnvironment): Promise<Held> {
    const giveBack = await this.#lock(environment.name);
    const before = new Set(this.#writes);
    try {
      return await this.#renewAlone(environment);
    } finally {
      // Who needs the access token does not wait for the keychain.
      const writes = [...this.#writes].filter((write) => !before.has(write));
      void this.#track(Promise.all(writes).then(giveBack));
    }
  }

  async #renewAlone(environment: BackendEnvironment): Promise<Held> {
    const { name } = environment;
    const ends = this.#endsOf(name);
    const held = this.#usable(environment);
    const record = await this.#readRecord(environment);
    if (!record) return this.#needPerson(environment, held);
    const renewed = await this.#refresh(environment, record, ends).catch((error: unknown) => {
      const isGood = held && !held.isRefused && held.endsMs > this.#time.nowMs() && this.#endsOf(name) === ends;
      // It was renewed early: the provider may be back before the old one ends.
      if (isGood && !needsPerson(error)) return null;
      throw error;
    });
    if (!renewed) return held!;
    const { grant, used } = renewed;
    const account = grant.account ?? used.account;
    const refreshToken = grant.refreshToken ?? used.refreshToken;
    // By another process.
    if (await this.#options.credentials.signIns.isForgotten(name)) this.drop(name);
    if (this.#endsOf(name) !== ends || !this.#isStill(placeOf(environment), name)) {
      // Signed out meanwhile: what came too late is not to be left with the provider either. Of somebody who has signed in again
      // it may be part of the same session.
      if (!this.#held.has(keyOf(name)))
        void this.#track(this.#revokeInSilence(environment, refreshToken), this.#farewells);
      throw new LimpidError('signIn.needed', { environment: name });
    }
    if (refreshToken !== used.refreshToken || account !== used.account) {
      void this.#keep(environment, refreshToken, account);
    }
    return this.#hold(environment, grant, { isRenewable: true, account });
  }

  /** Forgets a sign-in that the provider has ended, unless another process has just renewed it. */
  async #refresh(
    environment: BackendEnvironment,
    record: SignInRecord,
    ends: number,
  ): Promise<{ grant: Grant; used: SignInRecord }> {
    const { name } = environment;
    const provider = await this.#open(environment);
    try {
      return { grant: await provider.refresh(record.refreshToken), used: record };
    } catch (error) {
      const isOver = error instanceof LimpidError && error.code === 'signIn.revoked' && this.#endsOf(name) === ends;
      if (!isOver) throw error;
      const now = await this.#readRecord(environment).catch(() => null);
      if (this.#endsOf(name) !== ends) throw error;
      if (now && now.refreshToken !== record.refreshToken) return this.#refresh(environment, now, ends);
      this.drop(name);
      await this.#options.credentials.signIns.forget(name).catch(() => undefined);
      this.#tell(null);
      this.#lookOut(name);
      throw error;
    }
  }

  /** Looks for a sign-in by another process until there is one. Whoever waits for that is told. */
  #lookOut(name: string): void {
    const key = keyOf(name);
    const { signIns } = this.#options.credentials;
    if (this.#disposed.signal.aborted || this.#lookOuts.has(key) || signIns.kindOf(name) !== 'none') return;
    const look = async (): Promise<void> => {
      const isThere = (await signIns.look(name)) !== 'none';
      this.#lookOuts.delete(key);
      if (this.#held.has(key) || !this.#isSignInPlace(name)) return;
      if (isThere) this.#tell(name);
      else this.#lookOut(name);
    };
    this.#lookOuts.set(
      key,
      this.#clock.after(lookOutMs, () => void look()),
    );
  }

  async #readRecord(environment: BackendEnvironment): Promise<SignInRecord | null> {
    const record = parseRecord(await this.#options.credentials.signIns.read(environment.name), environment);
    if (record) this.#hide(record.refreshToken);
    return record;
  }

  /** Without a refresh token an access token is used to its very end. */
  #needPerson(environment: BackendEnvironment, held: Held | undefined): Held {
    if (held && !held.isRenewable) return held;
    if (this.#held.has(keyOf(environment.name))) this.drop(environment.name);
    this.#tell(null);
    this.#lookOut(environment.name);
    throw new LimpidError('signIn.needed', { environment: environment.name });
  }

  #hold(
    environment: BackendEnvironment,
    { accessToken, lifeMs, tookMs }: Grant,
    { isRenewable, account }: { isRenewable: boolean; account: string | null },
  ): Held {
    this.#hide(accessToken);
    const life = lifeMs ?? (isRenewable ? assumedLifeMs : Infinity);
    const held: Held = {
      place: placeOf(environment),
      accessToken,
      account,
      endsMs: this.#time.nowMs() - tookMs + life,
      lifeMs: life,
      isRenewable,
      isRefused: false,
    };
    this.#held.set(keyOf(environment.name), held);
    return held;
  }

  /** Stored at once, for the token before it may be good no more; who needs the access token does not wait for the keychain. */
  async #keep({ name, signIn }: BackendEnvironment, refreshToken: string, account: string | null): Promise<void> {
    this.#hide(refreshToken);
    const record = { refreshToken, account, issuer: signIn.issuer, clientId: signIn.clientId };
    // Why the keychain did not take it is in its own status.
    await this.#track(this.#options.credentials.signIns.keep(name, formatRecord(record)).catch(() => null));
  }

  /** Another process may be about to write what it renewed of the sign-in before. */
  async #keepNew(environment: BackendEnvironment, refreshToken: string, account: string | null): Promise<void> {
    const ends = this.#endsOf(environment.name);
    const giveBack = await this.#lockBriefly(environment.name);
    if (this.#endsOf(environment.name) === ends) await this.#keep(environment, refreshToken, account);
    else void this.#track(this.#revokeInSilence(environment, refreshToken), this.#farewells);
    await giveBack();
  }

  /** For `dispose` to wait for. */
  async #track(work: Promise<unknown>, among = this.#writes): Promise<void> {
    among.add(work);
    await work;
    among.delete(work);
  }

  async #lock(name: string, signal = this.#disposed.signal): Promise<() => Promise<void>> {
    return (await this.#options.lock?.(name, signal)) ?? (async () => undefined);
  }

  /** A renewal here learns of it by `drop`; one of another process has a moment, so that its new token is not missed. */
  async #lockBriefly(name: string): Promise<() => Promise<void>> {
    if (this.#renewals.size > 0) return async () => undefined;
    const patience = AbortSignal.any([this.#disposed.signal, AbortSignal.timeout(lockPatienceMs)]);
    return this.#lock(name, patience).catch(() => async () => undefined);
  }

  /** The access token of an environment that is still what it was, until it ends. */
  #usable(environment: BackendEnvironment): Held | undefined {
    const held = this.#held.get(keyOf(environment.name));
    if (!held || held.place !== placeOf(environment) || held.endsMs <= this.#time.nowMs()) return undefined;
    return held;
  }

  #isFresh({ endsMs, lifeMs, isRenewable, isRefused }: Held): boolean {
    if (isRefused) return false;
    const marginMs = isRenewable ? Math.min(longestMarginMs, lifeMs * marginShare) : 0;
    return endsMs - marginMs > this.#time.nowMs();
  }

  async #revoke(environment: BackendEnvironment, token: string): Promise<boolean> {
    const provider = await this.#open(environment);
    return provider.revoke(token);
  }

  async #revokeInSilence(environment: BackendEnvironment, token: string): Promise<void> {
    await this.#revoke(environment, token).catch(() => undefined);
  }

  #open(environment: BackendEnvironment, signal?: AbortSignal): Promise<Provider> {
    const { transport } = this.#options;
    const options = { transport, metadata: this.#metadata, clock: this.#clock };
    return openProvider(environment, signal ? { ...options, signal } : options);
  }

  #require(name: string): BackendEnvironment {
    const environment = this.#options.require(name);
    if (environment.credentialKind === 'sign-in') return environment;
    throw new LimpidError('signIn.wrong-kind', { environment: environment.name });
  }

  #isSignInPlace(name: string): boolean {
    try {
      return this.#require(name) !== null;
    } catch {
      return false;
    }
  }

  #isStill(place: string, name: string): boolean {
    try {
      return placeOf(this.#require(name)) === place;
    } catch {
      return false;
    }
  }

  #endsOf(name: string): number {
    return this.#ends.get(keyOf(name)) ?? 0;
  }

  #hide(token: string): void {
    const known = this.#hidden.get(token);
    this.#hidden.delete(token);
    this.#hidden.set(token, known ?? hideSecret(token));
    const [[oldest, show] = []] = this.#hidden;
    if (this.#hidden.size <= hiddenTokens || oldest === undefined) return;
    this.#hidden.delete(oldest);
    show?.();
  }

  #tell(affected: string | null): void {
    for (const listener of this.#listeners) listener(affected);
  }
}

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

const keyOf = (name: string): string => name.toLowerCase();

/** Whose tokens these are, and where they are sent; an access token is good for nothing else. */
function placeOf({ url, proxy, caFile, signIn }: BackendEnvironment): string {
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  return JSON.stringify([origin, proxy, caFile, Object.entries(signIn).toSorted()]);
}

/** Nothing is signed in here any more; there it may be. */
function notRevoked(error: unknown): LimpidError {
  return new LimpidError('signIn.not-revoked', { reason: toNotice(error) });
}

const toNotice = (error: unknown): Notice =>
  error instanceof LimpidError ? noticeOf(error) : { code: 'internal', params: {} };
