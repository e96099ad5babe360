import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { errorKinds, toErrorBody, type ApiError, type ErrorCode } from './errors.js';

/** Without dots, so that neither a client key nor a JWT passes. */
const foreignId = /^[\w:-]{1,64}$/;

/**
 * What every reply carries. It is made for programs: none of it may be stored, framed or taken for a page; no other header
 * that browsers know would change anything.
 */
export const fixedHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

/** The caller's own id for its request where it is short and plain, else a new one. */
export function chooseRequestId(request: IncomingMessage): string {
  const theirs = request.headers['x-request-id'];
  return typeof theirs === 'string' && foreignId.test(theirs) ? theirs : randomUUID();
}

/** The caller's own id for its request, where a load balancer passes it on beside ours; null: none that is short and plain. */
export function callerRequestIdOf({ headers }: IncomingMessage): string | null {
  const theirs = headers['x-caller-request-id'];
  return typeof theirs === 'string' && foreignId.test(theirs) ? theirs : null;
}

export function setFixedHeaders(reply: FastifyReply, requestId: string): void {
  reply
    .header('x-request-id', requestId)
    .header('cache-control', fixedHeaders['cache-control'])
    .header('content-security-policy', fixedHeaders['content-security-policy'])
    .header('x-content-type-options', fixedHeaders['x-content-type-options']);
}

export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  for (const [name, value] of Object.entries(errorHeaders(error))) void reply.header(name, value);
  return reply.code(errorKinds[error.code].status).send(toErrorBody(error, reply.request.id));
}

interface SentError {
  code: ErrorCode;
  requestId: string;
}
const sentErrors = new WeakMap<Socket, SentError>();

/** What a connection was ended with by `sendErrorOnSocket`; null: nothing. */
export const sentOnSocket = (socket: Socket): SentError | null => sentErrors.get(socket) ?? null;

/** Answers on the bare connection, where there is no other way to reply to the request, or none was understood, and ends it. */
export function sendErrorOnSocket(socket: Socket, error: ApiError, request: IncomingMessage | null): void {
  const requestId = request ? chooseRequestId(request) : randomUUID();
  sentErrors.set(socket, { code: error.code, requestId });
  const { status } = errorKinds[error.code];
  const body = JSON.stringify(toErrorBody(error, requestId));
  const headers = {
    ...fixedHeaders,
    'x-request-id': requestId,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

function errorHeaders({ code, details }: ApiError): Record<string, string> {
  const { status } = errorKinds[code];
  return {
    ...(details.retryAfterSeconds !== undefined && { 'retry-after': String(details.retryAfterSeconds) }),
    ...(status === 401 && {
      'www-authenticate': code === 'credential_missing' ? 'Bearer' : 'Bearer error="invalid_token"',
    }),
    ...(code === 'scope_missing' && { 'www-authenticate': 'Bearer error="insufficient_scope"' }),
    ...(code === 'method_not_allowed' && { allow: String(details.params?.['allowed']) }),
    ...(code === 'shutting_down' && { connection: 'close' }),
  };
}
