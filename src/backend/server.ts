import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createAuthenticator, type Authenticator } from './authenticate.js';
import type { Configuration } from './configuration/configuration.js';
import { ApiError } from './errors.js';
import { toApiError, toConnectionError } from './failures.js';
import { readReadiness, type Readiness } from './health.js';
import { createLimits, type Limits } from './limits.js';
import { ServerLog, type LogTarget } from './log.js';
import { Metrics } from './metrics.js';
import { chooseRequestId, sendError, sendErrorOnSocket, setFixedHeaders } from './replies.js';
import { addRoutes, explainNotFound } from './routes.js';
import { Vendors } from './vendors.js';

/** Whoever dawdles longer over the head, or over the whole request, is cut off. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 15_000;
/** How often Node looks for such: the two above hold to this much. */
const lookForSlowMs = 1000;
/**
 * Above the 60 s after which nginx and the load balancers of AWS let go of an idle connection by themselves. Were it below, they
 * would now and then send a request into a connection that this server closes at that moment. Those of Google keep one for 600 s:
 * behind them belongs a proxy that makes a connection for each request, as deploy/haproxy.cfg does.
 */
const keepAliveMs = 75_000;
const maxBodyBytes = 16 * 1024;
const maxUrlLength = 2048;
/** For requests under way when the server ends. A vendor takes 15 s at most, and the end of a session at aiOla that nobody got 5 s. */
export const defaultFinishWithinMs = 20_000;
const closeIdleEveryMs = 50;
const lingerMs = 500;

export interface BackendServer {
  /** Where it listens, such as http://127.0.0.1:8787. */
  readonly url: string;
  /**
   * Changes over to another configuration. Requests under way end with the old one. Address and port stay as
   * they were at the start; the log says so when they differ. Throws and changes nothing when it cannot be used.
   */
  reload(configuration: Configuration): Promise<void>;
  /** Writes an error into the server's log. `details` hold no secret. */
  report(event: string, details?: object): void;
  /**
   * Ends the server: unready at once; after the drain delay no new connection and no new request; requests under way have 20 s.
   * Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

export interface BackendServerOptions {
  /** Takes the log, one JSON object a line; by default standard output. */
  logTo?: LogTarget;
  /** For requests under way when the server ends; by default 20 s, above what a vendor may take. */
  finishWithinMs?: number;
}

/** Starts to listen. Throws Node's error when the address cannot be had. */
export async function startBackendServer(
  configuration: Configuration,
  { logTo, finishWithinMs = defaultFinishWithinMs }: BackendServerOptions = {},
): Promise<BackendServer> {
  const server = new RunningServer(configuration, new ServerLog(configuration.logLevel, logTo), finishWithinMs);
  await server.listen();
  return server;
}

class RunningServer implements BackendServer {
  url = '';
  readonly #log: ServerLog;
  readonly #metrics: Metrics;
  readonly #app: FastifyInstance;
  readonly #authenticator: Authenticator;
  readonly #limits: Limits;
  readonly #listen: Configuration['listen'];
  readonly #vendors: Vendors;
  readonly #finishWithinMs: number;
  #configuration: Configuration;
  readonly #connections = new Set<Socket>();
  /** `draining`: serves, and says that it will end; `closing`: takes nothing new. */
  #phase: 'serving' | 'draining' | 'closing' = 'serving';
  #closed: Promise<void> | null = null;

  constructor(configuration: Configuration, log: ServerLog, finishWithinMs: number) {
    this.#log = log;
    this.#finishWithinMs = finishWithinMs;
    this.#listen = configuration.listen;
    this.#configuration = configuration;
    this.#vendors = new Vendors(configuration);
    this.#authenticator = createAuthenticator(configuration.callers);
    this.#limits = createLimits(configuration.limits, (state, reason) => log.warn(`store_${state}`, { reason }));
    this.#metrics = new Metrics((provider) => this.#vendors.upstream(provider)?.circuit ?? null);
    this.#app = this.#createApp();
  }

  async listen(): Promise<void> {
    try {
      this.url = await this.#app.listen({ ...this.#listen });
    } catch (error) {
      await this.#closeParts();
      await this.#log.close();
      throw error;
    }
    this.#log.info('listening', { address: this.url, providers: this.#vendors.configured });
  }

