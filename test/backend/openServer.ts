import { connect } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import { createClientKey } from '../../src/backend/configuration/clientKeys.js';
import type { ClientConfiguration, Configuration } from '../../src/backend/configuration/configuration.js';
import type { Access } from '../../src/backend/callers.js';
import { providerIds, type ProviderId } from '../../src/backend/providers/provider.js';
import { startBackendServer, type BackendServer, type BackendServerOptions } from '../../src/backend/server.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import { aiolaWorkflowId, startAiola } from '../vendors/aiola.js';
import { startAssemblyAi } from '../vendors/assemblyai.js';
import { startSoniox } from '../vendors/soniox.js';
import { ApiCheck, type WireReply } from './apiCheck.js';

/** A reply that is as the server's own OpenAPI document says. */
export interface CheckedReply extends WireReply {
  /** Parsed where it is JSON. */
  body: unknown;
  /** Of errors. */
  code: string | null;
}

export interface CallOptions {
  /** null: none is sent. By default the key of a client that may do everything. */
  credential?: string | null;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a text as it is. */
  body?: object | string;
  /** By default JSON where there is a body. */
  contentType?: string | null;
  signal?: AbortSignal;
}

/** A request, as the server reads it. */
interface Understood {
  method: string;
  path: string;
}

export type LogLine = Record<string, unknown> & { event: string };

/** The least that each provider accepts. */
export const smallestRequests: Record<ProviderId, object> = {
  'ai-coustics': {},
  assemblyai: { expires_in_seconds: 60 },
  soniox: { usage_type: 'transcribe_websocket', expires_in_seconds: 60 },
  aiola: {},
};

/** Stand-ins of all four vendors. */
export async function startVendors() {
  const [aiCoustics, assemblyai, soniox, aiola] = await Promise.all([
    startAiCoustics(),
    startAssemblyAi(),
    startSoniox(),
    startAiola(),
  ]);
  return { 'ai-coustics': aiCoustics, assemblyai, soniox, aiola };
}
export type Vendors = Awaited<ReturnType<typeof startVendors>>;

/** A client with its key. By default it may use every provider without ceilings. */
export function makeClient(name: string, access: Access = everything): { key: string; client: ClientConfiguration } {
  const { key, client } = createClientKey(name);
  return { key, client: { ...client, access, limit: null } };
}

const everything = Object.fromEntries(providerIds.map((id) => [id, {}])) as Access;

export function makeConfiguration(
  vendors: Vendors,
  clients: ClientConfiguration[],
  changes: Partial<Configuration> = {},
): Configuration {
  const at = (id: ProviderId) => ({ baseUrl: new URL(vendors[id].url), apiKey: vendors[id].key });
  return {
    listen: { host: '127.0.0.1', port: 0 },
    callers: { isAnonymousAllowed: false, clients, identityProvider: null },
    providers: {
      'ai-coustics': at('ai-coustics'),
      assemblyai: at('assemblyai'),
      soniox: at('soniox'),
      aiola: { ...at('aiola'), workflowId: aiolaWorkflowId },
    },
    limits: { windowMs: 60_000, perClient: 100_000, perProvider: 100_000, redisUrl: null },
    upstreamTimeoutMs: 2000,
    logLevel: 'debug',
    drainDelayMs: 0,
    ...changes,
  };
}

/** A server with stand-ins behind it, every reply of which is checked against the OpenAPI document that it serves. */
export class OpenServer {
  readonly log: LogLine[] = [];
  logText = '';
  /** Everything that callers were sent, but for the bodies that hold a token because they were asked for one. */
  repliesText = '';
  readonly minted: string[] = [];
  readonly #agent = new Agent({ connections: 64, pipelining: 1 });
  #check: ApiCheck | null = null;

  private constructor(
    readonly vendors: Vendors,
    readonly configuration: Configuration,
    readonly key: string,
  ) {}

  server!: BackendServer;

  static async start(
    change: (made: Configuration) => Configuration = (made) => made,
    options: BackendServerOptions = {},
  ): Promise<OpenServer> {
    const vendors = await startVendors();
    const { key, client } = makeClient('everything');
    const configuration = change(makeConfiguration(vendors, [client]));
    const open = new OpenServer(vendors, configuration, key);
    const logTo = { write: (line: string) => open.#readLog(line) };
    open.server = await startBackendServer(configuration, { logTo, ...options });
    return open;
  }

  get url(): string {
    return this.server.url;
  }

  get audit(): LogLine[] {
    return this.log.filter(({ event }) => event === 'mint' || event === 'close' || event === 'refused');
  }

  mint(provider: string, options: CallOptions = {}): Promise<CheckedReply> {
    const smallest = smallestRequests[provider as ProviderId];
    return this.call('POST', `/v1/tokens/${provider}`, { ...(smallest && { body: smallest }), ...options });
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<CheckedReply> {
    const { credential = this.key, headers = {}, body, signal } = options;
    const { contentType = body === undefined ? null : 'application/json' } = options;
    const answer = await request(this.url + path, {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.#agent,
      headers: {
        ...(credential !== null && { authorization: `Bearer ${credential}` }),
        ...(contentType !== null && { 'content-type': contentType }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal && { signal }),
    });
    const sent = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    const text = await answer.body.text();
    return this.take({ method, path }, { status: answer.statusCode, headers: Object.fromEntries(sent), text });
  }

  /**
   * Sends bytes over a connection of their own, and reads until the server ends it. `understood`: what it takes them for;
   * null: nothing.
   */
  async send(bytes: string, understood: Understood | null): Promise<CheckedReply> {
    const text = await exchangeBytes(this.url, bytes);
    return this.take(understood, parseReply(text));
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.#agent.close();
    await Promise.all(Object.values(this.vendors).map((vendor) => vendor.close()));
  }

  /** Checks a reply that came by other ways. */
  async take(understood: Understood | null, reply: WireReply): Promise<CheckedReply> {
    this.#check ??= new ApiCheck(await this.#readDocument());
    this.#check.check(understood, reply);
    const isJson = reply.headers['content-type']?.startsWith('application/json');
    const body: unknown = isJson && reply.text !== '' ? JSON.parse(reply.text) : reply.text;
    const { error, token } = body as { error?: { code: string }; token?: string };
    if (reply.status === 200 && token) this.minted.push(token);
    this.repliesText += `${JSON.stringify(reply.headers)}\n${token ? '' : reply.text}\n`;
    return { ...reply, body, code: error?.code ?? null };
  }

  async #readDocument(): Promise<object> {
    const answer = await request(`${this.url}/openapi.json`, { dispatcher: this.#agent });
    return (await answer.body.json()) as object;
  }

  #readLog(line: string): void {
    this.logText += line;
    this.log.push(JSON.parse(line) as LogLine);
  }
}

/** What comes back over one connection until it ends. */
export function exchangeBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.on('error', reject).on('close', () => resolve(text));
  });
}

/** One reply with a Content-Length, or none of its body. */
export function parseReply(text: string): WireReply {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), text: text.slice(end + 4) };
}
