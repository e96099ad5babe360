import type { ProviderId } from '../providers/provider.js';

export interface UpstreamRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query below the base URL. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string;
  /** Whether doing it twice harms nobody, so that it may be tried again after it was sent. */
  isRepeatable: boolean;
}

/** An answer of any status but a redirect, complete and within the size cap. */
export interface UpstreamReply {
  status: number;
  /** Parsed; undefined where the body is empty or no JSON. */
  json: unknown;
  /** From `Retry-After`. */
  retryAfterSeconds: number | null;
}

export interface UpstreamOptions {
  provider: ProviderId;
  baseUrl: URL;
  timeoutMs: number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';
