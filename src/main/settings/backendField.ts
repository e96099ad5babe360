import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Notice } from '../../shared/errors.js';
import { backendEnvironment, type BackendEnvironment } from '../../shared/backend.js';
import { isRecord } from '../../shared/isRecord.js';

export const maxEnvironments = 50;

const emptyEnvironments = (): BackendEnvironment[] =>
  ['development', 'staging', 'production'].map((name) => backendEnvironment.parse({ name }));

/** The field `backend` of the settings: `active` is a name, which need not be that of an environment there is. */
export const storedBackend = z
  .object({ active: z.string().max(60), environments: z.array(backendEnvironment).max(maxEnvironments) })
  .default(() => ({ active: 'production', environments: emptyEnvironments() }));
export type StoredBackend = z.infer<typeof storedBackend>;

type Stored = Record<string, unknown>;

/** Whether two names mean the same environment to a person. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * Takes from the stored field what can be used: an environment that is wrong, or whose name was there before, is left out with a
 * notice. Empty when the field is absent or has no list at all, for the schema to judge.
 */
export function readBackend(stored: unknown, notices: Notice[]): { backend?: StoredBackend } {
  if (!isRecord(stored) || !Array.isArray(stored['environments'])) return {};
  const environments: BackendEnvironment[] = [];
  for (const [index, candidate] of stored['environments'].slice(0, maxEnvironments).entries()) {
    const parsed = backendEnvironment.safeParse(candidate);
    if (parsed.success && !environments.some(({ name }) => isSameName(name, parsed.data.name)))
      environments.push(parsed.data);
    else notices.push({ code: 'settings.environment-ignored', params: { name: nameOf(candidate) ?? `#${index + 1}` } });
  }
  const active = stored['active'];
  if (typeof active === 'string' && active.length <= 60) return { backend: { active, environments } };
  if (active !== undefined) notices.push({ code: 'settings.field-ignored', params: { field: 'backend.active' } });
  return { backend: { active: 'production', environments } };
}

/**
 * The stored field with the change from `before` to `after` made to it. An environment that did not change stays as it is stored
 * (or away, when another process removed it), one that another process added stays, and so does what this version cannot read.
 */
export function mergeBackend(stored: unknown, before: StoredBackend, after: StoredBackend): Stored {
  const field = isRecord(stored) ? stored : {};
  if (!Array.isArray(field['environments'])) return { ...field, ...after };
  const storedOnes: unknown[] = field['environments'];
  const findStored = (name: string): unknown => storedOnes.find((one) => nameOf(one) === name);
  const old = new Map(before.environments.map((each) => [each.name, each]));
  const kept = new Set(after.environments.map(({ name }) => name));
  const ours = after.environments.flatMap((each): unknown[] => {
    const current = findStored(each.name);
    const isUnchanged = isDeepStrictEqual(each, old.get(each.name));
    if (isUnchanged) return current === undefined ? [] : [current];
    return [{ ...(isRecord(current) ? current : {}), ...each }];
  });
  const others = storedOnes.filter((one) => {
    const name = nameOf(one);
    return name === null || (!kept.has(name) && !old.has(name));
  });
  const active = after.active === before.active ? (field['active'] ?? after.active) : after.active;
  return { ...field, active, environments: [...ours, ...others] };
}

/** The stored list with what was added and removed between `before` and `after` added and removed. */
export function mergeAccounts(stored: unknown, before: string[], after: string[]): string[] {
  const current = Array.isArray(stored) ? stored.filter((each): each is string => typeof each === 'string') : [];
  const removed = new Set(before.filter((each) => !after.includes(each)));
  const added = after.filter((each) => !before.includes(each));
  return [...new Set([...current.filter((each) => !removed.has(each)), ...added])];
}

const nameOf = (environment: unknown): string | null =>
  isRecord(environment) && typeof environment['name'] === 'string' ? environment['name'] : null;
