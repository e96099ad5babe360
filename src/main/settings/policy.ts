import { existsSync, type Stats } from 'node:fs';
import { lstat, open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, win32 } from 'node:path';
import { environmentFields, type BackendEnvironment, type EnvironmentField } from '../../shared/backend.js';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { FileOptions } from '../../shared/files.js';
import type { LicensedChoice } from '../../shared/state.js';
import { isMissing } from '../isMissing.js';
import { checkBackendUrl, checkHeaders, checkProxyUrl, checkProxyUse } from '../auth/backendRules.js';
import { checkIssuer } from '../auth/signInAddress.js';
import { checkPattern } from '../files/outputName.js';
import { isSameName } from './backendField.js';
import { deviceNamed } from './namedDevice.js';
import { findUnknown, policySchema, type PolicyFile } from './policySchema.js';
import type { DeviceWish, Settings } from './settings.js';

const maxBytes = 1_000_000;

/** An environment the administrator fixed: its name, its existence, and those of its fields that the file has. */
export interface FixedEnvironment {
  values: BackendEnvironment;
  fields: EnvironmentField[];
}

/** Settings that a policy may fix with one value. */
type WholeSettings = Omit<
  Settings,
  | 'schemaVersion'
  | 'bypass'
  | 'confirmedSpeakers'
  | 'backend'
  | 'credentialAccounts'
  | 'credentialPlaces'
  | 'files'
  | 'licensed'
>;
/** Values of settings that are fixed; of `files` and `licensed` each part for itself. */
export type FixedValues = Partial<WholeSettings> & { files?: Partial<FileOptions>; licensed?: Partial<LicensedChoice> };

/** What the administrator says of new versions of Limpid. */
export interface UpdatePolicy {
  isAllowed: boolean;
  /** `latest` where nothing is fixed. */
  channel: string;
  /** Null: the server that this build names. */
  feedUrl: string | null;
}

/** What the administrator fixed. */
export interface PolicyValues {
  /** Name of the environment in use; null: the user's choice. */
  active: string | null;
  /** False: no other environments than those of the file, or, when it has none, than those the user already has. */
  mayAddEnvironments: boolean;
  environments: FixedEnvironment[];
  settings: FixedValues;
  updates: UpdatePolicy;
  ignoresVariables: boolean;
}

/**
 * Variables that can change what a policy can fix; where it says `ignoresVariables`, they count as not set:
 * the backend and its credential, the parts of the licensed engine and the folder where they are looked for, proxies, extra
 * certificates, and DO_NOT_TRACK, which would win over `vendorErrorReports`. Those that begin with AIC_SDK_OTEL_ are read by the
 * vendor's library itself, and are taken out of this process.
 *
 * All others stay: LIMPID_CONFIG names another settings file, over which the policy lies just the same; LIMPID_SDK_BASE_URL,
 * LIMPID_MODELS_BASE_URL and LIMPID_CRATES_BASE_URL lead to downloads, of which a policy says nothing; OTEL_EXPORTER_OTLP_* says
 * where metrics go, which `licensed.otel` switches off; LIMPID_DEBUG and what names folders of the system change nothing that is fixed.
 */
export const ignorableVariables: ReadonlySet<string> = new Set([
  'LIMPID_BACKEND_URL',
  'LIMPID_BACKEND_CREDENTIAL',
  'AIC_LIB_PATH',
  'LIMPID_AIC_MODEL',
  'LIMPID_DATA_DIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'DO_NOT_TRACK',
]);
const metricsVariables = 'AIC_SDK_OTEL_';

/**
 * The administrator's policy file: JSON as docs/policy.schema.json has it. What it has is fixed; what it lacks is the user's. An empty
 * URL is no URL, and fixes that there is none. The file never holds a credential.
 *
 * An environment whose `url` or `signIn` is fixed has `proxy` and `caFile` fixed too, with their usual values where the file does not
 * have them: together they would lead the credential elsewhere. Folders may be on a server (`\\server\share`), which a user cannot
 * choose: the administrator knows to whom Windows then says who the user is.
 *
 * It is taken whole or not at all. A file that is there but cannot be used (unreadable, no JSON, a wrong value, or open to changes
 * by others) may have fixed anything, so at the start it closes the backend: `isClosed`: no token is fetched, nothing of what a policy
 * may fix can be changed but devices and strength, `problem` says why, and the voice goes on with the built-in engine. A file that turns bad while Limpid
 * runs, as one does that is being edited, leaves the last good policy of this run in force. A field nobody knows is no error (a later
 * version may know it), but `notices` names it, for it may be a typing error.
 *
 * On Linux and macOS the file must belong to root or to the user who runs Limpid, and neither it nor its folder may be open to
 * changes by group (but root's, and on macOS the administrators') or others: whoever may write it can send the user's credentials
 * to a server of his own. Where the file is a link, that holds for what it leads to as well. On Windows the access list is not looked
 * at: by default every user may create files in %ProgramData%, so an administrator must create the folder and take that right away.
 * A user who may run programs of his own can always run another program; this is to guide, not to jail.
 */
