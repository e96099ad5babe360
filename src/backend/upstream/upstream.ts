import { Client, Pool } from 'undici';
import { ApiError, exchangeFailures, type ErrorCode } from '../errors.js';
import type { ProviderId } from '../providers/provider.js';
import { Breaker, type CircuitState, type Verdict } from './breaker.js';
import { Exchange, type UpstreamReply } from './exchange.js';

export type { CircuitState, UpstreamReply };

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
  /** The most that it may take of the time for the whole piece of work. */
  timeoutMs?: number;
}

/** Sends one request of a piece of work, and has its answer read. */
export type Send = <Value>(request: UpstreamRequest, read: (reply: UpstreamReply) => Value) => Promise<Value>;

export interface UpstreamOptions {
  provider: ProviderId;
  /** May have a path, below which requests go. */
  baseUrl: URL;
  /** For a whole piece of work, with all its requests and second tries. */
  timeoutMs: number;
}

/** More mints at a time wait for a connection; each takes a tenth of a second or so. */
const maxConnections = 128;
const probeTimeoutMs = 2000;
const probeLifeMs = 30_000;
/** For so long an answer to somebody's request says the same as a probe would. */
const answerLifeMs = 60_000;

/** Failures that say something about the vendor rather than about a request; with `transient` of 5xx only. */
const outages: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['transient', ...exchangeFailures]);

const commonHeaders = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'limpid-backend' };

/**
 * The way to one vendor: connections that are kept, one timeout for a whole mint, one retry where that is safe, and a circuit
 * breaker. Certificates are always verified, redirects never followed, replies never larger than 64 KiB.
 */
export class Upstream {
  readonly #provider: ProviderId;
  readonly #timeoutMs: number;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #pool: Pool;
  readonly #breaker = new Breaker();
  #underWay = 0;
  #onIdle: (() => void) | null = null;
  #closing: Promise<void> | null = null;
  /** When the last piece of work got an answer; null: it got none. */
  #answeredAtMs: number | null = null;
  #probed: { atMs: number; isReachable: Promise<boolean> } | null = null;
  #prober: Client | null = null;

  constructor({ provider, baseUrl, timeoutMs }: UpstreamOptions) {
    this.#provider = provider;
    this.#timeoutMs = timeoutMs;
    this.#basePath = baseUrl.pathname.replace(/\/+$/, '');
    this.#origin = baseUrl.origin;
    // A connection gets half of the time, so that some is left for a second try.
    this.#pool = new Pool(this.#origin, {
      ...connectionOptions(Math.ceil(timeoutMs / 2)),
      connections: maxConnections,
    });
  }

  get circuit(): CircuitState {
    return this.#breaker.state;
  }

  /**
   * Sends a request and has its answer read. `read` turns the answer into a value, or throws the `ApiError` that it stands
   * for; an answer that it calls garbage, or a 5xx, counts as a failure of the vendor. Throws `ApiError` `upstream_*`,
   * `circuit_open`, `internal` or what `read` throws, all without a cause; or the reason of the signal.
   */
  call<Value>(request: UpstreamRequest, signal: AbortSignal, read: (reply: UpstreamReply) => Value): Promise<Value> {
    return this.run(signal, (send) => send(request, read));
  }

  /** The same for work of several requests that fails or succeeds as one, within the one timeout. */
  async run<Value>(signal: AbortSignal, work: (send: Send) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    const pass = this.#breaker.enter();
    if (!pass) throw this.#circuitOpen();
    let verdict: Verdict = 'alive';
    try {
      return await this.#work(signal, work);
    } catch (error) {
      verdict = judge(error);
      throw error;
    } finally {
      this.#breaker.leave(pass, verdict);
      if (verdict !== 'undecided') this.#answeredAtMs = verdict === 'alive' ? performance.now() : null;
    }
  }

  /**
   * The same for a request that the circuit does not hold up and that says nothing about it, since anyone can make it fail.
   * It goes on when whoever asked has gone.
   */
  callPastCircuit<Value>(request: UpstreamRequest, read: (reply: UpstreamReply) => Value): Promise<Value> {
    return this.#work(null, (send) => send(request, read));
  }

  /**
   * Whether the host gives any HTTP answer within 2 s. It is asked at most every 30 s, without the key, and only where no request
   * has been answered in the last minute: load balancers ask each replica every second.
   */
  probe(): Promise<boolean> {
    const nowMs = performance.now();
    if (this.#answeredAtMs !== null && nowMs - this.#answeredAtMs < answerLifeMs) return Promise.resolve(true);
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
    if (this.#underWay > 0) await new Promise<void>((idle) => (this.#onIdle = idle));
    await Promise.all([this.#pool.destroy(), this.#prober?.destroy()]);
  }

  async #work<Value>(signal: AbortSignal | null, work: (send: Send) => Promise<Value>): Promise<Value> {
    const endsAtMs = performance.now() + this.#timeoutMs;
    this.#underWay++;
    try {
      return await work((request, read) => this.#send(request, signal, endsAtMs - performance.now()).then(read));
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) this.#onIdle?.();
    }
  }

  #send(request: UpstreamRequest, signal: AbortSignal | null, leftMs: number): Promise<UpstreamReply> {
    const { method, path, headers, body = null, isRepeatable, outlivesCaller, timeoutMs = leftMs } = request;
    return Exchange.run(
      this.#pool,
      { method, path: this.#basePath + path, headers: { ...commonHeaders, ...headers }, body },
      {
        provider: this.#provider,
        timeoutMs: Math.ceil(Math.min(timeoutMs, leftMs)),
        isRepeatable,
        signal: outlivesCaller ? null : signal,
      },
    );
  }

  #circuitOpen(): ApiError {
    return new ApiError('circuit_open', {
      provider: this.#provider,
      // A trial is under way: in a moment it is decided.
      retryAfterSeconds: Math.max(1, Math.ceil(this.#breaker.waitMs / 1000)),
    });
  }

  /** Over a connection of its own: those of the mints may all be taken. */
  async #askForAnything(): Promise<boolean> {
    const prober = new Client(this.#origin, connectionOptions(probeTimeoutMs));
    this.#prober = prober;
    try {
      await Exchange.run(
        prober,
        { method: 'HEAD', path: this.#basePath || '/', headers: commonHeaders, body: null },
        { provider: this.#provider, timeoutMs: probeTimeoutMs, isRepeatable: false, signal: null },
      );
      return true;
    } catch (error) {
      return error instanceof ApiError && error.details.upstreamStatus !== undefined;
    } finally {
      await prober.destroy();
    }
  }
}

const connectionOptions = (connectTimeoutMs: number): Pool.Options & Client.Options => ({
  pipelining: 1,
  // The one timeout is that of the work.
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: {
    timeout: connectTimeoutMs,
    // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
    rejectUnauthorized: true,
  },
});

function judge(error: unknown): Verdict {
  // The caller has gone, or nothing could be sent.
  if (!(error instanceof ApiError) || error.code === 'internal') return 'undecided';
  const { code, details } = error;
  if (code === 'transient' && (details.upstreamStatus ?? 0) < 500) return 'alive';
  return outages.has(code) ? 'failed' : 'alive';
}
