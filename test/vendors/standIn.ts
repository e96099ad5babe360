import { createHmac, randomBytes } from 'node:crypto';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/**
 * Failures on the way, the same for every vendor. `silent`: never answers · `slow-body`: a byte every 20 ms, without end ·
 * `drop-before-headers`, `drop-after-headers`: hangs up · `truncated`, `truncated-chunks`: ends in the middle of the body ·
 * `huge`: says that 1 MiB comes and sends it · `endless`: never says how much comes, and never ends.
 */
const transportFaults = [
  'silent',
  'slow-body',
  'drop-before-headers',
  'drop-after-headers',
  'truncated',
  'truncated-chunks',
  'huge',
  'endless',
  'not-http',
  'redirect',
  'html',
  'empty',
  'not-json',
  'json-null',
  'json-array',
  'compressed',
] as const;

/** Statuses with the vendor's documented error body. `-seconds`, `-date`: with `Retry-After` (7 s, 90 s). */
const statusFaults = [
  '400',
  '401',
  '402',
  '403',
  '404',
  '409',
  '422',
  '429',
  '429-seconds',
  '429-date',
  '500',
  '502',
  '503',
  '503-seconds',
  '504',
] as const;

/** Replies that look right but are not, and (`expiry-number` to `expiry-iso`) forms that nobody has confirmed yet. */
const replyFaults = [
  'no-token',
  'token-empty',
  'token-number',
  'token-with-spaces',
  'token-not-jwt',
  'no-expiry',
  'expiry-past',
  'expiry-zero',
  'expiry-object',
  'expiry-number',
  'expiry-text',
  'expiry-iso',
] as const;

/** aiOla's own; `concurrency`: the code of a full account with a status that the documents do not mention. */
const sessionFaults = ['no-session', 'session-empty', 'concurrency', 'token-expired', 'rate-code'] as const;

export const vendorFaults = [...transportFaults, ...statusFaults, ...replyFaults, ...sessionFaults] as const;
export type VendorFault = 'none' | (typeof vendorFaults)[number];

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface VendorAnswer {
  status: number;
  body: unknown;
  /** Whether a credential was handed out. */
  isMint?: boolean;
}

/** What makes a vendor: how it answers, and what its errors look like. */
export interface Vendor {
  /** Answers in full strictness; `fault` is `none` or one that changes a good reply. */
  answer(request: SeenRequest, fault: VendorFault): VendorAnswer;
  errorBody(status: number, text: string): unknown;
}

export interface StandInOptions {
  port?: number;
  /** Long-lived key that is accepted. */
  key?: string;
  /** Of the credentials whose lifetime the vendor decides. */
  lifetimeSeconds?: number;
  /** Whether `requests` fills up; not for benches. */
  isRecording?: boolean;
  /** Path below which everything is, such as `/tenant`. */
  basePath?: string;
}

const redirectTo = 'https://elsewhere.example/?secret=location-of-the-redirect';

/** A vendor on 127.0.0.1 that keeps its documented shapes to the letter and can be switched to any fault while it runs. */
export class VendorStandIn {
  readonly key: string;
  /** All requests with a method and a path that the vendor knows, and others. */
  readonly requests: SeenRequest[] = [];
  /** Credentials and texts that it sent and that nobody may find in an error or a log. */
  readonly secrets: string[] = [];
  fault: VendorFault = 'none';
  /** How many more requests have the fault. */
  faultsLeft = Number.POSITIVE_INFINITY;
  /** Only requests whose method and path hold this text have the fault, such as `POST /voip-auth/session`. */
  faultAt = '';
  lifetimeSeconds: number;
  /** Time until each answer is worked out. */
  delayMs = 0;
  mints = 0;
  requestCount = 0;

  readonly #vendor: Vendor;
  readonly #isRecording: boolean;
  readonly #basePath: string;
  readonly #server: http.Server;
  #port: number;

  constructor(
    makeVendor: (standIn: VendorStandIn) => Vendor,
    { port = 0, key, lifetimeSeconds = 3600, isRecording = true, basePath = '' }: StandInOptions,
  ) {
    this.key = key ?? `key-${randomBytes(16).toString('hex')}`;
    this.lifetimeSeconds = lifetimeSeconds;
    this.#isRecording = isRecording;
    this.#basePath = basePath;
    this.#port = port;
    this.#vendor = makeVendor(this);
    this.#server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#basePath}`;
  }

