import type { Upstream } from '../upstream/upstream.js';
import type { MintReply, MintRequest } from './contracts.js';

/** The vendors whose short-lived credentials this server mints. */
export const providerIds = ['ai-coustics', 'assemblyai', 'soniox', 'aiola'] as const;
export type ProviderId = (typeof providerIds)[number];

/** Who asks, as far as a vendor needs to know. */
export interface MintContext {
  /** Stable name of the caller, 1 to 256 characters. */
  callerId: string;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
}

/**
 * One vendor with its key. `mint` takes a request that was validated and whose ceilings were checked, and throws `ApiError`
 * with an upstream code. Made anew when its configuration changes; holds no other state.
 */
export interface Provider<Id extends ProviderId = ProviderId> {
  readonly id: Id;
  readonly upstream: Upstream;
  mint(request: MintRequest<Id>, context: MintContext): Promise<MintReply<Id>>;
}

/** aiOla counts open sessions: each is to be closed, which its own access token is enough for. */
export interface SessionProvider extends Provider<'aiola'> {
  /** Throws `ApiError` `session_token_refused` for a token that no open session has, or an upstream code. */
  closeSession(accessToken: string): Promise<void>;
  /** Closes in the background what `mint` gave and could not be handed over. */
  discard(reply: MintReply<'aiola'>): void;
}
