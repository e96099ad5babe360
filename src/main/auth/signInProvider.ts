import type { Configuration, CustomFetch, TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import type { BackendEnvironment } from '../../shared/backend.js';
import { LimpidError } from '../../shared/errors.js';
import { isRecord } from '../../shared/isRecord.js';
import { systemClock, type Clock } from './clock.js';
import { durationOf } from './duration.js';
import { checkIssuer, checkProviderAddress } from './signInAddress.js';
import type { ProviderReply, Transport } from './signInTransport.js';

/** Between the clocks of this computer and the identity provider: what is further apart is told, not tolerated. */
export const clockToleranceMs = 60_000;
/** Longer than any clock is wrong. */
const anyTimeMs = 1000 * 365 * 86_400_000;
/** Metadata is asked for again after this time. */
const metadataMs = 60 * 60_000;
const longestAccount = 200;
const longestUserCode = 60;
/** RFC 8628, 3.2: where the provider does not say. */
const usualIntervalMs = 5000;
const shortestIntervalMs = 1000;
const longestIntervalMs = 5 * 60_000;
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

const endpointNames = [
  'authorization_endpoint',
  'token_endpoint',
  'device_authorization_endpoint',
  'revocation_endpoint',
] as const;
const metadataErrors = new Set([
  'signIn.bad-answer',
  'signIn.bad-address',
  'signIn.metadata',
  'signIn.issuer-mismatch',
]);

/** What a sign-in, or its renewal, came to. It never leaves the memory of the main process, but for the keychain. */
export interface Grant {
  accessToken: string;
  /** Null: the provider gave none, or wants the old one to be kept. */
  refreshToken: string | null;
  /** Of the access token, from the moment it was asked for; null: the provider does not say. */
  lifeMs: number | null;
  /** From then to the answer. */
  tookMs: number;
  /** What the provider calls the person; null: there is no ID token, or nothing in it. */
  account: string | null;
}

/** What the code flow has to check when the browser is back. */
export interface CodeRequest {
  url: URL;
  state: string;
  nonce: string;
  verifier: string;
}

export interface DeviceRequest {
  deviceCode: string;
  userCode: string;
  verificationUrl: string;
  intervalMs: number;
  lifeMs: number;
}

/** One identity provider, for one piece of work. Everything rejects with `signIn.*` or `cancelled`, without a cause. */
export interface Provider {
  /** The request that goes to the browser; RFC 8252, 7.3: `redirectUrl` is on this computer. */
  requestCode(redirectUrl: string): Promise<CodeRequest>;
  /** `answer`: where the browser was sent to. Checks issuer, audience, nonce and times of the ID token. */
  redeemCode(request: CodeRequest, answer: URL): Promise<Grant>;
  /** RFC 8628, 3.1. Rejects with `signIn.no-device` where there are no codes. */
  requestDevice(): Promise<DeviceRequest>;
  /** RFC 8628, 3.4: asks once. `slow-down`: ask 5 s less often from now on. */
  redeemDevice(request: DeviceRequest): Promise<Grant | 'pending' | 'slow-down'>;
  /** Rejects with `signIn.revoked` when the refresh token is good no more. Whatever this computer's clock shows, its answer counts. */
  refresh(refreshToken: string): Promise<Grant>;
  /** RFC 7009. Resolves with false, and asks nothing, where the provider has no such place. */
  revoke(token: string): Promise<boolean>;
}

/** The metadata of providers, kept for an hour, as text: one place where it can go out of date. */
export type MetadataCache = Map<string, { reply: ProviderReply; readAtMs: number }>;

export interface ProviderOptions {
  transport: Transport;
  metadata: MetadataCache;
  clock?: Clock;
  signal?: AbortSignal;
}

/**
 * Finds the identity provider of an environment by its metadata (OpenID Connect Discovery 1.0). openid-client speaks the protocol
 * and checks the answers; our own transport carries them.
 */
export async function openProvider(environment: BackendEnvironment, options: ProviderOptions): Promise<Provider> {
  const { transport, metadata, clock = systemClock, signal } = options;
  const { clientId, scope, resource, audience } = environment.signIn;
  if (!environment.signIn.issuer || !clientId) {
    throw new LimpidError('signIn.not-configured', { environment: environment.name });
  }
  const issuer = checkIssuer(environment.signIn.issuer);
  const { host } = issuer;
  // Not needed before the first sign-in, and slow to load.
  const library = await import('openid-client');
  let providerNowMs: number | null = null;
  let askedAtMs = clock.monotonicMs();

  const send: CustomFetch = async (url, { method, headers, body }) => {
    const isMetadata = method === 'GET' && url.endsWith('/.well-known/openid-configuration');
    const key = JSON.stringify([url, environment.proxy, environment.caFile]);
    const known = isMetadata ? metadata.get(key) : undefined;
    if (known && clock.monotonicMs() - known.readAtMs < metadataMs) return toResponse(known.reply, host);
    const request = {
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      body: body ? String(body) : null,
    } as const;
    askedAtMs = clock.monotonicMs();
    const reply = await transport(environment, request, signal);
    providerNowMs = readDate(reply.headers['date']);
    if (isMetadata && reply.status === 200) metadata.set(key, { reply, readAtMs: clock.monotonicMs() });
    return toResponse(reply, host);
  };
  const told = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      const failure = toSignInError(error, host, () => clockError(host, providerNowMs, clock.wallMs()));
      // What was kept of the provider may be what is wrong.
      if (metadataErrors.has(failure.code)) metadata.clear();
      throw failure;
    }
  };

  const execute = issuer.protocol === 'http:' ? [library.allowInsecureRequests] : [];
  const clientOf = (toleranceMs: number): object => ({
    [library.clockTolerance]: toleranceMs / 1000,
    // The library goes by the clock of the process, which is ours as well, but where a test has another.
    [library.clockSkew]: Math.round((clock.wallMs() - Date.now()) / 1000),
  });
  const discover = (toleranceMs: number): Promise<Configuration> =>
    library.discovery(issuer, clientId, clientOf(toleranceMs), library.None(), {
      execute,
      [library.customFetch]: send,
    });
  const configuration = await told(() => discover(clockToleranceMs)).catch((error: unknown) => {
    throw error instanceof LimpidError && error.code === 'signIn.bad-answer'
      ? new LimpidError('signIn.metadata', { host })
      : error;
  });
  const server = configuration.serverMetadata();
  await told(async () => {
    for (const name of endpointNames) {
      const place = server[name];
      if (place !== undefined) checkProviderAddress(String(place), host);
    }
  });

  const scopes = [...new Set(['openid', ...scope.split(/\s+/).filter(Boolean)])].join(' ');
  const forResource = resource ? { resource } : {};
  const asked = { scope: scopes, ...forResource, ...(audience ? { audience } : {}) };
  /** `isNew`: of a sign-in just now, so that the provider's clock shows in it. */
  const toGrant = (tokens: TokenEndpointResponse & TokenEndpointResponseHelpers, isNew: boolean): Grant => {
    const { access_token: accessToken, refresh_token: refreshToken = null, expires_in: seconds = 0 } = tokens;
    const isBearer = tokens.token_type.toLowerCase() === 'bearer';
    const areSendable = [accessToken, refreshToken ?? 'none'].every((text) => /^[\x21-\x7e]{1,8000}$/.test(text));
    if (!isBearer || !areSendable) throw new LimpidError('signIn.bad-answer', { host });
    const claims = tokens.claims();
    if (isNew && claims && claims.iat * 1000 - clock.wallMs() > clockToleranceMs) {
      throw clockError(host, claims.iat * 1000, clock.wallMs());
    }
    return {
      accessToken,
      refreshToken,
      lifeMs: seconds > 0 ? seconds * 1000 : null,
      tookMs: clock.monotonicMs() - askedAtMs,
      account: claims ? readAccount(claims) : null,
    };
  };
  const revoked = (error: unknown): never => {
    if (errorNameOf(error) !== 'invalid_grant') throw error;
    throw new LimpidError('signIn.revoked', { environment: environment.name, host });
  };

  return {
    async requestCode(redirectUrl) {
      const place = server.authorization_endpoint;
      if (place === undefined) throw new LimpidError('signIn.no-browser-flow', { host });
      const [state, nonce] = [library.randomState(), library.randomNonce()];
      const verifier = library.randomPKCECodeVerifier();
      const url = library.buildAuthorizationUrl(configuration, {
        ...asked,
        redirect_uri: redirectUrl,
        state,
        nonce,
        code_challenge: await library.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url, state, nonce, verifier };
    },
    redeemCode: ({ state, nonce, verifier }, answer) =>
      told(async () => {
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
        const tokens = await library.authorizationCodeGrant(configuration, answer, checks, forResource);
        return toGrant(tokens, true);
      }),
    requestDevice: () =>
      told(async () => {
        if (!server.device_authorization_endpoint) throw new LimpidError('signIn.no-device', { host });
        return toDeviceRequest(await library.initiateDeviceAuthorization(configuration, asked), host);
      }),
    redeemDevice: ({ deviceCode }) =>
      told(async () => {
        try {
          const asking = { device_code: deviceCode, ...forResource };
          return toGrant(await library.genericGrantRequest(configuration, deviceGrant, asking), true);
        } catch (error) {
          const name = errorNameOf(error);
          if (name === 'authorization_pending') return 'pending';
          if (name === 'slow_down') return 'slow-down';
          throw error;
        }
      }),
    refresh: (refreshToken) =>
      told(async () => {
        // With the answer the old refresh token may be good no more: a wrong clock here must not cost the new one.
        const timeless = await discover(anyTimeMs);
        const tokens = await library.refreshTokenGrant(timeless, refreshToken, forResource).catch(revoked);
        return toGrant(tokens, false);
      }),
    revoke: (token) =>
      told(async () => {
        if (!server.revocation_endpoint) return false;
        await library.tokenRevocation(configuration, token);
        return true;
      }),
  };
}

