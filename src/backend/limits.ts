import type { Caller } from './callers.js';
import type { Configuration } from './configuration/configuration.js';
import { MemoryCounters, type Counter, type CounterStore } from './counters.js';
import { ApiError } from './errors.js';
import type { ProviderId } from './providers/provider.js';
import { RedisCounters, type StoreReport } from './redisCounters.js';

type LimitsConfiguration = Configuration['limits'];

/**
 * How often callers may ask: in fixed windows, each from the first request in it, by the clock of the store. A request that is
 * refused is counted nowhere, so no caller can use up what is left for the others once its own share is spent.
 */
export interface Limits {
  /** Throws `limit_client`, `limit_provider` (with `retryAfterSeconds`) or `limits_unavailable` (within 1 s). */
  countMint(caller: Caller, provider: ProviderId): Promise<void>;
  /** The end of a session; throws as `countMint`, and takes nothing from what may be minted. */
  countClose(caller: Caller): Promise<void>;
  /** Whether the store counts just now; within 1 s. Always, where there is none outside. */
  isReachable(): Promise<boolean>;
  /**
   * Opens the store of another configuration, which throws where its address cannot be used and changes nothing. What is
   * returned takes the configuration over, and must be called: what was counted stays, but where it is counted in another
   * store from now on.
   */
  prepare(configuration: LimitsConfiguration): () => Promise<void>;
  /** Waits for what is being counted, 1 s at most. */
  close(): Promise<void>;
}

/** `report` is called when the store is lost and when it is back, once each time; never where there is none outside. */
export function createLimits(configuration: LimitsConfiguration, report: StoreReport): Limits {
  let current = configuration;
  let store = openStore(configuration, report);

  const count = async (counters: Counter[]) => {
    try {
      return await store.count(counters, current.windowMs);
    } catch {
      throw new ApiError('limits_unavailable');
    }
  };

  return {
    async countMint(caller, provider) {
      const client = { key: `client:${caller.id}`, limit: caller.limit ?? current.perClient };
      const all = { key: `provider:${provider}`, limit: current.perProvider };
      const { windowMs } = current;
      const full = await count([client, all]);
      if (full?.index === 0) throw refusal('limit_client', client.limit, windowMs, full.remainingMs);
      if (full) throw refusal('limit_provider', all.limit, windowMs, full.remainingMs, provider);
    },

    async countClose(caller) {
      const client = { key: `close:${caller.id}`, limit: caller.limit ?? current.perClient };
      const { windowMs } = current;
      const full = await count([client]);
      if (full) throw refusal('limit_client', client.limit, windowMs, full.remainingMs);
    },

    isReachable: () => store.isReachable(),

    prepare(next) {
      const nextStore = next.redisUrl === current.redisUrl ? store : openStore(next, report);
      return async () => {
        const old = store;
        store = nextStore;
        current = next;
        if (store !== old) await old.close();
      };
    },

    close: () => store.close(),
  };
}

function openStore({ redisUrl }: LimitsConfiguration, report: StoreReport): CounterStore {
  return redisUrl === null ? new MemoryCounters() : new RedisCounters(redisUrl, report);
}

function refusal(
  code: 'limit_client' | 'limit_provider',
  limit: number,
  windowMs: number,
  remainingMs: number,
  provider?: ProviderId,
): ApiError {
  const retryAfterSeconds = Math.max(1, Math.ceil(remainingMs / 1000));
  const params = { limit, windowSeconds: Math.round(windowMs / 1000) };
  return new ApiError(code, { params, retryAfterSeconds, ...(provider && { provider }) });
}
