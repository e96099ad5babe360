import { createLocalJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { request } from 'undici';
import { ApiError } from './errors.js';

const fetchTimeoutMs = 2500;
const maxBytes = 256 * 1024;
/** Asked again after this time. */
const freshMs = 10 * 60_000;
/** Used for so long where the identity provider does not answer; a key that it withdrew may live as long. */
const usableMs = 60 * 60_000;
/** Between two requests, whatever the first came to: anyone can send tokens that name unknown keys. */
const pauseMs = 10_000;

type Keys = ReturnType<typeof createLocalJWKSet>;

/** The public keys of an identity provider: fetched when they are first needed, one request at a time, and kept. */
export class KeySet {
  readonly #url: URL;
  readonly #nowMs: () => number;
  #keys: Keys | null = null;
  #fetchedAtMs = -Infinity;
  #triedAtMs = -Infinity;
  #hasLastFailed = false;
  #fetching: Promise<void> | null = null;

  /** `nowMs`: a clock that never jumps. */
  constructor(url: URL, nowMs: () => number) {
    this.#url = url;
    this.#nowMs = nowMs;
  }

  /** The key for a token, by its header. Throws `identity_provider_unavailable`, or an error of jose where there is none. */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.#nowMs() - this.#fetchedAtMs >= freshMs) await this.#fetch();
    try {
      return await this.#usableKeys()(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    // It may be a new key.
    await this.#fetch();
    if (this.#hasLastFailed) throw new ApiError('identity_provider_unavailable');
    return this.#usableKeys()(header, token);
  }

  #usableKeys(): Keys {
    if (!this.#keys || this.#nowMs() - this.#fetchedAtMs >= usableMs) {
      throw new ApiError('identity_provider_unavailable');
    }
    return this.#keys;
  }

  /** Never rejects; does nothing within the pause. */
  async #fetch(): Promise<void> {
    if (this.#fetching) return this.#fetching;
    if (this.#nowMs() - this.#triedAtMs < pauseMs) return;
    this.#triedAtMs = this.#nowMs();
    this.#fetching = this.#replaceKeys();
    await this.#fetching;
    this.#fetching = null;
  }

  async #replaceKeys(): Promise<void> {
    try {
      this.#keys = await fetchKeys(this.#url);
      this.#fetchedAtMs = this.#nowMs();
      this.#hasLastFailed = false;
    } catch {
      this.#hasLastFailed = true;
    }
  }
}

async function fetchKeys(url: URL): Promise<Keys> {
  const headers = { accept: 'application/json, application/jwk-set+json' };
  const { statusCode, body } = await request(url, { headers, signal: AbortSignal.timeout(fetchTimeoutMs) });
  if (statusCode !== 200) {
    await body.dump();
    // A redirect, too: it could lead to anybody's keys.
    throw new Error(`status ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error('too large');
    chunks.push(chunk);
  }
  return createLocalJWKSet(JSON.parse(Buffer.concat(chunks).toString()));
}
