import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { ApiError, type ErrorCode } from '../errors.js';
import type { ProviderId } from '../providers/provider.js';
import { readRetryAfter } from './retryAfter.js';

/** An answer of any status but a redirect, complete and within the size cap. */
export interface UpstreamReply {
  status: number;
  /** Parsed; undefined where the body is empty or no JSON. */
  json: unknown;
  /** From `Retry-After`, 0 to 900. */
  retryAfterSeconds: number | null;
  /** Whether the request was sent before and may have been carried out then. */
  isRepetition: boolean;
}

export interface ExchangeOptions {
  provider: ProviderId;
  timeoutMs: number;
  isRepeatable: boolean;
  signal: AbortSignal | null;
}

const maxReplyBytes = 64 * 1024;
/** Statuses of something between us and the vendor's service, or of a service that is being replaced. */
const passingStatuses = new Set([502, 503, 504]);
const retryPauseMs = { min: 40, spread: 80 };

/** Ends a request that nobody waits for any more. */
const calledOff = new Error('called off');

/**
 * One request with its one retry, and the answer as it comes in. undici hands everything to this object directly: that saves a
 * stream for each request, and a body that is never paused cannot run into nodejs/undici#5360, an error that nobody can catch
 * when a server hangs up during a pause. What undici reports may hold headers, so nothing of it is passed on.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #pool: Dispatcher;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #options: ExchangeOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #done: (reply: UpstreamReply) => void;
  readonly #failed: (error: unknown) => void;
  #pause: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #isSettled = false;
  #isRetry = false;
  #isRepetition = false;
  #status = 0;
  #retryAfterSeconds: number | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Resolves with the answer; rejects with an `ApiError`, or with the reason of the signal. */
  static run(pool: Dispatcher, request: Dispatcher.DispatchOptions, options: ExchangeOptions): Promise<UpstreamReply> {
    return new Promise((done, failed) => new Exchange(pool, request, options, done, failed).#send());
  }

  private constructor(
    pool: Dispatcher,
    request: Dispatcher.DispatchOptions,
    options: ExchangeOptions,
    done: (reply: UpstreamReply) => void,
    failed: (error: unknown) => void,
  ) {
    this.#pool = pool;
    this.#request = request;
    this.#options = options;
    this.#done = done;
    this.#failed = failed;
    this.#timer = setTimeout(() => this.#fail('upstream_timeout'), options.timeoutMs);
    options.signal?.addEventListener('abort', this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Called off while it waited for a connection.
    if (this.#isSettled) return controller.abort(calledOff);
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    if (status >= 300 && status < 400) return this.#fail('upstream_redirect');
    const encoding = headers['content-encoding'];
    if (encoding && encoding !== 'identity') return this.#fail('upstream_garbage');
    if (Number(headers['content-length']) > maxReplyBytes) return this.#fail('upstream_too_large');
    const retryAfter = headers['retry-after'];
    if (retryAfter !== undefined) this.#retryAfterSeconds = readRetryAfter([retryAfter].flat()[0], Date.now());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > maxReplyBytes) return this.#fail('upstream_too_large');
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    const isPassing = passingStatuses.has(this.#status) && this.#retryAfterSeconds === null;
    if (isPassing && this.#options.isRepeatable && !this.#isRetry) return this.#retry(true);
    this.#settle();
    const [first = emptyBody, ...more] = this.#chunks;
    const body = more.length > 0 ? Buffer.concat(this.#chunks) : first;
    this.#done({
      status: this.#status,
      json: parse(body),
      retryAfterSeconds: this.#retryAfterSeconds,
      isRepetition: this.#isRepetition,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isSettled) return;
    const code = this.#codeOf(error);
    const mayRetry = code === 'upstream_unreachable' || (code === 'upstream_dropped' && this.#options.isRepeatable);
    if (mayRetry && !this.#isRetry) return this.#retry(code === 'upstream_dropped');
    this.#fail(code);
  }

  #send(): void {
    this.#pool.dispatch(this.#request, this);
  }

  /** A moment later, since what has just failed would fail again. */
  #retry(wasSent: boolean): void {
    this.#isRetry = true;
    this.#isRepetition = wasSent;
    this.#controller = null;
    this.#status = 0;
    this.#retryAfterSeconds = null;
    this.#chunks = [];
    this.#bytes = 0;
    this.#pause = setTimeout(() => this.#send(), retryPauseMs.min + Math.random() * retryPauseMs.spread);
  }

  readonly #onAbort = (): void => {
    this.#end(this.#options.signal?.reason);
  };

  #fail(code: ErrorCode): void {
    const { provider } = this.#options;
    this.#end(new ApiError(code, { provider, ...(this.#status > 0 && { upstreamStatus: this.#status }) }));
  }

  #end(error: unknown): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#controller?.abort(calledOff);
    this.#failed(error);
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  #codeOf(error: Error): ErrorCode {
    const { code } = error as NodeJS.ErrnoException;
    // A header or path that undici refuses to send: a key with a line break, for example.
    if (code === 'UND_ERR_INVALID_ARG') return 'internal';
    // It is given once the request is about to be written, so before that no connection came about.
    if (!this.#controller) return 'upstream_unreachable';
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'upstream_too_large';
    // An answer that ends in the middle is no HTTP either, in the eyes of the parser.
    if (error.name === 'HTTPParserError')
      return code === 'HPE_INVALID_EOF_STATE' ? 'upstream_dropped' : 'upstream_garbage';
    return 'upstream_dropped';
  }
}

const emptyBody = Buffer.alloc(0);

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
