import dns from 'node:dns/promises';
import { once } from 'node:events';
import net, { isIP } from 'node:net';
import tls from 'node:tls';
import type { Client } from 'undici';
import { LimpidError } from '../../shared/errors.js';
import { readCapped } from '../readCapped.js';
import { checkProxyUse, isLoopbackAddress } from './backendRules.js';
import { bareHost, decodeLogin, portOf } from './network.js';
import { processTrust, type Trust } from './networkTrust.js';

/**
 * undici 7 throws an error that nobody can catch when a server hangs up while the body it sent is paused (nodejs/undici#5360), so
 * it never is: the cap on a reply's size ends it long before.
 */
const neverPauseBytes = 16_000_000;

/** A server and the way to it. */
export interface HttpTarget {
  url: URL;
  /** From `Network.findRoute`. */
  proxy: URL | null;
  /** From there too: tried one after the other when the proxy cannot be reached or says nothing. */
  otherWays?: readonly (URL | null)[];
  /** A file with certificates (PEM, or one in DER) to trust besides the usual ones. */
  caFile: string | null;
  /** Default: that of this process. */
  trust?: Trust;
}

export interface HttpRequest extends HttpTarget {
  method: 'GET' | 'POST';
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | null;
}

/** One connection, as a client that never opens another. `close` is required. */
export interface HttpConnection {
  client: Client;
  close(): void;
}

interface ConnectFinding {
  step: 'connect';
  host: string;
  address: string;
  port: number;
  isThroughProxy: boolean;
  /** The proxy that could not be reached, in whose place this is; absent where the first way was taken. */
  insteadOf?: string;
}

/** What is known of the way to the backend, as soon as it is known. `host` is the proxy's where there is one. */
export type ConnectionFinding =
  | { step: 'dns'; host: string; addresses: string[] }
  | ConnectFinding
  /** `certificate` is null without encryption (this computer only). */
  | { step: 'tls'; certificate: { protocol: string; issuer: string; daysLeft: number } | null };

export interface ConnectionOptions {
  signal: AbortSignal;
  onFinding(finding: ConnectionFinding): void;
  /** Time for a proxy before the next way is tried, where there is one. */
  patienceMs?: number;
}

/** A reply whose body was not read yet. `close` is required, and ends the connection. */
export interface HttpReply {
  status: number;
  header(name: string): string | null;
  /** Throws `backend.too-large` instead of reading on. */
  text(maxBytes: number): Promise<string>;
  close(): void;
}

/** Time for a proxy to let us through before the next way is tried. */
const wayPatienceMs = 3000;
/** Time for one address of several before the next is tried as well. */
const addressPatienceMs = 1000;
const dayMs = 86_400_000;

const untrustedCodes = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Sends one request over a connection of its own, and resolves with the head of the reply; redirects are not followed.
 * Ends early, with the signal's reason, when `signal` is aborted. Throws `LimpidError` without a cause: what the
 * system and the HTTP library throw may hold the request.
 */
export async function sendRequest(request: HttpRequest, options: ConnectionOptions): Promise<HttpReply> {
  const { signal } = options;
  const { url } = request;
  const { client, close } = await openConnection(request, options);
  try {
    const reply = await client.request({
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: request.headers,
      body: request.body,
      reset: true,
      signal,
      highWaterMark: neverPauseBytes,
    });
    reply.body.on('error', () => undefined);
    return {
      status: reply.statusCode,
      header: (name) => [reply.headers[name] ?? []].flat()[0] ?? null,
      text: (maxBytes) =>
        readText(reply.body, maxBytes, url.host).catch((error: unknown) => {
          throw signal.aborted ? signal.reason : asReplyError(error, url.host);
        }),
      close,
    };
  } catch (error) {
    close();
    throw signal.aborted ? signal.reason : asReplyError(error, url.host);
  }
}

/**
 * Connects to a server, through its proxy where there is one, encrypted for https. Where a proxy cannot be reached, the next way is
 * taken; when none leads there, it is the first that is told of. Aborting `signal` closes the connection, also later.
 * Throws as `sendRequest`; `backend.proxy-silent` in place of `backend.timeout` when it was the proxy that did not answer.
 */
