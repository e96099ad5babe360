import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  backendEnvironment,
  environmentFields,
  type BackendEnvironment,
  type BackendView,
  type EnvironmentField,
  type EnvironmentView,
} from '../../shared/backend.js';
import { errorOf, LimpidError, type Notice } from '../../shared/errors.js';
import { isSameName, maxEnvironments } from '../settings/backendField.js';
import { isOnServer } from '../settings/licensedPath.js';
import type { Policy } from '../settings/policy.js';
import type { SettingsStore } from '../settings/settings.js';
import { checkBackendUrl, checkHeaders, checkProxyUrl, checkProxyUse } from './backendRules.js';
import { placeKey, placeOf } from './credentialPlace.js';
import { variablesName, type Credentials } from './credentials.js';
import type { SignIn } from './signIn.js';
import { checkIssuer } from './signInAddress.js';

export interface BackendSettingsOptions {
  settings: Pick<SettingsStore, 'values' | 'update'>;
  policy: Policy;
  credentials: Credentials;
  /** Who is signed in; default: nobody can. */
  signIn?: Pick<SignIn, 'view' | 'accountOf' | 'kindOf' | 'drop' | 'rename' | 'onChange'>;
  /** For LIMPID_BACKEND_URL and LIMPID_BACKEND_CREDENTIAL. */
  environment?: NodeJS.ProcessEnv;
}

/** `affectsToken`: the next request for a token may end differently now; otherwise only the view has changed. */
export type BackendListener = (affectsToken: boolean) => void;

/** An environment as it counts: the user's values under the administrator's. */
interface Effective {
  values: BackendEnvironment;
  lockedFields: EnvironmentField[];
  isLocked: boolean;
}

/** Headers that carry a secret, which would lie in the settings file. */
const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie']);

/**
 * The environments and which of them is active, made of the user's settings, the administrator's policy and the environment
 * variables. LIMPID_BACKEND_URL makes an environment `variables` that is active and never written to disk, unless the policy fixes
 * the active one, forbids to add any, or is closed. What the policy fixes lies over the user's values and is never written into
 * them. Changes are made one after the other. Every change rejects with a `LimpidError`: `policy.*` or `backend.from-variables` for what is locked, `backend.*` and
 * `backend-settings.*` for what cannot be.
 */
