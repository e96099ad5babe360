import type { z } from 'zod';
import type { Access } from './callers.js';
import { ApiError } from './errors.js';
import { providerContracts, type MintRequest } from './providers/contracts.js';
import type { ProviderId } from './providers/provider.js';

/** Names that are worth repeating to whoever sent them; anything else may be more than a misspelt name. */
const fieldName = /^\w{1,40}$/;

const typeNames: Record<string, string> = { int: 'a whole number', number: 'a number', boolean: 'true or false' };

/**
 * What a caller asks `provider` for, checked, with its ceilings: a value above one is refused, and one that was left out is the
 * ceiling, since the vendor's default may be higher. `body` undefined: none was sent. Throws `request_invalid` or
 * `ceiling_exceeded`.
 */
export function readMintRequest<Id extends ProviderId>(provider: Id, body: unknown, access: Access): MintRequest<Id> {
  const { request: schema, ceilings } = providerContracts[provider];
  const asked = parse(schema, body === undefined ? {} : body) as Record<string, unknown>;
  const allowed: Record<string, number> = access[provider] ?? {};
  for (const field of ceilings) {
    const ceiling = allowed[field];
    if (ceiling === undefined) continue;
    const value = (asked[field] ??= ceiling) as number;
    if (value > ceiling) throw new ApiError('ceiling_exceeded', { provider, params: { field, value, ceiling } });
  }
  return asked as MintRequest<Id>;
}

/** Refuses a body where none is expected. An empty object is none. */
export function refuseBody(body: unknown): void {
  if (body === undefined) return;
  const isEmptyObject =
    typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0;
  if (!isEmptyObject) throw new ApiError('request_invalid', { params: { field: 'body', problem: 'none is expected' } });
}

function parse(schema: z.ZodType, body: unknown): unknown {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  // Of several for one field the last is the narrowest.
  const issue = result.error.issues.findLast(({ path }) => path[0] === first!.path[0])!;
  throw new ApiError('request_invalid', { params: describeIssue(issue, body) });
}

/** In words of this server: no value of the caller is repeated. */
function describeIssue(issue: z.core.$ZodIssue, body: unknown): { field: string; problem: string } {
  const name = issue.path[0];
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return { field: fieldName.test(key) ? key : 'body', problem: 'there is no such parameter' };
  }
  if (typeof name !== 'string') return { field: 'body', problem: 'must be a JSON object' };
  return { field: name, problem: describeProblem(issue, (body as Record<string, unknown>)[name] === undefined) };
}

function describeProblem(issue: z.core.$ZodIssue, isMissing: boolean): string {
  if (isMissing) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return 'is not valid';
  }
}
