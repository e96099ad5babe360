import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { signInSettings, type SignInSettings } from '../../src/shared/backend.js';

/** It says at each start, and at each first use, what is for tests only. */
for (const level of ['info', 'warn'] as const) {
  const print = console[level].bind(console);
  console[level] = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider ')) print(...words);
  };
}
const library = await import('oidc-provider');

/** What a token backend is told to accept. */
export const audience = 'limpid-tokens';
export const requiredScope = 'tokens:mint';
const resource = 'https://tokens.example';
const clientId = 'limpid-desktop';
/** One pair for all providers of a process: it takes its time to make. */
let keys: ReturnType<typeof generateKeyPairSync> | null = null;
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

export interface IdentityProviderOptions {
  accessTokenSeconds?: number;
  deviceCodeSeconds?: number;
  /** Whether people stay signed in. */
  givesRefreshTokens?: boolean;
  /** Whether there are codes for devices. */
  knowsDevices?: boolean;
  /** Whether a token can be ended before its time. */
  knowsRevocation?: boolean;
}

/** What it may do wrong, in all its answers. */
export type ProviderFault = 'none' | 'drop' | '503' | 'redirect' | 'html' | 'huge' | 'other-issuer' | 'http-endpoints';

/** A request as the provider received it; its form, where it has one. */
export interface SeenRequest {
  method: string;
  path: string;
  form: URLSearchParams;
}

/**
 * A real identity provider (oidc-provider) on 127.0.0.1: code flow, codes for devices, refresh tokens that rotate and are all ended
 * when one comes twice, revocation, and JWTs as access tokens for one token backend. Anybody may log in, with any password.
 */
export class RealIdentityProvider {
  fault: ProviderFault = 'none';
  /** What a person is called; laid over the usual claims. */
  claims: Record<string, unknown> = {};
  /** Changes the next answers of the device's polling to these errors. */
  pollAnswers: string[] = [];
  /** Seconds between two questions of a device, as the provider asks for it. */
  intervalSeconds: number | null = 1;
  readonly requests: SeenRequest[] = [];
  /** Every token and code that it gave out, to be searched for where none may be. */
  readonly secrets: string[] = [];

  readonly #server: Server;
  readonly #port: number;
  readonly #handle: ReturnType<Provider['callback']>;

  private constructor(server: Server, options: Required<IdentityProviderOptions>) {
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    const provider = new library.Provider(this.issuer, this.#configure(options));
    provider.use(async (context, next) => this.#answer(context as KoaContextWithOIDC, next));
    this.#handle = provider.callback();
    server.on('request', (request, response) => {
      if (this.fault === 'drop') return void request.socket.destroy();
      void this.#handle(request, response);
    });
  }

  static async start(options: IdentityProviderOptions = {}): Promise<RealIdentityProvider> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new RealIdentityProvider(server, {
      accessTokenSeconds: 300,
      deviceCodeSeconds: 600,
      givesRefreshTokens: true,
      knowsDevices: true,
      knowsRevocation: true,
      ...options,
    });
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get jwksUrl(): string {
    return `${this.issuer}/jwks`;
  }

  /** What an environment needs to know. */
  settings(changes: Partial<SignInSettings> = {}): SignInSettings {
    const scope = `openid offline_access profile ${requiredScope}`;
    return signInSettings.parse({ issuer: this.issuer, clientId, scope, resource, ...changes });
  }

  /** Requests of its token endpoint with this grant, such as `refresh_token`. */
  grants(type: string): SeenRequest[] {
    return this.requests.filter(({ path, form }) => path === '/token' && form.get('grant_type') === type);
  }

  /** Ends every connection and refuses others. */
  stop(): Promise<void> {
    return new Promise((stopped) => {
      this.#server.close(() => stopped());
      this.#server.closeAllConnections();
    });
  }

  /** Listens again, on the same port. */
  restart(): Promise<void> {
    return new Promise((listening) => this.#server.listen(this.#port, '127.0.0.1', listening));
  }

  #configure(options: Required<IdentityProviderOptions>): Configuration {
    const { privateKey } = (keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
    const key = { ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
    const client: ClientMetadata = {
      client_id: clientId,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', ...(options.knowsDevices ? [deviceGrant] : [])],
    };
    return {
      clients: [client],
      jwks: { keys: [key as never] },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      conformIdTokenClaims: false,
      claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'email'] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, preferred_username: `${id}@example.com`, ...this.claims }),
      }),
      issueRefreshToken: async () => options.givesRefreshTokens,
      rotateRefreshToken: true,
      ttl: {
        AccessToken: options.accessTokenSeconds,
        DeviceCode: options.deviceCodeSeconds,
        IdToken: 3600,
        RefreshToken: 86_400,
        Grant: 86_400,
        Interaction: 600,
        Session: 86_400,
      },
      features: {
        devInteractions: { enabled: true },
        deviceFlow: { enabled: options.knowsDevices },
        revocation: { enabled: options.knowsRevocation },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: async () => true,
          getResourceServerInfo: async () => ({
            scope: requiredScope,
            audience,
            accessTokenTTL: options.accessTokenSeconds,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    };
  }

  async #answer(context: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
    const { method, path } = context;
    const seen: SeenRequest = { method, path, form: new URLSearchParams() };
    this.requests.push(seen);
    if (await this.#fail(context, path)) return;
    await next();
    const form = (context.oidc?.body ?? {}) as Record<string, string>;
    for (const [name, value] of Object.entries(form)) seen.form.append(name, value);
    if (typeof context.body !== 'object' || context.body === null) return;
    const body = context.body as Record<string, unknown>;
    if (path === '/device/auth' && this.intervalSeconds !== null) body['interval'] = this.intervalSeconds;
    const error = path === '/token' && seen.form.get('grant_type') === deviceGrant && this.pollAnswers.shift();
    if (error) {
      context.status = 400;
      context.body = { error, error_description: 'as the test wants it' };
      return;
    }
    for (const name of ['access_token', 'refresh_token', 'id_token', 'device_code']) {
      if (typeof body[name] === 'string') this.secrets.push(body[name]);
    }
  }

  async #fail(context: KoaContextWithOIDC, path: string): Promise<boolean> {
    const isMetadata = path === '/.well-known/openid-configuration';
    switch (this.fault) {
      case '503':
        context.status = 503;
        context.set('retry-after', '7');
        context.body = 'busy';
        return true;
      case 'redirect':
        context.redirect('https://elsewhere.example/?secret=1');
        return true;
      case 'html':
        context.type = 'html';
        context.body = '<!doctype html><title>Log in here</title>';
        return true;
      case 'huge':
        context.type = 'json';
        context.body = JSON.stringify({ padding: 'x'.repeat(1024 * 1024) });
        return true;
      case 'other-issuer':
        if (isMetadata) context.body = { issuer: 'https://elsewhere.example' };
        return isMetadata;
      case 'http-endpoints':
        if (isMetadata) {
          const place = 'http://elsewhere.example/oauth';
          const endpoints = ['authorization', 'token', 'device_authorization', 'revocation'];
          const places = Object.fromEntries(endpoints.map((name) => [`${name}_endpoint`, place]));
          context.body = { issuer: this.issuer, jwks_uri: this.jwksUrl, ...places };
        }
        return isMetadata;
      default:
        return false;
    }
  }
}

/** What a page says, and where it was found. */
interface Page {
  url: URL;
  status: number;
  text: string;
}

/** Somebody at a browser without scripts: keeps cookies, follows redirects, fills in forms. */
export class Person {
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(readonly name = 'anna') {}

