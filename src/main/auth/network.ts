import { isIP } from 'node:net';
import { LimpidError, type Notice } from '../../shared/errors.js';
import { hideSecret } from '../redact.js';
import { checkProxyUrl, checkProxyUse, isLoopbackHost, parseProxyUrl } from './backendRules.js';
import { systemClock, type Clock } from './clock.js';
import { processTrust, type Trust } from './networkTrust.js';

/** How a server is reached. */
export interface Route {
  /** Null: directly. */
  proxy: URL | null;
  /** Where its proxy cannot be reached: the ways that the system names besides, best first. */
  otherWays: readonly (URL | null)[];
  /** Who named the proxy: the environment's own field, a variable, or the system's settings. Null: nobody did. */
  from: { kind: 'environment' } | { kind: 'variable'; name: string } | { kind: 'system' } | null;
  /** Why the system's settings could not be followed and the way is direct; null when nothing is wrong. */
  notice: Notice | null;
}

/** What this computer knows of its network. */
export interface Network {
  /**
   * The way to a server: by the proxy that was chosen for it, else as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, else as the system says,
   * where a shell can ask it. This computer is reached through a chosen proxy only. Throws `backend.proxy-invalid`,
   * `backend.proxy-credentials`, `backend.proxy-not-https`, `backend.proxy-socks` or the signal's reason.
   */
  findRoute(url: URL, chosen: string | null, signal?: AbortSignal): Promise<Route>;
  readonly trust: Trust;
}

export interface NetworkSources {
  /** Where the proxy variables are looked up, at each request. Default: those of this process. */
  variables?: () => NodeJS.ProcessEnv;
  /** The system's answer in the form of a PAC script (`PROXY host:port; DIRECT`). Absent: the system is not asked. */
  resolveProxy?: ((url: string) => Promise<string>) | undefined;
  trust?: Trust;
  clock?: Clock;
}

/** A PAC script that hangs may not keep tokens away. */
const resolvePatienceMs = 3000;
const direct: Route = { proxy: null, otherWays: [], from: null, notice: null };
/** A request has one time for all of them. */
const maxWays = 4;

export function openNetwork({
  variables = () => process.env,
  resolveProxy,
  trust = processTrust,
  clock = systemClock,
}: NetworkSources = {}): Network {
  return {
    trust,
    async findRoute(url, chosen, signal) {
      if (chosen?.trim()) {
        const proxy = checkProxyUrl(chosen);
        checkProxyUse(url);
        return { ...direct, proxy, from: { kind: 'environment' } };
      }
      if (isLoopbackHost(url.hostname)) return direct;
      const named = findInVariables(url, variables());
      if (named) return named;
      return resolveProxy ? askSystem(url, resolveProxy, clock, signal) : direct;
    },
  };
}

/** Null: the variables say nothing. */
function findInVariables(url: URL, variables: NodeJS.ProcessEnv): Route | null {
  const read = (name: string): string => (variables[name.toLowerCase()] || variables[name] || '').trim();
  if (isExempt(url, read('NO_PROXY'))) return direct;
  const name = ['HTTPS_PROXY', 'HTTP_PROXY'].find((each) => read(each) !== '');
  if (!name) return null;
  const proxy = parseProxyUrl(read(name));
  if (proxy.password) for (const secret of secretsOf(proxy)) hideSecret(secret);
  return { ...direct, proxy, from: { kind: 'variable', name } };
}

/** A login as it may appear in a log: the password, and both as Basic sends them. */
function secretsOf({ username, password }: URL): string[] {
  const plain = decodeLogin(password);
  return [password, plain, `${decodeLogin(username)}:${plain}`];
}

/** A part of a proxy's login; one with a bare percent sign is taken as it stands. */
export function decodeLogin(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function askSystem(
  url: URL,
  resolveProxy: (url: string) => Promise<string>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Route> {
  signal?.throwIfAborted();
  let stopTimer = (): void => undefined;
  let cancel = (): void => undefined;
  const late = new Promise<'late'>((resolve) => (stopTimer = clock.after(resolvePatienceMs, () => resolve('late'))));
  const cancelled = new Promise<never>((_, reject) => (cancel = () => reject(signal?.reason)));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    // A script has no business with paths and queries.
    const asked = resolveProxy(`${url.origin}/`).then(
      (answer) => ({ answer }),
      () => 'failed' as const,
    );
    const outcome = await Promise.race([asked, late, cancelled]);
    if (outcome === 'late') {
      return {
        ...direct,
        notice: { code: 'connection.system-proxy-late', params: { seconds: resolvePatienceMs / 1000 } },
      };
    }
    if (outcome === 'failed') return { ...direct, notice: { code: 'connection.system-proxy-failed', params: {} } };
    return readAnswer(outcome.answer, url);
  } finally {
    stopTimer();
    signal?.removeEventListener('abort', cancel);
  }
}

/** The ways of a PAC answer that Limpid can take. Throws `backend.proxy-socks` when there are only such that it cannot. */
function readAnswer(answer: unknown, url: URL): Route {
  const entries = String(answer)
    .slice(0, 10_000)
    .split(';')
    .map((entry) => /^(\S+)\s*(.*)$/.exec(entry.trim()))
    .filter((entry) => entry !== null)
    .map(([, kind = '', address = '']) => ({ kind: kind.toUpperCase(), address }));
  const ways = entries.flatMap(({ kind, address }) => (kind === 'DIRECT' ? [null] : (toProxy(kind, address) ?? [])));
  const [proxy, ...otherWays] = ways.slice(0, maxWays);
  if (proxy) return { ...direct, proxy, otherWays, from: { kind: 'system' } };
  if (proxy === null) return direct;
  if (entries.some(({ kind }) => /^SOCKS\d?$/.test(kind)))
    throw new LimpidError('backend.proxy-socks', { host: url.host });
  return { ...direct, notice: { code: 'connection.system-proxy-unreadable', params: {} } };
}

const schemes: Record<string, string> = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' };

/** Null for what is no such address: another one may follow. */
function toProxy(kind: string, address: string): URL | null {
  const scheme = schemes[kind];
  if (!scheme || !/^[^\s/@?#\\]+$/.test(address)) return null;
  try {
    return checkProxyUrl(`${scheme}://${address}`);
  } catch {
    return null;
  }
}

/** Whether NO_PROXY (names that cover what lies below them, `host:port`, or `*`) lists the host of an address. */
function isExempt(url: URL, list: string): boolean {
  const host = bareHost(url);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) ? `[${entry}]` : entry) ?? [];
      if (port && Number(port) !== portOf(url)) return false;
      const suffix = name.replace(/^\*?\./, '');
      return host === suffix || host.endsWith(`.${suffix}`);
    });
}

/** The host without the brackets of IPv6. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

export const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
