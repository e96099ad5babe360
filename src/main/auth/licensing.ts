import type { ConnectionStep } from '../../shared/backend.js';
import type { AppState, FallbackId, LicensedChoice } from '../../shared/state.js';
import { findLicensedFiles } from '../audio/licensedFiles.js';
import type { Native } from '../audio/native.js';
import { openPolicy, type Policy } from '../settings/policy.js';
import type { SettingsStore } from '../settings/settings.js';
import { fetchTokenWith } from './backendClient.js';
import { BackendSettings } from './backendSettings.js';
import { testConnection } from './connectionTest.js';
import { Credentials } from './credentials.js';
import { openKeychain, type Keychain } from './keychain.js';
import { Licence } from './licence.js';

/** What a window sees of all this. */
export type LicensingState = Pick<AppState, 'licensed' | 'token' | 'backend' | 'fallback'>;

export interface LicensingOptions {
  native: Pick<Native, 'LicensedEngine' | 'endProcess'> | null;
  settings: SettingsStore;
  keychain?: Keychain;
  policyPath?: string;
  environment?: NodeJS.ProcessEnv;
}

/** Everything behind the licensed engine in one process: policy, backend, credentials, token and the engine's own life. */
export class Licensing {
  readonly policy: Policy;
  readonly backend: BackendSettings;
  readonly credentials: Credentials;
  readonly licence: Licence;
  readonly #settings: SettingsStore;
  readonly #keychain: Keychain;
  readonly #stopListening: (() => void)[];
  readonly #listeners = new Set<() => void>();
  /** What the engine was last made of. */
  #parts: string;

  static async open(options: LicensingOptions): Promise<Licensing> {
    return new Licensing(options, await openPolicy(options.policyPath));
  }

  private constructor({ native, settings, keychain, environment = process.env }: LicensingOptions, policy: Policy) {
    this.#settings = settings;
    this.#keychain = keychain ?? openKeychain(native ? { endProcess: native.endProcess } : {});
    this.policy = policy;
    this.credentials = new Credentials({ keychain: this.#keychain, settings, environment });
    this.backend = new BackendSettings({ settings, policy, credentials: this.credentials, environment });
    this.licence = new Licence({
      native,
      choice: () => policy.licensed(settings.values.licensed),
      findFiles: (choice) => findLicensedFiles(choice, policy.withoutFixed(environment)),
      fallback: () => policy.fallback(settings.values.fallback),
      environment: () => (this.backend.active?.url ? this.backend.active.name : null),
      fetchToken: async (signal) => {
        const active = this.backend.requireActive();
        return fetchTokenWith(active, () => this.credentials.get(active.name), { signal, variables: environment });
      },
    });
    const tell = (): void => this.#tell();
    this.#stopListening = [
      this.backend.onChange((affectsToken) => {
        if (affectsToken) this.licence.keeper.configurationChanged();
        tell();
      }),
      this.licence.keeper.onStatus(tell),
      this.licence.onChange(tell),
      policy.onChange(() => void this.#reloadChanged()),
    ];
    this.#parts = this.#readParts();
  }

  get state(): LicensingState {
    return {
      fallback: this.policy.fallback(this.#settings.values.fallback),
      licensed: this.licence.view,
      token: this.licence.keeper.status,
      backend: this.backend.view,
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Rejects with `policy.*` where the administrator fixed it, or `settings.unwritable`. */
  async setFallback(fallback: FallbackId): Promise<void> {
    this.policy.checkFallback(fallback);
    const written = this.#settings.update({ fallback });
    await this.#reloadChanged();
    await written;
  }

  /** Rejects as `setFallback` does. What is wrong with the files themselves is in `state.licensed.problem`. */
  async choose(changes: { [Field in keyof LicensedChoice]?: LicensedChoice[Field] | undefined }): Promise<void> {
    this.policy.checkLicensed(changes);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const written = this.#settings.update({
      licensed: { ...this.#settings.values.licensed, ...Object.fromEntries(given) },
    });
    await this.#reloadChanged();
    await written;
  }

  /** Fetches a token now, and offers the keychain again what it missed. Rejects with what the backend or the engine answered. */
  async refreshToken(): Promise<void> {
    await this.credentials.retry();
    await this.licence.keeper.refreshNow();
  }

  /** Tries the whole way to a token, which is thrown away. Rejects when there is no such environment. */
  async test(name: string, onStep: (step: ConnectionStep) => void): Promise<ConnectionStep[]> {
    return testConnection(this.backend.require(name), () => this.credentials.get(name), onStep);
  }

  async dispose(): Promise<void> {
    for (const stop of this.#stopListening) stop();
    this.#listeners.clear();
    await this.licence.dispose();
    this.backend.dispose();
    this.credentials.dispose();
    this.policy.close();
    await this.#keychain.close();
  }

  /** A policy or a choice that changes none of the engine's parts leaves the running one alone. */
  async #reloadChanged(): Promise<void> {
    const parts = this.#readParts();
    const hasChanged = parts !== this.#parts;
    this.#parts = parts;
    if (hasChanged) await this.licence.reload();
    this.#tell();
  }

  #readParts(): string {
    const { fallback, licensed } = this.state;
    const { libraryPath, modelPath, vadModelPath, otel } = licensed;
    return JSON.stringify({ fallback, libraryPath, modelPath, vadModelPath, otel });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
