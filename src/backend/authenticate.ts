import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { Access, Caller } from './callers.js';
import { hashClientSecret, parseClientKey } from './configuration/clientKeys.js';
import type {
  CallerConfiguration,
  ClientConfiguration,
  IdentityProviderConfiguration,
} from './configuration/configuration.js';
import { ApiError } from './errors.js';
import { KeySet } from './keySet.js';
import { providerIds } from './providers/provider.js';

/** Finds out who sends a request. */
export interface Authenticator {
  /**
   * By the header `Authorization`, with names of headers in lower case. Throws `ApiError` with `credential_…`, `scope_missing`,
   * `identity_provider_unavailable` (within 3 s), `proxy_refused` or `browser_refused`; never with anything of the credential.
   */
  authenticate(headers: IncomingHttpHeaders): Promise<Caller>;
  /** Other callers from now on; the identity provider's keys are kept where their address stays the same. */
  reconfigure(configuration: CallerConfiguration): void;
}

/** Longer ones are not even parsed; Node.js takes no more of all headers together. */
const maxHeaderLength = 16 * 1024;
const maxCallerLength = 256;
/** Between the clocks of this server and the identity provider. */
const clockToleranceSeconds = 5;

/** `nowMs`: a clock that never jumps, for the age of the identity provider's keys. */
export function createAuthenticator(
  configuration: CallerConfiguration,
  { nowMs = () => performance.now() }: { nowMs?: () => number } = {},
): Authenticator {
  let isAnonymousAllowed: boolean;
  let clients: Map<string, KnownClient>;
  let identityProvider: IdentityProviderConfiguration | null;
  let keySet: KeySet | null = null;
  let keySetUrl = '';

  const reconfigure = (next: CallerConfiguration) => {
    isAnonymousAllowed = next.isAnonymousAllowed;
    clients = new Map(next.clients.map((client) => [client.id, toKnownClient(client)]));
    identityProvider = next.identityProvider;
    const url = identityProvider?.jwksUrl ?? null;
    if (!url || !keySet || url.href !== keySetUrl) keySet = url && new KeySet(url, nowMs);
    keySetUrl = url?.href ?? '';
  };
  reconfigure(configuration);

  return {
    reconfigure,
    async authenticate(headers) {
      if (isAnonymousAllowed) {
        refuseProxy(headers);
        refuseBrowser(headers);
        if (headers.authorization === undefined) return anonymous;
      }
      const credential = readBearer(headers.authorization);
      if (credential.startsWith('lk_')) return checkClientKey(credential, clients);
      if (credential.split('.').length !== 3) throw new ApiError('credential_malformed');
      if (!identityProvider || !keySet) throw new ApiError('credential_wrong_issuer');
      const claims = await verifyToken(credential, identityProvider, keySet);
      return toCaller(claims, identityProvider);
    },
  };
}

const anonymous: Caller = {
  id: 'anonymous',
  access: Object.fromEntries(providerIds.map((id) => [id, {}])) as Access,
  limit: null,
};

/**
 * A proxy on this computer would open it to the world, with a `Host` of its own making. One that adds none of these headers
 * cannot be told from a program.
 */
function refuseProxy(headers: IncomingHttpHeaders): void {
  const isPassedOn = Object.keys(headers).some((name) => /^(forwarded|via|x-real-ip|x-forwarded-.*)$/.test(name));
  if (isPassedOn) throw new ApiError('proxy_refused');
}

/**
 * Web pages reach servers on the computer that shows them: they say where they come from (`Origin`), or use a name that was
 * made to point here (`Host`).
 */
function refuseBrowser({ origin, host = '' }: IncomingHttpHeaders): void {
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);
  if (origin !== undefined || !isLoopback) throw new ApiError('browser_refused');
}

function readBearer(authorization: string | undefined): string {
  if (authorization === undefined || !/^bearer( |$)/i.test(authorization)) throw new ApiError('credential_missing');
  if (authorization.length > maxHeaderLength) throw new ApiError('credential_malformed');
  const [, credential] = /^bearer +([\w.-]+)$/i.exec(authorization) ?? [];
  if (!credential) throw new ApiError('credential_malformed');
  return credential;
}

