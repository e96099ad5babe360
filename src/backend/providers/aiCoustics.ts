import { Upstream, type UpstreamReply, type UpstreamRequest } from '../upstream/upstream.js';
import type { MintReply } from './contracts.js';
import type { MintContext, Provider } from './provider.js';
import { garbage, readFields, readJwtExpiry, readToken, readUnixSeconds, toExpiresAt } from './vendorReply.js';

export interface AiCousticsOptions {
  baseUrl: URL;
  /** From the SDK licence. */
  apiKey: string;
  timeoutMs: number;
}

/**
 * Mints JWTs for the SDK. The `exp` of the token wins over `expires_at` beside it, whose form the vendor does not document and
 * which may therefore be anything as long as the token has one.
 */
export class AiCoustics implements Provider<'ai-coustics'> {
  readonly id = 'ai-coustics';
  readonly upstream: Upstream;
  readonly #request: UpstreamRequest;

  constructor({ baseUrl, apiKey, timeoutMs }: AiCousticsOptions) {
    this.upstream = new Upstream({ provider: this.id, baseUrl, timeoutMs });
    this.#request = {
      method: 'POST',
      path: '/v1/sdk/tokens',
      headers: { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` },
      isRepeatable: true,
    };
  }

  mint(_request: unknown, { signal }: MintContext): Promise<MintReply<'ai-coustics'>> {
    return this.upstream.call(this.#request, signal, this.#read);
  }

  readonly #read = (reply: UpstreamReply): MintReply<'ai-coustics'> => {
    const fields = readFields(this.id, reply, 'key');
    const token = readToken(fields['token']);
    const expiry = token === null ? null : readJwtExpiry(token);
    // Null: no JWT, of which the SDK could make nothing.
    const expires_at = expiry === null ? null : toExpiresAt(expiry ?? readUnixSeconds(fields['expires_at']));
    if (!token || expires_at === null) throw garbage(this.id, reply);
    return { token, expires_at, provider: this.id };
  };
}