export interface Policy {
  readonly path: string;
  /** Null: there is no policy, or none that can be used. */
  readonly values: PolicyValues | null;
  /** A file is there that cannot be used, and none could before: what it may fix is closed. */
  readonly isClosed: boolean;
  /** What is wrong with the file; null when nothing is. */
  readonly problem: Notice | null;
  /** `problem`, and what in the file is not known. */
  readonly notices: Notice[];
  /** What a locked field says: `policy.locked` or, when closed, `problem`; null without a policy. */
  readonly lockReason: Notice | null;
  /** What it says of updates: there are none while it is closed. */
  readonly updates: UpdatePolicy;
  /** Whether `ignorableVariables` count as not set. */
  readonly ignoresVariables: boolean;
  /**
   * The variables that count. AIC_LIB_PATH and LIMPID_AIC_MODEL do not where the policy fixes what they name, nor does
   * LIMPID_DATA_DIR where it fixes any part of the licensed engine: a fixed null means the part that is installed in the usual folder.
   */
  withoutFixed(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Takes what the vendor's library would read by itself out of these variables, for good, where variables do not count. */
  hideVariables(environment: NodeJS.ProcessEnv): void;
  /** Looks at the file again; it is looked at every half minute anyway. */
  reload(): Promise<void>;
  onChange(listener: () => void): () => void;
  close(): void;
}

/** Where an administrator puts the policy. No variable of ours names another place: that would be a way around it. */
export function policyPath(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  isThere: (path: string) => boolean = existsSync,
): string {
  if (platform === 'win32') {
    const usual = win32.join('C:\\ProgramData', 'Limpid', 'policy.json');
    const named = win32.join(environment['ProgramData'] || 'C:\\ProgramData', 'Limpid', 'policy.json');
    // Whoever starts a program chooses its variables.
    return isThere(usual) ? usual : named;
  }
  if (platform === 'darwin') return '/Library/Application Support/Limpid/policy.json';
  return '/etc/limpid/policy.json';
}

/** Reads the policy. Never throws: what is wrong is in `problem`. */
export async function openPolicy(path: string = policyPath(), { lookEveryMs = 30_000 } = {}): Promise<Policy> {
  const listeners = new Set<() => void>();
  let current = await readPolicy(path);
  let latest = current;
  const readAgain = async (): Promise<void> => {
    const before = JSON.stringify([current, latest]);
    latest = await readPolicy(path);
    if (!latest.problem || current.problem) current = latest;
    if (JSON.stringify([current, latest]) !== before) for (const listener of listeners) listener();
  };
  let reading: Promise<void> = Promise.resolve();
  const reload = (): Promise<void> => (reading = reading.catch(() => undefined).then(readAgain));
  // Read each time, as what makes it unsafe need not change the file: another owner of its folder, a link that leads elsewhere.
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  const look = (): void => {
    if (!isClosing) timer = setTimeout(() => void reload().finally(look), lookEveryMs).unref();
  };
  look();

  const lockReason = (): Notice | null => {
    if (current.problem) return current.problem;
    const reason = current.reason || { code: 'policy.no-reason', params: {} };
    return current.values && { code: 'policy.locked', params: { path, reason } };
  };
  const ignoresVariables = (): boolean => current.problem !== null || current.values?.ignoresVariables === true;
  return {
    path,
    get values() {
      return current.values;
    },
    get isClosed() {
      return current.problem !== null;
    },
    get problem() {
      return latest.problem;
    },
    get notices() {
      return latest.problem ? [latest.problem, ...latest.notices] : latest.notices;
    },
    get lockReason() {
      return lockReason();
    },
    get updates() {
      return current.values?.updates ?? { ...usualUpdates, isAllowed: current.problem === null };
    },
    get ignoresVariables() {
      return ignoresVariables();
    },
    withoutFixed(environment) {
      const { libraryPath, modelPath, vadModelPath } = current.values?.settings.licensed ?? {};
      const isPartFixed = [libraryPath, modelPath, vadModelPath].some((part) => part !== undefined);
      const counts = (name: string): boolean => {
        if (name === 'AIC_LIB_PATH' && libraryPath !== undefined) return false;
        if (name === 'LIMPID_AIC_MODEL' && modelPath !== undefined) return false;
        if (name === 'LIMPID_DATA_DIR' && isPartFixed) return false;
        return !ignoresVariables() || !isIgnorable(name);
      };
      return Object.fromEntries(Object.entries(environment).filter(([name]) => counts(name.toUpperCase())));
    },
    hideVariables(environment) {
      if (!ignoresVariables()) return;
      const hidden = Object.keys(environment).filter((name) => name.toUpperCase().startsWith(metricsVariables));
      for (const name of hidden) delete environment[name];
    },
    reload,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      listeners.clear();
      isClosing = true;
      clearTimeout(timer);
    },
  };
}

