import { randomBytes } from 'node:crypto';
import {
  formClaims,
  formToken,
  parseObject,
  signJwt,
  VendorStandIn,
  type SeenRequest,
  type StandInOptions,
  type VendorAnswer,
  type VendorFault,
} from './standIn.js';

export interface AiolaOptions extends StandInOptions {
  /** Sessions that may be open at a time. */
  ceiling?: number;
  /** Whether errors are `{ error: { code, message } }` or `{ code, message, details }`. */
  envelope?: 'nested' | 'flat';
  workflowId?: string;
}

/** The vendor's own default. */
export const aiolaWorkflowId = '2c78fcf1-9265-408f-b8c3-d9d7e7ebc1bc';

export class AiolaStandIn extends VendorStandIn {
  /** Ids of the sessions that are open, by access token. */
  readonly sessions = new Map<string, string>();
  /** What step 1 gave out: never to be seen outside. */
  readonly temporaryTokens: string[] = [];
  ceiling = Number.POSITIVE_INFINITY;
}

const codes: Record<number, string> = {
  400: 'VALIDATION_ERROR',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'WORKFLOW_NOT_FOUND',
  409: 'MAX_CONCURRENCY_REACHED',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMIT_EXCEEDED',
};

/**
 * `POST /voip-auth/apiKey2Token`, then `POST /voip-auth/session { workflow_id }` by the token of the first, and
 * `DELETE /voip-auth/session` by the access token of the session. `lifetimeSeconds` is 1800 unless told otherwise.
 *
 * Assumed, since the vendor documents neither: the token of the first call is good for one session, and lives for 300 s; a token
 * that no open session has, such as at a second close, is refused with 401 `INVALID_TOKEN`.
 */
export async function startAiola(options: AiolaOptions = {}): Promise<AiolaStandIn> {
  const { ceiling = Number.POSITIVE_INFINITY, envelope = 'nested', workflowId = aiolaWorkflowId, ...rest } = options;
  const signingSecret = randomBytes(32);
  const temporary = new Set<string>();

  const toError = (code: string, message: string) =>
    envelope === 'nested' ? { error: { code, message } } : { code, message, details: {} };
  const errorBody = (status: number, text: string) => toError(codes[status] ?? 'INTERNAL_ERROR', text);
  const refuse = (status: number, code = codes[status] ?? 'INTERNAL_ERROR'): VendorAnswer => ({
    status,
    body: toError(code, 'refused'),
  });

  const makeVendor = (base: VendorStandIn) => {
    const standIn = base as AiolaStandIn;

    const giveTemporary = ({ headers, body }: SeenRequest, fault: VendorFault): VendorAnswer => {
      if (headers.authorization !== `Bearer ${standIn.key}`) return refuse(401);
      if (body !== '') return refuse(400);
      const token = standIn.secret(signJwt(formClaims(300, 'none'), signingSecret));
      temporary.add(token);
      standIn.temporaryTokens.push(token);
      return { status: 200, body: { context: { token: formToken(token, fault) } } };
    };

    const openSession = ({ headers, body }: SeenRequest, fault: VendorFault): VendorAnswer => {
      const bearer = headers.authorization?.replace(/^Bearer /, '') ?? '';
      if (!temporary.delete(bearer)) return refuse(401, 'INVALID_TOKEN');
      const fields = parseObject(body);
      if (!headers['content-type']?.startsWith('application/json') || !fields) return refuse(400);
      if (Object.keys(fields).join() !== 'workflow_id' || typeof fields['workflow_id'] !== 'string') return refuse(400);
      if (fields['workflow_id'] !== workflowId) return refuse(404);
      if (standIn.sessions.size >= standIn.ceiling) return refuse(409);
      const jwt = standIn.secret(signJwt(formClaims(standIn.lifetimeSeconds, fault), signingSecret));
      const sessionId = randomBytes(12).toString('hex');
      standIn.sessions.set(jwt, sessionId);
      const sent = { 'no-session': undefined, 'session-empty': '' }[fault as 'no-session'];
      const isSessionChanged = fault === 'no-session' || fault === 'session-empty';
      return {
        status: 200,
        body: { jwt: formToken(jwt, fault), sessionId: isSessionChanged ? sent : sessionId },
        isMint: true,
      };
    };

    const closeSession = ({ headers }: SeenRequest): VendorAnswer => {
      const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
      if (!standIn.sessions.delete(token)) return refuse(401, 'INVALID_TOKEN');
      return { status: 200, body: { status: 'deleted', deletedAt: new Date().toISOString() } };
    };

    return {
      errorBody,
      answer: (request: SeenRequest, fault: VendorFault): VendorAnswer => {
        if (fault === 'concurrency') return refuse(400, 'MAX_CONCURRENCY_REACHED');
        if (fault === 'token-expired') return refuse(401, 'TOKEN_EXPIRED');
        if (fault === 'rate-code') return refuse(403, 'RATE_LIMIT_EXCEEDED');
        switch (`${request.method} ${request.path}`) {
          case 'POST /voip-auth/apiKey2Token':
            return giveTemporary(request, fault);
          case 'POST /voip-auth/session':
            return openSession(request, fault);
          case 'DELETE /voip-auth/session':
            return closeSession(request);
          default:
            return refuse(404, 'NOT_FOUND');
        }
      },
    };
  };

  const standIn = new AiolaStandIn(makeVendor, { lifetimeSeconds: 1800, ...rest });
  standIn.ceiling = ceiling;
  return standIn.start();
}
