import type { ProviderId } from './providers/provider.js';

/** What a failure of a vendor means for whoever called, whichever vendor it is. */
export const upstreamClasses = [
  'auth_invalid',
  'auth_expired_or_used',
  'session_cap_reached',
  'concurrency',
  'rate_limited',
  'billing',
  'bad_request',
  'audio_format_or_pacing',
  'transient',
  'network',
] as const;
export type UpstreamClass = (typeof upstreamClasses)[number];

interface ErrorKind {
  /** HTTP status of our reply. */
  status: number;
  /** Whether the same request may work later without anyone changing anything. */
  retryable: boolean;
  /** One sentence with `{placeholders}`: what happened and, where it helps, what to do. */
  message: string;
  /** Of failures of a vendor only. */
  class?: UpstreamClass;
}

/** Every error that the server can answer with, by its stable code. */
export const errorKinds = {
  // Who calls
  credential_missing: {
    status: 401,
    retryable: false,
    message: 'Send “Authorization: Bearer …” with a client key or a token of the identity provider.',
  },
  credential_malformed: {
    status: 401,
    retryable: false,
    message: 'The credential is neither a client key (lk_<id>.<secret>) nor a JWT.',
  },
  credential_unknown: { status: 401, retryable: false, message: 'This client key is not known, or was withdrawn.' },
  credential_expired: { status: 401, retryable: false, message: 'The token of the identity provider has expired.' },
  credential_not_yet_valid: {
    status: 401,
    retryable: true,
    message: 'The token of the identity provider is not valid yet; a clock may be wrong.',
  },
  credential_wrong_issuer: {
    status: 401,
    retryable: false,
    message: 'The token was issued by another identity provider.',
  },
  credential_wrong_audience: { status: 401, retryable: false, message: 'The token was issued for another audience.' },
  credential_wrong_algorithm: {
    status: 401,
    retryable: false,
    message: 'The token is signed with an algorithm that is not accepted here.',
  },
  credential_bad_signature: {
    status: 401,
    retryable: false,
    message: 'The signature of the token does not match any key of the identity provider.',
  },
  credential_incomplete: { status: 401, retryable: false, message: 'The token lacks the claim “{claim}”.' },
  scope_missing: { status: 403, retryable: false, message: 'The token lacks the scope “{scope}”.' },
  provider_not_allowed: { status: 403, retryable: false, message: 'This client may not get tokens for {provider}.' },
  ceiling_exceeded: {
    status: 403,
    retryable: false,
    message: '{field} is {value}, and at most {ceiling} is allowed for this client.',
  },
  proxy_refused: {
    status: 403,
    retryable: false,
    message: 'Without authentication this server answers programs on this computer only, not what a proxy passes on.',
  },
  browser_refused: {
    status: 403,
    retryable: false,
    message: 'Without authentication this server answers programs on this computer only, not web pages.',
  },
  identity_provider_unavailable: {
    status: 503,
    retryable: true,
    message: 'The keys of the identity provider could not be fetched.',
  },
  // What is asked for
  not_found: { status: 404, retryable: false, message: 'There is nothing at this address; see /openapi.json.' },
  provider_unknown: { status: 404, retryable: false, message: 'There is no provider of this name; see /openapi.json.' },
  provider_not_configured: {
    status: 404,
    retryable: false,
    message: 'This server has no key for {provider}; its administrator can add one.',
  },
  method_not_allowed: { status: 405, retryable: false, message: 'Use {allowed} at this address.' },
  body_not_json: { status: 400, retryable: false, message: 'The body is not valid JSON.' },
  body_wrong_type: { status: 415, retryable: false, message: 'Send the body as application/json.' },
  body_too_large: { status: 413, retryable: false, message: 'The body is larger than 16 KiB.' },
  request_invalid: { status: 400, retryable: false, message: '{field}: {problem}.' },
  request_malformed: { status: 400, retryable: false, message: 'This is no valid HTTP/1.1 request: {problem}.' },
  url_too_long: { status: 414, retryable: false, message: 'The address is longer than any of this server.' },
  headers_too_large: { status: 431, retryable: false, message: 'The headers are larger than 16 KiB.' },
  request_timeout: { status: 408, retryable: true, message: 'The request did not arrive in time.' },
  // What this server can give at the moment
  limit_client: {
    status: 429,
    retryable: true,
    message: 'This client has used its {limit} requests in {windowSeconds} s; try again in {retryAfterSeconds} s.',
  },
  limit_provider: {
    status: 429,
    retryable: true,
    message:
      'All clients together have used the {limit} requests for {provider} in {windowSeconds} s; try again in {retryAfterSeconds} s.',
  },
  limits_unavailable: {
    status: 503,
    retryable: true,
    message: 'The store that counts requests cannot be reached, so none is let through.',
  },
  audit_unavailable: {
    status: 503,
    retryable: true,
    message: 'The log that says who was given what cannot be written, so nothing is given.',
  },
  shutting_down: { status: 503, retryable: true, message: 'This server is shutting down; try again.' },
  internal: {
    status: 500,
    retryable: true,
    message: 'Something went wrong in this server; its log has more under this request id.',
  },
  // What a vendor answered
  auth_invalid: {
    status: 502,
    retryable: false,
    class: 'auth_invalid',
    message: '{provider} refuses the key of this server; its administrator must replace it.',
  },
  auth_expired_or_used: {
    status: 502,
    retryable: true,
    class: 'auth_expired_or_used',
    message: '{provider} says that the token has expired or was used already.',
  },
  session_token_refused: {
    status: 404,
    retryable: false,
    class: 'auth_expired_or_used',
    message: '{provider} knows no open session of this token: it was closed already, has ended, or never began.',
  },
  concurrency: {
    status: 409,
    retryable: true,
    class: 'concurrency',
    message: 'All sessions of this account at {provider} are in use; close one, or wait until one ends.',
  },
  rate_limited: {
    status: 429,
    retryable: true,
    class: 'rate_limited',
    message: '{provider} takes no more requests for now.',
  },
  billing: {
    status: 502,
    retryable: false,
    class: 'billing',
    message: '{provider} stopped the account over its balance or budget; its administrator must see to it.',
  },
  bad_request: {
    status: 502,
    retryable: false,
    class: 'bad_request',
    message: '{provider} does not accept the request of this server.',
  },
  transient: { status: 503, retryable: true, class: 'transient', message: '{provider} is in trouble; try again.' },
  upstream_timeout: { status: 504, retryable: true, class: 'network', message: '{provider} did not answer in time.' },
  upstream_unreachable: { status: 502, retryable: true, class: 'network', message: '{provider} could not be reached.' },
  upstream_dropped: {
    status: 502,
    retryable: true,
    class: 'network',
    message: '{provider} ended the connection before its answer was complete.',
  },
  upstream_redirect: {
    status: 502,
    retryable: false,
    class: 'network',
    message: '{provider} answered with a redirect, which is not followed.',
  },
  upstream_too_large: {
    status: 502,
    retryable: false,
    class: 'network',
    message: 'The answer of {provider} is larger than any that is expected.',
  },
  upstream_garbage: {
    status: 502,
    retryable: true,
    class: 'transient',
    message: 'The answer of {provider} could not be understood.',
  },
  circuit_open: {
    status: 503,
    retryable: true,
    class: 'transient',
    message:
      '{provider} failed several times in a row and is left alone for a moment; try again in {retryAfterSeconds} s.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** An exchange with a vendor that came to no usable answer. */
export const exchangeFailures = [
  'upstream_timeout',
  'upstream_unreachable',
  'upstream_dropped',
  'upstream_redirect',
  'upstream_too_large',
  'upstream_garbage',
] as const satisfies ErrorCode[];

/** What the load balancer of deploy/ answers by itself, in the shape of our errors; this server never does. */
export const balancerErrorKinds = {
  server_failed: { status: 502, retryable: true, message: 'The token backend broke the connection.' },
  server_unavailable: {
    status: 503,
    retryable: true,
    message: 'No replica of the token backend is ready; ask again soon.',
  },
  server_timeout: { status: 504, retryable: true, message: 'The token backend took too long.' },
} as const satisfies Record<string, ErrorKind>;

/** Context of an error; `params` fill its sentence and must hold no secret and nothing a vendor wrote. */
export interface ApiErrorDetails {
  params?: Record<string, string | number>;
  provider?: ProviderId;
  /** HTTP status of the vendor's answer. */
  upstreamStatus?: number;
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number;
}

/** The one error of the server: it becomes `{ error: { code, message, … } }`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ApiErrorDetails = {},
  ) {
    super(code);
  }
}

/** The body of an error reply. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    retryable: boolean;
    provider: ProviderId | null;
    upstreamStatus: number | null;
    class: UpstreamClass | null;
    requestId: string;
  };
}

/** Turns an error into what a caller may read. */
export function toErrorBody({ code, details }: ApiError, requestId: string): ErrorBody {
  const kind: ErrorKind = errorKinds[code];
  const { provider = null, upstreamStatus = null, retryAfterSeconds, params } = details;
  const values: Record<string, string | number> = {
    ...(provider && { provider }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...params,
  };
  const message = kind.message.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(values[name] ?? placeholder),
  );
  return {
    error: { code, message, retryable: kind.retryable, provider, upstreamStatus, class: kind.class ?? null, requestId },
  };
}
