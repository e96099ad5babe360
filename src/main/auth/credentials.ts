import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { EnvironmentView } from '../../shared/backend.js';
import { errorOf, LimpidError, type Notice } from '../../shared/errors.js';
import { hideSecret } from '../redact.js';
import { defaultSettingsPath, type SettingsStore } from '../settings/settings.js';
import type { Keychain, KeychainRemoval, KeychainStatus } from './keychain.js';
import { isRecordText } from './signInRecord.js';

/** The environment that LIMPID_BACKEND_URL makes. */
export const variablesName = 'variables';

export interface CredentialsOptions {
  keychain: Keychain;
  settings: Pick<SettingsStore, 'path' | 'values' | 'update' | 'rereadAccounts'>;
  /** For LIMPID_BACKEND_URL and LIMPID_BACKEND_CREDENTIAL. */
  environment?: NodeJS.ProcessEnv;
  /** Whether these count now; default: always. */
  followsVariables?: () => boolean;
}

/** `affected`: the environment whose next request may end differently now; null: only what a window shows has changed. */
export type CredentialsListener = (affected: string | null) => void;

/** What an account begins with: for what the backend gets, and for what only an identity provider gets. */
const kinds = ['backend', 'sign-in'] as const;
type Kind = (typeof kinds)[number];
const isSignInAccount = (account: string): boolean => account.startsWith('sign-in:');

interface Held {
  secret: string;
  /** Whether the keychain has it too. */
  isSaved: boolean;
}

/**
 * The sign-ins of persons, filed as credentials are and by the names of their environments, but under accounts of their own: what an
 * environment's credential is may change at any time, and a refresh token is not for its backend. LIMPID_BACKEND_CREDENTIAL is none of them.
 * Of a change only windows are told (`null`): whoever renews a sign-in knows whether the next request ends differently.
 */
export interface SignInStore {
  kindOf(name: string): EnvironmentView['credential'];
  /** As far as it is in memory. */
  peek(name: string): string | null;
  /**
   * Asks settings and keychain each time, for another process may have renewed the sign-in, and a token that was used once is good no
   * more; or have begun or ended it. What is in the settings, but not given by the keychain now, is taken from memory. Rejects as `Credentials.get` does.
   */
  read(name: string): Promise<string | null>;
  /** Whether another process has ended what was saved; it is out of memory then. */
  isForgotten(name: string): Promise<boolean>;
  /** As `kindOf`, with what another process has begun by now. */
  look(name: string): Promise<EnvironmentView['credential']>;
  /** Takes effect at once. Resolves with why the keychain did not take it; null: it did. */
  keep(name: string, secret: string): Promise<Notice | null>;
  /** Takes effect at once. Rejects as `Credentials.forget` does. */
  forget(name: string): Promise<void>;
}

/**
 * The credentials of the environments, by name in any case. LIMPID_BACKEND_CREDENTIAL comes first: beside LIMPID_BACKEND_URL it is for that
 * backend alone, else for every environment as it was when the process started: not for one that was added since, or leads elsewhere
 * now. Then the keychain, read once a run, and without one this process's memory. Which accounts the keychain should have is in the settings: one that it does not give was removed, or is locked.
 * The accounts of a settings file other than the user's own carry its mark, so that two files never share a credential.
 */
export class Credentials {
  readonly #keychain: Keychain;
  readonly #settings: CredentialsOptions['settings'];
  readonly #variable: string | null;
  readonly #followsVariables: () => boolean;
  readonly #hasVariableUrl: boolean;
  readonly #mark: string;
  readonly #held = new Map<string, Held>();
  readonly #lost = new Set<string>();
  /** Names, in lower case, of environments that the variable is not for. */
  readonly #withheld = new Set<string>();
  /** Accounts that are being written or removed. */
  readonly #underWay = new Set<string>();
  /** Removed here, and perhaps still in the keychain. */
  readonly #leftBehind = new Set<string>();
  readonly #listeners = new Set<CredentialsListener>();
  readonly #stopListening: () => void;
  #isCatchingUp = false;

  readonly signIns: SignInStore = {
    kindOf: (name) => this.#kindOf(this.#accountOf(name, 'sign-in')),
    peek: (name) => this.#held.get(this.#accountOf(name, 'sign-in'))?.secret ?? null,
    read: (name) => this.#readAgain(name),
    isForgotten: (name) => this.#isForgotten(name),
    look: async (name) => {
      await this.#isForgotten(name);
      return this.signIns.kindOf(name);
    },
    keep: (name, secret) => this.#keep(this.#accountOf(name, 'sign-in'), secret),
    forget: (name) => this.#forget(this.#accountOf(name, 'sign-in'), null),
  };

