import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Attempt, type AttemptWitnesses } from './attempt.js';
import type { Authenticator } from './authenticate.js';
import { ApiError } from './errors.js';
import type { Readiness } from './health.js';
import type { Limits } from './limits.js';
import type { AuditEntry } from './log.js';
import { describeApi } from './openapi.js';
import { readMintRequest, refuseBody } from './parameters.js';
import type { AnyMintReply, MintRequest } from './providers/contracts.js';
import { providerIds, type MintContext, type Provider, type ProviderId } from './providers/provider.js';
import type { Vendors } from './vendors.js';

export interface RouteContext extends AttemptWitnesses {
  authenticator: Authenticator;
  limits: Limits;
  /** Those of the newest configuration. */
  vendors(): Vendors;
  readReadiness(): Promise<Readiness>;
}

/** A header that holds a token: visible ASCII, and no more than Node takes for all headers together. */
const tokenShape = /^[\x21-\x7e]{1,16384}$/;

export function addRoutes(app: FastifyInstance, context: RouteContext): void {
  app.decorateRequest('attempt', null);
  for (const provider of providerIds) addMintRoute(app, context, provider);
  addCloseRoute(app, context);
  addOwnRoutes(app, context);
}

function addMintRoute<Id extends ProviderId>(app: FastifyInstance, context: RouteContext, id: Id): void {
  app.post(`/v1/tokens/${id}`, { onRequest: admit(context, 'mint', id) }, async (request) => {
    const attempt = request.attempt!;
    const { caller, vendors, signal } = attempt;
    const asked = readMintRequest(id, request.body, caller!.access);
    attempt.lifetimes = numbersOf(asked);
    await context.limits.countMint(caller!, id);
    const minted = await mint(context, vendors, id, asked, { callerId: caller!.id, signal });
    attempt.lifetimes['expires_at'] = minted.expires_at;
    attempt.succeed();
    return minted;
  });
}

/** Frees the place of a session at aiOla. Possession of its token is the proof, as it is for the vendor. */
function addCloseRoute(app: FastifyInstance, context: RouteContext): void {
  const handler = async (request: FastifyRequest) => {
    const attempt = request.attempt!;
    const { caller, vendors, signal } = attempt;
    refuseBody(request.body);
    const token = readSessionToken(request);
    await context.limits.countClose(caller!);
    await vendors.providers.aiola!.closeSession(token, signal);
    attempt.succeed();
    return { closed: true, provider: 'aiola' };
  };
  app.route({ method: 'DELETE', url: '/v1/sessions/aiola', onRequest: admit(context, 'close', 'aiola'), handler });
}

function addOwnRoutes(app: FastifyInstance, { readReadiness, metrics }: RouteContext): void {
  app.get('/healthz', () => ({ ok: true }));
  app.get('/readyz', async (_request, reply): Promise<Readiness> => {
    const readiness = await readReadiness();
    void reply.code(readiness.ready ? 200 : 503);
    return readiness;
  });
  app.get('/metrics', async (_request, reply) => {
    void reply.type(metrics.contentType);
    return metrics.print();
  });
  const description = JSON.stringify(describeApi());
  app.get('/openapi.json', (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send(description);
  });
}

/** Runs before the body is read: nobody's but a caller's who may use this provider. */
function admit(context: RouteContext, event: AuditEntry['event'], provider: ProviderId) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const vendors = context.vendors();
    const attempt = new Attempt(event, provider, vendors, context, request, reply);
    request.attempt = attempt;
    const caller = await context.authenticator.authenticate(request.raw.headers);
    attempt.caller = caller;
    const params = { provider };
    if (!caller.access[provider]) throw new ApiError('provider_not_allowed', { provider, params });
    if (!vendors.providers[provider]) throw new ApiError('provider_not_configured', { provider, params });
    if (request.raw.url!.includes('?')) {
      throw new ApiError('request_invalid', {
        params: { field: 'query', problem: 'parameters belong into the body' },
      });
    }
  };
}

async function mint<Id extends ProviderId>(
  { metrics }: RouteContext,
  vendors: Vendors,
  id: Id,
  asked: MintRequest<Id>,
  context: MintContext,
): Promise<AnyMintReply> {
  const provider = vendors.providers[id] as Provider<Id>;
  const startedMs = performance.now();
  try {
    return await provider.mint(asked, context);
  } finally {
    metrics.noteLatency(id, (performance.now() - startedMs) / 1000);
  }
}

function readSessionToken(request: FastifyRequest): string {
  const token = request.raw.headers['x-aiola-token'];
  const field = 'X-Aiola-Token';
  if (token === undefined) throw new ApiError('request_invalid', { params: { field, problem: 'is required' } });
  if (typeof token !== 'string' || !tokenShape.test(token)) {
    throw new ApiError('request_invalid', { params: { field, problem: 'is not a token' } });
  }
  return token;
}

function numbersOf(asked: object): Record<string, number> {
  const lifetimes: Record<string, number> = {};
  for (const [name, value] of Object.entries(asked)) {
    if (typeof value === 'number') lifetimes[name] = value;
  }
  return lifetimes;
}

/** What is said about an address that no route answers to, with this method or at all. */
export function explainNotFound(url: string): ApiError {
  const path = url.split('?', 1)[0]!;
  const allowed = allowedMethods.get(path);
  if (allowed) return new ApiError('method_not_allowed', { params: { allowed } });
  const isToken = /^\/v1\/tokens\/[^/]+$/.test(path);
  return new ApiError(isToken ? 'provider_unknown' : 'not_found');
}

const allowedMethods = new Map([
  ...providerIds.map((id) => [`/v1/tokens/${id}`, 'POST'] as const),
  ['/v1/sessions/aiola', 'DELETE'],
  ['/healthz', 'GET'],
  ['/readyz', 'GET'],
  ['/metrics', 'GET'],
  ['/openapi.json', 'GET'],
]);
