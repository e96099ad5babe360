import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from './errors.js';
import type { Result } from './log.js';
import { providerIds, type ProviderId } from './providers/provider.js';
import type { CircuitState } from './upstream/upstream.js';

const circuitStates = ['closed', 'half-open', 'open'] as const satisfies CircuitState[];

/** From a local cache to the longest timeout. */
const latencySeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

interface Latency {
  observe(seconds: number): void;
}

/** What one server counts. No label names a caller: there may be very many. */
export class Metrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #mints = this.#counter('limpid_tokens_mints_total', 'Attempts to mint, by how they ended', [
    'provider',
    'result',
  ]);
  readonly #closes = this.#counter(
    'limpid_tokens_sessions_closed_total',
    'Attempts to close a session, by how they ended',
    ['provider', 'result'],
  );
  readonly #refused = this.#counter('limpid_tokens_callers_refused_total', 'Callers that were not let in, by reason', [
    'reason',
  ]);
  readonly #limited = this.#counter(
    'limpid_tokens_limited_total',
    'Attempts above a limit, or that no store could count',
    ['limit'],
  );
  readonly #latencies: Record<ProviderId, Latency>;

  /** `readCircuit` is asked when the numbers are read; null: the provider is not configured. */
  constructor(readCircuit: (provider: ProviderId) => CircuitState | null) {
    this.contentType = this.#registry.contentType;
    const latency = new Histogram({
      name: 'limpid_tokens_upstream_seconds',
      help: 'Time until the vendor had answered, retries included',
      labelNames: ['provider'],
      buckets: latencySeconds,
      registers: [this.#registry],
    });
    const handles = providerIds.map((provider) => [provider, latency.labels({ provider })]);
    this.#latencies = Object.fromEntries(handles) as Record<ProviderId, Latency>;
    // oxlint-disable-next-line no-new -- it registers itself
    new Gauge({
      name: 'limpid_tokens_circuit_state',
      help: '1 for the state that the circuit breaker of a configured provider is in',
      labelNames: ['provider', 'state'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const provider of providerIds) {
          const present = readCircuit(provider);
          if (!present) continue;
          for (const state of circuitStates) this.set({ provider, state }, state === present ? 1 : 0);
        }
      },
    });
    collectDefaultMetrics({ register: this.#registry });
  }

  countMint(provider: ProviderId, result: Result): void {
    this.#mints.inc({ provider, result });
    this.#countLimit(result);
  }

  countClose(provider: ProviderId, result: Result): void {
    this.#closes.inc({ provider, result });
    this.#countLimit(result);
  }

  countRefusal(reason: ErrorCode): void {
    this.#refused.inc({ reason });
  }

  noteLatency(provider: ProviderId, seconds: number): void {
    this.#latencies[provider].observe(seconds);
  }

  /** In the text format of Prometheus. */
  print(): Promise<string> {
    return this.#registry.metrics();
  }

  #countLimit(result: Result): void {
    if (result === 'limit_client') this.#limited.inc({ limit: 'client' });
    if (result === 'limit_provider') this.#limited.inc({ limit: 'provider' });
    if (result === 'limits_unavailable') this.#limited.inc({ limit: 'unavailable' });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}