export async function openConnection(
  target: HttpTarget,
  { signal, onFinding, patienceMs = wayPatienceMs }: ConnectionOptions,
): Promise<HttpConnection> {
  const { url, proxy, otherWays = [], caFile, trust = processTrust } = target;
  const opened: { destroy(): unknown }[] = [];
  const close = () => {
    signal.removeEventListener('abort', close);
    destroyAll(opened);
  };
  signal.addEventListener('abort', close, { once: true });

  const told = new Set<string>();
  const tell = (finding: ConnectionFinding): void => {
    if (told.has(finding.step)) return;
    told.add(finding.step);
    onFinding(finding);
  };
  try {
    // Before the connection, which a server may close while nobody asks for anything.
    await loadHttp();
    signal.throwIfAborted();
    const hop = { url, caFile, trust };
    const transport = await openByWays([proxy, ...otherWays], hop, opened, { signal, onFinding: tell, patienceMs });
    const client = await clientOver(url.origin, transport);
    opened.push(client);
    return { client, close };
  } catch (error) {
    close();
    if (!signal.aborted) throw asReplyError(error, url.host);
    throw proxy && !told.has('connect') ? blameProxy(signal.reason, proxy) : signal.reason;
  }
}

/** The time was up while the proxy was waited for. */
function blameProxy(reason: unknown, proxy: URL): unknown {
  if (!(reason instanceof LimpidError) || reason.code !== 'backend.timeout') return reason;
  const params = { host: proxy.host, seconds: reason.params['seconds'] ?? 0 };
  return new LimpidError('backend.proxy-silent', params, { retryable: true });
}

/** The first way, which could not be taken. */
interface MissedWay {
  host: string;
  error: unknown;
  findings: ConnectionFinding[];
}

type Hop = Pick<Required<HttpTarget>, 'url' | 'caFile' | 'trust'>;