  /** Listens; after `stop` on the same port again. */
  start(): Promise<this> {
    return new Promise((listening, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', failed);
        this.#port = (this.#server.address() as AddressInfo).port;
        listening(this);
      });
    });
  }

  /** Ends every connection and refuses others. */
  close(): Promise<void> {
    return new Promise((stopped) => {
      this.#server.close(() => stopped());
      this.#server.closeAllConnections();
    });
  }

  /** Remembers a text that must not get out, and returns it. */
  secret(text: string): string {
    if (this.#isRecording) this.secrets.push(text);
    return text;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const { method = '', headers } = request;
    if (method === 'GET' && pathname === '/count') {
      return sendJson(response, 200, { mints: this.mints, requests: this.requestCount });
    }
    const isInside = pathname.startsWith(this.#basePath);
    const path = isInside ? pathname.slice(this.#basePath.length) : `outside:${pathname}`;
    const seen: SeenRequest = { method, path, query: searchParams, headers, body };
    this.requestCount++;
    if (this.#isRecording) this.requests.push(seen);
    if (this.delayMs > 0) await delay(this.delayMs);

    const fault = this.#nextFault(`${method} ${path}`);
    if (isOneOf(transportFaults, fault)) return this.#failOnTheWay(fault, seen, request, response);
    if (isOneOf(statusFaults, fault)) {
      const status = Number(fault.slice(0, 3));
      return sendJson(response, status, this.#vendor.errorBody(status, this.#telltale(seen)), retryAfterOf(fault));
    }
    const answer = this.#vendor.answer(seen, fault);
    if (answer.isMint) this.mints++;
    sendJson(response, answer.status, answer.body);
  }

  #nextFault(request: string): VendorFault {
    if (this.fault === 'none' || this.faultsLeft <= 0 || !request.includes(this.faultAt)) return 'none';
    this.faultsLeft--;
    return this.fault;
  }

  /** The text of an error that carries what it should not, as real ones do. */
  #telltale({ headers, body }: SeenRequest): string {
    return this.secret(`refused-text ${headers.authorization ?? ''} ${body} ${randomBytes(6).toString('hex')}`);
  }

  #failOnTheWay(
    fault: (typeof transportFaults)[number],
    seen: SeenRequest,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const json = { 'content-type': 'application/json' };
    const good = () => JSON.stringify(this.#vendor.answer(seen, 'none').body);
    switch (fault) {
      case 'silent':
        return;
      case 'slow-body':
        return drip(response.writeHead(200, json), ' ', 20);
      case 'endless':
        return drip(response.writeHead(200, json), ' '.repeat(16 * 1024), 1);
      case 'drop-before-headers':
        return void request.socket.destroy();
      case 'drop-after-headers':
        response.writeHead(200, { ...json, 'content-length': '100' }).flushHeaders();
        return void setTimeout(() => request.socket.destroy(), 20);
      case 'truncated':
        response.writeHead(200, { ...json, 'content-length': String(good().length + 50) }).write(good().slice(0, 40));
        return void setTimeout(() => request.socket.end(), 20);
      case 'truncated-chunks':
        response.writeHead(200, json).write(good().slice(0, 40));
        return void setTimeout(() => request.socket.end(), 20);
      case 'huge':
        return sendJson(response, 200, { padding: 'x'.repeat(1024 * 1024) });
      case 'not-http':
        return void request.socket.end('220 mail.example ESMTP\r\n');
      case 'redirect':
        return sendJson(response, 307, {}, { location: this.secret(redirectTo) });
      case 'html':
        return send(response, 200, this.secret('<!doctype html><title>Log in here</title>'), 'text/html');
      case 'empty':
        return send(response, 200, '', 'application/json');
      case 'not-json':
        return send(response, 200, this.secret(`token=${good()}`), 'application/json');
      case 'json-null':
        return sendJson(response, 200, null);
      case 'json-array':
        return send(response, 200, `[${good()}]`, 'application/json');
      case 'compressed': {
        const zipped = gzipSync(good());
        response.writeHead(200, { ...json, 'content-encoding': 'gzip', 'content-length': String(zipped.length) });
        return void response.end(zipped);
      }
    }
  }
}

/** An expiry in the form that a fault asks for, else in the usual one. */
export function formExpiry(expirySeconds: number, usual: 'number' | 'text' | 'iso', fault: VendorFault): unknown {
  const past = Math.floor(Date.now() / 1000) - 86_400;
  const form =
    { 'expiry-number': 'number', 'expiry-text': 'text', 'expiry-iso': 'iso' }[fault as 'expiry-iso'] ?? usual;
  switch (fault) {
    case 'no-expiry':
      return undefined;
    case 'expiry-zero':
      return 0;
    case 'expiry-object':
      return { seconds: expirySeconds };
    case 'expiry-past':
      return formExpiry(past, usual, 'none');
  }
  if (form === 'iso') return new Date(expirySeconds * 1000).toISOString();
  return form === 'text' ? String(expirySeconds) : expirySeconds;
}

/** A token as a fault wants it. */
export function formToken(token: string, fault: VendorFault): unknown {
  switch (fault) {
    case 'no-token':
      return undefined;
    case 'token-empty':
      return ' ';
    case 'token-number':
      return 42;
    case 'token-with-spaces':
      return `${token}\n and more`;
    case 'token-not-jwt':
      return 'bm90IGEgand0.c2VjcmV0LW5vdC1hLWp3dA';
    default:
      return token;
  }
}

const jwtHeader = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/** A signed JWT. Made without WebCrypto, whose threads would be what a bench measures. */
export function signJwt(claims: Record<string, unknown>, secret: Buffer): string {
  const signed = `${jwtHeader}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Claims of a JWT that a fault has had its way with. */
export function formClaims(lifetimeSeconds: number, fault: VendorFault): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now, jti: randomBytes(8).toString('hex') };
  if (fault === 'no-expiry') return claims;
  if (fault === 'expiry-past') return { ...claims, iat: now - 90_000, exp: now - 86_400 };
  if (fault === 'expiry-zero') return { ...claims, exp: 0 };
  return { ...claims, exp: now + lifetimeSeconds };
}

export function isWholeNumber(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

/** The body of a request as an object, or null. */
export function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  if (length === '0' && !coding) {
    request.resume();
    return '';
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  send(response, status, JSON.stringify(body), 'application/json', headers);
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

function drip(response: ServerResponse, text: string, everyMs: number): void {
  const timer = setInterval(() => response.write(text), everyMs);
  response.on('close', () => clearInterval(timer));
}

function retryAfterOf(fault: VendorFault): Record<string, string> {
  if (fault.endsWith('-seconds')) return { 'retry-after': '7' };
  return fault.endsWith('-date') ? { 'retry-after': new Date(Date.now() + 90_000).toUTCString() } : {};
}

const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);
