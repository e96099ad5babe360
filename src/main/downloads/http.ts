import packageFile from '../../../package.json' with { type: 'json' };
import { LimpidError } from '../../shared/errors.js';
import { openConnection, type HttpConnection } from '../auth/httpClient.js';
import { openNetwork, type Network } from '../auth/network.js';
import { isAllowed, shownUrl } from './baseUrls.js';
import { networkError, timeoutError } from './failures.js';

const redirectCodes = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

export interface HttpControls {
  /** Ends the work with `cancelled`. */
  signal?: AbortSignal | undefined;
  /** Longest wait for an answer and between two pieces of it, ms. Default 30 s. */
  idleTimeoutMs?: number;
  /** Proxies come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY in here, unless `network` says otherwise. */
  environment?: NodeJS.ProcessEnv;
  /** The way to servers, and whom to trust. */
  network?: Network;
}

/** The head of an answer. */
export interface HttpHead {
  status: number;
  header(name: string): string | null;
}

/** Takes the body, piece by piece and at once; throws to end it. */
export type TakeChunk = (chunk: Buffer) => void;

/**
 * Asks for an address, follows up to five redirects (never from https to http), hands the last head to `begin`, whatever its
 * status, and the body to what that returns; null: no body is wanted. Resolves at the end of the body.
 * Throws what the two throw, else `LimpidError` `download.*` or `cancelled`.
 *
 * The body is taken in the same moment as it arrives: undici 7 ends the process when a server closes a connection whose
 * body waits to be read (nodejs/undici#5360).
 */
export async function get(
  address: string,
  headers: Record<string, string>,
  begin: (head: HttpHead) => TakeChunk | null,
  {
    signal,
    idleTimeoutMs = 30_000,
    environment = process.env,
    network = openNetwork({ variables: () => environment }),
  }: HttpControls = {},
): Promise<void> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects += 1) {
    const location = await exchange(url, headers, begin, { signal, idleTimeoutMs, network });
    if (location === null) return;
    url = redirectTarget(url, location, redirects);
  }
}

interface ExchangeControls {
  signal: AbortSignal | undefined;
  idleTimeoutMs: number;
  network: Network;
}

/** One request over a connection of its own. Resolves with the address that a redirect names, else with null. */
async function exchange(
  url: URL,
  headers: Record<string, string>,
  begin: (head: HttpHead) => TakeChunk | null,
  { signal, idleTimeoutMs, network }: ExchangeControls,
): Promise<string | null> {
  if (signal?.aborted) throw new LimpidError('cancelled');
  const ending = new AbortController();
  const cancel = () => ending.abort(new LimpidError('cancelled'));
  const timer = setTimeout(() => ending.abort(timeoutError(url.host)), idleTimeoutMs);
  signal?.addEventListener('abort', cancel);
  let connection: HttpConnection | null = null;
  try {
    const { client } = (connection = await connect(url, network, ending.signal, () => void timer.refresh()));
    return await new Promise((resolve, reject) => {
      ending.signal.addEventListener('abort', () => reject(ending.signal.reason as Error));
      let takeChunk: TakeChunk | null = null;
      const guarded = (work: () => void): void => {
        try {
          work();
        } catch (error) {
          takeChunk = null;
          reject(error);
        }
      };
      client.dispatch(
        {
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: 'GET',
          headers: { 'user-agent': `limpid/${packageFile.version}`, 'accept-encoding': 'identity', ...headers },
          headersTimeout: 0,
          bodyTimeout: 0,
          reset: true,
        },
        {
          onRequestStart: () => void timer.refresh(),
          onResponseStart: (_, status, fields) => {
            timer.refresh();
            if (status < 200) return;
            const header = (name: string) => [fields[name] ?? []].flat()[0] ?? null;
            if (redirectCodes.has(status)) resolve(header('location') ?? '');
            else guarded(() => (takeChunk = begin({ status, header })));
          },
          onResponseData: (_, chunk) => {
            timer.refresh();
            guarded(() => takeChunk?.(chunk));
          },
          onResponseEnd: () => resolve(null),
          onResponseError: (_, error) => reject(networkError(error, url.host)),
        },
      );
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    connection?.close();
  }
}

/** The same way as to token backends. Throws `download.*` or the signal's reason. */
async function connect(
  url: URL,
  { findRoute, trust }: Network,
  signal: AbortSignal,
  onFinding: () => void,
): Promise<HttpConnection> {
  try {
    const { proxy, otherWays } = await findRoute(url, null, signal);
    return await openConnection({ url, proxy, otherWays, caFile: null, trust }, { signal, onFinding });
  } catch (error) {
    throw signal.aborted ? signal.reason : networkError(error, url.host);
  }
}

/**
 * Reads a small document into memory. Throws like `get`, and `download.*` for every status but 200 and for more than `maxBytes`.
 */
export async function getDocument(address: string, maxBytes: number, controls: HttpControls = {}): Promise<Buffer> {
  const url = new URL(address);
  const parts: Buffer[] = [];
  let bytes = 0;
  const begin = (head: HttpHead): TakeChunk => {
    if (head.status !== 200) throw statusError(head.status, url);
    refuseWebPage(head, url);
    return (chunk) => {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLargeError(url, maxBytes);
      parts.push(Buffer.from(chunk));
    };
  };
  await get(address, {}, begin, controls);
  return Buffer.concat(parts);
}

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
export function refuseWebPage(head: HttpHead, url: URL): void {
  if (/^text\/html|^application\/xhtml/i.test(head.header('content-type') ?? '')) {
    throw new LimpidError('download.web-page', { url: shownUrl(url) });
  }
}

function redirectTarget(from: URL, location: string, redirects: number): URL {
  const to = location !== '' && URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (!to || redirects >= maxRedirects || !isAllowed(to, from.protocol === 'http:')) {
    throw new LimpidError('download.redirect', { host: from.host });
  }
  return to;
}