/** The transport by the first of the ways whose proxy can be reached. */
async function openByWays(
  [proxy = null, ...others]: readonly (URL | null)[],
  hop: Hop,
  opened: { destroy(): unknown }[],
  options: Required<ConnectionOptions>,
  missed: MissedWay | null = null,
): Promise<net.Socket> {
  const { signal, onFinding, patienceMs } = options;
  if (others.length === 0 && !missed) return openTransport({ ...hop, proxy }, opened, { signal, onFinding });
  const patience = new AbortController();
  const giveUp = (): void => patience.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  const timer = setTimeout(() => patience.abort(silence(proxy ?? hop.url, patienceMs)), patienceMs);
  // The last way has all the time that is left.
  if (others.length === 0) clearTimeout(timer);
  let isConnected = false;
  /** Told when it is known that they are of the way that counts. */
  const findings: ConnectionFinding[] = [];
  const hear = (finding: ConnectionFinding): void => {
    if (finding.step !== 'connect') return void (isConnected ? onFinding(finding) : findings.push(finding));
    isConnected = true;
    clearTimeout(timer);
    findings.forEach(onFinding);
    onFinding({ ...finding, ...(missed && { insteadOf: missed.host }) });
  };
  try {
    return await openTransport({ ...hop, proxy }, opened, { signal: patience.signal, onFinding: hear });
  } catch (error) {
    clearTimeout(timer);
    if (isConnected || signal.aborted) throw error;
    const failure = patience.signal.aborted ? patience.signal.reason : error;
    const isMissed = failure instanceof LimpidError && missedCodes.has(failure.code);
    const first = missed ?? { host: (proxy ?? hop.url).host, error: failure, findings };
    if (isMissed && others.length > 0) {
      destroyAll(opened);
      return openByWays(others, hop, opened, options, first);
    }
    if (missed && !isMissed && proxy) throw failure;
    first.findings.forEach(onFinding);
    throw first.error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** What tells of a proxy that cannot be used now, and not of what it said. */
const missedCodes = new Set(['backend.proxy-unreachable', 'backend.proxy-silent']);

function silence({ host }: URL, patienceMs: number): LimpidError {
  return new LimpidError('backend.proxy-silent', { host, seconds: patienceMs / 1000 }, { retryable: true });
}

/** The bytes' way to the backend: the plain socket, through the proxy's tunnel where there is one, encrypted for https. */
async function openTransport(
  { url, proxy, caFile, trust }: Hop & Pick<HttpTarget, 'proxy'>,
  opened: { destroy(): unknown }[],
  { signal, onFinding }: { signal: AbortSignal; onFinding(finding: ConnectionFinding): void },
): Promise<net.Socket> {
  if (proxy) checkProxyUse(url);
  const hop = proxy ?? url;
  const addresses = await lookUp(hop, proxy !== null, signal);
  onFinding({ step: 'dns', host: hop.hostname, addresses });
  if (url.protocol === 'http:' && !addresses.every(isLoopbackAddress)) {
    throw new LimpidError('backend.not-https', { host: url.host });
  }

  const socket = await connect(hop, addresses, proxy !== null, opened, signal);
  const { remoteAddress = addresses[0] ?? '', remotePort = portOf(hop) } = socket;
  let transport = socket;
  if (proxy) {
    const toProxy =
      proxy.protocol === 'https:' ? await encrypt(socket, proxy, { caFile, trust }, opened, signal) : socket;
    transport = await openTunnel(toProxy, proxy, url, opened, signal);
  }
  onFinding({
    step: 'connect',
    host: hop.host,
    address: remoteAddress,
    port: remotePort,
    isThroughProxy: proxy !== null,
  });

  if (url.protocol === 'http:') {
    onFinding({ step: 'tls', certificate: null });
    return transport;
  }
  const encrypted = await encrypt(transport, url, { caFile, trust }, opened, signal);
  onFinding({ step: 'tls', certificate: describeCertificate(encrypted) });
  return encrypted;
}

async function lookUp(hop: URL, isProxy: boolean, signal: AbortSignal): Promise<string[]> {
  try {
    const found = await untilAborted(dns.lookup(bareHost(hop), { all: true }), signal);
    return found.map(({ address }) => address);
  } catch (error) {
    const detail = codeOf(error);
    throw isProxy
      ? new LimpidError('backend.proxy-unreachable', { host: hop.host, detail }, { retryable: true })
      : new LimpidError('backend.dns', { host: hop.hostname, detail }, { retryable: true });
  }
}

async function connect(
  hop: URL,
  addresses: string[],
  isProxy: boolean,
  opened: { destroy(): unknown }[],
  signal: AbortSignal,
): Promise<net.Socket> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  const socket = net.connect({
    host: bareHost(hop),
    port: portOf(hop),
    lookup: (_host, { all }, done) => {
      if (all) return done(null, found);
      done(null, found[0]?.address ?? '', found[0]?.family);
    },
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressPatienceMs,
    noDelay: true,
  });
  guard(socket, opened);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    const detail = codeOf(error);
    const params = { host: hop.host, detail };
    if (isProxy) throw new LimpidError('backend.proxy-unreachable', params, { retryable: true });
    if (detail === 'ECONNREFUSED') throw new LimpidError('backend.refused', { host: hop.host }, { retryable: true });
    throw new LimpidError('backend.network', params, { retryable: true });
  }
}

/** Asks the proxy for a connection to the backend (CONNECT); what it then carries is between us and the backend. */
async function openTunnel(
  toProxy: net.Socket,
  proxy: URL,
  url: URL,
  opened: { destroy(): unknown }[],
  signal: AbortSignal,
): Promise<net.Socket> {
  const target = `${url.hostname}:${portOf(url)}`;
  const client = await clientOver(proxy.origin, toProxy);
  opened.push(client);
  const login = `${decodeLogin(proxy.username)}:${decodeLogin(proxy.password)}`;
  const authorization =
    login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  const answer = await client
    .connect({ path: target, headers: { host: target, ...authorization }, signal })
    .catch((error: unknown) => {
      throw new LimpidError(
        'backend.proxy-unreachable',
        { host: proxy.host, detail: codeOf(error) },
        { retryable: true },
      );
    });
  const tunnel = answer.socket as net.Socket;
  guard(tunnel, opened);
  const { statusCode: status } = answer;
  if (status === 407) {
    const code = login === ':' ? 'backend.proxy-login' : 'backend.proxy-login-refused';
    throw new LimpidError(code, { host: proxy.host });
  }
  if (status !== 200) {
    throw new LimpidError('backend.proxy-refused', { host: proxy.host, status }, { retryable: status >= 500 });
  }
  return tunnel;
}

