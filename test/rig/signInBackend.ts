import type { Configuration } from '../../src/backend/configuration/configuration.js';
import { audience, requiredScope, type RealIdentityProvider } from '../vendors/identityProvider.js';
import type { VendorStandIn } from '../vendors/standIn.js';

/** A token backend that serves those who signed in at that provider, with tokens of one vendor. `issuer`: whose tokens it accepts. */
export function configureSignInBackend(
  provider: RealIdentityProvider,
  vendor: VendorStandIn,
  issuer = provider.issuer,
): Configuration {
  const identityProvider = {
    issuer,
    audience,
    jwksUrl: new URL(provider.jwksUrl),
    requiredScope,
    algorithms: ['RS256'],
    callerClaim: 'sub',
    access: { 'ai-coustics': {} },
    limit: null,
  };
  const others = { assemblyai: null, soniox: null, aiola: null };
  return {
    listen: { host: '127.0.0.1', port: 0 },
    callers: { isAnonymousAllowed: false, clients: [], identityProvider },
    providers: { 'ai-coustics': { baseUrl: new URL(vendor.url), apiKey: vendor.key }, ...others },
    limits: { windowMs: 60_000, perClient: 1000, perProvider: 1000, redisUrl: null },
    upstreamTimeoutMs: 2000,
    logLevel: 'debug',
    drainDelayMs: 0,
  };
}
