import type { JWTPayload } from 'jose';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { decodeJwt } from 'jose/jwt/decode';
import type { BackendEnvironment } from '../../shared/backend.js';
import { LimpidError } from '../../shared/errors.js';
import { clampMs, readMoment, readNumber } from '../../shared/moment.js';

/** The values of a reply, by the places that the environment names. Times in ms. */
export interface TokenReply {
  token: string;
  /** What the reply says beside the token; the token's own `exp` wins. Null: nothing that can be understood. */
  expiresAtMs: number | null;
  expiresInMs: number | null;
}

/** What a token says of itself, unverified. Times in ms since 1970 by the clock of who signed it. */
export interface TokenClaims {
  issuedAtMs: number | null;
  expiresAtMs: number;
  subject: string | null;
  issuer: string | null;
}

const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Reads the body of a reply. Throws `backend.empty`, `backend.html`, `backend.not-json` or `backend.no-token`; what is
 * wrong with the expiry beside the token is overlooked.
 */
export function readTokenReply(text: string, places: BackendEnvironment['reply'], host: string): TokenReply {
  if (text.trim() === '') throw new LimpidError('backend.empty', { host });
  const reply = parseJson(text, host);
  const token = valueAt(reply, places.token);
  if (typeof token !== 'string' || token.trim() === '') {
    throw new LimpidError('backend.no-token', { host, path: places.token });
  }
  const expiresIn = readNumber(valueAt(reply, places.expiresIn));
  return {
    token: token.trim(),
    expiresAtMs: readMoment(valueAt(reply, places.expiresAt)),
    expiresInMs: expiresIn !== null && expiresIn > 0 ? expiresIn * 1000 : null,
  };
}

/** Reads a token without verifying it: its secret is not ours. Throws `backend.not-jwt` or `backend.no-expiry`. */
export function readTokenClaims(token: string, host: string): TokenClaims {
  const { exp, iat, sub, iss } = decode(token, host);
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw new LimpidError('backend.no-expiry', { host });
  return {
    issuedAtMs: typeof iat === 'number' && Number.isFinite(iat) ? clampMs(iat * 1000) : null,
    expiresAtMs: clampMs(exp * 1000),
    subject: toLine(sub),
    issuer: toLine(iss),
  };
}

function parseJson(text: string, host: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's error quotes the text, so it is not kept.
    throw new LimpidError(text.trimStart().startsWith('<') ? 'backend.html' : 'backend.not-json', { host });
  }
}

/** Follows names and array indices, separated by dots. */
function valueAt(reply: unknown, path: string): unknown {
  if (path === '') return undefined;
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Record<string, unknown>)[name];
  }, reply);
}

function decode(token: string, host: string): JWTPayload {
  try {
    if (!tokenForm.test(token)) throw new Error('form');
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    throw new LimpidError('backend.not-jwt', { host });
  }
}

/** A claim that is shown to people: one line of moderate length. */
const toLine = (claim: unknown): string | null =>
  typeof claim === 'string' ? claim.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200) : null;