  constructor({ keychain, settings, environment = process.env, followsVariables = () => true }: CredentialsOptions) {
    this.#keychain = keychain;
    this.#followsVariables = followsVariables;
    this.#settings = settings;
    this.#variable = environment['LIMPID_BACKEND_CREDENTIAL'] || null;
    if (this.#variable) hideSecret(this.#variable);
    this.#hasVariableUrl = Boolean(environment['LIMPID_BACKEND_URL']?.trim());
    this.#mark = markOf(settings.path, defaultSettingsPath({ ...environment, LIMPID_CONFIG: undefined }));
    this.#stopListening = keychain.onStatus(({ state }) => {
      this.#tell(null);
      if (state === 'ready') void this.#catchUp();
    });
  }

  /** The keychain, as it answered last. */
  get keychain(): KeychainStatus {
    return this.#keychain.status;
  }

  onChange(listener: CredentialsListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** `place`: where it would be sent, as `placeKey` has it; null: that does not matter. */
  kindOf(name: string, place: string | null = null): EnvironmentView['credential'] {
    if (this.#isVariable(name)) return 'variable';
    const account = this.#accountOf(name);
    return this.#isForElsewhere(account, place) ? 'none' : this.#kindOf(account);
  }

  #kindOf(account: string): EnvironmentView['credential'] {
    const held = this.#held.get(account);
    if (held) return held.isSaved ? 'saved' : 'memory';
    if (!this.#isListed(account)) return 'none';
    return this.#lost.has(account) ? 'lost' : 'saved';
  }

  /**
   * The credential, or null when none was ever given. Rejects with `credential.lost` when the keychain does not give one that was
   * saved, and with `keychain.*` when it does not answer; each call asks it again. One that was given for another `place` is none: an
   * administrator's policy may give a name another server, and take it away again. One whose place nobody noted is for this one.
   */
  async get(name: string, place: string | null = null): Promise<string | null> {
    if (this.#isVariable(name)) return this.#variable;
    const account = this.#accountOf(name);
    if (this.#isForElsewhere(account, place)) return null;
    const secret = await this.#read(account);
    // Also after the keychain was waited for.
    if (this.#isForElsewhere(account, place)) return null;
    if (secret !== null && place !== null) await this.#notePlace(account, place).catch(() => undefined);
    return secret;
  }

  /** What `get` says, whatever variables say. */
  async #read(account: string): Promise<string | null> {
    const held = this.#held.get(account);
    if (held) return held.secret;
    if (!this.#isListed(account)) return null;
    const answer = await this.#keychain.read(account);
    const changed = this.#held.get(account);
    if (changed) return changed.secret;
    if (!this.#isListed(account)) return null;
    // A sign-in that lies in the place of a credential is none.
    const isMisplaced = answer.kind === 'found' && isRecordText(answer.secret) && !isSignInAccount(account);
    if (answer.kind !== 'found' || isMisplaced) {
      this.#setLost(account, true);
      if (answer.kind === 'unavailable') throw errorOf(answer.notice, { retryable: true });
      throw new LimpidError('credential.lost', { environment: this.#nameOf(account) }, { retryable: true });
    }
    hideSecret(answer.secret);
    this.#held.set(account, { secret: answer.secret, isSaved: true });
    this.#setLost(account, false);
    return answer.secret;
  }

  async #readAgain(name: string): Promise<string | null> {
    if (await this.#isForgotten(name)) return null;
    const account = this.#accountOf(name, 'sign-in');
    const held = this.#held.get(account);
    if (!held?.isSaved) return this.#read(account);
    const answer = await this.#keychain.read(account);
    const now = this.#held.get(account);
    if (now === held && answer.kind === 'found') held.secret = answer.secret;
    return now?.secret ?? null;
  }

  /** As `SignInStore.isForgotten` has it. */
  async #isForgotten(name: string): Promise<boolean> {
    await this.#settings.rereadAccounts();
    const account = this.#accountOf(name, 'sign-in');
    if (!this.#held.get(account)?.isSaved || this.#isListed(account)) return false;
    this.#held.delete(account);
    this.#tell(null);
    return true;
  }

  async #keep(account: string, secret: string): Promise<Notice | null> {
    this.#held.set(account, { secret, isSaved: false });
    this.#lost.delete(account);
    this.#leftBehind.delete(account);
    this.#tell(null);
    return this.#save(account);
  }

  /**
   * Takes effect at once. Without a working keychain it holds for this run only: `kindOf` then says `memory`, `keychain` why, and it
   * is saved when the keychain comes back. It is for this `place` alone, or for the first where it is asked for. Rejects with `credential.invalid`, `credential.from-variable`, or `settings.unwritable`.
   */
  async set(name: string, credential: string, place: string | null = null): Promise<void> {
    if (this.#isVariable(name)) throw new LimpidError('credential.from-variable');
    const secret = credential.trim();
    const isFit = secret.length > 0 && secret.length <= 8192 && !hasControlCharacters(secret) && !isRecordText(secret);
    if (!isFit) throw new LimpidError('credential.invalid');
    const account = this.#accountOf(name);
    this.#hold(account, secret);
    const noted = this.#notePlace(account, place);
    this.#tell(name);
    await Promise.all([noted, this.#save(account)]);
  }

  /**
   * Takes effect at once. Rejects with `credential.left-behind` when the keychain may still hold it, which is tried again when it
   * comes back or when this is called again.
   */
  async forget(name: string): Promise<void> {
    if (this.#isVariable(name)) throw new LimpidError('credential.from-variable');
    await this.#forget(this.#accountOf(name), name);
  }

  /**
   * Files credential and sign-in under the new name of their environment; `renameIt` is run when both names have them, so that no
   * moment is without. What the new name had before is forgotten. Rejects as `get` does when the credential cannot be read now,
   * and with `keychain.*` when a saved one cannot be saved again; nothing has changed then.
   */
  async rename(from: string, to: string, renameIt: () => Promise<void>): Promise<void> {
    if (from.toLowerCase() === to.toLowerCase()) return renameIt();
    const secrets = await Promise.all(kinds.map((kind) => this.#read(this.#accountOf(from, kind))));
    for (const [index, kind] of kinds.entries()) await this.#copy(from, to, kind, secrets[index] ?? null);
    if (this.#withheld.has(from.toLowerCase())) this.withholdVariable(to);
    await renameIt();
    for (const kind of kinds) await this.#drop(from, kind);
  }

  async #copy(from: string, to: string, kind: Kind, secret: string | null): Promise<void> {
    const newAccount = this.#accountOf(to, kind);
    if (secret === null) return this.#drop(to, kind);
    this.#hold(newAccount, secret);
    await this.#notePlace(newAccount, this.#placeOf(this.#accountOf(from, kind)));
    const refusal = await this.#save(newAccount);
    // A saved credential that would be in memory only from now on is lost with the end of this run.
    if (!refusal || !this.#isListed(this.#accountOf(from, kind))) return;
    for (const each of kinds) await this.#drop(to, each);
    throw errorOf(refusal, { retryable: true });
  }

  /** Keeps LIMPID_BACKEND_CREDENTIAL of this run from an environment: it was not meant for the place where that leads now. */
  withholdVariable(name: string): void {
    this.#withheld.add(name.toLowerCase());
  }

  /**
   * For a name that stands for another place now: nothing that was given before goes there. Takes effect at once; what the keychain
   * cannot remove now, it removes when it comes back.
   */
  async disown(name: string): Promise<void> {
    this.withholdVariable(name);
    await Promise.all(kinds.map((kind) => this.#drop(name, kind)));
  }

  /** When a person asks: what the keychain missed is offered again, and those who need what it did not give are told to ask again. */
  async retry(): Promise<void> {
    await this.#catchUp();
  }

  /** What is being saved is still noted in the settings when the keychain answers. */
  dispose(): void {
    this.#stopListening();
    this.#listeners.clear();
  }

  #isVariable(name: string): boolean {
    const key = name.toLowerCase();
    if (this.#variable === null || this.#withheld.has(key) || !this.#followsVariables()) return false;
    return !this.#hasVariableUrl || key === variablesName;
  }

  #accountOf(name: string, kind: Kind = 'backend'): string {
    return `${kind}:${name.toLowerCase()}${this.#mark}`;
  }

  #nameOf(account: string): string {
    return account.slice(account.indexOf(':') + 1, account.length - this.#mark.length);
  }

  #isListed(account: string): boolean {
    return this.#settings.values.credentialAccounts.includes(account);
  }

  /** The place an account's credential was given for; null: nobody noted one. */
  #placeOf(account: string): string | null {
    const entry = this.#settings.values.credentialPlaces.find((each) => isPlaceOf(account, each));
    return entry?.slice(account.length + 1) ?? null;
  }

  #isForElsewhere(account: string, place: string | null): boolean {
    const noted = this.#placeOf(account);
    return noted !== null && place !== null && noted !== place;
  }

  /** Null: for no place yet. Takes effect at once. */
  async #notePlace(account: string, place: string | null): Promise<void> {
    if (this.#placeOf(account) === place) return;
    const others = this.#settings.values.credentialPlaces.filter((each) => !isPlaceOf(account, each));
    await this.#settings.update({ credentialPlaces: place === null ? others : [...others, `${account} ${place}`] });
  }

  #hold(account: string, secret: string): void {
    hideSecret(secret);
    this.#held.set(account, { secret, isSaved: false });
    this.#lost.delete(account);
    this.#leftBehind.delete(account);
  }

  /** Why the keychain did not take what is held; null when all is well. */
  async #save(account: string): Promise<Notice | null> {
    const held = this.#held.get(account);
    if (!held) return null;
    this.#underWay.add(account);
    const answer = await this.#keychain.write(account, held.secret);
    this.#underWay.delete(account);
    if (answer.kind !== 'done') return answer.notice;
    // Forgotten or replaced meanwhile: what came after this write deals with the keychain.
    if (this.#held.get(account) !== held) return null;
    held.isSaved = true;
    this.#tell(null);
    if (this.#isListed(account)) return null;
    await this.#settings.update({ credentialAccounts: [...this.#settings.values.credentialAccounts, account] });
    return null;
  }

  async #unlist(account: string): Promise<void> {
    if (!this.#isListed(account)) return;
    const { credentialAccounts } = this.#settings.values;
    await this.#settings.update({ credentialAccounts: credentialAccounts.filter((each) => each !== account) });
  }

  /** `affected`: as `CredentialsListener` has it. */
  async #forget(account: string, affected: string | null): Promise<void> {
    const held = this.#held.get(account);
    const wasSaved = this.#isListed(account) || held?.isSaved === true;
    if (!wasSaved && !held && !this.#leftBehind.has(account)) return;
    this.#held.delete(account);
    this.#lost.delete(account);
    this.#leftBehind.add(account);
    const unlisted = Promise.all([this.#unlist(account), this.#notePlace(account, null)]);
    this.#tell(affected);
    const [kind] = await Promise.all([this.#removeLeftBehind(account), unlisted]);
    // What was in memory only is not there, unless its write is overdue: then the next answer of the keychain removes it.
    if (!wasSaved && kind === 'missing') this.#leftBehind.delete(account);
    if (!wasSaved || kind === 'done') return;
    throw new LimpidError(
      'credential.left-behind',
      { environment: this.#nameOf(account), account },
      { retryable: true },
    );
  }

  /** Forgets for good, and leaves the keychain's part to later when it has to be. */
  async #drop(name: string, kind: Kind): Promise<void> {
    await this.#forget(this.#accountOf(name, kind), name).catch((error: unknown) => {
      if (!(error instanceof LimpidError) || error.code !== 'credential.left-behind') throw error;
    });
  }

  async #removeLeftBehind(account: string): Promise<KeychainRemoval['kind']> {
    this.#underWay.add(account);
    const { kind } = await this.#keychain.remove(account);
    this.#underWay.delete(account);
    if (kind === 'done') this.#leftBehind.delete(account);
    return kind;
  }

  #setLost(account: string, isLost: boolean): void {
    if (this.#lost.has(account) === isLost) return;
    if (isLost) this.#lost.add(account);
    else this.#lost.delete(account);
    this.#tell(null);
  }

  /** The keychain is back: it gets what it missed, and what could not be read may be read again. */
  async #catchUp(): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    try {
      for (const account of this.#leftBehind) if (!this.#underWay.has(account)) await this.#removeLeftBehind(account);
      for (const [account, { isSaved }] of this.#held)
        if (!isSaved && !this.#underWay.has(account)) await this.#save(account).catch(() => undefined);
      for (const account of this.#lost) this.#tell(this.#nameOf(account));
    } finally {
      this.#isCatchingUp = false;
    }
  }

  #tell(affected: string | null): void {
    for (const listener of this.#listeners) listener(affected);
  }
}

/** Nothing for the user's own settings file; a short hash of its path for another. */
function markOf(settingsPath: string, ownPath: string): string {
  const path = resolve(settingsPath);
  if (path === resolve(ownPath)) return '';
  return `@${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/** Whether an entry of `credentialPlaces` is that of an account, whose name may have spaces itself. */
const isPlaceOf = (account: string, entry: string): boolean => entry.slice(0, entry.lastIndexOf(' ')) === account;

function hasControlCharacters(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001F\u007F]/.test(text);
}
