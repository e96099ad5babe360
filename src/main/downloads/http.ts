import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import packageFile from '../../../package.json' with { type: 'json' };
import { LimpidError } from '../../shared/errors.js';
import { isLoopbackHost } from '../auth/backendRules.js';
import { isAllowed, shownUrl } from './baseUrls.js';
import { networkError, timeoutError } from './failures.js';

const redirectCodes = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

export interface HttpControls {
  /** Ends the work with `cancelled`. */
  signal?: AbortSignal | undefined;
  /** Longest wait for an answer and between two pieces of it, ms. Default 30 s. */
  idleTimeoutMs?: number;
  /** Proxies come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY in here. Certificates: Node itself reads NODE_EXTRA_CA_CERTS. */
  environment?: NodeJS.ProcessEnv;
}

/** An answer whose body is read by going through `chunks`. */
export interface HttpAnswer {
  status: number;
  header(name: string): string | null;
  chunks: AsyncIterable<Buffer>;
}

/**
 * Asks for an address, follows up to five redirects (never from https to http), and hands the last answer to `use`, whatever
 * its status. The connection is closed when `use` is done. Throws `LimpidError` `download.*` or `cancelled`.
 */
export async function get<Value>(
  address: string,
  headers: Record<string, string>,
  use: (answer: HttpAnswer) => Promise<Value>,
  { signal, idleTimeoutMs = 30_000, environment = process.env }: HttpControls = {},
): Promise<Value> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleTimeoutMs);
  const dispatchers: Dispatcher[] = [];
  let url = new URL(address);
  try {
    for (let redirects = 0; ; redirects += 1) {
      const dispatcher = createDispatcher(url, environment);
      dispatchers.push(dispatcher);
      const reply = await request(url, {
        dispatcher,
        headers: { 'user-agent': `limpid/${packageFile.version}`, 'accept-encoding': 'identity', ...headers },
        signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      timer.refresh();
      reply.body.on('error', () => undefined);
      const header = (name: string) => [reply.headers[name] ?? []].flat()[0] ?? null;
      if (!redirectCodes.has(reply.statusCode)) {
        const chunks = refreshing(reply.body, timer);
        return await use({ status: reply.statusCode, header, chunks });
      }
      url = redirectTarget(url, header('location'), redirects);
    }
  } catch (error) {
    if (signal?.aborted) throw new LimpidError('cancelled');
    if (idle.signal.aborted) throw timeoutError(url.host);
    throw networkError(error, url.host);
  } finally {
    clearTimeout(timer);
    for (const dispatcher of dispatchers) void dispatcher.destroy();
  }
}

/**
 * Reads a small document into memory. Throws like `get`, and `download.*` for every status but 200 and for more than `maxBytes`.
 */
export const getDocument = (address: string, maxBytes: number, controls: HttpControls = {}): Promise<Buffer> =>
  get(
    address,
    {},
    async (answer) => {
      if (answer.status !== 200) throw statusError(answer.status, new URL(address));
      refuseWebPage(answer, new URL(address));
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of answer.chunks) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLargeError(new URL(address), maxBytes);
        parts.push(chunk);
      }
      return Buffer.concat(parts);
    },
    controls,
  );

/** The error behind a status that carries nothing to download. */
export function statusError(status: number, url: URL): LimpidError {
  if (status === 404 || status === 410) return new LimpidError('download.not-found', { url: shownUrl(url) });
  if (status === 401 || status === 403) return new LimpidError('download.forbidden', { url: shownUrl(url), status });
  const isBusy = status === 429 || status >= 500;
  return isBusy
    ? new LimpidError('download.server-error', { host: url.host, status }, { retryable: true })
    : new LimpidError('download.unexpected-status', { url: shownUrl(url), status });
}

export const tooLargeError = (url: URL, maxBytes: number): LimpidError =>
  new LimpidError('download.too-large', { url: shownUrl(url), limitMb: Math.floor(maxBytes / 1e6) });

/** Sign-in pages of networks and proxies answer every address, with status 200. */
export function refuseWebPage(answer: HttpAnswer, url: URL): void {
  if (/^text\/html|^application\/xhtml/i.test(answer.header('content-type') ?? '')) {
    throw new LimpidError('download.web-page', { url: shownUrl(url) });
  }
}

function redirectTarget(from: URL, location: string | null, redirects: number): URL {
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (!to || redirects >= maxRedirects || !isAllowed(to, from.protocol === 'http:')) {
    throw new LimpidError('download.redirect', { host: from.host });
  }
  return to;
}

/** One connection, which ends with the download. This computer is never reached through a proxy. */
function createDispatcher(url: URL, environment: NodeJS.ProcessEnv): Dispatcher {
  const options = { pipelining: 0, connect: { timeout: 15_000 } };
  if (isLoopbackHost(url.hostname)) return new Agent(options);
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || '';
  try {
    return new EnvHttpProxyAgent({
      ...options,
      httpProxy: read('HTTP_PROXY'),
      httpsProxy: read('HTTPS_PROXY'),
      noProxy: read('NO_PROXY'),
    });
  } catch {
    throw new LimpidError('download.proxy', { host: url.host, detail: 'HTTPS_PROXY' });
  }
}

async function* refreshing(body: AsyncIterable<Buffer>, timer: NodeJS.Timeout): AsyncIterable<Buffer> {
  for await (const chunk of body) {
    timer.refresh();
    yield chunk;
  }
}
