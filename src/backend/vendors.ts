import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration/configuration.js';
import { ApiError } from './errors.js';
import { createProviders, type Providers } from './providers/index.js';
import { providerIds, type ProviderId } from './providers/provider.js';
import type { Upstream } from './upstream/upstream.js';

/**
 * The vendors of the newest configuration, each with its key and its connections. What a vendor was asked for before a change
 * ends as it began.
 */
export class Vendors {
  #configuration: Configuration;
  #providers: Providers;
  /** Of earlier configurations, while something is under way there. */
  readonly #ending = new Set<Promise<unknown>>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#providers = createProviders(configuration);
  }

  get providers(): Readonly<Providers> {
    return this.#providers;
  }

  /** Those with a key. */
  get configured(): ProviderId[] {
    return providerIds.filter((id) => this.#providers[id]);
  }

  /** Throws `provider_not_configured`. To be used at once, before it may have been replaced. */
  require<Id extends ProviderId>(id: Id): NonNullable<Providers[Id]> {
    const provider = this.#providers[id];
    if (!provider) throw new ApiError('provider_not_configured', { provider: id, params: { provider: id } });
    return provider;
  }

  upstream(id: ProviderId): Upstream | null {
    return this.#providers[id]?.upstream ?? null;
  }

  /** Makes those that are different in another configuration. What is returned puts them in place. */
  prepare(next: Configuration): () => void {
    const isSame = (id: ProviderId) =>
      next.upstreamTimeoutMs === this.#configuration.upstreamTimeoutMs &&
      isDeepStrictEqual(next.providers[id], this.#configuration.providers[id]);
    const kept = Object.fromEntries(providerIds.filter(isSame).map((id) => [id, this.#providers[id]]));
    const providers = { ...createProviders(next), ...kept } as Providers;
    return () => {
      const replaced = this.configured.filter((id) => providers[id] !== this.#providers[id]);
      for (const id of replaced) this.#end(this.upstream(id)!);
      this.#providers = providers;
      this.#configuration = next;
    };
  }

  /** Waits for what is under way, no longer than the timeout of the vendors and what a session takes to close, and ends the connections. */
  async close(): Promise<void> {
    for (const id of this.configured) this.#end(this.upstream(id)!);
    await Promise.all(this.#ending);
  }

  #end(upstream: Upstream): void {
    const ending = upstream.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
