import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT, type JWK, type JWTHeaderParameters } from 'jose';
import type { IdentityProviderConfiguration } from '../../src/backend/configuration/configuration.js';

/** A key of an identity provider, with all that it takes to abuse it. */
export interface SigningKey {
  kid: string;
  algorithm: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  jwk: JWK;
}

export async function createSigningKey(kid: string, algorithm: 'ES256' | 'RS256' = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey, publicKey, jwk };
}

/** What its key set may do wrong. */
export type KeySetFault = 'none' | 'drop' | 'silent' | 'garbage' | 'no-set' | '500' | 'redirect' | 'huge' | 'trickle';

/** What it serves HTTPS with. */
export interface Certificates {
  key: string;
  cert: string;
}

/** A real identity provider on 127.0.0.1, as far as servers see one: its key set, and tokens signed with its keys. */
export class IdentityProvider {
  fault: KeySetFault = 'none';
  keys: JWK[] = [];
  /** Requests of the key set. */
  requests = 0;

  readonly #protocol: 'http' | 'https';
  readonly #server: http.Server;

  private constructor(certificates: Certificates | null) {
    const answer: http.RequestListener = (_, response) => this.#answer(response);
    this.#protocol = certificates ? 'https' : 'http';
    this.#server = certificates ? https.createServer({ ...certificates }, answer) : http.createServer(answer);
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(keys: SigningKey[] = [], certificates: Certificates | null = null): Promise<IdentityProvider> {
    const provider = new IdentityProvider(certificates);
    provider.keys = keys.map(({ jwk }) => jwk);
    await new Promise<void>((listening) => provider.#server.listen(0, '127.0.0.1', listening));
    return provider;
  }

  get url(): URL {
    const { port } = this.#server.address() as AddressInfo;
    return new URL(`${this.#protocol}://127.0.0.1:${port}/jwks`);
  }

  /** How a server is told to accept the tokens of this provider. */
  configuration(changes: Partial<IdentityProviderConfiguration> = {}): IdentityProviderConfiguration {
    return {
      issuer: 'https://identity.example/',
      audience: 'limpid-tokens',
      jwksUrl: this.url,
      requiredScope: 'tokens:mint',
      algorithms: ['ES256', 'RS256'],
      callerClaim: 'sub',
      access: { soniox: { expires_in_seconds: 600 } },
      limit: 7,
      ...changes,
    };
  }

  close(): Promise<void> {
    return new Promise((closed) => {
      this.#server.close(() => closed());
      this.#server.closeAllConnections();
    });
  }

  #answer(response: http.ServerResponse): void {
    this.requests += 1;
    const json = { 'content-type': 'application/json' };
    const keySet = JSON.stringify({ keys: this.keys });
    switch (this.fault) {
      case 'drop':
        response.destroy();
        return;
      case 'silent':
        return;
      case 'garbage':
        response.writeHead(200, json).end('{"keys":[');
        return;
      case 'no-set':
        response.writeHead(200, json).end('{"keys":"none"}');
        return;
      case '500':
        response.writeHead(500, json).end(keySet);
        return;
      case 'redirect':
        response.writeHead(302, { location: '/elsewhere' }).end();
        this.fault = 'none';
        return;
      case 'huge':
        response.writeHead(200, json).end(keySet + ' '.repeat(1024 * 1024));
        return;
      case 'trickle': {
        response.writeHead(200, json);
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'none':
        response.writeHead(200, json).end(keySet);
    }
  }
}

/** A token as `IdentityProvider.configuration` wants it, but for what is changed; a claim that is undefined is left out. */
export function signToken(
  key: SigningKey,
  changes: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://identity.example/',
    aud: 'limpid-tokens',
    sub: 'agent-17',
    scope: 'openid tokens:mint',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    ...changes,
  };
  const protectedHeader = { alg: key.algorithm, kid: key.kid, ...header } as JWTHeaderParameters;
  return new SignJWT(claims).setProtectedHeader(protectedHeader).sign(key.privateKey);
}
