import { createHash } from 'node:crypto';
import type { BackendEnvironment, ConnectionStep } from '../../shared/backend.js';
import { errorOf, LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { AppState, FallbackId, LicensedChoice } from '../../shared/state.js';
import { findLicensedFiles, type LicensedFiles } from '../audio/licensedFiles.js';
import { asLimpidError, type Native } from '../audio/native.js';
import { checkLicensedPaths } from '../settings/licensedPath.js';
import { followErrorReports } from '../settings/errorReports.js';
import { fixSettings, type FixedSettings } from '../settings/fixedSettings.js';
import { openPolicy, type Policy } from '../settings/policy.js';
import type { SettingsStore } from '../settings/settings.js';
import { fetchTokenWith, type FetchedToken } from './backendClient.js';
import { BackendSettings } from './backendSettings.js';
import { testConnection } from './connectionTest.js';
import { placeKey } from './credentialPlace.js';
import { Credentials } from './credentials.js';
import { openKeychain, type Keychain, type KeychainStatus } from './keychain.js';
import { createTrust } from './networkTrust.js';
import { openNetwork, type Network, type NetworkSources } from './network.js';
import { lockAmongProcesses } from './processLock.js';
import { SignIn } from './signIn.js';
import { createTransport } from './signInTransport.js';
import { Licence } from './licence.js';

/** What a window sees of all this. */
export type LicensingState = Pick<AppState, 'licensed' | 'token' | 'backend' | 'fallback'>;

export interface LicensingOptions {
  native: Pick<Native, 'LicensedEngine' | 'endProcess'> | null;
  settings: SettingsStore;
  keychain?: Keychain;
  policyPath?: string;
  environment?: NodeJS.ProcessEnv;
  /** Variables that come before those of `environment`. */
  secretVariables?: NodeJS.ProcessEnv | undefined;
  /** What the shell knows of the system's proxy. */
  resolveProxy?: NetworkSources['resolveProxy'];
  /** Shows a page of an identity provider in the person's browser. Absent: there is none, and codes are what is left. */
  openSignInPage?: ((url: string) => Promise<void>) | undefined;
}

/** Everything behind the licensed engine in one process: policy, backend, credentials, token and the engine's own life. */
export class Licensing {
  readonly policy: Policy;
  /** The user's settings under the policy: what counts. */
  readonly settings: FixedSettings;
  readonly backend: BackendSettings;
  readonly credentials: Credentials;
  readonly signIn: SignIn;
  readonly licence: Licence;
  /** The way to backends and identity providers. */
  readonly network: Network;
  readonly #keychain: Keychain;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #stopListening: (() => void)[];
  readonly #listeners = new Set<() => void>();
  /** What the engine was last made of. */
  #parts: { engine: string; fallback: FallbackId };

  static async open(options: LicensingOptions): Promise<Licensing> {
    return new Licensing(options, await openPolicy(options.policyPath));
  }

  private constructor(options: LicensingOptions, policy: Policy) {
    const { native, keychain, environment = process.env, secretVariables, resolveProxy, openSignInPage } = options;
    const withSecrets = (): NodeJS.ProcessEnv => ({ ...environment, ...secretVariables });
    const settings = fixSettings(options.settings, policy);
    this.settings = settings;
    this.#environment = environment;
    this.#keychain = keychain ?? openKeychain(native ? { endProcess: native.endProcess } : {});
    this.policy = policy;
    this.network = openNetwork({
      variables: () => policy.withoutFixed(withSecrets()),
      resolveProxy,
      trust: createTrust({ followsVariables: () => !policy.ignoresVariables }),
    });
    const followsVariables = (): boolean => !policy.ignoresVariables;
    this.credentials = new Credentials({
      keychain: this.#keychain,
      settings,
      environment: withSecrets(),
      followsVariables,
    });
    this.signIn = new SignIn({
      credentials: this.credentials,
      require: (name) => this.backend.require(name),
      transport: createTransport(this.network),
      openPage: openSignInPage ?? refusePage,
      lock: (name, signal) => lockAmongProcesses(lockPathOf(settings.path, name), signal),
    });
    const { credentials, signIn } = this;
    this.backend = new BackendSettings({ settings, policy, credentials, signIn, environment: withSecrets() });
    this.licence = new Licence({
      native,
      choice: () => settings.values.licensed,
      findFiles: () => this.files,
      fallback: () => settings.values.fallback,
      environment: () => this.#findEnvironment(),
      fetchToken: (signal) => this.fetchToken(null, { signal }),
    });
    const tell = (): void => this.#tell();
    this.#stopListening = [
      this.backend.onChange((affectsToken) => {
        this.signIn.review();
        if (affectsToken) this.licence.keeper.configurationChanged();
        tell();
      }),
      this.licence.onChange(tell),
      settings.onChange(() => {
        this.followVariables();
        void this.#followParts();
      }),
    ];
    // The library reads them when it is loaded, which is later than this.
    this.followVariables();
    this.#parts = this.#readParts();
  }

  get state(): LicensingState {
    return {
      fallback: this.settings.values.fallback,
      licensed: { ...this.licence.view, metricsLockReason: this.settings.lockReason('licensed.otel') },
      token: this.licence.keeper.status,
      backend: this.backend.view,
    };
  }

  /** Where library and models are, as policy, environment variables and settings say. */
  get files(): LicensedFiles {
    return findLicensedFiles(this.settings.values.licensed, this.policy.withoutFixed(this.#environment));
  }

  /**
   * Fetches a token from an environment; null: the one in use. Where persons sign in, a backend that refuses the access token is asked
   * once more with a new one. Rejects with `backend.*`, `credential.*`, `keychain.*`, `policy.*` or `signIn.*`.
   */
  async fetchToken(name: string | null, options: { signal?: AbortSignal } = {}): Promise<FetchedToken> {
    const environment = name === null ? this.backend.requireActive() : this.backend.require(name);
    const { read, refuse } = this.#credentialOf(environment);
    const fetch = (): Promise<FetchedToken> => fetchTokenWith(environment, read, { ...options, network: this.network });
    return fetch().catch((error: unknown) => {
      if (refuse(error)) return fetch();
      throw error;
    });
  }

  /** Sets and removes the variables that the vendor's library reads by itself, as settings and policy say now. */
  followVariables(): void {
    const { values, ignoresVariables } = this.policy;
    const rules = {
      areAllowed: this.settings.values.vendorErrorReports,
      isFixed: values?.settings.vendorErrorReports !== undefined,
      followsVariable: !ignoresVariables,
    };
    followErrorReports(rules, this.#environment);
    this.policy.hideVariables(this.#environment);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Rejects with `policy.*` where the administrator fixed it, or `settings.unwritable`. */
  async setFallback(fallback: FallbackId): Promise<void> {
    this.settings.check({ fallback });
    const written = this.settings.update({ fallback });
    await this.#followParts();
    await written;
  }

  /** Rejects as `setFallback` does, and with `licensed.path-*`. What is wrong with the files themselves is in `state.licensed.problem`. */
  async choose(changes: { [Field in keyof LicensedChoice]?: LicensedChoice[Field] | undefined }): Promise<void> {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const licensed = { ...this.settings.values.licensed, ...Object.fromEntries(given) };
    this.settings.check({ licensed });
    checkLicensedPaths(changes);
    const written = this.settings.update({ licensed });
    await this.#followParts();
    await written;
  }

  /** Fetches a token now, and offers the keychain again what it missed. Rejects with what the backend or the engine answered. */
  async refreshToken(): Promise<void> {
    await this.credentials.retry();
    await this.licence.keeper.refreshNow();
  }

  /** Files something that is no secret and removes it again: a locked keychain answers questions, but takes nothing. Never rejects. */
  async probeKeychain(): Promise<KeychainStatus> {
    const written = await this.#keychain.write('doctor', 'check');
    if (written.kind === 'unavailable') return { state: 'unavailable', notice: written.notice };
    const removed = await this.#keychain.remove('doctor');
    if (removed.kind === 'unavailable') return { state: 'unavailable', notice: removed.notice };
    return { state: 'ready', notice: null };
  }

  /** Tries the whole way to a token, which is thrown away. Rejects when there is no such environment. */
  async test(name: string, onStep: (step: ConnectionStep) => void): Promise<ConnectionStep[]> {
    const environment = this.backend.require(name);
    const { read, refuse } = this.#credentialOf(environment);
    const account = (): string | null => this.signIn.accountOf(environment);
    const steps = await testConnection(environment, read, onStep, { network: this.network, account });
    const failed = steps.find(({ result }) => result === 'failed');
    // The next request is for a new one.
    if (failed) refuse(errorOf(failed.notice));
    return steps;
  }

  async dispose(): Promise<void> {
    for (const stop of this.#stopListening) stop();
    this.#listeners.clear();
    await this.licence.dispose();
    await this.signIn.dispose();
    this.backend.dispose();
    this.credentials.dispose();
    this.policy.close();
    await this.#keychain.close();
  }

  /**
   * The credential of an environment, and what tells that the backend would not have it: `refuse` returns whether it would be another
   * one now.
   */
  #credentialOf(environment: BackendEnvironment): {
    read: () => Promise<string | null>;
    refuse: (error: unknown) => boolean;
  } {
    if (environment.credentialKind !== 'sign-in') {
      return { read: () => this.credentials.get(environment.name, placeKey(environment)), refuse: () => false };
    }
    let sent: string | null = null;
    return {
      read: async () => (sent = await this.signIn.accessToken(environment)),
      refuse: (error) => {
        const isRefused = error instanceof LimpidError && error.code === 'signIn.not-accepted';
        return isRefused && sent !== null && this.signIn.refuse(environment, sent);
      },
    };
  }

  /** Why no token can come from anywhere, or the name of where they come from. */
  #findEnvironment(): string | Notice {
    try {
      const { name, url } = this.backend.requireActive();
      return url ? name : { code: 'backend.not-configured', params: {} };
    } catch (error) {
      return noticeOf(asLimpidError(error));
    }
  }

  /** A policy or a choice that changes none of the engine's parts leaves the running one alone. */
  async #followParts(): Promise<void> {
    const before = this.#parts;
    this.#parts = this.#readParts();
    if (this.#parts.engine !== before.engine) await this.licence.reload();
    else if (this.#parts.fallback !== before.fallback) this.licence.refit();
    this.#tell();
  }

  #readParts(): { engine: string; fallback: FallbackId } {
    const { fallback, licensed } = this.state;
    return { engine: JSON.stringify([this.files, licensed.otel]), fallback };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A file beside the settings. */
function lockPathOf(settingsPath: string, name: string): string {
  const key = createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 16);
  return `${settingsPath}.sign-in-${key}.lock`;
}

async function refusePage(): Promise<void> {
  throw new LimpidError('signIn.no-browser');
}
