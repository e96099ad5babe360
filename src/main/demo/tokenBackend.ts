import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenBackendOptions {
  lifetimeSeconds: number;
  /** What a request must carry as `Authorization: Bearer`; default: a random one. */
  credential?: string;
  /** Port on 127.0.0.1; default: a free one. */
  port?: number;
}

export interface TokenBackend {
  /** Where a token is asked for with POST. */
  readonly url: string;
  readonly credential: string;
  /** Tokens handed out so far. */
  readonly mints: number;
  /** Ends at once, open connections included. */
  close(): Promise<void>;
}

/**
 * A token backend on this computer, for the demo and for tests: real JWTs (HS256, a secret that is never stored) with
 * a life of `lifetimeSeconds`, as `{ token, expires_at }` with `expires_at` in Unix seconds. 401 without the credential.
 */
export async function startTokenBackend(options: TokenBackendOptions): Promise<TokenBackend> {
  const credential = options.credential ?? randomBytes(24).toString('base64url');
  const secret = randomBytes(32);
  let mints = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    if (request.url !== '/token') return reply(response, 404, { error: 'not found' });
    if (request.method !== 'POST') return reply(response, 405, { error: 'use POST' });
    if (!isSame(request.headers.authorization ?? '', `Bearer ${credential}`)) {
      return reply(response, 401, { error: 'wrong credential' });
    }
    mints += 1;
    reply(response, 200, await mintToken(secret, options.lifetimeSeconds));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/token`,
    credential,
    get mints() {
      return mints;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function mintToken(secret: Uint8Array, lifetimeSeconds: number): Promise<{ token: string; expires_at: number }> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + lifetimeSeconds;
  const { SignJWT } = await import('jose');
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('limpid-demo')
    .setSubject('demo')
    .setJti(randomBytes(12).toString('hex'))
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(secret);
  return { token, expires_at: expiresAt };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Compares in a time that says nothing of where they differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