  async reload(configuration: Configuration): Promise<void> {
    if (this.#phase !== 'serving') return;
    // The steps that may throw come first; the one that opens a connection last of them.
    const commitVendors = this.#vendors.prepare(configuration);
    const commitLimits = this.#limits.prepare(configuration.limits);
    commitVendors();
    this.#configuration = configuration;
    this.#authenticator.reconfigure(configuration.callers);
    this.#log.level = configuration.logLevel;
    await commitLimits();
    this.#log.info('reloaded', { providers: this.#vendors.configured });
    if (isDeepStrictEqual(configuration.listen, this.#listen)) return;
    this.#log.warn('restart_needed', { configured: configuration.listen, present: this.#listen });
  }

  report(event: string, details: object = {}): void {
    this.#log.error(event, details);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#phase = 'draining';
    this.#log.info('draining');
    await sleep(this.#configuration.drainDelayMs);
    this.#phase = 'closing';
    const { server } = this.#app;
    const closingMs = performance.now();
    const closeIdle = setInterval(() => {
      server.closeIdleConnections();
      if (performance.now() - closingMs > lingerMs) this.#closeUnused();
    }, closeIdleEveryMs);
    const giveUp = setTimeout(() => {
      this.#log.warn('requests_cut_off');
      server.closeAllConnections();
    }, this.#finishWithinMs);
    await this.#app.close();
    clearInterval(closeIdle);
    clearTimeout(giveUp);
    await this.#closeParts();
    this.#log.info('closed');
    await this.#log.close();
  }

  /** Node takes a connection over which nothing has come yet for one whose first request is on its way. */
  #closeUnused(): void {
    for (const socket of this.#connections) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  }

  async #closeParts(): Promise<void> {
    await this.#vendors.close();
    await this.#limits.close();
  }

  #createApp(): FastifyInstance {
    const app = fastify({
      http: {
        headersTimeout: headersTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: lookForSlowMs,
        // Node's own refusal has no body: see #refusal.
        requireHostHeader: false,
      },
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      bodyLimit: maxBodyBytes,
      exposeHeadRoutes: false,
      return503OnClosing: false,
      logger: false,
      genReqId: chooseRequestId,
      frameworkErrors: (error, request, reply) => this.#answerFailure(error, request, reply),
      clientErrorHandler: (error, socket) => answerConnectionError(error, socket),
    });
    app.server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    app.addHook('onRequest', (request, reply, done) => {
      setFixedHeaders(reply, request.id);
      if (this.#phase !== 'serving') void reply.header('connection', 'close');
      done(this.#refusal(request) ?? undefined);
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) =>
      parseJson(text, done),
    );
    app.setErrorHandler((error, request, reply) => this.#answerFailure(error, request, reply));
    // Reached by nobody: the hook has refused the request.
    app.setNotFoundHandler((request) => {
      throw explainNotFound(request.raw.url!);
    });
    // No expectation but that of “100 Continue” is known; whoever has another gets an ordinary answer.
    app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
    // Without this Node ends the connection without a word.
    app.server.on('connect', (request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => socket.destroy());
      endWithError(socket, new ApiError('request_malformed', { params: { problem: notPlain } }), request);
    });
    addRoutes(app, {
      authenticator: this.#authenticator,
      limits: this.#limits,
      vendors: this.#vendors,
      readReadiness: () => this.#readReadiness(),
      log: this.#log,
      metrics: this.#metrics,
    });
    return app;
  }

  #readReadiness(): Promise<Readiness> {
    return readReadiness({
      vendors: this.#vendors,
      limits: this.#limits,
      storeKind: this.#configuration.limits.redisUrl === null ? 'memory' : 'redis',
      isDraining: this.#phase !== 'serving',
      logProblem: this.#log.problem,
    });
  }

  /** Why a request is not worth looking at; null: it is. */
  #refusal(request: FastifyRequest): ApiError | null {
    const { url, headers, httpVersion } = request.raw;
    if (this.#phase === 'closing') return new ApiError('shutting_down');
    if (url!.length > maxUrlLength) return new ApiError('url_too_long');
    if (httpVersion === '1.1' && headers.host === undefined) {
      return new ApiError('request_malformed', { params: { problem: 'it has no Host header' } });
    }
    if (!isPlain(url!)) return new ApiError('request_malformed', { params: { problem: notPlain } });
    return request.is404 ? explainNotFound(url!) : null;
  }

  #answerFailure(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const known = toApiError(thrown);
    const error = known ?? new ApiError('internal');
    const isGone = request.raw.socket.destroyed;
    if (!known && !isGone) this.#log.unexpected(thrown, request.id);
    request.attempt?.fail(error);
    setFixedHeaders(reply, request.id);
    return sendError(reply, error);
  }
}

const notPlain = 'its target is not a plain path';

/**
 * Whether the target of a request is spelt in the only way that ours are: a proxy in front that lets some paths through, and not
 * others, must not take one for another.
 */
const isPlain = (url: string): boolean => url.startsWith('/') && !url.includes('%') && !url.includes('#');

/** JSON as it came: an unknown name is refused where the parameters are read, so none can reach a prototype. */
function parseJson(text: string | Buffer, done: (error: Error | null, body?: unknown) => void): void {
  if (text.length === 0) {
    done(null, undefined);
    return;
  }
  let body: unknown;
  try {
    body = JSON.parse(String(text));
  } catch {
    done(new ApiError('body_not_json'));
    return;
  }
  done(null, body);
}

/** Faults below HTTP: there is no request, and where an answer has begun nothing may be put in between. */
function answerConnectionError(error: Error, socket: Socket): void {
  const pending = Reflect.get(socket, '_httpMessage') as ServerResponse | null | undefined;
  // Ended by the caller in the middle of a request.
  const isGone = 'code' in error && error.code === 'HPE_INVALID_EOF_STATE';
  if (isGone || !socket.writable || pending?.headersSent) {
    socket.destroy();
    return;
  }
  endWithError(socket, toConnectionError(error), pending?.req ?? null);
}

function endWithError(socket: Socket, error: ApiError, request: IncomingMessage | null): void {
  sendErrorOnSocket(socket, error, request);
  // Closed at once, what the caller still sends would make its system throw the answer away.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
