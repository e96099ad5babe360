import { randomBytes } from 'node:crypto';
import {
  formExpiry,
  formToken,
  isWholeNumber,
  parseObject,
  VendorStandIn,
  type SeenRequest,
  type StandInOptions,
  type VendorAnswer,
  type VendorFault,
} from './standIn.js';

export interface SonioxOptions extends StandInOptions {
  /** How temporary keys begin; newer ones `snx_temp_`. */
  prefix?: 'temp:' | 'snx_temp_';
  /** Form of `expires_at`; documented is ISO 8601. */
  expiresAt?: 'number' | 'text' | 'iso';
}

const path = '/v1/auth/temporary-api-key';

/** `POST /v1/auth/temporary-api-key` with Bearer and JSON; 201. */
export function startSoniox({ prefix = 'temp:', expiresAt = 'iso', ...options }: SonioxOptions = {}) {
  const makeVendor = (standIn: VendorStandIn) => ({
    errorBody,
    answer: (request: SeenRequest, fault: VendorFault): VendorAnswer => {
      if (request.path !== path) return refuse(404, []);
      if (request.method !== 'POST') return refuse(405, []);
      if (request.headers.authorization !== `Bearer ${standIn.key}`) return refuse(401, []);
      if (!request.headers['content-type']?.startsWith('application/json')) return refuse(400, ['content-type']);
      const body = parseObject(request.body);
      if (!body) return refuse(400, ['body']);
      const wrong = wrongFields(body);
      if (wrong.length > 0) return refuse(400, wrong);
      const key = standIn.secret(prefix + randomBytes(24).toString('base64url'));
      const expirySeconds = Math.floor(Date.now() / 1000) + Number(body['expires_in_seconds']);
      return {
        status: 201,
        body: { api_key: formToken(key, fault), expires_at: formExpiry(expirySeconds, expiresAt, fault) },
        isMint: true,
      };
    },
  });
  return new VendorStandIn(makeVendor, options).start();
}

function wrongFields(body: Record<string, unknown>): string[] {
  const rules: Record<string, (value: unknown) => boolean> = {
    usage_type: (value) => value === 'transcribe_websocket' || value === 'tts_rt',
    expires_in_seconds: (value) => isWholeNumber(value, 1, 3600),
    single_use: (value) => value === undefined || typeof value === 'boolean',
    max_session_duration_seconds: (value) => value === undefined || isWholeNumber(value, 1, 18_000),
    client_reference_id: (value) => value === undefined || (typeof value === 'string' && value.length <= 256),
  };
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(rules, name));
  const wrong = Object.entries(rules).flatMap(([name, isRight]) => (isRight(body[name]) ? [] : [name]));
  return [...unknown, ...wrong];
}

const types: Record<number, string> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  402: 'organization_balance_exhausted',
  403: 'permission_denied',
  404: 'not_found',
  429: 'limit_exceeded',
  503: 'service_unavailable',
};

const errorBody = (status: number, text: string, fields: string[] = []) => ({
  status_code: status,
  error_type: types[status] ?? (status >= 500 ? 'internal_error' : 'invalid_request'),
  message: text,
  validation_errors: fields.map((field) => ({
    error_type: 'invalid',
    location: field,
    message: `${field} is invalid`,
  })),
  request_id: randomBytes(16).toString('hex'),
  more_info: 'https://soniox.com/docs',
});

const refuse = (status: number, fields: string[]): VendorAnswer => ({
  status,
  body: errorBody(status, 'Refused', fields),
});
