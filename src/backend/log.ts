import { pino, type DestinationStream, type Logger } from 'pino';
import type { ErrorCode } from './errors.js';
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
  provider: ProviderId;
  reason: ErrorCode;
  address: string | null;
}

const flushBytes = 16 * 1024;
const flushMs = 100;

/**
 * Standard output, in pieces of many lines: one write a line would take a tenth of the time that a mint takes. It is not waited
 * for, since a collector that is slow to read must not hold up the callers. A process that is killed loses the last moment of its log.
 */
class StandardOutput implements DestinationStream {
  readonly #destination = pino.destination({ dest: 1, sync: false });
  #lines: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor() {
    process.once('exit', () => this.flushSync());
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= flushBytes) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), flushMs).unref();
  }

  flushSync(): void {
    this.#flush();
    this.#destination.flushSync();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lines.length === 0) return;
    this.#destination.write(this.#lines.join(''));
    this.#lines = [];
    this.#length = 0;
  }
}

/**
 * The server's log: one JSON object a line. Audit lines are written whatever the level, and nothing that is written holds a
 * token, a key, a header or an address with its query.
 */
export class ServerLog {
  readonly #destination: DestinationStream & { flushSync?(): void };
  readonly #audit: Logger;
  readonly #log: Logger;

  /** `level`: of everything but audit lines. */
  constructor(level: string, destination?: DestinationStream) {
    this.#destination = destination ?? new StandardOutput();
    const options = {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      redact: { paths: [...secretNames, ...secretNames.map((name) => `error.${name}`)], censor: '[hidden]' },
    };
    this.#audit = pino({ ...options, level: 'info' }, this.#destination);
    this.#log = pino({ ...options, level }, this.#destination);
  }

  set level(level: string) {
    this.#log.level = level;
  }

  audit(entry: AuditEntry | Refusal): void {
    this.#audit.info(entry);
  }

  info(event: string, details: object = {}): void {
    this.#log.info({ event, ...details });
  }

  warn(event: string, details: object = {}): void {
    this.#log.warn({ event, ...details });
  }

  /** An error that nobody foresaw. Its message is left out: it may quote a vendor's answer. */
  unexpected(error: unknown, requestId: string | null): void {
    this.#log.error({ event: 'internal_error', requestId, error: describeError(error) });
  }

  flush(): void {
    this.#destination.flushSync?.();
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
