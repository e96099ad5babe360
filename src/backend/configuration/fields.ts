import { z } from 'zod';
import type { Access } from '../callers.js';
import { providerIds, type ProviderId } from '../providers/provider.js';
import { checkBaseUrl, checkJwksUrl, type CheckedUrl } from './addresses.js';
import { ceilingRanges } from './ceilings.js';
import { clientIdPattern } from './clientKeys.js';

/**
 * The fields of the configuration file, section by section: unknown ones are refused and nothing is converted. Messages are ours
 * and name no value.
 */

/** JWTs may be signed with these: whoever can check a signature cannot make one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const address = (check: (text: string) => CheckedUrl) =>
  z.string().transform((text, context) => {
    const checked = check(text);
    if ('url' in checked) return checked.url;
    context.addIssue({ code: 'custom', message: checked.problem });
    return z.NEVER;
  });
const words = (maxLength: number) =>
  z
    .string()
    .regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, 'must be a text without control characters or spaces around it')
    .max(maxLength);

const baseUrl = address(checkBaseUrl).optional();
const ownLimit = z.int().min(1).max(1_000_000).nullable().default(null);

const ceilingsOf = (id: ProviderId) =>
  z.strictObject(
    Object.fromEntries(ceilingRanges(id).map(({ name, min, max }) => [name, z.int().min(min).max(max).optional()])),
  );
/** An allow-list of providers with their ceilings. */
export const access = z
  .strictObject(Object.fromEntries(providerIds.map((id) => [id, ceilingsOf(id).optional()])))
  .refine((allowed) => Object.keys(allowed).length > 0, `must name at least one of ${providerIds.join(', ')}`)
  .transform((allowed): Access => allowed as Access);

/** An object whose members are looked at one by one. */
const group = (names: readonly string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, z.unknown().optional()]))).prefault({});

/** What `access` is where nothing is said: everything. */
export const fullAccess = (): Access => Object.fromEntries(providerIds.map((id) => [id, {}]));

export const clientFields = z
  .strictObject({
    id: z.string().regex(clientIdPattern, 'must be 1 to 64 letters, digits, “_” or “-”'),
    name: words(100),
    secretSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits, as “limpid backend add-client” prints them'),
    providers: access,
    limit: ownLimit,
  })
  .transform(({ providers, ...client }) => ({ ...client, access: providers }));

export const sections = {
  root: group(['listen', 'callers', 'providers', 'limits', 'upstreamTimeoutSeconds', 'logLevel', 'drainDelaySeconds']),
  listen: z
    .strictObject({
      host: z
        .string()
        .regex(
          /^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/,
          'must be an IP address or the name of a host, without port or brackets',
        )
        .default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(8787),
    })
    .prefault({}),
  callers: group(['allowAnonymous', 'clients', 'identityProvider']),
  allowAnonymous: z.boolean().default(false),
  clients: z.array(clientFields).max(10_000).default([]),
  identityProvider: z
    .strictObject({
      issuer: words(1000),
      audience: words(1000),
      jwksUrl: address(checkJwksUrl),
      requiredScope: z.string().regex(/^[!#-[\]-~]{1,200}$/, 'must be one scope: 1 to 200 characters without spaces'),
      algorithms: z.array(z.enum(algorithms)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
      callerClaim: words(100).default('sub'),
      providers: access.default(fullAccess),
      limit: ownLimit,
    })
    .transform(({ providers, ...identityProvider }) => ({ ...identityProvider, access: providers }))
    .nullable()
    .default(null),
  providers: group(providerIds),
  'ai-coustics': z.strictObject({ baseUrl }).prefault({}),
  assemblyai: z.strictObject({ baseUrl, region: z.enum(['us', 'us-only', 'eu']).default('us') }).prefault({}),
  soniox: z.strictObject({ baseUrl, region: z.enum(['us', 'eu', 'jp']).default('us') }).prefault({}),
  aiola: z
    .strictObject({
      baseUrl,
      workflowId: z
        .string()
        .regex(/^[\w-]{1,128}$/, 'must be 1 to 128 letters, digits, “_” or “-”')
        .default('2c78fcf1-9265-408f-b8c3-d9d7e7ebc1bc'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      windowSeconds: z.int().min(1).max(3600).default(60),
      perClient: z.int().min(1).max(1_000_000).default(60),
      perProvider: z.int().min(1).max(1_000_000).default(600),
    })
    .prefault({}),
  upstreamTimeoutSeconds: z.number().min(0.1).max(15).default(10),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  drainDelaySeconds: z.number().min(0).max(300).default(0),
} as const;

/** The hosts that are used where no base URL is given. */
export const vendorUrls = {
  'ai-coustics': 'https://api.ai-coustics.io',
  assemblyai: {
    us: 'https://streaming.assemblyai.com',
    'us-only': 'https://streaming.us.assemblyai.com',
    eu: 'https://streaming.eu.assemblyai.com',
  },
  soniox: { us: 'https://api.soniox.com', eu: 'https://api.eu.soniox.com', jp: 'https://api.jp.soniox.com' },
  aiola: 'https://auth.aiola.ai',
} as const;
