import { Redis, ReplyError } from 'ioredis';
import type { Counter, CounterStore, FullCounter } from './counters.js';

/** All keys hash to one slot, so that one script may use several of them also where the store is a cluster behind one address. */
const keyPrefix = 'limpid:{limits}:';
const connectTimeoutMs = 500;
/** For attempts that come before the first connection has proved good or bad. */
const firstWaitMs = 300;
/** Also after the first wait less than a second; and long enough for a process that stands still for a moment, whose timers come before its replies. */
const commandTimeoutMs = 600;
const reconnectDelayMs = 300;

/**
 * KEYS: the counters. ARGV: the window in ms, then a limit for each. Returns the place of the first full counter (from 1) and
 * what is left of its window in ms; 0, 0 when one was added to each. A key always has an expiry of a window at most.
 */
const countScript = `
local windowMs = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local used = tonumber(redis.call('GET', key) or '0')
  local remainingMs = redis.call('PTTL', key)
  if used > 0 and (remainingMs < 0 or remainingMs > windowMs) then
    redis.call('PEXPIRE', key, windowMs)
    remainingMs = windowMs
  end
  if used >= tonumber(ARGV[i + 1]) then
    return { i, remainingMs }
  end
end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then
    redis.call('PEXPIRE', key, windowMs)
  end
end
return { 0, 0 }
`;

/** `reason` for a loss: a word that is fit for the log, such as `ECONNREFUSED`, `NOAUTH` or `closed`. */
export type StoreReport = (state: 'lost' | 'back', reason?: string) => void;

/**
 * Counts in a Redis-compatible store (one that is written to at one address; 5.0 or later), which any number of processes
 * share. The store is in use only while it proves that it counts: one that is gone, silent, loading, full or read-only is
 * the same here. From the first failure on attempts are refused at once, and a new connection is tried several times a
 * second, whose first command is the proof.
 */
export class RedisCounters implements CounterStore {
  readonly #redis: Redis;
  readonly #report: StoreReport;
  readonly #firstVerdict: Promise<void>;
  #settleFirstVerdict: () => void = () => undefined;
  #state: 'unknown' | 'good' | 'lost' | 'closed' = 'unknown';
  /** Grows with each failure: a proof that began before one proves nothing. */
  #failures = 0;
  #isGivenUp = false;
  readonly #underWay = new Set<Promise<unknown>>();

  /** `report` is called once with each change; not for a first connection that is good. Throws where the URL cannot be read. */
  constructor(url: string, report: StoreReport) {
    this.#report = report;
    this.#firstVerdict = new Promise((settle) => (this.#settleFirstVerdict = settle));
    setTimeout(this.#settleFirstVerdict, firstWaitMs).unref();
    this.#redis = new Redis(url, {
      // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
      ...(url.startsWith('rediss:') && { tls: { rejectUnauthorized: true } }),
      connectTimeout: connectTimeoutMs,
      commandTimeout: commandTimeoutMs,
      // A store that hangs does not answer the end of the connection either.
      disconnectTimeout: 100,
      // Also between connections that came about: they count as failed only later, by their proof.
      retryStrategy: () => reconnectDelayMs,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      // The proof is the better check, and older and other stores know neither of the others.
      enableReadyCheck: false,
      protocol: 2,
      disableClientInfo: true,
    });
    // Also that of a connection that would go on: without the database of the URL it would count in another.
    this.#redis.on('error', (error) => this.#reconnect(error));
    this.#redis.on('connect', () => (this.#isGivenUp = false));
    this.#redis.on('ready', () => this.#prove().catch(() => undefined));
    this.#redis.on('close', () => this.#lose());
    this.#redis.on('end', () => this.#lose());
  }

  async count(counters: readonly Counter[], windowMs: number): Promise<FullCounter | null> {
    await this.#firstVerdict;
    if (this.#state !== 'good') throw new Error('the store is lost');
    return this.#tracked(this.#run(counters, windowMs));
  }

  async isReachable(): Promise<boolean> {
    await this.#firstVerdict;
    if (this.#state === 'good') await this.#tracked(this.#prove()).catch(() => undefined);
    return this.#state === 'good';
  }

  /** Waits for the attempts under way. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    this.#state = 'closed';
    this.#settleFirstVerdict();
    this.#redis.disconnect();
  }

  async #tracked<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  async #run(counters: readonly Counter[], windowMs: number): Promise<FullCounter | null> {
    const keys = counters.map(({ key }) => keyPrefix + key);
    const limits = counters.map(({ limit }) => limit);
    try {
      // Not by its hash: a store that has forgotten it would make this two commands, each with its own timeout.
      const reply = await this.#redis.eval(countScript, keys.length, ...keys, windowMs, ...limits);
      const [place, remainingMs] = reply as [number, number];
      return place === 0 ? null : { index: place - 1, remainingMs };
    } catch (error) {
      this.#reconnect(error);
      throw error;
    }
  }

  /** Counts on a key of its own: what can do that can count. */
  async #prove(): Promise<void> {
    const failures = this.#failures;
    await this.#run([{ key: 'proof', limit: Number.MAX_SAFE_INTEGER }], 1000);
    if (this.#state === 'closed' || failures !== this.#failures) return;
    if (this.#state === 'lost') this.#report('back');
    this.#state = 'good';
    this.#settleFirstVerdict();
  }

  /** Gives the connection up, once: everything that is under way on it fails one by one. */
  #reconnect(error: unknown): void {
    this.#lose(error);
    const { status } = this.#redis;
    if (this.#isGivenUp || (status !== 'connect' && status !== 'ready')) return;
    this.#isGivenUp = true;
    this.#redis.disconnect(true);
  }

  #lose(error?: unknown): void {
    this.#failures += 1;
    if (this.#state === 'lost' || this.#state === 'closed') return;
    this.#state = 'lost';
    this.#settleFirstVerdict();
    this.#report('lost', wordFor(error));
  }
}

/** Never more: what an error says might name what is in the URL. */
function wordFor(error: unknown): string {
  const { code, message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,50}$/.test(code)) return code;
  if (error instanceof ReplyError) return /^[A-Z]{3,12}(?= )/.exec(message)?.[0] ?? 'ERR';
  return message === 'Command timed out' ? 'ETIMEDOUT' : 'closed';
}