export class BackendSettings {
  readonly #settings: BackendSettingsOptions['settings'];
  readonly #policy: Policy;
  readonly #credentials: Credentials;
  readonly #signIn: BackendSettingsOptions['signIn'];
  readonly #variables: BackendEnvironment | null;
  readonly #listeners = new Set<BackendListener>();
  readonly #stopListening: (() => void)[];
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ settings, policy, credentials, signIn, environment = process.env }: BackendSettingsOptions) {
    this.#settings = settings;
    this.#policy = policy;
    this.#credentials = credentials;
    this.#signIn = signIn;
    this.#variables = readVariables(environment);
    const tellOf = (affected: string | null): void =>
      this.#tell(affected !== null && isSameName(affected, this.active?.name ?? ''));
    this.#stopListening = [
      policy.onChange(() => this.#tell(true)),
      credentials.onChange(tellOf),
      ...(signIn ? [signIn.onChange(tellOf)] : []),
    ];
  }

  /** The environment in use; its URL may be empty (not configured). Null when there is none, or the policy is closed. */
  get active(): BackendEnvironment | null {
    if (this.#policy.isClosed) return null;
    return this.#find(this.#activeName())?.values ?? null;
  }

  /** The environment in use. Throws why there is none: `policy.*` or `backend-settings.active-missing`. */
  requireActive(): BackendEnvironment {
    const { active } = this;
    if (active) return active;
    if (this.#policy.problem) throw errorOf(this.#policy.problem);
    throw new LimpidError('backend-settings.active-missing', { name: this.#activeName() });
  }

  /** The environment of this name. Throws `backend-settings.unknown`, or `policy.*` when the policy is closed. */
  require(name: string): BackendEnvironment {
    if (this.#policy.isClosed) this.requireActive();
    return this.#require(name).values;
  }

  get view(): BackendView {
    return {
      environments: this.#effective().map((each) => this.#show(each)),
      active: this.#activeName(),
      signIn: this.#signIn?.view ?? null,
      isActiveLocked: this.#activeLock() !== null,
      canAdd: this.#canAdd() && this.#effective().length < maxEnvironments,
      lockReason: this.#lockReason(),
      keychain: this.#credentials.keychain,
      problem: this.#findProblem(),
    };
  }

  onChange(listener: BackendListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Writes an environment; null adds one. A new name takes the credential with it. A new server, proxy or certificate file does not:
   * whoever may change settings could read the credential by having it sent to himself. It is forgotten then. So is a sign-in with
   * another provider or client, and where persons sign in from now on, or do no more.
   */
  save(name: string | null, wanted: BackendEnvironment): Promise<void> {
    return this.#inTurn(() => this.#save(name, wanted));
  }

  /** Deletes an environment and its credential; of the active one, the first that is left takes the place. */
  remove(name: string): Promise<void> {
    return this.#inTurn(() => this.#remove(name));
  }

  select(name: string): Promise<void> {
    return this.#inTurn(() => this.#select(name));
  }

  /** Gives an environment its credential; null forgets it. Rejects with `signIn.no-credential` where persons sign in. */
  setCredential(name: string, credential: string | null): Promise<void> {
    return this.#inTurn(async () => {
      const { values } = this.#require(name);
      if (isSignIn(values)) throw new LimpidError('signIn.no-credential', { environment: values.name });
      if (credential === null) await this.#credentials.forget(values.name);
      else await this.#credentials.set(values.name, credential, placeKey(values));
    });
  }

  dispose(): void {
    for (const stop of this.#stopListening) stop();
    this.#listeners.clear();
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #save(name: string | null, wanted: BackendEnvironment): Promise<void> {
    const values = parseValues(wanted);
    const old = name === null ? null : this.#require(name);
    if (old) this.#checkLocks(old, values);
    else this.#checkAdd();
    this.#checkName(values.name, name);
    await checkValues(values, old?.lockedFields ?? []);
    const write = (): Promise<void> => this.#write(old?.values.name ?? null, this.#withoutFixed(old, values));
    if (!old) {
      this.#signIn?.drop(values.name);
      await this.#credentials.disown(values.name);
      return write();
    }
    const isMoved = !isDeepStrictEqual(placeOf(old.values), placeOf(values));
    const isAnothers = !isDeepStrictEqual(providerOf(old.values), providerOf(values));
    if (isAnothers || (isMoved && old.values.url)) {
      // Before the new place counts.
      for (const each of [old.values.name, values.name]) {
        this.#signIn?.drop(each);
        await this.#credentials.disown(each);
      }
      return write();
    }
    // A first address: the credential may have been entered before it, the variable was not given for it.
    if (isMoved) this.#credentials.withholdVariable(old.values.name);
    const rename = (): Promise<void> => this.#credentials.rename(old.values.name, values.name, write);
    if (this.#signIn && !isSameName(old.values.name, values.name))
      return this.#signIn.rename(old.values.name, values.name, rename);
    await rename();
  }

  async #remove(name: string): Promise<void> {
    const { values, isLocked } = this.#require(name);
    if (isLocked) this.#refuse(values.name);
    const [next] = this.#effective().filter((each) => each.values.name !== values.name);
    if (!next) throw new LimpidError('backend-settings.last', { name: values.name });
    const { active, environments } = this.#settings.values.backend;
    const wasUsed = this.active?.name === values.name;
    const left = environments.filter((each) => each.name !== values.name);
    const nextActive = isSameName(active, values.name) ? next.values.name : active;
    const written = this.#settings.update({ backend: { active: nextActive, environments: left } });
    this.#signIn?.drop(values.name);
    this.#tell(wasUsed);
    const forgotten = isSignIn(values)
      ? this.#credentials.signIns.forget(values.name)
      : this.#credentials.forget(values.name);
    // What a policy once made of this name may have been given the other kind.
    await Promise.all([written, forgotten.finally(() => this.#credentials.disown(values.name))]);
  }

  async #select(name: string): Promise<void> {
    const { values } = this.#require(name);
    const lock = this.#activeLock();
    if (lock && values.name !== this.#activeName()) throw errorOf(lock);
    if (values.name === this.#activeName()) return;
    const written = this.#settings.update({ backend: { ...this.#settings.values.backend, active: values.name } });
    this.#tell(true);
    await written;
  }

  #effective(): Effective[] {
    const own = this.#settings.values.backend.environments;
    const { environments: fixed = [], active = null, mayAddEnvironments = true } = this.#policy.values ?? {};
    const isFixed = (name: string): boolean => fixed.some(({ values }) => isSameName(values.name, name));
    const ofPolicy = fixed.map(({ values, fields }): Effective => {
      const chosen = own.find(({ name }) => isSameName(name, values.name));
      return { values: lay(values, fields, chosen), lockedFields: fields, isLocked: true };
    });
    const hidesOwn = !mayAddEnvironments && fixed.length > 0;
    const ofUser = own.filter(({ name }) => !hidesOwn && !isFixed(name) && !isSameName(name, variablesName));
    const all = [
      ...(this.#variables && this.#hasVariables() ? [lockWhole(this.#variables)] : []),
      ...ofPolicy,
      ...ofUser.map((values): Effective => ({
        values,
        lockedFields: this.#policy.isClosed ? [...environmentFields] : [],
        isLocked: this.#policy.isClosed || (active !== null && isSameName(active, values.name)),
      })),
    ];
    const isActiveThere = active === null || all.some(({ values }) => isSameName(values.name, active));
    if (isActiveThere) return all;
    return [...all, { values: backendEnvironment.parse({ name: active }), lockedFields: [], isLocked: true }];
  }

  #find(name: string): Effective | undefined {
    return this.#effective().find(({ values }) => isSameName(values.name, name));
  }

  #require(name: string): Effective {
    const found = this.#find(name);
    if (!found) throw new LimpidError('backend-settings.unknown', { name });
    return found;
  }

  #activeName(): string {
    const { active, mayAddEnvironments, environments = [] } = this.#policy.values ?? {};
    if (active) return this.#find(active)?.values.name ?? active;
    if (this.#hasVariables()) return variablesName;
    const own = this.#settings.values.backend.active;
    const found = this.#find(own);
    if (found) return found.values.name;
    // The policy hides the user's environment: what the administrator put first takes its place.
    return (mayAddEnvironments === false && environments[0]?.values.name) || own;
  }

  /** Variables count unless the policy fixes what they would change, or may have. */
  #hasVariables(): boolean {
    const { ignoresVariables, values } = this.#policy;
    return this.#variables !== null && !ignoresVariables && !values?.active && (values?.mayAddEnvironments ?? true);
  }

  #isVariables(name: string): boolean {
    return this.#hasVariables() && isSameName(name, variablesName);
  }

  /** A policy that fixes other things says nothing of backends. */
  #lockReason(): Notice | null {
    const { isClosed, values, lockReason } = this.#policy;
    const isFixed = values !== null && (values.active !== null || !values.mayAddEnvironments);
    if (isClosed || isFixed || values?.environments.length) return lockReason;
    return this.#hasVariables() ? fromVariables : null;
  }

  #activeLock(): Notice | null {
    if (this.#policy.isClosed || this.#policy.values?.active) return this.#policy.lockReason;
    return this.#hasVariables() ? fromVariables : null;
  }

  #canAdd(): boolean {
    return !this.#policy.isClosed && (this.#policy.values?.mayAddEnvironments ?? true);
  }

  #findProblem(): Notice | null {
    if (this.#policy.problem) return this.#policy.problem;
    return this.#findOwnProblem() ?? this.#policy.notices[0] ?? null;
  }

  #findOwnProblem(): Notice | null {
    if (this.#variables && !this.#hasVariables()) return { code: 'backend-settings.variables-ignored', params: {} };
    const name = this.#activeName();
    const found = this.#find(name);
    if (!found) return { code: 'backend-settings.active-missing', params: { name } };
    const isVariableIdle = isSignIn(found.values) && this.#credentials.kindOf(name) === 'variable';
    return isVariableIdle ? { code: 'signIn.variable-ignored', params: { environment: name } } : null;
  }

  #show({ values, lockedFields, isLocked }: Effective): EnvironmentView {
    const shown = { ...values, url: withoutUserInfo(values.url), proxy: values.proxy && withoutUserInfo(values.proxy) };
    const signIn = isSignIn(values) ? this.#signIn : undefined;
    return {
      values: shown,
      credential: signIn ? signIn.kindOf(values) : this.#credentials.kindOf(values.name, placeKey(values)),
      signedInAs: signIn?.accountOf(values) ?? null,
      lockedFields,
      isLocked,
    };
  }

  #checkAdd(): void {
    if (!this.#canAdd()) this.#refuse(null);
    if (this.#effective().length >= maxEnvironments)
      throw new LimpidError('backend-settings.too-many', { count: maxEnvironments });
  }

  #checkLocks({ values: old, lockedFields, isLocked }: Effective, values: BackendEnvironment): void {
    const isTouched = lockedFields.some((field) => !isDeepStrictEqual(old[field], values[field]));
    if (!isTouched && !(isLocked && old.name !== values.name)) return;
    this.#refuse(old.name);
  }

  #checkName(name: string, oldName: string | null): void {
    const isOwnName = oldName !== null && isSameName(name, oldName);
    if (isOwnName) return;
    // Also an environment that the policy hides has its name, and its credential in the keychain.
    const isTaken =
      this.#find(name) ?? this.#settings.values.backend.environments.find((each) => isSameName(each.name, name));
    if (isTaken || isSameName(name, variablesName)) throw new LimpidError('backend-settings.name-taken', { name });
  }

  /** What the user's settings get: under a fixed field they keep what they had. */
  #withoutFixed(old: Effective | null, values: BackendEnvironment): BackendEnvironment {
    if (!old || old.lockedFields.length === 0) return values;
    const own = this.#settings.values.backend.environments.find(({ name }) => isSameName(name, old.values.name));
    return lay(own ?? backendEnvironment.parse({ name: values.name }), old.lockedFields, values);
  }

  async #write(oldName: string | null, values: BackendEnvironment): Promise<void> {
    if (oldName !== null && this.#isVariables(oldName)) return;
    const { active, environments } = this.#settings.values.backend;
    const isThere = environments.some(({ name }) => oldName !== null && isSameName(name, oldName));
    const changed = isThere
      ? environments.map((each) => (oldName !== null && isSameName(each.name, oldName) ? values : each))
      : [...environments, values];
    const isActive = oldName !== null && active === oldName;
    const wasUsed = oldName !== null && this.active?.name === oldName;
    const backend = { active: isActive ? values.name : active, environments: changed };
    const written = this.#settings.update({ backend });
    this.#tell(wasUsed);
    await written;
  }

  #refuse(name: string | null): never {
    const isFromVariables = name !== null && this.#isVariables(name);
    throw errorOf((!isFromVariables && this.#policy.lockReason) || fromVariables);
  }

  #tell(affectsToken: boolean): void {
    for (const listener of this.#listeners) listener(affectsToken);
  }
}