const isIgnorable = (name: string): boolean => ignorableVariables.has(name) || name.startsWith(metricsVariables);

const usualUpdates: UpdatePolicy = { isAllowed: true, channel: 'latest', feedUrl: null };

interface ReadPolicy {
  values: PolicyValues | null;
  reason: string;
  problem: Notice | null;
  notices: Notice[];
}

const nothing: ReadPolicy = { values: null, reason: '', problem: null, notices: [] };

async function readPolicy(path: string): Promise<ReadPolicy> {
  try {
    return parsePolicy(path, await readTrusted(path));
  } catch (error) {
    if (isMissing(error) && !(await isLink(path))) return nothing;
    if (error instanceof LimpidError) return { ...nothing, problem: noticeOf(error) };
    const detail = (error as NodeJS.ErrnoException).code ?? { code: 'policy.flaw.unknown', params: {} };
    return { ...nothing, problem: { code: 'policy.unreadable', params: { path, detail } } };
  }
}

/** A link that leads nowhere is a policy that is away, not one that never was. */
const isLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (facts) => facts.isSymbolicLink(),
    () => false,
  );

/** Throws `policy.unsafe`, `policy.broken`, or what the file system says. */
async function readTrusted(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw broken(path, { code: 'policy.flaw.no-file', params: {} });
    if (facts.size > maxBytes) throw broken(path, { code: 'policy.flaw.too-big', params: {} });
    const flaw = process.platform === 'win32' ? null : await findFlaw(facts, path);
    if (flaw) throw new LimpidError('policy.unsafe', { path, detail: flaw });
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const broken = (path: string, detail: Notice, cause?: unknown): LimpidError =>
  new LimpidError('policy.broken', { path, detail }, { cause });

async function findFlaw(file: Stats, path: string): Promise<Notice | null> {
  const places = new Set([dirname(path), dirname(await realpath(path))]);
  const folders = await Promise.all([...places].map((place) => stat(place)));
  if (![file, ...folders].every(({ uid }) => uid === 0 || uid === process.getuid?.())) {
    return { code: 'policy.flaw.owner', params: {} };
  }
  if (isOpenToOthers(file)) return { code: 'policy.flaw.open', params: {} };
  return folders.some(isOpenToOthers) ? { code: 'policy.flaw.folder-open', params: {} } : null;
}

const worldWritable = 0o002;
const groupWritable = 0o020;

function isOpenToOthers({ mode, gid }: Stats): boolean {
  if (mode & worldWritable) return true;
  const isAdministrators = gid === 0 || (process.platform === 'darwin' && gid === 80);
  return (mode & groupWritable) !== 0 && !isAdministrators;
}

/** Throws `policy.broken`, which names the first wrong place. */
function parsePolicy(path: string, text: string): ReadPolicy {
  const raw = parseJson(path, text);
  const parsed = policySchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') ?? '';
    const detail = issue?.message ?? '';
    throw place === ''
      ? broken(path, { code: 'policy.flaw.whole', params: { detail } })
      : broken(path, { code: 'policy.flaw.value', params: { place, detail } });
  }
  const { reason, backend, updates, ignoresVariables } = parsed.data;
  const names = backend.environments.map(({ name }) => name);
  const twice = names.find((name, index) => names.findIndex((each) => isSameName(each, name)) < index);
  if (twice) throw broken(path, { code: 'policy.flaw.twice', params: { name: twice } });
  const rawEnvironments = (raw as { backend?: { environments?: object[] } }).backend?.environments ?? [];
  const environments = backend.environments.map((values, index): FixedEnvironment => {
    checkEnvironment(path, values);
    return { values, fields: fieldsOf(rawEnvironments[index] ?? {}) };
  });
  return {
    values: {
      active: backend.active ?? null,
      mayAddEnvironments: backend.mayAddEnvironments,
      environments,
      settings: settingsOf(path, parsed.data),
      updates: {
        isAllowed: updates.enabled ?? usualUpdates.isAllowed,
        channel: updates.channel ?? usualUpdates.channel,
        feedUrl: updates.feedUrl ?? usualUpdates.feedUrl,
      },
      ignoresVariables,
    },
    reason,
    problem: null,
    notices: findUnknown(raw).map((field) => ({ code: 'policy.unknown-field', params: { path, field } })),
  };
}

