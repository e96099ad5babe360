import { type z } from 'zod';
import { isRecord } from '../../shared/isRecord.js';
import { providerIds, type ProviderId } from '../providers/provider.js';
import { describeCeilings } from './ceilings.js';
import type { ConfigurationProblem } from './problems.js';
import { variableEntries } from './variables.js';

export type Path = readonly PropertyKey[];

/** The file with the variables laid over it, which knows where each value came from. */
export class Sources {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, unknown>;

  constructor(
    file: Record<string, unknown>,
    readonly problems: ConfigurationProblem[],
  ) {
    this.#values = structuredClone(file);
  }

  set(field: readonly string[], value: unknown, name: string): void {
    let group: Record<string, unknown> = this.#values;
    for (const part of field.slice(0, -1)) {
      const inner = (group[part] ??= {});
      // What is no object is a problem of its own.
      if (!isRecord(inner)) return;
      group = inner;
    }
    group[field.at(-1) ?? ''] = value;
    this.#names.set(formatPath(field), name);
  }

  get(path: Path): unknown {
    return path.reduce<unknown>((value, part) => (isRecord(value) ? value[String(part)] : undefined), this.#values);
  }

  /** The variable or option that a value came from, or its place in the file. */
  nameOf(path: Path): string {
    return this.#names.get(formatPath(path)) ?? formatPath(path);
  }

  /** Checks one section and collects what is wrong with it; null when anything is. */
  read<Schema extends z.ZodType>(schema: Schema, path: Path): z.output<Schema> | null {
    const result = schema.safeParse(this.get(path));
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.problems.push(...this.#describe(issue, [...path, ...issue.path]));
    return null;
  }

  #describe(issue: z.core.$ZodIssue, path: Path): ConfigurationProblem[] {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => describeUnknown(path, key));
    return [{ where: this.nameOf(path) || 'the configuration file', problem: this.#describeValue(issue, path) }];
  }

  #describeValue(issue: z.core.$ZodIssue, path: Path): string {
    switch (issue.code) {
      case 'invalid_type':
        if (this.#isMissing(path)) return `is missing${tellVariable(path)}`;
        return `must be ${typeNames[issue.expected] ?? 'something else'}`;
      case 'invalid_value':
        return `must be one of ${issue.values.join(', ')}`;
      case 'too_small':
        if (issue.origin === 'array') return 'must not be empty';
        return `must be at least ${issue.minimum}`;
      case 'too_big':
        if (issue.origin === 'array') return `must have at most ${issue.maximum} entries`;
        return `must ${issue.origin === 'string' ? 'have at most' : 'be at most'} ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
      case 'custom':
      case 'invalid_format':
        return issue.message;
      default:
        return 'is not what is expected here';
    }
  }

  #isMissing(path: Path): boolean {
    const parent = path.slice(0, -1).reduce<unknown>((value, part) => {
      if (Array.isArray(value)) return value[Number(part)];
      return isRecord(value) ? value[String(part)] : undefined;
    }, this.#values);
    return isRecord(parent) && parent[String(path.at(-1))] === undefined;
  }
}

const typeNames: Record<string, string> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** Which variable gives a field that is missing. */
function tellVariable(path: Path): string {
  const [name] =
    variableEntries.find(([, { field }]) => field !== null && formatPath(field) === formatPath(path)) ?? [];
  return name ? `: give it there, or set ${name}` : '';
}

function describeUnknown(path: Path, key: string): ConfigurationProblem {
  // What stands where a name should may be a secret.
  const isPlain = /^[A-Za-z][A-Za-z-]*(_[a-z]+)*$/.test(key) && key.length <= 30;
  const place = formatPath(path);
  const where = isPlain ? formatPath([...path, key]) : place || 'the configuration file';
  return { where, problem: `${isPlain ? 'is' : 'has'} ${describeUnknownField(path, key)}` };
}

function describeUnknownField(path: Path, key: string): string {
  const owner = path.at(-1);
  const isAccess = path.at(-2) === 'providers' && path[0] === 'callers';
  if (isAccess) return `no ceiling: ${describeCeilings(owner as ProviderId)}`;
  if (owner === 'providers') return `no provider: there are ${providerIds.join(', ')}`;
  if (/key|secret|licen[cs]e|token|password|url$/i.test(key)) {
    return 'not a field of this file, which never holds secrets: give keys and REDIS_URL by variables or …_FILE';
  }
  return 'not a field of this file: check its spelling and its place';
}

const formatPath = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