const fromVariables: Notice = { code: 'backend.from-variables', params: {} };

const isSignIn = ({ credentialKind }: BackendEnvironment): boolean => credentialKind === 'sign-in';

/** Who gave the credential, where persons sign in. */
function providerOf(values: BackendEnvironment): { issuer: string; clientId: string } | null {
  const { issuer, clientId } = values.signIn;
  return isSignIn(values) ? { issuer, clientId } : null;
}

/** `base` with `fields` as they are, and all others of `chosen`. */
function lay(
  base: BackendEnvironment,
  fields: readonly EnvironmentField[],
  chosen: BackendEnvironment | undefined,
): BackendEnvironment {
  const kept = Object.fromEntries(fields.map((field) => [field, base[field]]));
  return { ...base, ...chosen, ...kept, name: base.name };
}

const lockWhole = (values: BackendEnvironment): Effective => ({
  values,
  lockedFields: [...environmentFields],
  isLocked: true,
});

function readVariables(environment: NodeJS.ProcessEnv): BackendEnvironment | null {
  const url = environment['LIMPID_BACKEND_URL']?.trim();
  if (!url) return null;
  const credentialKind = environment['LIMPID_BACKEND_CREDENTIAL'] ? 'bearer' : 'none';
  return { ...backendEnvironment.parse({ name: variablesName, credentialKind }), url };
}