function toResponse({ status, headers, text }: ProviderReply, host: string): Response {
  if (status < 200 || status > 599) throw new LimpidError('signIn.bad-answer', { host });
  return new Response(text === '' ? null : text, { status, headers });
}

const accountClaims = ['preferred_username', 'email', 'name', 'sub'];

/** What the provider calls the person, fit to be shown. */
function readAccount(claims: Record<string, unknown>): string | null {
  const [first = null] = accountClaims.flatMap((claim) => {
    const value = claims[claim];
    const text = typeof value === 'string' ? cleanAccount(value) : '';
    return text ? [text] : [];
  });
  return first;
}

/** Without control characters, marks of direction and the like, which could make it look like another text. */
export const cleanAccount = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, longestAccount);

function toDeviceRequest(
  reply: { device_code: string; user_code: string; verification_uri: string; expires_in: number; interval?: number },
  host: string,
): DeviceRequest {
  const userCode = reply.user_code.trim();
  const isReadable = userCode.length <= longestUserCode && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(userCode);
  if (!isReadable || !(reply.expires_in > 0)) throw new LimpidError('signIn.bad-answer', { host });
  const lifeMs = reply.expires_in * 1000;
  return {
    deviceCode: reply.device_code,
    userCode,
    verificationUrl: checkProviderAddress(reply.verification_uri, host).href,
    intervalMs: Math.min(
      Math.max(reply.interval ? reply.interval * 1000 : usualIntervalMs, shortestIntervalMs),
      Math.min(lifeMs, longestIntervalMs),
    ),
    lifeMs,
  };
}

