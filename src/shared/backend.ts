import { z } from 'zod';
import { notice } from './notice.js';

export const environmentName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u);

/** RFC 9110 field name. */
const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const headerValue = z
  .string()
  .max(2000)
  .regex(/^[\t\x20-\x7e]*$/);
/** Where a value sits in the JSON reply: names and array indices, separated by dots. Empty: the reply has none. */
const replyPath = z.string().max(200);

/** How a credential travels: `Authorization: Bearer`, `Basic` (the credential is `user:password`, or a user with an empty password), a header of its own, or not at all. `sign-in`: the access token of a person who signed in at `signIn.issuer`, sent as bearer. */
export const credentialKind = z.enum(['none', 'bearer', 'basic', 'header', 'sign-in']);
export type CredentialKind = z.infer<typeof credentialKind>;

/** The OpenID Connect provider where a person signs in, and what is asked of it. Empty texts are not sent. */
export const signInSettings = z.object({
  /** An https address (http on loopback); its metadata is found under `/.well-known/openid-configuration`. */
  issuer: z.string().trim().max(2000).default(''),
  /** A public client with the redirect `http://127.0.0.1` (any port, path `/`) and, for codes, the device grant. */
  clientId: z.string().trim().max(300).default(''),
  scope: z.string().trim().max(1000).default('openid offline_access'),
  /** For whom the access token is: `resource` of RFC 8707, and `audience`, which some providers know instead. */
  resource: z.string().trim().max(2000).default(''),
  audience: z.string().trim().max(2000).default(''),
});
export type SignInSettings = z.infer<typeof signInSettings>;
const usualSignIn = { issuer: '', clientId: '', scope: 'openid offline_access', resource: '', audience: '' };

export const signInMethod = z.enum(['browser', 'device']);
export type SignInMethod = z.infer<typeof signInMethod>;

/** A sign-in that is under way, or the one that failed last. */
export const signInView = z.object({
  environment: environmentName,
  method: signInMethod,
  /** What to type in, and where; null with `browser`, and until the provider has answered. */
  userCode: z.string().nullable(),
  verificationUrl: z.string().nullable(),
  /** Until when the code, or the wait for the browser, holds: ms since 1970. */
  expiresAtMs: z.number().nullable(),
  /** Why it ended without a sign-in; null while it is under way. */
  problem: notice.nullable(),
});
export type SignInView = z.infer<typeof signInView>;

/** One set of everything needed to fetch a token, without the credential itself. */
export const backendEnvironment = z.object({
  name: environmentName,
  /** Empty: not configured yet. That it is https, or http on loopback, is checked where it is used and saved. */
  url: z.string().trim().max(2000).default(''),
  method: z.enum(['GET', 'POST']).default('POST'),
  headers: z
    .array(z.object({ name: headerName, value: headerValue }))
    .max(30)
    .default([]),
  /** Sent as it is with POST; empty: none. */
  body: z.string().max(10_000).default(''),
  credentialKind: credentialKind.default('bearer'),
  /** Used by `credentialKind` `header`. */
  credentialHeader: headerName.default('X-Api-Key'),
  reply: z
    .object({
      token: replyPath.min(1).default('token'),
      expiresAt: replyPath.default('expires_at'),
      expiresIn: replyPath.default('expires_in'),
    })
    .default({ token: 'token', expiresAt: 'expires_at', expiresIn: 'expires_in' }),
  signIn: signInSettings.default(usualSignIn),
  timeoutMs: z.number().int().min(1000).max(60_000).default(10_000),
  /** A PEM file with certificates to trust besides the usual ones; null: none. */
  caFile: z.string().max(4000).nullable().default(null),
  /** `http://host:port`; null: what HTTPS_PROXY and NO_PROXY say, else what the system says to the desktop app. */
  proxy: z.string().max(2000).nullable().default(null),
});
export type BackendEnvironment = z.infer<typeof backendEnvironment>;

/** Names of the fields of an environment that an administrator may fix. */
export const environmentFields = [
  'url',
  'method',
  'headers',
  'body',
  'credentialKind',
  'credentialHeader',
  'signIn',
  'reply',
  'timeoutMs',
  'caFile',
  'proxy',
] as const satisfies (keyof BackendEnvironment)[];
export const environmentField = z.enum(environmentFields);
export type EnvironmentField = z.infer<typeof environmentField>;

/** What a window sees of an environment. The credential is write-only: only whether there is one is told. */
export const environmentView = z.object({
  values: backendEnvironment,
  /** `saved`: in the keychain · `memory`: for this run only · `variable`: from LIMPID_BACKEND_CREDENTIAL · `lost`: saved once, but the keychain has none or is locked · `none`. */
  credential: z.enum(['none', 'saved', 'memory', 'variable', 'lost']),
  /** Who signed in, as the provider calls them; null: nobody, or not known before the keychain was asked. */
  signedInAs: z.string().nullable(),
  lockedFields: z.array(environmentField),
  /** Whether name and existence are fixed (by policy or by environment variables). */
  isLocked: z.boolean(),
});
export type EnvironmentView = z.infer<typeof environmentView>;

export const backendView = z.object({
  environments: z.array(environmentView),
  active: z.string(),
  signIn: signInView.nullable(),
  isActiveLocked: z.boolean(),
  canAdd: z.boolean(),
  /** Why fields are locked: `policy.locked` {path, reason} or `backend.from-variables`; null when nothing is. */
  lockReason: notice.nullable(),
  /** What is wrong with the keychain or the policy file; null when nothing is. */
  keychain: z.object({ state: z.enum(['ready', 'waiting', 'unavailable']), notice: notice.nullable() }),
  problem: notice.nullable(),
});
export type BackendView = z.infer<typeof backendView>;

/** One step of “Test connection”, in this order. `url`: form and https rule; `shape`: JSON and the places of token and expiry. */
export const connectionStepIds = [
  'url',
  'credential',
  'dns',
  'connect',
  'tls',
  'http',
  'shape',
  'claims',
  'clock',
] as const;
export const connectionStep = z.object({
  id: z.enum(connectionStepIds),
  result: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** What was found, or what went wrong. */
  notice,
  tookMs: z.number().nullable(),
});
export type ConnectionStep = z.infer<typeof connectionStep>;
