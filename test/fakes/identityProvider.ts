import type { ProviderReply, ProviderRequest, Transport } from '../../src/main/auth/signInTransport.js';
import { LimpidError } from '../../src/shared/errors.js';

const clientId = 'limpid-desktop';
export const issuer = 'https://login.example.com';

const json = (status: number, body: object): ProviderReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});

/** The error of a token endpoint. */
export const refusal = (error: string): ProviderReply => json(400, { error });
export const unreachable = (): never => {
  throw new LimpidError('signIn.timeout', { host: 'login.example.com', seconds: 10 }, { retryable: true });
};

/** A provider behind a transport of its own, for tests whose subject is time and order; its answers are made when they are asked for. */
export class FakeIdentityProvider {
  /** What is asked of the token endpoint next is answered so; then with tokens. */
  answers: (() => ProviderReply | Promise<ProviderReply>)[] = [];
  lifeSeconds: number | undefined = 300;
  /** In the middle of each token. */
  label = '';
  /** Whether its answers have a date. */
  tellsTime = true;
  givesRefreshTokens = true;
  rotates = true;
  /** Laid over the claims of each ID token. */
  claims: Record<string, unknown> = {};
  metadata: Record<string, unknown> = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    device_authorization_endpoint: `${issuer}/device`,
    revocation_endpoint: `${issuer}/revoke`,
  };
  device: Record<string, unknown> = {
    device_code: 'secret-device-code',
    user_code: 'WDJB-MJHT',
    verification_uri: `${issuer}/enter`,
    expires_in: 900,
    interval: 5,
  };
  readonly requests: ProviderRequest[] = [];
  #tokens = 0;

  constructor(readonly nowMs: () => number) {}

  readonly transport: Transport = async (_environment, request, signal) => {
    signal?.throwIfAborted();
    this.requests.push(request);
    const reply = await this.#answer(request);
    const date = this.tellsTime ? { date: new Date(this.nowMs()).toUTCString() } : {};
    return { ...reply, headers: { ...reply.headers, ...date } };
  };

  async #answer(request: ProviderRequest): Promise<ProviderReply> {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/openid-configuration')) return json(200, this.metadata);
    if (pathname === '/device') return json(200, this.device);
    if (pathname === '/revoke') return { status: 200, headers: {}, text: '' };
    const next = this.answers.shift();
    return next ? next() : this.grant();
  }

  /** The forms that were sent to the token endpoint. */
  get asked(): URLSearchParams[] {
    return this.formsOf('/token');
  }

  formsOf(path: string): URLSearchParams[] {
    const found = this.requests.filter(({ url }) => new URL(url).pathname === path);
    return found.map(({ body }) => new URLSearchParams(body ?? ''));
  }

  grant(): ProviderReply {
    this.#tokens += 1;
    const isRotated = this.rotates || this.#tokens === 1;
    return json(200, {
      access_token: `access-${this.label}${this.#tokens}`,
      token_type: 'Bearer',
      ...(this.lifeSeconds === undefined ? {} : { expires_in: this.lifeSeconds }),
      ...(this.givesRefreshTokens && isRotated ? { refresh_token: `refresh-${this.label}${this.#tokens}` } : {}),
      id_token: this.#identify(),
    });
  }

  #identify(): string {
    const nowSeconds = Math.floor(this.nowMs() / 1000);
    const claims = { iss: issuer, aud: clientId, sub: '4711', iat: nowSeconds, exp: nowSeconds + 3600, ...this.claims };
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    return `${encode({ alg: 'RS256' })}.${encode(claims)}.c2lnbmF0dXJl`;
  }
}
