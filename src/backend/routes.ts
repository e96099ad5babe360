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
import { readToken } from './providers/vendorReply.js';
import { providerIds, type MintContext, type Provider, type ProviderId } from './providers/provider.js';
import type { Vendors } from './vendors.js';

export interface RouteContext extends AttemptWitnesses {
  authenticator: Authenticator;
  limits: Limits;
  vendors: Vendors;
  readReadiness(): Promise<Readiness>;
}

export function addRoutes(app: FastifyInstance, context: RouteContext): void {
  app.decorateRequest('attempt', null);
  for (const provider of providerIds) addMintRoute(app, context, provider);
  addCloseRoute(app, context);
  addOwnRoutes(app, context);
}

function addMintRoute<Id extends ProviderId>(app: FastifyInstance, context: RouteContext, id: Id): void {
  app.post(`/v1/tokens/${id}`, { onRequest: admit(context, 'mint', id) }, async (request, reply) => {
    const attempt = request.attempt!;
    const caller = attempt.caller!;
    const asked = readMintRequest(id, request.body, caller.access);
    attempt.lifetimes = numbersOf(asked);
    await context.limits.countMint(caller, id);
    const minted = await mint(context, id, asked, { callerId: caller.id, signal: attempt.signal });
    attempt.lifetimes['expires_at'] = minted.expires_at;
    attempt.succeed();
    // It takes up one of few places until it is closed, for which the caller would need the token.
    if (minted.provider === 'aiola') whenLost(reply, () => context.vendors.providers.aiola?.discard(minted));
    return minted;
  });
}

/** Frees the place of a session at aiOla. Possession of its token is the proof, as it is for the vendor. */
function addCloseRoute(app: FastifyInstance, context: RouteContext): void {
  const handler = async (request: FastifyRequest) => {
    const attempt = request.attempt!;
    refuseBody(request.body);
    const token = readSessionToken(request);
    await context.limits.countClose(attempt.caller!);
    await context.vendors.require('aiola').closeSession(token);
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
  return async (request: FastifyRequest): Promise<void> => {
    const attempt = new Attempt(event, provider, context, request);
    request.attempt = attempt;
    if (context.log.problem) throw new ApiError('audit_unavailable');
    const caller = await context.authenticator.authenticate(request.raw.headers);
    attempt.caller = caller;
    if (!caller.access[provider]) throw new ApiError('provider_not_allowed', { provider, params: { provider } });
    context.vendors.require(provider);
    if (request.raw.url!.includes('?')) {
      throw new ApiError('request_invalid', {
        params: { field: 'query', problem: 'parameters belong into the body' },
      });
    }
  };
}

async function mint<Id extends ProviderId>(
  { vendors, metrics }: RouteContext,
  id: Id,
  asked: MintRequest<Id>,
  context: MintContext,
): Promise<AnyMintReply> {
  const provider = vendors.require(id) as Provider<Id>;
  const startedMs = performance.now();
  try {
    return await provider.mint(asked, context);
  } finally {
    metrics.noteLatency(id, (performance.now() - startedMs) / 1000);
  }
}

/** Calls `lost` where the connection ends before it has taken the whole reply. */
function whenLost({ raw, request }: FastifyReply, lost: () => void): void {
  const { socket } = request.raw;
  if (socket.destroyed) {
    lost();
    return;
  }
  socket.once('close', lost);
  // Also emitted when what was still to be written is thrown away.
  raw.once('finish', () => {
    if (!socket.destroyed) socket.off('close', lost);
  });
}

function readSessionToken(request: FastifyRequest): string {
  const sent = request.raw.headers['x-aiola-token'];
  const token = readToken(sent);
  if (token !== null) return token;
  const problem = sent === undefined ? 'is required' : 'is not a token';
  throw new ApiError('request_invalid', { params: { field: 'X-Aiola-Token', problem } });
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
