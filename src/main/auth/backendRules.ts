import { isIP } from 'node:net';
import { LimpidError } from '../../shared/errors.js';

/** Headers that belong to the connection, and would break it or the request when set by hand. */
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The address of a token backend: https, or http on this computer only; without name and password.
 * Throws `backend.not-configured` (empty), `backend.url-invalid`, `backend.url-credentials` or `backend.not-https`.
 */
export function checkBackendUrl(text: string): URL {
  if (text.trim() === '') throw new LimpidError('backend.not-configured');
  const url = parseUrl(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new LimpidError('backend.url-invalid');
  if (url.username || url.password) throw new LimpidError('backend.url-credentials', { host: url.host });
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new LimpidError('backend.not-https', { host: url.host });
  }
  return url;
}

/**
 * The address of a proxy as it may stand in the settings: `http://host:port` or `https://host:port`, without name and
 * password, which would lie in a file. Throws `backend.proxy-invalid` or `backend.proxy-credentials`.
 */
export function checkProxyUrl(text: string): URL {
  const url = parseProxyUrl(text);
  if (url.username || url.password) throw new LimpidError('backend.proxy-credentials', { host: url.host });
  return url;
}

/**
 * A proxy reads what is not encrypted, the credential too, so a plain http backend is reached without any.
 * Throws `backend.proxy-not-https`.
 */
export function checkProxyUse(backend: URL): void {
  if (backend.protocol === 'http:') throw new LimpidError('backend.proxy-not-https', { host: backend.host });
}

/** The address of a proxy as an environment variable may give it: also without scheme, also with name and password. */
export function parseProxyUrl(text: string): URL {
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text : `http://${text.trim()}`);
  if (!url?.hostname || !['http:', 'https:'].includes(url.protocol)) throw new LimpidError('backend.proxy-invalid');
  return url;
}

/** Throws `backend.header-reserved` for a header that only the connection itself may set. */
export function checkHeaders(headers: readonly { name: string }[]): void {
  const reserved = headers.find(({ name }) => connectionHeaders.has(name.toLowerCase()));
  if (reserved) throw new LimpidError('backend.header-reserved', { name: reserved.name });
}

/** Whether a host, as `URL.hostname` writes it, names this computer: localhost, 127.0.0.0/8 or ::1. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return host === 'localhost' || isLoopbackAddress(host);
}

/** Whether an IP address belongs to this computer only. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text.trim());
  } catch {
    return null;
  }
}
