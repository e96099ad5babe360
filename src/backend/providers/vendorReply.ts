import { decodeJwt } from 'jose';
import { isRecord } from '../../shared/isRecord.js';
import { readMoment } from '../../shared/moment.js';
import { ApiError, type ErrorCode } from '../errors.js';
import type { UpstreamReply } from '../upstream/upstream.js';
import type { ProviderId } from './provider.js';

/** A reply of a vendor that says yes, by its names. */
export type Fields = Record<string, unknown>;

/** What was presented: our long-lived key, or something short-lived that may have run out. */
export type Presented = 'key' | 'token';

/** Codes whose status is not documented, or which say more than it does. */
const meanings = new Map<string, ErrorCode>([
  ['MAX_CONCURRENCY_REACHED', 'concurrency'],
  ['RATE_LIMIT_EXCEEDED', 'rate_limited'],
  ['limit_exceeded', 'rate_limited'],
  ['organization_balance_exhausted', 'billing'],
]);
/** Those of aiOla that speak of what was presented. */
const tokenCodes = new Set(['TOKEN_EXPIRED', 'INVALID_TOKEN']);

/** A clock may be wrong, but not by more. */
const pastToleranceSeconds = 300;
/** 9999-12-31: what lies behind it is no expiry. */
const maxUnixSeconds = 253_402_300_799;
/** Visible ASCII, and no more than Node takes for all headers together. */
const tokenForm = /^[\x21-\x7e]{1,16384}$/;

/** The fields of a reply that says yes. Throws the `ApiError` that another one stands for. */
export function readFields(provider: ProviderId, reply: UpstreamReply, presented: Presented): Fields {
  if (reply.status >= 300) throw refusal(provider, reply, presented);
  if (!isRecord(reply.json)) throw garbage(provider, reply);
  return reply.json;
}

/** A vendor's error by what it means; of its text nothing but the known codes is looked at, and nothing passed on. */
export function refusal(
  provider: ProviderId,
  { status, json, retryAfterSeconds }: UpstreamReply,
  presented: Presented,
): ApiError {
  return new ApiError(meaningOf(status, json, presented), {
    provider,
    upstreamStatus: status,
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  });
}

/** A reply that says yes and cannot be used. */
export function garbage(provider: ProviderId, { status }: UpstreamReply): ApiError {
  return new ApiError('upstream_garbage', { provider, upstreamStatus: status });
}

/** A token as it stands, or null: it goes into headers and addresses, so it has no blanks and nothing beyond ASCII. */
export function readToken(value: unknown): string | null {
  return typeof value === 'string' && tokenForm.test(value) ? value : null;
}

/** `exp` of a JWT in Unix seconds; undefined: it has none; null: this is no JWT. */
export function readJwtExpiry(token: string): number | undefined | null {
  try {
    return decodeJwt(token).exp;
  } catch {
    return null;
  }
}

/** Unix seconds, or null for what is no moment in every form that vendors use. */
export function readUnixSeconds(value: unknown): number | null {
  const moment = readMoment(value);
  return moment === null ? null : moment / 1000;
}

/** An expiry as callers get it, rounded down; null for one that cannot be, or is long gone. */
export function toExpiresAt(unixSeconds: number | null): number | null {
  if (unixSeconds === null || !Number.isFinite(unixSeconds) || unixSeconds > maxUnixSeconds) return null;
  if (unixSeconds < Date.now() / 1000 - pastToleranceSeconds) return null;
  return Math.floor(unixSeconds);
}

function meaningOf(status: number, json: unknown, presented: Presented): ErrorCode {
  const codes = isRecord(json) ? codesOf(json) : [];
  for (const code of codes) {
    const meaning = meanings.get(code) ?? (code.endsWith('_budget_exhausted') ? 'billing' : undefined);
    if (meaning) return meaning;
  }
  if (status === 401 || codes.some((code) => tokenCodes.has(code))) {
    return presented === 'key' ? 'auth_invalid' : 'auth_expired_or_used';
  }
  if (codes.some((text) => /too many concurrent sessions/i.test(text))) return 'concurrency';

  switch (status) {
    case 403:
      // Without the right, or withdrawn: a new token of the same key would be refused as well.
      return 'auth_invalid';
    case 402:
      return 'billing';
    case 408:
      return 'transient';
    case 409:
      return 'concurrency';
    case 429:
      return 'rate_limited';
    default:
      return status >= 500 ? 'transient' : 'bad_request';
  }
}

/** The places where vendors put a code, or a text that must stand in for one. */
function codesOf({ error_type, code, error, message }: Fields): string[] {
  const nested = isRecord(error) ? [error['code'], error['message']] : [error];
  return [error_type, code, message, ...nested].filter((each) => typeof each === 'string');
}
