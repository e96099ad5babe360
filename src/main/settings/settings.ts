import { constants, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LimpidError, type Notice } from '../../shared/errors.js';
import { fileOptions, usualFileOptions } from '../../shared/files.js';
import { preferences, usualPreferences } from '../../shared/preferences.js';
import { engineId, fallbackId, licensedChoice } from '../../shared/state.js';
import { writeWhole } from '../writeWhole.js';
import { mergeAccounts, mergeBackend, readBackend, storedBackend } from './backendField.js';
import { isLocalPath } from './licensedPath.js';

/** A device the user chose: kept by id, and by name for the time it is away. */
const wish = z.object({ id: z.string().min(1).max(512), name: z.string().max(512) });
export type DeviceWish = z.infer<typeof wish>;

/** What a file that says nothing means. The microphone follows the system; an output is never assumed. */
const fields = {
  schemaVersion: z.number().int().min(1).default(1),
  engine: engineId.default('gtcrn'),
  /** Strength 0..1. */
  level: z.number().min(0).max(1).default(1),
  bypass: z.boolean().default(false),
  input: wish.nullable().default({ id: 'default', name: 'default' }),
  output: wish.nullable().default(null),
  /** Frames a device callback. */
  periodFrames: z.number().int().min(32).max(4096).default(256),
  /** Pairs "input id|output id" of loudspeakers and a microphone nearby that the user said yes to. */
  confirmedSpeakers: z.array(z.string().max(1100)).max(100).default([]),
  /** Where tokens come from; credentials are in the keychain. */
  backend: storedBackend,
  /** The keychain's accounts that hold a credential of ours: an account that is missing there was removed, or is locked. */
  credentialAccounts: z.array(z.string().min(1).max(200)).max(200).default([]),
  /** For which place each was given: the account, a space, and a hash of server, proxy and certificate file. */
  credentialPlaces: z.array(z.string().min(1).max(240)).max(200).default([]),
  /** Where library and models of the licensed engine are. */
  licensed: licensedChoice.default({ libraryPath: null, modelPath: null, vadModelPath: null, otel: null }),
  /** What is heard while the licensed engine may not work. */
  fallback: fallbackId.default('gtcrn'),
  /** Where recordings go: a full path on a disk of this computer, by the same rules as for what is entered; null: the usual folder. */
  recordingsFolder: z
    .string()
    .max(4000)
    .refine(isLocalPath, 'not a full path on this computer')
    .nullable()
    .default(null),
  language: preferences.shape.language.default(usualPreferences.language),
  theme: preferences.shape.theme.default(usualPreferences.theme),
  startsAtLaunch: z.boolean().default(usualPreferences.startsAtLaunch),
  singleKeyShortcuts: z.boolean().default(usualPreferences.singleKeyShortcuts),
  startsAtLogin: z.boolean().default(usualPreferences.startsAtLogin),
  staysInTray: z.boolean().default(usualPreferences.staysInTray),
  notifies: z.boolean().default(usualPreferences.notifies),
  globalShortcuts: preferences.shape.globalShortcuts.default(usualPreferences.globalShortcuts),
  looksForUpdates: z.boolean().default(usualPreferences.looksForUpdates),
  vendorErrorReports: z.boolean().default(usualPreferences.vendorErrorReports),
  /** Where sounds are played; null: where the enhanced voice is heard, else the system's default. */
  monitor: wish.nullable().default(null),
  /** Whether the introduction was gone through or skipped. */
  welcomed: z.boolean().default(false),
  files: fileOptions.default(usualFileOptions),
};
const settingsSchema = z.object(fields);
export type Settings = z.infer<typeof settingsSchema>;

/** The settings file: validated when read, written one at a time and never half. */
export interface SettingsStore {
  readonly path: string;
  readonly values: Readonly<Settings>;
  /** What was wrong with the file when it was read; empty when nothing was. */
  readonly notices: Notice[];
  /** Takes effect at once; resolves when it is on disk. Rejects with `settings.unwritable`. */
  update(changes: Partial<Settings>): Promise<void>;
  /**
   * Reads `credentialAccounts` again: other processes sign in and out too. What is not on the disk yet counts on. Never rejects; what
   * cannot be read changes nothing.
   */
  rereadAccounts(): Promise<void>;
  /** Resolves when all writes that were asked for are done, whether they failed or not. */
  flush(): Promise<void>;
}

/** The per-user settings file of the OS, unless `LIMPID_CONFIG` names another. */
export function defaultSettingsPath(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (environment['LIMPID_CONFIG']) return environment['LIMPID_CONFIG'];
  if (platform === 'win32')
    return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Limpid', 'settings.json');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Limpid', 'settings.json');
  return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'limpid', 'settings.json');
}

/**
 * Reads the settings. A file that is no JSON is kept aside as `*.broken` and the last good copy (`*.bak`) is used; a field of a
 * wrong type gets its default; fields this version does not know are kept. Never throws: what went wrong is in `notices`.
 */
