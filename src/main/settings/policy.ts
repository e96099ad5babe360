import { unwatchFile, watchFile, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, isAbsolute, win32 } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  backendEnvironment,
  environmentFields,
  environmentName,
  type BackendEnvironment,
  type EnvironmentField,
} from '../../shared/backend.js';
import { LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import { fallbackId, licensedChoice, type FallbackId, type LicensedChoice } from '../../shared/state.js';
import { isMissing } from '../isMissing.js';
import { checkBackendUrl, checkHeaders, checkProxyUrl, checkProxyUse } from '../auth/backendRules.js';
import { isSameName, maxEnvironments } from './backendField.js';

const maxBytes = 1_000_000;
/** How soon a changed file is seen. */
const lookEveryMs = 30_000;

const backendPolicy = z.object({
  active: environmentName.optional(),
  mayAddEnvironments: z.boolean().default(true),
  environments: z.array(backendEnvironment).max(maxEnvironments).default([]),
});
const licensedPolicy = licensedChoice.partial();
const policySchema = z.object({
  reason: z.string().trim().max(500).default(''),
  backend: backendPolicy.default({ mayAddEnvironments: true, environments: [] }),
  licensed: licensedPolicy.default({}),
  fallback: fallbackId.optional(),
  recordingsFolder: z.string().max(4000).refine(isAbsolute, 'not a full path').optional(),
});

/** An environment the administrator fixed: its name, its existence, and those of its fields that the file has. */
export interface FixedEnvironment {
  values: BackendEnvironment;
  fields: EnvironmentField[];
}

/** New values for some of the licensed engine's parts; what is absent or undefined stays. */
export type LicensedChanges = z.infer<typeof licensedPolicy>;

/** What the administrator fixed. */
export interface PolicyValues {
  /** Name of the environment in use; null: the user's choice. */
  active: string | null;
  /** False: no other environments than those of the file, or, when it has none, than those the user already has. */
  mayAddEnvironments: boolean;
  environments: FixedEnvironment[];
  licensed: Partial<LicensedChoice>;
  fallback: FallbackId | null;
  recordingsFolder: string | null;
}

/**
 * The administrator's policy file, JSON with any of
 * `{ "reason": text shown to the user, "backend": { "active": name, "mayAddEnvironments": boolean, "environments": [{ "name", any field
 * of an environment }] }, "licensed": { "libraryPath", "modelPath", "vadModelPath", "otel" }, "fallback": "gtcrn" | "bypass",
 * "recordingsFolder": full path }`.
 * The folder for recordings may be on a server (`\\server\share`), which a user cannot choose: the administrator knows to whom Windows
 * then says who the user is.
 * What it has is fixed; what it lacks is the user's. An empty URL is no URL, and fixes that there is none. The file never holds a
 * credential.
 *
 * It is taken whole or not at all. A file that is there but cannot be used (unreadable, no JSON, a wrong value, or open to changes
 * by others) may have fixed anything, so at the start it closes the backend: `isClosed`: no token is fetched, nothing of what a policy
 * may fix can be changed, `problem` says why, and the voice goes on with the built-in engine. A file that turns bad while Limpid
 * runs, as one does that is being edited, leaves the last good policy of this run in force. A field nobody knows is no error (a later
 * version may know it), but `notices` names it, for it may be a typing error.
 *
 * On Linux and macOS the file must belong to root or to the user who runs Limpid, and neither it nor its folder may be open to
 * changes by group (but root's, and on macOS the administrators') or others: whoever may write it can send the user's credentials
 * to a server of his own. On Windows the access list is not looked at: by default every user may create files in %ProgramData%,
 * so an administrator must create the folder and take that right away. A user who may run programs of his own can always run another
 * program; this is to guide, not to jail.
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
  /** What is used when this is chosen. */
  licensed(choice: LicensedChoice): LicensedChoice;
  fallback(choice: FallbackId): FallbackId;
  /** Null: the usual folder. */
  recordingsFolder(choice: string | null): string | null;
  /** What another folder for recordings is refused with; null when it is not. */
  readonly recordingsLockReason: Notice | null;
  /** What another choice about usage metrics is refused with; null when it is not. */
  readonly metricsLockReason: Notice | null;
  /** Throws the lock reason when a change would touch what is fixed. */
  checkLicensed(changes: LicensedChanges): void;
  checkFallback(choice: FallbackId): void;
  checkRecordingsFolder(choice: string | null): void;
  /** The variables without AIC_LIB_PATH and LIMPID_AIC_MODEL where the policy fixes what they name. */
  withoutFixed(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Looks at the file again; it is looked at every half minute anyway. */
  reload(): Promise<void>;
  onChange(listener: () => void): () => void;
  close(): void;
}

/** Where an administrator puts the policy. No variable of ours names another place: that would be a way around it. */
export function policyPath(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') return win32.join(environment['ProgramData'] || 'C:\\ProgramData', 'Limpid', 'policy.json');
  if (platform === 'darwin') return '/Library/Application Support/Limpid/policy.json';
  return '/etc/limpid/policy.json';
}

/** Reads the policy. Never throws: what is wrong is in `problem`. */
export async function openPolicy(path: string = policyPath()): Promise<Policy> {
  const listeners = new Set<() => void>();
  let current = await readPolicy(path);
  let latest = current;
  const reload = async (): Promise<void> => {
    const before = JSON.stringify([current, latest]);
    latest = await readPolicy(path);
    if (!latest.problem || current.problem) current = latest;
    if (JSON.stringify([current, latest]) !== before) for (const listener of listeners) listener();
  };
  const watcher = (now: Stats, before: Stats): void => {
    if (now.mtimeMs !== before.mtimeMs || now.ctimeMs !== before.ctimeMs || now.ino !== before.ino) void reload();
  };
  watchFile(path, { interval: lookEveryMs, persistent: false }, watcher);

  const lockReason = (): Notice | null => {
    if (current.problem) return current.problem;
    const reason = current.reason || { code: 'policy.no-reason', params: {} };
    return current.values && { code: 'policy.locked', params: { path, reason } };
  };
  const refuse = (): never => {
    const { code, params } = lockReason() ?? { code: 'policy.locked', params: { path, reason: '' } };
    throw new LimpidError(code, params);
  };
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
    licensed: (choice) => ({ ...choice, ...current.values?.licensed }),
    fallback: (choice) => current.values?.fallback ?? choice,
    recordingsFolder: (choice) => current.values?.recordingsFolder ?? choice,
    get recordingsLockReason() {
      return current.problem || current.values?.recordingsFolder ? lockReason() : null;
    },
    get metricsLockReason() {
      return current.problem || current.values?.licensed.otel !== undefined ? lockReason() : null;
    },
    checkLicensed(changes) {
      if (current.problem) refuse();
      for (const [field, value] of Object.entries(current.values?.licensed ?? {})) {
        const wanted = changes[field as keyof LicensedChoice];
        if (wanted !== undefined && !isDeepStrictEqual(wanted, value)) refuse();
      }
    },
    checkFallback(choice) {
      if (current.problem) refuse();
      if ((current.values?.fallback ?? choice) !== choice) refuse();
    },
    checkRecordingsFolder(choice) {
      if (current.problem) refuse();
      if ((current.values?.recordingsFolder ?? choice) !== choice) refuse();
    },
    withoutFixed(environment) {
      const { libraryPath, modelPath } = current.values?.licensed ?? {};
      const left = { ...environment };
      if (libraryPath !== undefined) delete left['AIC_LIB_PATH'];
      if (modelPath !== undefined) delete left['LIMPID_AIC_MODEL'];
      return left;
    },
    reload,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      listeners.clear();
      unwatchFile(path, watcher);
    },
  };
}

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
    if (isMissing(error)) return nothing;
    if (error instanceof LimpidError) return { ...nothing, problem: noticeOf(error) };
    const detail = (error as NodeJS.ErrnoException).code ?? { code: 'policy.flaw.unknown', params: {} };
    return { ...nothing, problem: { code: 'policy.unreadable', params: { path, detail } } };
  }
}

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
  const folder = await stat(dirname(path));
  if (![file, folder].every(({ uid }) => uid === 0 || uid === process.getuid?.())) {
    return { code: 'policy.flaw.owner', params: {} };
  }
  if (isOpenToOthers(file)) return { code: 'policy.flaw.open', params: {} };
  return isOpenToOthers(folder) ? { code: 'policy.flaw.folder-open', params: {} } : null;
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
  const { reason, backend, licensed, fallback = null, recordingsFolder = null } = parsed.data;
  const names = backend.environments.map(({ name }) => name);
  const twice = names.find((name, index) => names.findIndex((each) => isSameName(each, name)) < index);
  if (twice) throw broken(path, { code: 'policy.flaw.twice', params: { name: twice } });
  const rawEnvironments = (raw as { backend?: { environments?: object[] } }).backend?.environments ?? [];
  const environments = backend.environments.map((values, index): FixedEnvironment => {
    const fields = environmentFields.filter((field) => field in (rawEnvironments[index] ?? {}));
    checkEnvironment(path, values);
    return { values, fields };
  });
  return {
    values: {
      active: backend.active ?? null,
      mayAddEnvironments: backend.mayAddEnvironments,
      environments,
      // JSON has no undefined: what is absent is no key at all.
      licensed: licensed as Partial<LicensedChoice>,
      fallback,
      recordingsFolder,
    },
    reason,
    problem: null,
    notices: findUnknown(raw).map((field) => ({ code: 'policy.unknown-field', params: { path, field } })),
  };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw broken(path, { code: 'policy.flaw.no-json', params: {} }, cause);
  }
}

/** The same rules as for what a user enters. */
function checkEnvironment(path: string, { name, url, proxy, headers }: BackendEnvironment): void {
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
}

/** The places in the file that no schema knows. */
function findUnknown(raw: unknown): string[] {
  const { backend, licensed } = raw as { backend?: Record<string, unknown>; licensed?: Record<string, unknown> };
  const environments = (backend?.['environments'] ?? []) as Record<string, unknown>[];
  return [
    ...strangers(raw as object, policySchema, ''),
    ...strangers(backend ?? {}, backendPolicy, 'backend.'),
    ...environments.flatMap((each, index) => strangers(each, backendEnvironment, `backend.environments.${index}.`)),
    ...strangers(licensed ?? {}, licensedChoice, 'licensed.'),
  ];
}

const strangers = (value: object, schema: z.ZodObject, place: string): string[] =>
  Object.keys(value)
    .filter((key) => !(key in schema.shape))
    .map((key) => place + key);
