import type { ProviderId } from './providers/provider.js';

/**
 * What a caller may have: a provider that is not named may not be used; the numbers are upper bounds of the request's fields
 * of the same name, such as `expires_in_seconds`.
 */
export type Access = Partial<Record<ProviderId, Record<string, number>>>;

/** Someone who proved who they are. */
export interface Caller {
  /** For audit, limits and `client_reference_id`: `client:<id>`, `user:<subject>` or `anonymous`. 1 to 256 characters. */
  id: string;
  access: Access;
  /** Requests a window; null: as configured for every caller. */
  limit: number | null;
}
