import {
  BrokenCircuitError,
  CircuitState as Circuit,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import { Pool } from 'undici';
import { ApiError, type ErrorCode } from '../errors.js';
import type { ProviderId } from '../providers/provider.js';
import { Exchange, type UpstreamReply } from './exchange.js';

export type { UpstreamReply };

export interface UpstreamRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query below the base URL. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string;
  /** Whether doing it twice harms nobody, so that it may be tried again after it was sent. */
  isRepeatable: boolean;
  /** Whether it goes on when the caller has gone. */
  outlivesCaller?: boolean;
}

/** Sends one request of a piece of work, and has its answer read. */
export type Send = <Value>(request: UpstreamRequest, read: (reply: UpstreamReply) => Value) => Promise<Value>;

export interface UpstreamOptions {
  provider: ProviderId;
  /** May have a path, below which requests go. */
  baseUrl: URL;
  timeoutMs: number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** More mints at a time wait for a connection; each takes a tenth of a second or so. */
const maxConnections = 128;
const failuresUntilOpen = 5;
const openMs = 10_000;
const probeTimeoutMs = 2000;
const probeLifeMs = 10_000;

/** Failures that say something about the vendor rather than about a request; with `transient` of 5xx only. */
const outages: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'transient',
  'upstream_timeout',
  'upstream_unreachable',
  'upstream_dropped',
  'upstream_redirect',
  'upstream_too_large',
  'upstream_garbage',
]);

const commonHeaders = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'limpid-backend' };
const stateNames: Record<Circuit, CircuitState> = {
  [Circuit.Closed]: 'closed',
  [Circuit.Open]: 'open',
  [Circuit.HalfOpen]: 'half-open',
  [Circuit.Isolated]: 'open',
};

/**
 * The way to one vendor: connections that are kept, one timeout for a whole call, one retry where that is safe, and a circuit
 * breaker. Certificates are always verified, redirects never followed, replies never larger than 64 KiB.
 */
export class Upstream {
  readonly #provider: ProviderId;
  readonly #timeoutMs: number;
  readonly #basePath: string;
  readonly #pool: Pool;
  readonly #breaker = circuitBreaker(
    handleWhenResult((outcome) => outcome instanceof ApiError && isOutage(outcome)),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresUntilOpen) },
  );
  #openedAtMs = 0;
  #runsUnderWay = 0;
  #onIdle: (() => void) | null = null;
  #closing: Promise<void> | null = null;
  #probed: { atMs: number; isReachable: Promise<boolean> } | null = null;

  constructor({ provider, baseUrl, timeoutMs }: UpstreamOptions) {
    this.#provider = provider;
    this.#timeoutMs = timeoutMs;
    this.#basePath = baseUrl.pathname.replace(/\/+$/, '');
    this.#pool = new Pool(baseUrl.origin, {
      connections: maxConnections,
      pipelining: 1,
      // The one timeout is that of the call; a connection gets half of it, so that there is time for a second try.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: Math.ceil(timeoutMs / 2),
        // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
        rejectUnauthorized: true,
      },
    });
    this.#breaker.onBreak(() => {
      this.#openedAtMs = Date.now();
    });
  }

  get circuit(): CircuitState {
    return stateNames[this.#breaker.state];
  }

  /**
   * Sends a request and has its answer read. `read` turns the answer into a value, or throws the `ApiError` that it stands
   * for; an answer that it calls garbage, or a 5xx, counts as a failure of the vendor. Throws `ApiError` `upstream_*`,
   * `circuit_open`, `internal` or what `read` throws, all without a cause; or the reason of the signal.
   */
  call<Value>(request: UpstreamRequest, signal: AbortSignal, read: (reply: UpstreamReply) => Value): Promise<Value> {
    return this.run(signal, (send) => send(request, read));
  }

  /** The same for work of several requests, each with its own timeout, that fails or succeeds as one. */
  async run<Value>(signal: AbortSignal, work: (send: Send) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    // cockatiel would make everyone wait for the trial, which may take the whole timeout: better to tell them at once.
    if (this.#breaker.state === Circuit.HalfOpen) throw this.#circuitOpen();
    // A trial is carried through even when its caller goes, since others depend on it.
    const isTrial = this.#breaker.state === Circuit.Open;
    const send: Send = (request, read) =>
      this.#send(request, isTrial || request.outlivesCaller ? null : signal).then(read);

    this.#runsUnderWay++;
    try {
      // As a result, since the breaker takes every result that is no outage for a sign of life.
      const outcome = await this.#breaker.execute(() => work(send).catch(returnApiError));
      if (outcome instanceof ApiError) throw outcome;
      return outcome;
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#circuitOpen() : error;
    } finally {
      this.#runsUnderWay--;
      if (this.#runsUnderWay === 0) this.#onIdle?.();
    }
  }

  /** Whether the host gives any HTTP answer within 2 s; asked at most every 10 s, without the key. */
  probe(): Promise<boolean> {
    const nowMs = performance.now();
    if (!this.#probed || nowMs - this.#probed.atMs > probeLifeMs) {
      this.#probed = { atMs: nowMs, isReachable: this.#askForAnything() };
    }
    return this.#probed.isReachable;
  }

  /** Waits for what is under way, and ends the connections. */
  close(): Promise<void> {
    this.#closing ??= this.#endWhenIdle();
    return this.#closing;
  }

  async #endWhenIdle(): Promise<void> {
    if (this.#runsUnderWay > 0) await new Promise<void>((idle) => (this.#onIdle = idle));
    await this.#pool.destroy();
  }

  #send({ method, path, headers, body, isRepeatable }: UpstreamRequest, signal: AbortSignal | null) {
    return Exchange.run(
      this.#pool,
      { method, path: this.#basePath + path, headers: { ...commonHeaders, ...headers }, body: body ?? null },
      { provider: this.#provider, timeoutMs: this.#timeoutMs, isRepeatable, signal },
    );
  }

  #circuitOpen(): ApiError {
    const leftMs = this.circuit === 'open' ? this.#openedAtMs + openMs - Date.now() : 0;
    return new ApiError('circuit_open', {
      provider: this.#provider,
      retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
    });
  }

  async #askForAnything(): Promise<boolean> {
    try {
      await Exchange.run(
        this.#pool,
        { method: 'HEAD', path: this.#basePath || '/', headers: commonHeaders, body: null },
        { provider: this.#provider, timeoutMs: probeTimeoutMs, isRepeatable: false, signal: null },
      );
      return true;
    } catch (error) {
      return error instanceof ApiError && error.details.upstreamStatus !== undefined;
    }
  }
}

function isOutage({ code, details: { upstreamStatus = 0 } }: ApiError): boolean {
  return outages.has(code) && (code !== 'transient' || upstreamStatus >= 500);
}

function returnApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