/** The `error` of an answer in the protocol's own words, such as `invalid_grant`. */
function errorNameOf(error: unknown): string | null {
  return isRecord(error) && typeof error['error'] === 'string' ? error['error'] : null;
}

/** None of the library's errors goes any further: they hold requests and replies. */
function toSignInError(error: unknown, host: string, makeClockError: () => LimpidError): LimpidError {
  const own = findOwn(error);
  if (own) return own;
  const name = errorNameOf(error);
  if (name !== null) return toRefusal(name, host);
  const { code, cause } = isRecord(error) ? error : { code: null, cause: null };
  switch (code) {
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return makeClockError();
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return new LimpidError('signIn.identity', { host });
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return new LimpidError('signIn.issuer-mismatch', { host });
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
    case 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN':
      return new LimpidError('signIn.bad-address', { host });
    case 'OAUTH_WWW_AUTHENTICATE_CHALLENGE':
      return toRefusal('invalid_client', host);
    case 'OAUTH_MISSING_SERVER_METADATA':
    case 'OAUTH_INVALID_SERVER_METADATA':
      return new LimpidError('signIn.metadata', { host });
    case 'OAUTH_INVALID_RESPONSE':
      // The nonce is compared as a claim; a state or an issuer of the browser's answer that is not ours comes as this.
      return isRecord(cause) && isRecord(cause['cause']) && 'parameters' in cause['cause']
        ? new LimpidError('signIn.wrong-state', { host })
        : new LimpidError('signIn.bad-answer', { host });
    default:
      return new LimpidError('signIn.bad-answer', { host });
  }
}

function findOwn(error: unknown): LimpidError | null {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if (each instanceof LimpidError) return each;
  }
  return null;
}

function toRefusal(name: string, host: string): LimpidError {
  if (name === 'access_denied') return new LimpidError('signIn.denied', { host });
  if (name === 'expired_token') return new LimpidError('signIn.code-expired', { host });
  if (name === 'temporarily_unavailable' || name === 'server_error') {
    return new LimpidError('signIn.provider-error', { host, status: name }, { retryable: true });
  }
  // What else it says is not for everybody's eyes.
  return new LimpidError('signIn.refused', { host, detail: /^[a-z_]{1,60}$/.test(name) ? name : '?' });
}

/** `providerNowMs`: the provider's clock, as far as it is known. */
function clockError(host: string, providerNowMs: number | null, nowMs: number): LimpidError {
  const aheadMs = providerNowMs === null ? 0 : providerNowMs - nowMs;
  if (Math.abs(aheadMs) < clockToleranceMs / 2) return new LimpidError('signIn.clock', { host });
  const params = { host, difference: durationOf(Math.abs(aheadMs)) };
  return new LimpidError(aheadMs > 0 ? 'signIn.clock-behind' : 'signIn.clock-ahead', params);
}

function readDate(text: string | undefined): number | null {
  const dateMs = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(dateMs) ? null : dateMs;
}