  /** Logs in and agrees to everything, from the page that the browser was sent to until there is nothing to fill in. */
  async signIn(url: string, { denies = false } = {}): Promise<Page> {
    let page = await this.visit(url);
    for (let step = 0; step < 10; step++) {
      const form = readForm(page);
      if (!form) return page;
      if (denies && form.url.pathname.startsWith('/interaction/')) page = await this.visit(`${page.url.href}/abort`);
      else page = await this.#fill(form, denies ? { confirm: '', abort: 'yes' } : {});
    }
    throw new Error(`no end of forms at ${page.url.pathname}`);
  }

  /** Enters the code of a device, logs in and agrees to everything. */
  async enterCode(url: string, code: string, { denies = false } = {}): Promise<Page> {
    const form = readForm(await this.visit(url));
    if (!form) throw new Error('no field for the code');
    const confirm = readForm(await this.#fill(form, { user_code: code }));
    if (!confirm) throw new Error('the code was not accepted');
    if (denies) return this.#fill(confirm, { confirm: '', abort: 'yes' });
    let page = await this.#fill(confirm, {});
    for (let next = readForm(page); next; next = readForm(page)) page = await this.#fill(next, {});
    return page;
  }

  async visit(url: string, body: URLSearchParams | null = null): Promise<Page> {
    let asked = new URL(url);
    let form = body;
    for (let hop = 0; hop < 10; hop++) {
      const { reply, text } = await this.#send(asked, form);
      const location = reply.headers.get('location');
      if (reply.status < 300 || reply.status >= 400 || !location) return { url: asked, status: reply.status, text };
      asked = new URL(location, asked);
      form = null;
    }
    throw new Error(`no end of redirects at ${asked.pathname}`);
  }

  #fill({ url, fields }: Form, values: Record<string, string>): Promise<Page> {
    const answers = { ...fields, ...values };
    if ('login' in answers) Object.assign(answers, { login: this.name, password: 'any' });
    return this.visit(url.href, new URLSearchParams(Object.entries(answers).filter(([, value]) => value !== '')));
  }

  async #send(url: URL, body: URLSearchParams | null): Promise<{ reply: Response; text: string }> {
    const jar = this.#cookies.get(url.origin) ?? new Map<string, string>();
    this.#cookies.set(url.origin, jar);
    const reply = await fetch(url, {
      method: body ? 'POST' : 'GET',
      body,
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return { reply, text: await reply.text() };
  }
}

interface Form {
  url: URL;
  fields: Record<string, string>;
}

function readForm({ url, text }: Page): Form | null {
  const [, form = '', content = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(text) ?? [];
  const [, action] = /action="([^"]+)"/.exec(form) ?? [];
  if (!action) return null;
  const inputs = [...content.matchAll(/<input([^>]*)>/g)].map(([, input = '']) => [
    /name="([^"]*)"/.exec(input)?.[1] ?? '',
    /value="([^"]*)"/.exec(input)?.[1] ?? '',
  ]);
  return { url: new URL(action, url), fields: Object.fromEntries(inputs.filter(([name]) => name !== '')) };
}
