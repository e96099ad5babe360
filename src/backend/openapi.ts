import { z } from 'zod';
import { balancerErrorKinds, errorKinds, exchangeFailures, upstreamClasses, type ErrorCode } from './errors.js';
import { health, readiness } from './health.js';
import { providerContracts, sessionClosed } from './providers/contracts.js';
import { providerIds, type ProviderId } from './providers/provider.js';

type Json = Record<string, unknown>;

type BalancerCode = keyof typeof balancerErrorKinds;
const codesOfBalancer = Object.keys(balancerErrorKinds) as BalancerCode[];

const allKinds = { ...errorKinds, ...balancerErrorKinds };
type AnyCode = keyof typeof allKinds;

/** Any request can end so. */
const codesOfAll = [
  'request_malformed',
  'request_timeout',
  'url_too_long',
  'headers_too_large',
  'internal',
  'shutting_down',
] as const satisfies ErrorCode[];

const codesOfCallers = [
  'credential_missing',
  'credential_malformed',
  'credential_unknown',
  'credential_expired',
  'credential_not_yet_valid',
  'credential_wrong_issuer',
  'credential_wrong_audience',
  'credential_wrong_algorithm',
  'credential_bad_signature',
  'credential_incomplete',
  'scope_missing',
  'proxy_refused',
  'browser_refused',
  'identity_provider_unavailable',
  'provider_not_allowed',
  'provider_not_configured',
  'body_not_json',
  'body_wrong_type',
  'body_too_large',
  'request_invalid',
  'limit_client',
  'limits_unavailable',
  'audit_unavailable',
] as const satisfies ErrorCode[];

const codesOfVendors = [
  'auth_invalid',
  'auth_expired_or_used',
  'rate_limited',
  'billing',
  'bad_request',
  'transient',
  ...exchangeFailures,
  'circuit_open',
] as const satisfies ErrorCode[];

const codesOfMints = [...codesOfCallers, 'limit_provider', ...codesOfVendors] as const satisfies ErrorCode[];

const names: Record<ProviderId, { schema: string; title: string; about: string; example: Json }> = {
  'ai-coustics': {
    schema: 'AiCoustics',
    title: 'ai-coustics',
    about: 'A JWT for the enhancement SDK. The vendor sets its lifetime (about an hour).',
    example: {},
  },
  assemblyai: {
    schema: 'AssemblyAi',
    title: 'AssemblyAI',
    about: 'A token for one streaming session.',
    example: { expires_in_seconds: 60, max_session_duration_seconds: 3600 },
  },
  soniox: {
    schema: 'Soniox',
    title: 'Soniox',
    about: 'A temporary key. `client_reference_id` is set by this server, from who the caller is.',
    example: { usage_type: 'transcribe_websocket', expires_in_seconds: 60, single_use: true },
  },
  aiola: {
    schema: 'Aiola',
    title: 'aiOla',
    about: 'A session and its access token. It takes one of the places of the account until it is closed or ends.',
    example: {},
  },
};

const errorReply = z.strictObject({
  error: z.strictObject({
    code: z.string().meta({ description: 'Stable; what to branch on.' }),
    message: z.string(),
    retryable: z
      .boolean()
      .meta({ description: 'Whether the same request may work later without anyone changing anything.' }),
    provider: z.enum(providerIds).nullable(),
    upstreamStatus: z.int().min(100).max(599).nullable().meta({ description: 'HTTP status of the vendor’s answer.' }),
    class: z
      .enum(upstreamClasses)
      .nullable()
      .meta({ description: 'What a failure of a vendor means, whichever it is.' }),
    requestId: z.string().min(1).max(64),
  }),
});

const headers = {
  'X-Request-Id': {
    description:
      'Names this request in the log of the server. The load balancer chooses it; without one it is the caller’s own, ' +
      'where it sent a short and plain one.',
    required: true,
    schema: { type: 'string', pattern: '^[\\w:-]{1,64}$' },
  },
  'Cache-Control': { required: true, schema: { const: 'no-store' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': { required: true, schema: { type: 'string', pattern: '^Bearer' } },
  'WWW-Authenticate-Scope': {
    description: 'With `scope_missing`.',
    schema: { const: 'Bearer error="insufficient_scope"' },
  },
  Allow: { required: true, schema: { enum: ['GET', 'POST', 'DELETE'] } },
};

/** The OpenAPI 3.1 document of this server, made from the same contracts that it checks requests by. */
export function describeApi(): Json {
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Limpid token backend',
      version: '1.0.0',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Mints short-lived credentials of speech vendors, so that their long-lived keys stay on this server. ' +
        'Parameters are JSON; unknown ones are refused, and so is a value above a ceiling of the caller. ' +
        'A parameter that is left out although the caller has a ceiling for it is asked for as the ceiling. ' +
        'A target with `%`, `#` or a host in it is refused. ' +
        'An address that is not listed here is answered with the response `NotFound`, another method than those listed with `MethodNotAllowed`.',
    },
    servers: [{ url: '/' }],
    security: [{ caller: [] }],
    tags: [{ name: 'tokens' }, { name: 'operation' }],
    paths: {
      ...Object.fromEntries(providerIds.map((id) => [`/v1/tokens/${id}`, { post: describeMint(id) }])),
      '/v1/sessions/aiola': { delete: describeClose() },
      '/healthz': {
        get: describeOwn('health', 'Whether the process answers', {
          ...errorReplies([...codesOfAll, ...codesOfBalancer]),
          200: jsonReply('It does.', ref('Health')),
        }),
      },
      '/readyz': {
        get: describeOwn('readiness', 'Whether to send requests here, and how each provider is', {
          200: jsonReply('Ready.', ref('Readiness')),
          503: {
            ...jsonReply('Not ready: the store of the limits is gone, the log cannot be written, or the server ends.', {
              anyOf: [ref('Readiness'), errorSchema(['shutting_down'])],
            }),
          },
        }),
      },
      '/metrics': {
        get: describeOwn('metrics', 'Numbers for Prometheus', {
          200: { ...reply('Text format 0.0.4.'), content: { 'text/plain': { schema: { type: 'string' } } } },
        }),
      },
      '/openapi.json': {
        get: describeOwn('openapi', 'This document', {
          ...errorReplies([...codesOfAll, ...codesOfBalancer]),
          200: jsonReply('OpenAPI 3.1.', { type: 'object' }),
        }),
      },
    },
    components: {
      securitySchemes: {
        caller: {
          type: 'http',
          scheme: 'bearer',
          description: 'A client key of this server, or a JWT of the identity provider it trusts.',
        },
      },
      headers,
      schemas: {
        Error: toSchema(errorReply),
        Health: toSchema(health),
        Readiness: toSchema(readiness),
        SessionClosed: toSchema(sessionClosed),
        ...Object.fromEntries(
          providerIds.flatMap((id) => [
            [`${names[id].schema}Request`, toSchema(providerContracts[id].request)],
            [`${names[id].schema}Token`, toSchema(providerContracts[id].reply)],
          ]),
        ),
      },
      responses: {
        NotFound: errorReplies(['not_found', 'provider_unknown'])[404],
        MethodNotAllowed: errorReplies(['method_not_allowed'])[405],
        ...Object.fromEntries(
          Object.entries(errorReplies([...codesOfAll, ...codesOfBalancer])).map(([status, response]) => [
            `Status${status}`,
            response,
          ]),
        ),
      },
    },
  };
}

