import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';

/**
 * What a token backend may do wrong. `none`: it works. `drop`: closes the connection without an answer · `silent`: never
 * answers · `slow-body`: a byte every 50 ms, without end · `not-http`: answers with bytes that are no HTTP · `clock-fast`
 * and `clock-slow`: its clock, and so `Date` and token, is ten minutes off · `no-date`: no `Date` header.
 * That it refuses connections altogether is `stop()`.
 */
export const faults = [
  'none',
  'drop',
  'silent',
  'slow-body',
  'not-http',
  'redirect',
  '401',
  '403',
  '404',
  '418',
  '429',
  '429-seconds',
  '429-date',
  '500',
  '503-seconds',
  'html',
  'empty',
  'ten-megabytes',
  'not-json',
  'no-token',
  'not-jwt',
  'no-expiry',
  'expired',
  'ten-years',
  'clock-fast',
  'clock-slow',
  'no-date',
] as const;
export type Fault = (typeof faults)[number];

/** A request as the backend received it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server certificate and the authority that signed it, made for this run. */
export interface TestCertificates {
  /** PEM file of the authority, for `caFile`. */
  caFile: string;
  key: string;
  cert: string;
  remove(): void;
}

const clockErrorMs = 600_000;

/**
 * A real backend on 127.0.0.1 that can be switched to any fault while it runs. Its token is a signed JWT, its credential
 * is not checked (use fault `401`); `reply` may lay another body around the token.
 */
export class FaultyBackend {
  fault: Fault = 'none';
  lifetimeSeconds = 3600;
  /** The body of a good reply. */
  reply = (token: string, expiresAt: number): unknown => ({ token, expires_at: expiresAt });
  /** Laid over the claims of each token. */
  claims: Record<string, unknown> = {};
  /** Laid over the headers of each reply. */
  headers: Record<string, string> = {};
  /** Where redirects lead to. */
  redirectTo = 'https://elsewhere.example/token?secret=1';
  readonly requests: SeenRequest[] = [];
  /** Every token it gave out, to be searched for where none may be. */
  readonly tokens: string[] = [];

  readonly #server: http.Server | https.Server;
  readonly #scheme: string;
  readonly #secret = randomBytes(32);
  #port = 0;

  private constructor(certificates: Pick<TestCertificates, 'key' | 'cert'> | null) {
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch(() => response.destroy());
    };
    this.#scheme = certificates ? 'https' : 'http';
    this.#server = certificates ? https.createServer(certificates, answer) : http.createServer(answer);
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(certificates: Pick<TestCertificates, 'key' | 'cert'> | null = null): Promise<FaultyBackend> {
    const backend = new FaultyBackend(certificates);
    await backend.restart();
    return backend;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}/token`;
  }

  get port(): number {
    return this.#port;
  }

  /** Refuses connections from now on, and ends those that there are. */
  stop(): Promise<void> {
    return new Promise((stopped) => {
      this.#server.close(() => stopped());
      this.#server.closeAllConnections();
    });
  }

  /** Listens again, on the same port. */
  restart(): Promise<void> {
    return new Promise((listening, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        listening();
      });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    this.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });

    const send = (status: number, body: string, extra: Record<string, string> = {}) => {
      if (this.fault === 'no-date') response.sendDate = false;
      else response.setHeader('date', new Date(this.#nowMs()).toUTCString());
      response.writeHead(status, { 'content-type': 'application/json', ...extra, ...this.headers });
      response.end(body);
    };
    const sendJson = (body: unknown) => send(200, JSON.stringify(body));
    const sendToken = async (claims: Record<string, unknown> = {}) => {
      const token = await this.#mint(claims);
      sendJson(this.reply(token, Math.floor(this.#nowMs() / 1000) + this.lifetimeSeconds));
    };
    const seconds = Math.floor(this.#nowMs() / 1000);

    switch (this.fault) {
      case 'none':
      case 'clock-fast':
      case 'clock-slow':
      case 'no-date':
        return sendToken();
      case 'ten-years':
        return sendToken({ exp: seconds + 10 * 365 * 86_400 });
      case 'expired':
        return sendToken({ iat: seconds - 3600, exp: seconds - 5 });
      case 'no-expiry':
        return sendToken({ exp: undefined });
      case 'drop':
        return void request.socket.destroy();
      case 'silent':
        return;
      case 'slow-body':
        return drip(response);
      case 'not-http':
        return void request.socket.end('220 mail.example ESMTP\r\n');
      case 'redirect':
        return send(302, '', { location: this.redirectTo });
      case '401':
      case '403':
      case '404':
      case '418':
      case '429':
      case '500':
        return send(Number(this.fault), await this.#errorBody());
      case '429-seconds':
        return send(429, '', { 'retry-after': '7' });
      case '429-date':
        return send(429, '', { 'retry-after': new Date((seconds + 90) * 1000).toUTCString() });
      case '503-seconds':
        return send(503, '', { 'retry-after': '20' });
      case 'html':
        return send(200, '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' });
      case 'empty':
        return send(200, '');
      case 'ten-megabytes':
        return send(200, JSON.stringify({ token: await this.#mint(), padding: 'x'.repeat(10 * 1024 * 1024) }));
      case 'not-json':
        return send(200, `token=${await this.#mint()}`);
      case 'no-token':
        return sendJson({ access: await this.#mint() });
      case 'not-jwt':
        return sendJson({ token: 'bm90IGEgand0.c2VjcmV0LW5vdC1hLWp3dA' });
    }
  }

  /** An error that carries what it should not, as real ones do. */
  async #errorBody(): Promise<string> {
    return JSON.stringify({ error: 'no', token: await this.#mint() });
  }

  #nowMs(): number {
    if (this.fault === 'clock-fast') return Date.now() + clockErrorMs;
    return this.fault === 'clock-slow' ? Date.now() - clockErrorMs : Date.now();
  }

  async #mint(claims: Record<string, unknown> = {}): Promise<string> {
    const issuedAt = Math.floor(this.#nowMs() / 1000);
    const own = { iss: 'faulty-backend', sub: 'test', jti: randomBytes(12).toString('hex') };
    const payload = { ...own, iat: issuedAt, exp: issuedAt + this.lifetimeSeconds, ...this.claims, ...claims };
    const defined = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
    const token = await new SignJWT(defined).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(this.#secret);
    this.tokens.push(token);
    return token;
  }
}

/** A body that never ends, and so keeps every timeout between two pieces from running out. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}

/**
 * Makes an authority and a server certificate with openssl. `subject`: what the certificate is for, by default
 * 127.0.0.1 and localhost.
 */
export function makeCertificates({ subject = 'IP:127.0.0.1,DNS:localhost', days = 30 } = {}): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-certificates-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '30',
    '-subj',
    '/O=Test Authority',
  );
  openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=test');
  writeFileSync(join(folder, 'san.cnf'), `subjectAltName=${subject}\n`);
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'san.cnf', '-days', String(days)];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...sign);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return {
    caFile: join(folder, 'ca.pem'),
    key: read('server.key'),
    cert: read('server.pem'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
