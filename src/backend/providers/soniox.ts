import { Upstream, type UpstreamReply } from '../upstream/upstream.js';
import type { MintReply, MintRequest } from './contracts.js';
import type { MintContext, Provider } from './provider.js';
import { garbage, readFields, readToken, readUnixSeconds, toExpiresAt } from './vendorReply.js';

export interface SonioxOptions {
  /** Keys are bound to a region. */
  baseUrl: URL;
  apiKey: string;
  timeoutMs: number;
}

/** Mints temporary API keys. Who asked is told to the vendor as `client_reference_id`, whatever the request says. */
export class Soniox implements Provider<'soniox'> {
  readonly id = 'soniox';
  readonly upstream: Upstream;
  readonly #headers: Record<string, string>;

  constructor({ baseUrl, apiKey, timeoutMs }: SonioxOptions) {
    this.upstream = new Upstream({ provider: this.id, baseUrl, timeoutMs });
    this.#headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  }

  mint(request: MintRequest<'soniox'>, { callerId, signal }: MintContext): Promise<MintReply<'soniox'>> {
    const { usage_type, expires_in_seconds, single_use, max_session_duration_seconds } = request;
    return this.upstream.call(
      {
        method: 'POST',
        path: '/v1/auth/temporary-api-key',
        headers: this.#headers,
        body: JSON.stringify({
          usage_type,
          expires_in_seconds,
          single_use,
          max_session_duration_seconds,
          client_reference_id: callerId,
        }),
        isRepeatable: true,
      },
      signal,
      (reply) => this.#read(reply, request),
    );
  }

  #read(
    reply: UpstreamReply,
    { single_use = false, max_session_duration_seconds }: MintRequest<'soniox'>,
  ): MintReply<'soniox'> {
    const fields = readFields(this.id, reply, 'key');
    const token = readToken(fields['api_key']);
    const expires_at = toExpiresAt(readUnixSeconds(fields['expires_at']));
    if (!token || expires_at === null) throw garbage(this.id, reply);
    return {
      token,
      expires_at,
      provider: this.id,
      single_use,
      max_session_duration_seconds: max_session_duration_seconds ?? null,
    };
  }
}
