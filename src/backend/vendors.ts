import type { Configuration } from './configuration/configuration.js';
import { createProviders, type Providers } from './providers/index.js';
import { providerIds, type ProviderId } from './providers/provider.js';
import type { Upstream } from './upstream/upstream.js';

/**
 * The vendors of one configuration, each with its key and its connections. A request that began with them ends with them,
 * whatever is loaded meanwhile.
 */
export class Vendors {
  readonly providers: Providers;
  #users = 0;
  #onIdle: (() => void) | null = null;

  constructor(configuration: Configuration) {
    this.providers = createProviders(configuration);
  }

  /** Those with a key. */
  get configured(): ProviderId[] {
    return providerIds.filter((id) => this.providers[id]);
  }

  /** A request begins to use them, until it calls `leave`. */
  enter(): void {
    this.#users += 1;
  }

  leave(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#onIdle?.();
  }

  upstream(provider: ProviderId): Upstream | null {
    return this.providers[provider]?.upstream ?? null;
  }

  /** Waits for the last request that uses them, then ends the connections. No new one may begin. */
  async close(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await Promise.all(this.configured.map((provider) => this.upstream(provider)?.close()));
  }
}
