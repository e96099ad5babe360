import { isDeepStrictEqual } from 'node:util';
import { errorOf, type Notice } from '../../shared/errors.js';
import { usualFileOptions, type FileOptions } from '../../shared/files.js';
import type { LicensedChoice } from '../../shared/state.js';
import type { FixedValues, Policy } from './policy.js';
import { licensedPolicy, settingsPolicy } from './policySchema.js';
import type { Settings, SettingsStore } from './settings.js';

/** Settings that no policy fixes, and why. */
export const freeSettings = {
  schemaVersion: 'It says how the file is written, not what a user wants.',
  bypass: 'A switch of the moment, as the mute of a telephone: whoever speaks may need the unchanged voice at once.',
  confirmedSpeakers: 'What a user answered to a question about the devices in front of him.',
  backend: 'It has rules of its own: `backend` of the policy fixes environments, each with some of its fields.',
  credentialPlaces: 'Bookkeeping of where each credential may be sent.',
  credentialAccounts: 'Bookkeeping of what the keychain holds; a policy never holds a credential.',
} as const satisfies Partial<Record<keyof Settings, string>>;

/** The settings of which each part is fixed for itself, with the names of their parts. */
const parts = {
  files: Object.keys(settingsPolicy.shape.files.unwrap().shape) as (keyof FileOptions)[],
  licensed: Object.keys(licensedPolicy.shape) as (keyof LicensedChoice)[],
};
type PartedName = keyof typeof parts;
const isParted = (name: string): name is PartedName => name in parts;

/** Every name that a policy may fix: those of settings, and `files.*` and `licensed.*`. */
export const fixableNames: readonly string[] = [
  ...Object.keys(settingsPolicy.shape).filter((name) => !isParted(name)),
  'fallback',
  'recordingsFolder',
  ...Object.entries(parts).flatMap(([name, partNames]) => partNames.map((part) => `${name}.${part}`)),
];

/**
 * What stays open while a policy is closed: devices and strength, as a headset that breaks must not end the work of whoever speaks; and
 * the introduction, which a policy can only skip.
 */
const openNames = new Set(['input', 'output', 'monitor', 'level', 'welcomed']);
const closedNames: readonly string[] = fixableNames.filter((name) => !openNames.has(name));

/** The user's settings with the administrator's over them. */
export interface FixedSettings extends SettingsStore {
  /** What counts. What the policy fixes is never written into the user's file, and his own value counts again when it goes. */
  readonly values: Readonly<Settings>;
  /** Names of what is fixed: of settings, `files.*` and `licensed.*`. */
  readonly locked: string[];
  /** Why a change of this setting is refused; null: it is not. */
  lockReason(name: string): Notice | null;
  /** Throws the lock reason when one of these values is not the one that is fixed. */
  check(changes: Partial<Settings>): void;
  /** As that of the store, for what is not fixed. Rejects as `check` does, and changes nothing then. */
  update(changes: Partial<Settings>): Promise<void>;
  /** Tells of values that count differently, or are fixed or not fixed any more, because the policy has changed. */
  onChange(listener: () => void): () => void;
}

const nothingFixed: FixedValues = {};

/** Lays a policy over settings. All who read or change settings go by what this returns. */
export function fixSettings(own: SettingsStore, policy: Policy): FixedSettings {
  const fixed = (): FixedValues => policy.values?.settings ?? nothingFixed;
  const locked = (): readonly string[] => (policy.isClosed ? closedNames : namesOf(fixed()));
  let laid = { own: own.values, fixed: fixed(), values: lay(own.values, fixed()) };
  const values = (): Settings => {
    // Asked for at each measurement, and changed by hand.
    if (laid.own !== own.values || laid.fixed !== fixed())
      laid = { own: own.values, fixed: fixed(), values: lay(own.values, fixed()) };
    return laid.values;
  };
  const check = (changes: Partial<Settings>): void => {
    const current = flatten(values());
    const wanted = flatten(changes);
    const refused = locked().some(
      (name) => wanted.has(name) && !isDeepStrictEqual(wanted.get(name), current.get(name)),
    );
    if (refused && policy.lockReason) throw errorOf(policy.lockReason);
  };
  return {
    path: own.path,
    notices: own.notices,
    get values() {
      return values();
    },
    get locked() {
      return [...locked()];
    },
    lockReason: (name) => (locked().includes(name) ? policy.lockReason : null),
    check,
    async update(changes) {
      check(changes);
      const open = withoutLocked(changes, own.values, locked());
      if (Object.keys(open).length > 0) await own.update(open);
    },
    rereadAccounts: () => own.rereadAccounts(),
    flush: () => own.flush(),
    onChange: (listener) => policy.onChange(listener),
  };
}

const namesOf = (fixed: FixedValues): string[] =>
  Object.entries(fixed).flatMap(([name, value]) =>
    isParted(name) ? Object.keys(value as object).map((part) => `${name}.${part}`) : [name],
  );

function lay(own: Readonly<Settings>, { files, licensed, ...whole }: FixedValues): Settings {
  const values = { ...own, ...whole, licensed: { ...own.licensed, ...licensed }, files: { ...own.files, ...files } };
  // Beside the originals, where the policy may have put them, the user's pattern could name the originals themselves.
  const isOriginal = values.files.folder === null && values.files.pattern.trim() === '{name}';
  return isOriginal ? { ...values, files: { ...values.files, pattern: usualFileOptions.pattern } } : values;
}

/** By the names that a policy knows. */
function flatten(settings: Partial<Settings>): Map<string, unknown> {
  const entries = Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
    isParted(name) && value
      ? Object.entries(value as object).map(([part, each]) => [`${name}.${part}`, each])
      : [[name, value]],
  );
  return new Map(entries);
}

/** What may be written: under what is fixed the user keeps what he had. */
function withoutLocked(
  changes: Partial<Settings>,
  own: Readonly<Settings>,
  locked: readonly string[],
): Partial<Settings> {
  const open = Object.entries(changes).filter(([name]) => !locked.includes(name));
  return Object.fromEntries(
    open.map(([name, value]) => {
      if (!isParted(name)) return [name, value];
      const kept = parts[name].filter((part) => locked.includes(`${name}.${part}`));
      const before = own[name] as Record<string, unknown>;
      return [name, { ...(value as object), ...Object.fromEntries(kept.map((part) => [part, before[part]])) }];
    }),
  );
}
