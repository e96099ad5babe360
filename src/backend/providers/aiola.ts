import { isRecord } from '../../shared/isRecord.js';
import { ApiError } from '../errors.js';
import { Upstream, type UpstreamReply, type UpstreamRequest } from '../upstream/upstream.js';
import type { MintReply } from './contracts.js';
import type { MintContext, SessionProvider } from './provider.js';
import { garbage, readFields, readJwtExpiry, readToken, refusal, toExpiresAt } from './vendorReply.js';

export interface AiolaOptions {
  /** Of the vendor's authentication, not of its API: enterprises have hosts of their own. */
  baseUrl: URL;
  apiKey: string;
  workflowId: string;
  timeoutMs: number;
}

/**
 * Opens sessions: the key is exchanged for a token that lives in here only, and that for the session's access token. An account
 * has few sessions at a time and each stays open for half an hour, so one that nobody will get is closed at once.
 */
export class Aiola implements SessionProvider {
  readonly id = 'aiola';
  readonly upstream: Upstream;
  readonly #exchangeKey: UpstreamRequest;
  readonly #workflow: string;

  constructor({ baseUrl, apiKey, workflowId, timeoutMs }: AiolaOptions) {
    this.upstream = new Upstream({ provider: this.id, baseUrl, timeoutMs });
    this.#exchangeKey = {
      method: 'POST',
      path: '/voip-auth/apiKey2Token',
      headers: { authorization: `Bearer ${apiKey}` },
      isRepeatable: true,
      // A session that is given up while it opens stays open, so half of the time is left for that.
      timeoutMs: timeoutMs / 2,
    };
    this.#workflow = JSON.stringify({ workflow_id: workflowId });
  }

  /** Both calls count as one for the circuit: otherwise it would never open when only the second one fails. */
  mint(_request: unknown, { signal }: MintContext): Promise<MintReply<'aiola'>> {
    return this.upstream.run(signal, async (send) => {
      const temporaryToken = await send(this.#exchangeKey, this.#readTemporaryToken);
      signal.throwIfAborted();

      let accessToken: string | null = null;
      try {
        const session = await send(this.#openSession(temporaryToken), (reply) => {
          const fields = readFields(this.id, reply, 'token');
          accessToken = readToken(fields['jwt']);
          return this.#readSession(fields, reply);
        });
        signal.throwIfAborted();
        return session;
      } catch (error) {
        if (accessToken) this.#release(accessToken);
        throw error;
      }
    });
  }

  discard({ token }: MintReply<'aiola'>): void {
    this.#release(token);
  }

  closeSession(accessToken: string): Promise<void> {
    return this.upstream.callPastCircuit(closeRequest(accessToken), this.#readClosed);
  }

  /** Nobody waits for it but the end of `upstream`. */
  #release(accessToken: string): void {
    const request = { ...closeRequest(accessToken), timeoutMs: releaseTimeoutMs };
    this.upstream.callPastCircuit(request, this.#readClosed).catch(() => undefined);
  }

  #openSession(temporaryToken: string): UpstreamRequest {
    return {
      method: 'POST',
      path: '/voip-auth/session',
      headers: { authorization: `Bearer ${temporaryToken}`, 'content-type': 'application/json' },
      body: this.#workflow,
      isRepeatable: false,
      // A session might be open otherwise that nobody can close.
      outlivesCaller: true,
    };
  }

  readonly #readTemporaryToken = (reply: UpstreamReply): string => {
    const { context } = readFields(this.id, reply, 'key');
    const token = isRecord(context) ? readToken(context['token']) : null;
    if (!token) throw garbage(this.id, reply);
    return token;
  };

  #readSession({ jwt, sessionId }: Record<string, unknown>, reply: UpstreamReply): MintReply<'aiola'> {
    const token = readToken(jwt);
    const expires_at = toExpiresAt(token === null ? null : (readJwtExpiry(token) ?? null));
    const session_id = typeof sessionId === 'string' ? sessionId.trim() : '';
    if (!token || expires_at === null || !session_id) throw garbage(this.id, reply);
    return { token, expires_at, provider: this.id, session_id };
  }

  readonly #readClosed = (reply: UpstreamReply): void => {
    if (reply.status < 300) {
      if (!isRecord(reply.json) && reply.status !== 204) throw garbage(this.id, reply);
      return;
    }
    const refused = refusal(this.id, reply, 'token');
    if (refused.code !== 'auth_expired_or_used') throw refused;
    // Closed by the first try, whose answer was lost: the vendor no longer knows the token.
    if (!reply.isRepetition) throw new ApiError('session_token_refused', refused.details);
  };
}

/** A server that ends has this much left after its last mint. */
const releaseTimeoutMs = 5000;

const closeRequest = (accessToken: string): UpstreamRequest => ({
  method: 'DELETE',
  path: '/voip-auth/session',
  headers: { authorization: `Bearer ${accessToken}` },
  isRepeatable: true,
});
