import { randomBytes } from 'node:crypto';
import {
  formExpiry,
  formToken,
  isWholeNumber,
  VendorStandIn,
  type SeenRequest,
  type StandInOptions,
  type VendorAnswer,
  type VendorFault,
} from './standIn.js';

/** `GET /v3/token` with the bare key as `Authorization` and both numbers in the query. */
export function startAssemblyAi(options: StandInOptions = {}): Promise<VendorStandIn> {
  const makeVendor = (standIn: VendorStandIn) => ({
    errorBody,
    answer: ({ method, path, query, headers, body }: SeenRequest, fault: VendorFault): VendorAnswer => {
      if (path !== '/v3/token') return refuse(404, 'Not found');
      if (method !== 'GET') return refuse(405, 'Method Not Allowed');
      if (headers.authorization !== standIn.key) return refuse(401, 'Unauthorized');
      const lifetime = readNumber(query, 'expires_in_seconds');
      const session = query.has('max_session_duration_seconds')
        ? readNumber(query, 'max_session_duration_seconds')
        : 10_800;
      if (!isWholeNumber(lifetime, 1, 600)) return refuse(400, 'Invalid expires_in_seconds');
      if (!isWholeNumber(session, 60, 10_800)) return refuse(400, 'Invalid max_session_duration_seconds');
      if (body !== '' || 'content-type' in headers || new Set(query.keys()).size !== query.size) {
        return refuse(400, 'Bad request');
      }
      const token = standIn.secret(`aai-${randomBytes(32).toString('base64url')}`);
      return {
        status: 200,
        body: { token: formToken(token, fault), expires_in_seconds: formLifetime(lifetime, fault) },
        isMint: true,
      };
    },
  });
  return new VendorStandIn(makeVendor, options).start();
}

const formLifetime = (seconds: number, fault: VendorFault): unknown =>
  fault === 'expiry-past' ? -seconds : formExpiry(seconds, 'number', fault);

const readNumber = (query: URLSearchParams, name: string): number => {
  const text = query.get(name) ?? '';
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
};

const errorBody = (status: number, text: string) => ({ error: text, code: `http_${status}`, details: { text } });
const refuse = (status: number, text: string): VendorAnswer => ({ status, body: { error: text } });