/** Throws `backend-settings.invalid`, which names the first wrong place. */
function parseValues(wanted: BackendEnvironment): BackendEnvironment {
  const parsed = backendEnvironment.safeParse(wanted);
  if (parsed.success) return parsed.data;
  throw new LimpidError('backend-settings.invalid', { field: parsed.error.issues[0]?.path.join('.') || 'values' });
}

/** Checks what a schema cannot; not what is locked, which the user could not mend. */
async function checkValues(values: BackendEnvironment, lockedFields: EnvironmentField[]): Promise<void> {
  const isOpen = (field: EnvironmentField): boolean => !lockedFields.includes(field);
  if (isOpen('url') && values.url) checkBackendUrl(values.url);
  if (isOpen('proxy') && values.proxy) checkProxyUrl(values.proxy);
  if ((isOpen('url') || isOpen('proxy')) && values.url && values.proxy) checkProxyUse(checkBackendUrl(values.url));
  if (isOpen('headers')) checkNoSecret(values);
  if (isOpen('signIn') && isSignIn(values) && values.signIn.issuer) checkIssuer(values.signIn.issuer);
  if (isOpen('caFile') && values.caFile) await checkCaFile(values.caFile);
}

function checkNoSecret({ headers, credentialKind, credentialHeader }: BackendEnvironment): void {
  checkHeaders(headers);
  const own = credentialKind === 'header' ? credentialHeader.toLowerCase() : null;
  const secret = headers.find(({ name }) => secretHeaders.has(name.toLowerCase()) || name.toLowerCase() === own);
  if (secret) throw new LimpidError('backend-settings.secret-header', { header: secret.name });
}

async function checkCaFile(path: string): Promise<void> {
  if (!isAbsolute(path) || isOnServer(path)) throw new LimpidError('backend-settings.ca-not-absolute', { path });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const detail = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new LimpidError('backend-settings.ca-unreadable', { path, detail }, { cause });
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new LimpidError('backend-settings.ca-no-pem', { path });
}

/** An address as a window may see it: without name and password. */
function withoutUserInfo(text: string): string {
  return text.replace(/^(\s*[a-z][a-z0-9+.-]*:)?([\\/]*)[^/\\?#]*@/i, '$1$2');
}