function describeMint(id: ProviderId): Json {
  const { schema, title, about, example } = names[id];
  const isBodyRequired = !providerContracts[id].request.safeParse({}).success;
  const codes: AnyCode[] = [
    ...codesOfAll,
    ...codesOfBalancer,
    ...codesOfMints,
    ...(id === 'aiola' ? (['concurrency'] as const) : []),
  ];
  if (providerContracts[id].ceilings.length > 0) codes.push('ceiling_exceeded');
  return {
    operationId: `mint${schema}`,
    tags: ['tokens'],
    summary: `A token for ${title}`,
    description: about,
    requestBody: {
      required: isBodyRequired,
      content: { 'application/json': { schema: ref(`${schema}Request`), example } },
    },
    responses: { 200: jsonReply('The token.', ref(`${schema}Token`)), ...errorReplies(codes) },
  };
}

function describeClose(): Json {
  return {
    operationId: 'closeAiolaSession',
    tags: ['tokens'],
    summary: 'Closes a session at aiOla',
    description: 'Frees its place at once.',
    parameters: [
      {
        name: 'X-Aiola-Token',
        in: 'header',
        required: true,
        description: 'The access token of the session: whoever has it may close it.',
        schema: { type: 'string', minLength: 1 },
      },
    ],
    responses: {
      200: jsonReply('It is closed.', ref('SessionClosed')),
      ...errorReplies([
        ...codesOfAll,
        ...codesOfBalancer,
        ...codesOfCallers,
        ...codesOfVendors,
        'concurrency',
        'session_token_refused',
      ]),
    },
  };
}

function describeOwn(operationId: string, summary: string, responses: Json): Json {
  return {
    operationId,
    tags: ['operation'],
    summary,
    security: [],
    responses: { ...errorReplies(codesOfAll), ...responses },
  };
}

/** One response for each status that these errors have. */
function errorReplies(codes: readonly AnyCode[]): Record<number, Json> {
  const statuses = new Set(codes.map((code) => allKinds[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const ofStatus = codes.filter((code) => allKinds[code].status === status);
      return [status, describeErrors(status, ofStatus)];
    }),
  );
}

function describeErrors(status: number, codes: readonly AnyCode[]): Json {
  const lines = codes.map((code) => {
    const origin = code in balancerErrorKinds ? ' (from the load balancer)' : '';
    return `- \`${code}\`${origin}: ${allKinds[code].message}`;
  });
  const response = jsonReply(lines.join('\n'), errorSchema(codes));
  const more = {
    ...(status === 401 && { 'WWW-Authenticate': headerRef('WWW-Authenticate') }),
    ...(codes.includes('scope_missing') && { 'WWW-Authenticate': headerRef('WWW-Authenticate-Scope') }),
    ...(status === 405 && { Allow: headerRef('Allow') }),
    ...((status === 429 || status === 503) && { 'Retry-After': headerRef('Retry-After') }),
  };
  return { ...response, headers: { ...(response['headers'] as Json), ...more } };
}

function errorSchema(codes: readonly AnyCode[]): Json {
  return {
    allOf: [
      ref('Error'),
      {
        type: 'object',
        properties: { error: { type: 'object', properties: { code: { type: 'string', enum: codes } } } },
      },
    ],
  };
}

function jsonReply(description: string, schema: Json): Json {
  return { ...reply(description), content: { 'application/json': { schema } } };
}

function reply(description: string): Json {
  return {
    description,
    headers: { 'X-Request-Id': headerRef('X-Request-Id'), 'Cache-Control': headerRef('Cache-Control') },
  };
}

function ref(schema: string): Json {
  return { $ref: `#/components/schemas/${schema}` };
}

function headerRef(name: keyof typeof headers): Json {
  return { $ref: `#/components/headers/${name}` };
}

function toSchema(schema: z.ZodType): Json {
  const described: Json = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  delete described['$schema'];
  return described;
}
