import { randomBytes } from 'node:crypto';
import {
  formClaims,
  formExpiry,
  formToken,
  signJwt,
  VendorStandIn,
  type SeenRequest,
  type StandInOptions,
  type VendorAnswer,
  type VendorFault,
} from './standIn.js';

/** In which form `expires_at` is sent; the vendor's has not been confirmed. */
export type AiCousticsOptions = StandInOptions & { expiresAt?: 'number' | 'text' | 'iso' };

/** `POST /v1/sdk/tokens`: Basic with the key as user and an empty password, no body; a signed JWT of `lifetimeSeconds`. */
export function startAiCoustics({ expiresAt = 'number', ...options }: AiCousticsOptions = {}): Promise<VendorStandIn> {
  const signingSecret = randomBytes(32);

  const makeVendor = (standIn: VendorStandIn) => {
    const expected = `Basic ${Buffer.from(`${standIn.key}:`).toString('base64')}`;
    return {
      errorBody,
      answer: ({ method, path, headers, body }: SeenRequest, fault: VendorFault): VendorAnswer => {
        if (path !== '/v1/sdk/tokens') return refuse(404);
        if (method !== 'POST') return refuse(405);
        if (headers.authorization !== expected) return refuse(401);
        if (body !== '') return refuse(400);
        const claims = formClaims(standIn.lifetimeSeconds, fault);
        const token = standIn.secret(signJwt(claims, signingSecret));
        const expirySeconds = Number(claims['exp'] ?? Math.floor(Date.now() / 1000) + standIn.lifetimeSeconds);
        return {
          status: 200,
          body: { token: formToken(token, fault), expires_at: formExpiry(expirySeconds, expiresAt, fault) },
          isMint: true,
        };
      },
    };
  };
  return new VendorStandIn(makeVendor, options).start();
}

const errorBody = (status: number, text: string) => ({ detail: text, status });
const refuse = (status: number): VendorAnswer => ({ status, body: errorBody(status, 'refused') });
