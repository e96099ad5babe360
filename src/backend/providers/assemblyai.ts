import { Upstream, type UpstreamReply } from '../upstream/upstream.js';
import type { MintReply, MintRequest } from './contracts.js';
import type { MintContext, Provider } from './provider.js';
import { garbage, readFields, readToken, toExpiresAt } from './vendorReply.js';

export interface AssemblyAiOptions {
  /** A token is good on the host that gave it out, and perhaps on no other. */
  baseUrl: URL;
  apiKey: string;
  timeoutMs: number;
}

/** The vendor's own cap where none is asked for. */
const defaultSessionSeconds = 10_800;

/** Mints tokens that open one session each. */
export class AssemblyAi implements Provider<'assemblyai'> {
  readonly id = 'assemblyai';
  readonly upstream: Upstream;
  readonly #headers: Record<string, string>;

  constructor({ baseUrl, apiKey, timeoutMs }: AssemblyAiOptions) {
    this.upstream = new Upstream({ provider: this.id, baseUrl, timeoutMs });
    this.#headers = { authorization: apiKey };
  }

  mint(
    { expires_in_seconds, max_session_duration_seconds }: MintRequest<'assemblyai'>,
    { signal }: MintContext,
  ): Promise<MintReply<'assemblyai'>> {
    // The vendor counts from its answer, which is later: so the expiry that callers get errs on the safe side.
    const startedAtMs = Date.now();
    const cap =
      max_session_duration_seconds === undefined ? '' : `&max_session_duration_seconds=${max_session_duration_seconds}`;
    return this.upstream.call(
      {
        method: 'GET',
        path: `/v3/token?expires_in_seconds=${expires_in_seconds}${cap}`,
        headers: this.#headers,
        isRepeatable: true,
      },
      signal,
      (reply) => this.#read(reply, startedAtMs, max_session_duration_seconds ?? defaultSessionSeconds),
    );
  }

  #read(reply: UpstreamReply, startedAtMs: number, sessionSeconds: number): MintReply<'assemblyai'> {
    const fields = readFields(this.id, reply, 'key');
    const token = readToken(fields['token']);
    const { expires_in_seconds: lifetime } = fields;
    const isLifetime = typeof lifetime === 'number' && lifetime > 0;
    const expires_at = isLifetime ? toExpiresAt(startedAtMs / 1000 + lifetime) : null;
    if (!token || expires_at === null) throw garbage(this.id, reply);
    return { token, expires_at, provider: this.id, max_session_duration_seconds: sessionSeconds };
  }
}
