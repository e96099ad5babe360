/** An environment variable that the server takes. */
export interface VariableDescription {
  /** For people, without a full stop. */
  description: string;
  /** Never shown. Such a one may also be given as `<NAME>_FILE`: the path of a file that holds it and nothing else. */
  isSecret: boolean;
  /** The same setting in the configuration file; null: it cannot be set there. */
  field: readonly string[] | null;
  kind: 'text' | 'number';
}

const setting = (description: string, field: string[], kind: 'text' | 'number' = 'text') =>
  ({ description, isSecret: false, field, kind }) as const;
const secret = (description: string) => ({ description, isSecret: true, field: null, kind: 'text' }) as const;

const identityProvider = ['callers', 'identityProvider'];

/** Every variable by its name. A variable wins over the same setting in the file. */
export const variables = {
  LIMPID_TOKENS_CONFIG: {
    description: 'path of the configuration file; --config wins',
    isSecret: false,
    field: null,
    kind: 'text',
  },
  LIMPID_TOKENS_HOST: setting('address to listen on (127.0.0.1)', ['listen', 'host']),
  LIMPID_TOKENS_PORT: setting('port to listen on (8787)', ['listen', 'port'], 'number'),
  LOG_LEVEL: setting('debug, info, warn or error (info)', ['logLevel']),
  DRAIN_DELAY_SECONDS: setting(
    'from SIGTERM until connections are refused, 0 to 300 (0)',
    ['drainDelaySeconds'],
    'number',
  ),
  REDIS_URL: secret('store that counts requests for all replicas: redis:// or rediss:// (none: each counts alone)'),
  AIC_SDK_LICENSE: secret('SDK licence of ai-coustics, in two parts with a dot between'),
  AIC_BASE_URL: setting('another host of ai-coustics', ['providers', 'ai-coustics', 'baseUrl']),
  ASSEMBLYAI_API_KEY: secret('key of AssemblyAI'),
  ASSEMBLYAI_REGION: setting('us, us-only or eu (us: the vendor’s edge-routed default host, no promise of residency)', [
    'providers',
    'assemblyai',
    'region',
  ]),
  ASSEMBLYAI_BASE_URL: setting('another host of AssemblyAI, instead of a region', [
    'providers',
    'assemblyai',
    'baseUrl',
  ]),
  SONIOX_API_KEY: secret('key of Soniox'),
  SONIOX_REGION: setting('us, eu or jp (us)', ['providers', 'soniox', 'region']),
  SONIOX_BASE_URL: setting('another host of Soniox, instead of a region', ['providers', 'soniox', 'baseUrl']),
  AIOLA_API_KEY: secret('key of aiOla'),
  AIOLA_AUTH_BASE_URL: setting('another host of aiOla, as companies have', ['providers', 'aiola', 'baseUrl']),
  AIOLA_WORKFLOW_ID: setting('workflow of aiOla (the vendor’s default)', ['providers', 'aiola', 'workflowId']),
  OIDC_ISSUER: setting('identity provider whose JWTs are accepted: the claim “iss”', [...identityProvider, 'issuer']),
  OIDC_AUDIENCE: setting('the claim “aud” of those JWTs', [...identityProvider, 'audience']),
  OIDC_JWKS_URL: setting('where its public keys are', [...identityProvider, 'jwksUrl']),
  OIDC_REQUIRED_SCOPE: setting('scope that those JWTs must have', [...identityProvider, 'requiredScope']),
} as const satisfies Record<string, VariableDescription>;

export type VariableName = keyof typeof variables;
export type SecretName = {
  [Name in VariableName]: (typeof variables)[Name]['isSecret'] extends true ? Name : never;
}[VariableName];

/** The table as it is, for those who go through it. */
export const variableEntries = Object.entries(variables) as [VariableName, VariableDescription][];