async function encrypt(
  socket: net.Socket,
  peer: URL,
  { caFile, trust }: Pick<Required<HttpTarget>, 'caFile' | 'trust'>,
  opened: { destroy(): unknown }[],
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const secureContext = await trust.context(caFile, signal);
  const host = bareHost(peer);
  const encrypted = tls.connect({
    socket,
    host,
    ...(isIP(host) ? {} : { servername: host }),
    ...(secureContext && { secureContext }),
    ALPNProtocols: ['http/1.1'],
    // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
    rejectUnauthorized: true,
  });
  guard(encrypted, opened);
  // The certificate is gone when its refusal is heard of.
  let issuer = '?';
  encrypted.prependListener('secure', () => (issuer = issuerOf(encrypted.getPeerCertificate())));
  try {
    await once(encrypted, 'secureConnect', { signal });
    return encrypted;
  } catch (error) {
    throw asTlsError(codeOf(error), peer.host, issuer);
  }
}

function asTlsError(detail: string, host: string, issuer: string): LimpidError {
  if (untrustedCodes.has(detail)) return new LimpidError('backend.tls-untrusted', { host, issuer });
  if (detail === 'CERT_HAS_EXPIRED' || detail === 'CERT_NOT_YET_VALID') {
    return new LimpidError('backend.tls-dates', { host });
  }
  if (detail === 'ERR_TLS_CERT_ALTNAME_INVALID') return new LimpidError('backend.tls-name', { host });
  return new LimpidError('backend.tls', { host, detail }, { retryable: detail === 'ECONNRESET' });
}

/** Who made a certificate, by its own words, which anybody may choose. */
function issuerOf({ issuer }: Partial<tls.PeerCertificate>): string {
  const name = [issuer?.O ?? issuer?.CN ?? '?'].flat().join(', ');
  return name.replace(/\p{C}/gu, ' ').slice(0, 100);
}

function describeCertificate(socket: tls.TLSSocket): { protocol: string; issuer: string; daysLeft: number } {
  const certificate = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? '?',
    issuer: issuerOf(certificate),
    daysLeft: Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs),
  };
}

async function readText(body: AsyncIterable<Buffer>, maxBytes: number, host: string): Promise<string> {
  const tooLarge = () => new LimpidError('backend.too-large', { host, kilobytes: maxBytes / 1024 });
  return new TextDecoder().decode(await readCapped(body, maxBytes, tooLarge));
}

/** What went wrong after the connection stood. */
function asReplyError(error: unknown, host: string): LimpidError {
  if (error instanceof LimpidError) return error;
  const detail = codeOf(error);
  if (detail === 'HTTPParserError' || detail.startsWith('HPE_')) return new LimpidError('backend.not-http', { host });
  return new LimpidError('backend.network', { host, detail }, { retryable: true });
}

/** Not needed before the first request, and slow to load: the start of Limpid does not wait for it. */
const loadHttp = () => import('undici');

/** An HTTP client on a connection that stands already; it never opens another. */
async function clientOver(origin: string, socket: net.Socket): Promise<Client> {
  const { Client } = await loadHttp();
  let isUsed = false;
  return new Client(origin, {
    connect: (_options, done) => {
      if (isUsed) return done(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), null);
      isUsed = true;
      // Not at once: the client loses a request whose connection stands before it has finished asking for one.
      queueMicrotask(() => done(null, socket));
    },
    // The one timeout is the caller's signal.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** The outermost first: Node 20 may crash when what an encrypted connection runs over is gone before it. */
function destroyAll(opened: { destroy(): unknown }[]): void {
  for (const each of opened.splice(0).toReversed()) each.destroy();
}

/** Whoever waits hears of an error by itself; nobody waits any more when it is late. */
function guard(socket: net.Socket, opened: { destroy(): unknown }[]): void {
  socket.on('error', () => undefined);
  opened.push(socket);
}

/** A name lookup cannot be called off, but need not be waited for. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_done, failed) => {
    signal.addEventListener('abort', () => failed(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** The stable name of what the system threw; its text may hold more than may be shown. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
