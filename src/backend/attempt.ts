import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './callers.js';
import type { ApiError } from './errors.js';
import type { AuditEntry, Result, ServerLog } from './log.js';
import type { Metrics } from './metrics.js';
import type { ProviderId } from './providers/provider.js';
import { callerRequestIdOf, sentOnSocket } from './replies.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of routes that need a caller; null elsewhere. */
    attempt: Attempt | null;
  }
}

export interface AttemptWitnesses {
  log: ServerLog;
  metrics: Metrics;
}

/** One request for a provider: who asks, with what, and how it went. */
export class Attempt {
  /** Known once the caller has proved who it is: from then on the attempt has a line in the audit log. */
  caller: Caller | null = null;
  lifetimes: Record<string, number> = {};
  readonly #startedMs = performance.now();
  readonly #witnesses: AttemptWitnesses;
  readonly #request: FastifyRequest;

  constructor(
    readonly event: AuditEntry['event'],
    readonly provider: ProviderId,
    witnesses: AttemptWitnesses,
    request: FastifyRequest,
  ) {
    this.#witnesses = witnesses;
    this.#request = request;
  }

  /** Aborted when the caller has gone. */
  get signal(): AbortSignal {
    return departureOf(this.#request.raw.socket);
  }

  succeed(): void {
    this.#record('ok', null);
  }

  fail(error: ApiError): void {
    if (!this.caller) {
      this.#refuse(error);
      return;
    }
    const { socket } = this.#request.raw;
    const sent = sentOnSocket(socket);
    const result = sent?.code ?? (socket.destroyed ? 'caller_gone' : error.code);
    this.#record(result, error.details.upstreamStatus ?? null, sent?.requestId);
  }

  #record(result: Result, upstreamStatus: number | null, requestId = this.#request.id): void {
    const { log, metrics } = this.#witnesses;
    log.audit({
      event: this.event,
      requestId,
      callerRequestId: callerRequestIdOf(this.#request.raw),
      caller: this.caller!.id,
      provider: this.provider,
      lifetimes: this.lifetimes,
      result,
      upstreamStatus,
      latencyMs: Math.round((performance.now() - this.#startedMs) * 10) / 10,
    });
    if (this.event === 'mint') metrics.countMint(this.provider, result);
    else metrics.countClose(this.provider, result);
  }

  #refuse({ code }: ApiError): void {
    const { log, metrics } = this.#witnesses;
    log.refuse({
      event: 'refused',
      requestId: this.#request.id,
      callerRequestId: callerRequestIdOf(this.#request.raw),
      provider: this.provider,
      reason: code,
    });
    metrics.countRefusal(code);
  }
}

const departures = new WeakMap<Socket, AbortSignal>();

/**
 * One signal for all requests of a connection: making one takes as long as a third of a mint. It is the connection that tells:
 * a reply that waits for the one before it is never told of the end.
 */
function departureOf(socket: Socket): AbortSignal {
  const known = departures.get(socket);
  if (known) return known;
  const gone = new AbortController();
  if (socket.destroyed) gone.abort();
  else socket.once('close', () => gone.abort());
  departures.set(socket, gone.signal);
  return gone.signal;
}