/** With the server, the way there is fixed: a proxy and an authority of the user's choice would read the credential. */
function fieldsOf(raw: object): EnvironmentField[] {
  const isServerFixed = 'url' in raw || 'signIn' in raw;
  return environmentFields.filter(
    (field) => field in raw || (isServerFixed && (field === 'proxy' || field === 'caFile')),
  );
}

/** JSON has no undefined: what is absent is no key at all. Throws `policy.broken`. */
function settingsOf(
  path: string,
  { settings, licensed, fallback, recordingsFolder, updates }: PolicyFile,
): FixedValues {
  const { input, output, monitor, files, ...rest } = settings;
  checkFiles(path, files ?? {});
  return {
    ...(rest as Partial<WholeSettings>),
    ...(input !== undefined && { input: input === 'default' ? followsSystem : deviceNamed(input) }),
    ...(output !== undefined && { output: output === virtual.id ? virtual : deviceNamed(output) }),
    ...(monitor !== undefined && { monitor: monitor === null ? null : deviceNamed(monitor) }),
    ...(fallback !== undefined && { fallback }),
    ...(recordingsFolder !== undefined && { recordingsFolder }),
    ...(updates.enabled === false && { looksForUpdates: false }),
    ...(files && { files: files as Partial<FileOptions> }),
    ...(Object.keys(licensed).length > 0 && { licensed: licensed as Partial<LicensedChoice> }),
  };
}

const followsSystem: DeviceWish = { id: 'default', name: 'default' };
/** The Limpid microphone. */
const virtual: DeviceWish = { id: 'virtual', name: 'Limpid microphone' };

/** The same rules as for what a user enters. */
function checkFiles(path: string, { pattern, folder }: NonNullable<PolicyFile['settings']['files']>): void {
  if (pattern === undefined) return;
  try {
    checkPattern({ pattern, folder: folder ?? null });
  } catch (cause) {
    const detail = cause instanceof LimpidError ? noticeOf(cause) : '';
    throw broken(path, { code: 'policy.flaw.value', params: { place: 'settings.files.pattern', detail } }, cause);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw broken(path, { code: 'policy.flaw.no-json', params: {} }, cause);
  }
}

/** The same rules as for what a user enters. */
function checkEnvironment(path: string, { name, url, proxy, headers, signIn, caFile }: BackendEnvironment): void {
  const params = { name };
  const check = (work: () => void, flaw: Notice): void => {
    try {
      work();
    } catch (cause) {
      throw broken(path, flaw, cause);
    }
  };
  if (url) check(() => checkBackendUrl(url), { code: 'policy.flaw.url', params });
  if (proxy) check(() => checkProxyUrl(proxy), { code: 'policy.flaw.proxy', params });
  if (url && proxy) check(() => checkProxyUse(checkBackendUrl(url)), { code: 'policy.flaw.proxy-use', params });
  check(() => checkHeaders(headers), { code: 'policy.flaw.header', params });
  if (signIn.issuer) check(() => checkIssuer(signIn.issuer), { code: 'policy.flaw.issuer', params });
  if (signIn.issuer && !signIn.clientId) throw broken(path, { code: 'policy.flaw.client', params });
  if (caFile && !isAbsolute(caFile)) throw broken(path, { code: 'policy.flaw.ca-file', params });
}
