import type { Access } from '../callers.js';

/** Everything the server runs on, checked. Times in ms. Holds keys: never printed, logged or sent. */
export interface Configuration {
  listen: { host: string; port: number };
  callers: CallerConfiguration;
  providers: {
    'ai-coustics': { baseUrl: URL; apiKey: string } | null;
    assemblyai: { baseUrl: URL; apiKey: string } | null;
    soniox: { baseUrl: URL; apiKey: string } | null;
    aiola: { baseUrl: URL; apiKey: string; workflowId: string } | null;
  };
  limits: {
    windowMs: number;
    /** Requests of one caller, to all providers together, in one window. */
    perClient: number;
    /** Requests of all callers together to one provider in one window. */
    perProvider: number;
    /** redis:// or rediss:// (with password, therefore secret); null: counted in this process. */
    redisUrl: string | null;
  };
  /** For one answer of a vendor, retries included. */
  upstreamTimeoutMs: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** From SIGTERM until connections are refused, so that load balancers notice. */
  drainDelayMs: number;
}

export interface CallerConfiguration {
  /** Whoever reaches the server on loopback may have everything. */
  isAnonymousAllowed: boolean;
  clients: ClientConfiguration[];
  identityProvider: IdentityProviderConfiguration | null;
}

/** A static client key: only its SHA-256 is known here. */
export interface ClientConfiguration {
  id: string;
  name: string;
  /** Of the whole secret part, 64 lower-case hexadecimal digits. */
  secretSha256: string;
  access: Access;
  limit: number | null;
}

/** Whose JWTs are accepted. */
export interface IdentityProviderConfiguration {
  issuer: string;
  audience: string;
  jwksUrl: URL;
  /** One that `scope` (words) or `scp` (words or list) must hold. */
  requiredScope: string;
  /** Asymmetric ones only. */
  algorithms: string[];
  /** The claim that names the caller, such as `sub` or `client_id`. */
  callerClaim: string;
  access: Access;
  limit: number | null;
}
