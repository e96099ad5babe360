import type { BackendEnvironment } from '../../shared/backend.js';
import { LimpidError } from '../../shared/errors.js';
import { startDeadline } from './backendClient.js';
import { systemClock, type Clock } from './clock.js';
import { sendRequest, type HttpReply } from './httpClient.js';
import type { Network } from './network.js';
import { checkProviderAddress } from './signInAddress.js';

/** Far above what any provider sends, its metadata and its keys included. */
const maxReplyBytes = 256 * 1024;

export interface ProviderRequest {
  url: string;
  method: 'GET' | 'POST';
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | null;
}

export interface ProviderReply {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/**
 * Sends one request to an identity provider by the way of an environment: its proxy, its certificates, its time. Redirects are not
 * followed. Throws `LimpidError` without a cause: `signIn.*`, or `cancelled` when `signal` is aborted.
 */
export type Transport = (
  environment: BackendEnvironment,
  request: ProviderRequest,
  signal?: AbortSignal,
) => Promise<ProviderReply>;

export function createTransport(network: Network, clock: Clock = systemClock): Transport {
  return async ({ proxy: chosen, caFile, timeoutMs }, { method, headers, body, ...request }, signal) => {
    const url = checkProviderAddress(request.url, URL.canParse(request.url) ? new URL(request.url).host : '?');
    const deadline = startDeadline(timeoutMs, url.host, clock, signal);
    let reply: HttpReply | null = null;
    try {
      const { proxy, otherWays } = await network.findRoute(url, chosen, deadline.signal);
      reply = await sendRequest(
        {
          url,
          method,
          headers: { ...headers, 'accept-encoding': 'identity' },
          body,
          proxy,
          otherWays,
          caFile,
          trust: network.trust,
        },
        { signal: deadline.signal, onFinding: () => undefined },
      );
      return await readReply(reply, url);
    } catch (error) {
      throw toProviderError(error, url.host);
    } finally {
      deadline.end();
      reply?.close();
    }
  };
}

/** What the library reads of a reply, and what tells of the provider's clock. */
const readHeaders = ['content-type', 'date', 'retry-after', 'www-authenticate'];

async function readReply(reply: HttpReply, { host }: URL): Promise<ProviderReply> {
  const { status } = reply;
  if (status >= 300 && status < 400) throw new LimpidError('signIn.redirected', { host });
  if (status === 429 || status >= 500) {
    const seconds = reply.header('retry-after') ?? '';
    const pause = /^\d{1,9}$/.test(seconds) ? { retryAfterMs: Number(seconds) * 1000 } : {};
    throw new LimpidError('signIn.provider-error', { host, status, ...pause }, { retryable: true });
  }
  const found = readHeaders.flatMap((name) => {
    const value = reply.header(name);
    return value === null ? [] : [[name, value]];
  });
  return { status, headers: Object.fromEntries(found), text: await reply.text(maxReplyBytes) };
}

function toProviderError(error: unknown, host: string): LimpidError {
  if (!(error instanceof LimpidError)) return new LimpidError('signIn.bad-answer', { host });
  const { code, params, retryable } = error;
  if (code === 'cancelled' || code.startsWith('signIn.')) return error;
  if (code === 'backend.timeout') return new LimpidError('signIn.timeout', { ...params, host }, { retryable: true });
  if (code === 'backend.not-https') return new LimpidError('signIn.bad-address', { host });
  if (code === 'backend.too-large' || code === 'backend.not-http')
    return new LimpidError('signIn.bad-answer', { host });
  return new LimpidError('signIn.unreachable', { reason: { code, params } }, { retryable });
}