interface KnownClient {
  caller: Caller;
  secretSha256: Buffer;
}

function toKnownClient({ id, secretSha256, access, limit }: ClientConfiguration): KnownClient {
  return { caller: { id: `client:${id}`, access, limit }, secretSha256: Buffer.from(secretSha256, 'hex') };
}

/** Compared with what unknown clients send, so that they take as long as known ones. */
const nobodysSha256 = Buffer.alloc(32);

function checkClientKey(credential: string, clients: Map<string, KnownClient>): Caller {
  const key = parseClientKey(credential);
  if (!key) throw new ApiError('credential_malformed');
  const client = clients.get(key.id);
  const sha256 = Buffer.from(hashClientSecret(key.secret), 'hex');
  const isRight = timingSafeEqual(sha256, client?.secretSha256 ?? nobodysSha256);
  if (!client || !isRight) throw new ApiError('credential_unknown');
  return client.caller;
}

/** The claims of a token that is signed by the identity provider, valid now and meant for this server. */
async function verifyToken(
  token: string,
  { issuer, audience, algorithms, callerClaim }: IdentityProviderConfiguration,
  keySet: KeySet,
): Promise<JWTPayload> {
  const requiredClaims = ['exp', callerClaim];
  const options = { issuer, audience, algorithms, requiredClaims, clockTolerance: clockToleranceSeconds };
  try {
    const { payload } = await jwtVerify(token, keySet.find.bind(keySet), options).catch(async (error: unknown) => {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      // The token does not name its key: any of them may be it.
      for await (const key of error) {
        const verified = await jwtVerify(token, key, options).catch(unlessBadSignature);
        if (verified) return verified;
      }
      throw new errors.JWSSignatureVerificationFailed();
    });
    return payload;
  } catch (error) {
    throw toRefusal(error);
  }
}

function unlessBadSignature(error: unknown): null {
  if (error instanceof errors.JWSSignatureVerificationFailed) return null;
  throw error;
}

function toRefusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof errors.JWTExpired) return new ApiError('credential_expired');
  if (error instanceof errors.JWTClaimValidationFailed) return toClaimRefusal(error);
  if (error instanceof errors.JOSEAlgNotAllowed) return new ApiError('credential_wrong_algorithm');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new ApiError('credential_malformed');
  }
  // An extension (`crit`) that nobody here knows.
  if (error instanceof errors.JOSENotSupported) return new ApiError('credential_malformed');
  // No such key, a signature that is not its own, or a key that cannot be used, such as RSA below 2048 bits.
  return new ApiError('credential_bad_signature');
}

function toClaimRefusal({ claim, reason }: errors.JWTClaimValidationFailed): ApiError {
  // `invalid`: not even of the right type.
  if (reason !== 'check_failed') return new ApiError('credential_incomplete', { params: { claim } });
  if (claim === 'iss') return new ApiError('credential_wrong_issuer');
  if (claim === 'aud') return new ApiError('credential_wrong_audience');
  if (claim === 'nbf') return new ApiError('credential_not_yet_valid');
  return new ApiError('credential_malformed');
}

function toCaller(
  claims: JWTPayload,
  { callerClaim, requiredScope, access, limit }: IdentityProviderConfiguration,
): Caller {
  const name = claims[callerClaim];
  if (typeof name !== 'string' || name === '') {
    throw new ApiError('credential_incomplete', { params: { claim: callerClaim } });
  }
  const scopes = [...wordsOf(claims['scope']), ...wordsOf(claims['scp'])];
  if (!scopes.includes(requiredScope)) throw new ApiError('scope_missing', { params: { scope: requiredScope } });
  const id = `user:${name}`;
  const isShort = id.length <= maxCallerLength;
  return { id: isShort ? id : `user:${createHash('sha256').update(name).digest('hex')}`, access, limit };
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((each) => typeof each === 'string') : [];
}
