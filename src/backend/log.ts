import { pino, type DestinationStream, type Logger } from 'pino';
import type { ErrorCode } from './errors.js';
import { LogOutput } from './logOutput.js';
import type { ProviderId } from './providers/provider.js';

/** Never written on purpose; whatever of these names reaches a line by mistake is blacked out. */
const secretNames = [
  'authorization',
  'headers',
  'token',
  'key',
  'apiKey',
  'api_key',
  'accessToken',
  'jwt',
  'secret',
  'password',
  'url',
  'body',
];

/** How an attempt ended: `ok`, the code of the error, or the caller hung up before there was an answer. */
export type Result = 'ok' | 'caller_gone' | ErrorCode;

/** One attempt of an authenticated caller to mint a token or to close a session. */
export interface AuditEntry {
  event: 'mint' | 'close';
  requestId: string;
  /** Where a load balancer names requests: what the caller itself called it. */
  callerRequestId: string | null;
  caller: string;
  provider: ProviderId;
  /** Lifetimes as the vendor was asked for them (seconds), and `expires_at` of what it gave (Unix seconds). */
  lifetimes: Record<string, number>;
  result: Result;
  upstreamStatus: number | null;
  latencyMs: number;
}

export interface Refusal {
  event: 'refused';
  requestId: string;
  callerRequestId: string | null;
  provider: ProviderId;
  reason: ErrorCode;
}

/** Where the log goes. */
export type LogTarget = 'stdout' | 'stderr' | DestinationStream;

/** Written of refusals, a second: nobody has to prove anything to cause one. The rest is counted. */
const refusalsPerSecond = 5;

/**
 * The server's log: one JSON object a line. Audit lines are written whatever the level, and nothing that is written holds a
 * token, a key, a header or an address with its query.
 */
export class ServerLog {
  readonly #output: LogOutput | null;
  readonly #audit: Logger;
  readonly #log: Logger;
  /** In the present second, which begins with the first one. */
  #refusals = 0;
  #leftOut: Partial<Record<ErrorCode, number>> = {};
  #secondEnds: NodeJS.Timeout | null = null;

  /** `level`: of everything but audit lines. */
  constructor(level: string, target: LogTarget = 'stdout') {
    this.#output = typeof target === 'string' ? new LogOutput(target === 'stdout' ? 1 : 2) : null;
    const destination = this.#output ?? (target as DestinationStream);
    const options = {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      redact: { paths: [...secretNames, ...secretNames.map((name) => `error.${name}`)], censor: '[hidden]' },
    };
    this.#audit = pino({ ...options, level: 'info' }, destination);
    this.#log = pino({ ...options, level }, destination);
  }

  set level(level: string) {
    this.#log.level = level;
  }

  /** Why nothing can be written at the moment; null: it can. */
  get problem(): string | null {
    return this.#output?.problem ?? null;
  }

  audit(entry: AuditEntry): void {
    this.#audit.info(entry);
  }

  /** A caller that was not let in. Of many in a second only the first have a line of their own. */
  refuse(refusal: Refusal): void {
    this.#refusals++;
    this.#secondEnds ??= setTimeout(() => this.#endSecond(), 1000).unref();
    if (this.#refusals <= refusalsPerSecond) this.#audit.info(refusal);
    else this.#leftOut[refusal.reason] = (this.#leftOut[refusal.reason] ?? 0) + 1;
  }

  info(event: string, details: object = {}): void {
    this.#log.info({ event, ...details });
  }

  warn(event: string, details: object = {}): void {
    this.#log.warn({ event, ...details });
  }

  error(event: string, details: object = {}): void {
    this.#log.error({ event, ...details });
  }

  /** An error that nobody foresaw. Its message is left out: it may quote a vendor's answer. */
  unexpected(error: unknown, requestId: string | null): void {
    this.#log.error({ event: 'internal_error', requestId, error: describeError(error) });
  }

  /** Writes what there is, within 1.5 s or not at all. */
  async close(): Promise<void> {
    this.#endSecond();
    await this.#output?.close();
  }

  #endSecond(): void {
    if (this.#secondEnds) clearTimeout(this.#secondEnds);
    this.#secondEnds = null;
    if (this.#refusals > refusalsPerSecond) this.#audit.info({ event: 'refused_more', reasons: this.#leftOut });
    this.#refusals = 0;
    this.#leftOut = {};
  }
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    frames: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