export async function openSettings(path: string = defaultSettingsPath()): Promise<SettingsStore> {
  const notices: Notice[] = [];
  const stored = await readStored(path, notices).catch((error: unknown): Stored => {
    notices.push({ code: 'settings.unreadable', params: { path, detail: reasonOf(error) } });
    return {};
  });
  let values = validate(stored, notices);
  /** What this process last knew to be on the disk. */
  let base = values;
  /** What is not on the disk yet. */
  let pending: Partial<Settings> = {};
  let writing: Promise<void> = Promise.resolve();
  const writePending = async (): Promise<void> => {
    const changes = pending;
    if (Object.keys(changes).length === 0) return;
    pending = {};
    try {
      await merge(path, changes, base);
      base = { ...base, ...changes };
    } catch (error) {
      pending = { ...changes, ...pending };
      throw error;
    }
  };
  const readAccounts = async (): Promise<void> => {
    const credentialAccounts = await readStoredAccounts(path);
    if (!credentialAccounts || isDeepStrictEqual(credentialAccounts, base.credentialAccounts)) return;
    const ours = mergeAccounts(credentialAccounts, base.credentialAccounts, values.credentialAccounts);
    base = { ...base, credentialAccounts };
    if (pending.credentialAccounts) pending = { ...pending, credentialAccounts: ours };
    values = { ...values, credentialAccounts: ours };
  };
  return {
    path,
    notices,
    get values() {
      return values;
    },
    rereadAccounts() {
      writing = writing.catch(() => undefined).then(readAccounts);
      return writing;
    },
    update(changes) {
      values = { ...values, ...changes };
      pending = { ...pending, ...changes };
      writing = writing.catch(() => undefined).then(writePending);
      return writing;
    },
    flush: () => writing.catch(() => undefined),
  };
}

type Stored = Record<string, unknown>;

/** Rejects when there is a file that cannot be read. */
async function readStored(path: string, notices: Notice[]): Promise<Stored> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return {};
    if (!(error instanceof SyntaxError)) throw error;
  }
  const broken = `${path}.broken`;
  await rename(path, broken).catch(() => undefined);
  try {
    const copy = await readCopy(path);
    // The file is the truth from now on; without it, the next change would begin anew.
    await copyFile(`${path}.bak`, path, constants.COPYFILE_EXCL).catch(() => undefined);
    notices.push({ code: 'settings.recovered', params: { path, broken } });
    return copy;
  } catch {
    notices.push({ code: 'settings.lost', params: { path, broken } });
    return {};
  }
}

/** Null when there is no file, or nothing that can be understood. */
async function readStoredAccounts(path: string): Promise<string[] | null> {
  const stored = await readFile(path, 'utf8')
    .then(parse)
    .catch(() => null);
  return stored && (fields.credentialAccounts.safeParse(stored['credentialAccounts']).data ?? null);
}

const readCopy = async (path: string): Promise<Stored> => parse(await readFile(`${path}.bak`, 'utf8'));

function parse(text: string): Stored {
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('not an object');
  return value as Stored;
}

/** Field by field, and environment by environment, so that one wrong value costs that value only. */
function validate(stored: Stored, notices: Notice[]): Settings {
  const known: Stored = { ...stored, ...readBackend(stored['backend'], notices) };
  const values = Object.entries(fields).map(([name, schema]) => {
    const parsed = schema.safeParse(known[name]);
    if (parsed.success) return [name, parsed.data];
    notices.push({ code: 'settings.field-ignored', params: { field: name } });
    return [name, schema.parse(undefined)];
  });
  return settingsSchema.parse(Object.fromEntries(values));
}

/**
 * Changes what the file says now: another process may have written it since. Of the environments and accounts only those that
 * differ from `base` are changed, so that two processes do not undo each other's. A file that cannot be read is never replaced.
 * Rejects with `settings.unwritable`.
 */
async function merge(path: string, changes: Partial<Settings>, base: Settings): Promise<void> {
  try {
    const stored = await readStored(path, []);
    const settings: Stored = { ...stored, schemaVersion: stored['schemaVersion'] ?? 1, ...changes };
    if (changes.backend) settings['backend'] = mergeBackend(stored['backend'], base.backend, changes.backend);
    if (changes.credentialAccounts)
      settings['credentialAccounts'] = mergeAccounts(
        stored['credentialAccounts'],
        base.credentialAccounts,
        changes.credentialAccounts,
      );
    if (changes.credentialPlaces)
      settings['credentialPlaces'] = mergeAccounts(
        stored['credentialPlaces'],
        base.credentialPlaces,
        changes.credentialPlaces,
      );
    await write(path, `${JSON.stringify(settings, null, 2)}\n`);
  } catch (cause) {
    throw new LimpidError('settings.unwritable', { path, detail: reasonOf(cause) }, { cause, retryable: true });
  }
}

/** Writes the file and keeps a copy as the last good one. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, text, 0o600);
  await copyFile(path, `${path}.bak`);
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
