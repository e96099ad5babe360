import { createLocalJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { Agent, request } from 'undici';
import { readCapped } from '../main/readCapped.js';
import { ApiError } from './errors.js';

const fetchTimeoutMs = 2500;
const maxBytes = 256 * 1024;
/** Asked again after this time, while they stay in use. */
const freshMs = 5 * 60_000;
/** Not used any more without asking again. */
const staleMs = 10 * 60_000;
/** Used for so long where the identity provider does not answer; a key that it withdrew may live as long. */
const usableMs = 60 * 60_000;
/** Between two requests, whatever the first came to: anyone can send tokens that name unknown keys. */
const pauseMs = 10_000;
/** The same while there are no keys, so that nobody is let in. */
const pauseWithoutKeysMs = 1000;

/** Certificates are verified, also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise: whoever has the keys lets anybody in. */
const agent = new Agent({ connect: { rejectUnauthorized: true } });

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
    await this.#refresh();
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

  get #ageMs(): number {
    return this.#nowMs() - this.#fetchedAtMs;
  }

  #usableKeys(): Keys {
    if (!this.#keys || this.#ageMs >= usableMs) throw new ApiError('identity_provider_unavailable');
    return this.#keys;
  }

  /** Keeps nobody waiting for an identity provider that has just proved to be gone, as long as there are keys. */
  async #refresh(): Promise<void> {
    if (this.#ageMs < freshMs) return;
    const fetching = this.#fetch();
    if (this.#ageMs >= (this.#hasLastFailed ? usableMs : staleMs)) await fetching;
  }

  /** Never rejects; does nothing within the pause. */
  async #fetch(): Promise<void> {
    if (this.#fetching) return this.#fetching;
    const leastMs = this.#ageMs < usableMs ? pauseMs : pauseWithoutKeysMs;
    if (this.#nowMs() - this.#triedAtMs < leastMs) return;
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
  const signal = AbortSignal.timeout(fetchTimeoutMs);
  const { statusCode, body } = await request(url, { headers, signal, dispatcher: agent });
  if (statusCode !== 200) {
    await body.dump();
    // A redirect, too: it could lead to anybody's keys.
    throw new Error(`status ${statusCode}`);
  }
  const text = await readCapped(body, maxBytes, () => new Error('too large'));
  return createLocalJWKSet(JSON.parse(text.toString()));
}
