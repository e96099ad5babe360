import { isLoopbackHost } from '../../main/auth/backendRules.js';

/** An address, or what is wrong with it. The text itself is never part of that. */
export type CheckedUrl = { url: URL } | { problem: string };

/** The address below which a vendor's API is: https, or http on this computer; a path is allowed, nothing after it. */
export function checkBaseUrl(text: string): CheckedUrl {
  const checked = checkWebAddress(text);
  if ('problem' in checked) return checked;
  if (/[?#]/.test(text)) return { problem: 'must end before any “?” or “#”' };
  return checked;
}

/** The address of an identity provider's keys: https, or http on this computer. */
export function checkJwksUrl(text: string): CheckedUrl {
  const checked = checkWebAddress(text);
  if ('problem' in checked) return checked;
  if (text.includes('#')) return { problem: 'must end before any “#”' };
  return checked;
}

/** The address of a Redis-compatible store, with or without password. */
export function checkStoreUrl(text: string): CheckedUrl {
  const url = parseUrl(text);
  const form = 'must have the form redis://host:port or rediss://user:password@host:port';
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || !url.hostname) return { problem: form };
  if (!/^(\/\d{0,2})?$/.test(url.pathname))
    return { problem: 'may have nothing but the number of a database after the host' };
  if (/[?#]/.test(text))
    return { problem: 'must end before any “?” or “#”; write those characters of a password as %3F and %23' };
  if (![url.username, url.password].every(isDecodable))
    return { problem: 'has a “%” in its name or password that stands for itself: write it as %25' };
  return { url };
}

function checkWebAddress(text: string): CheckedUrl {
  const url = parseUrl(text);
  if (!url || !['https:', 'http:'].includes(url.protocol)) {
    return { problem: 'must be a web address in full, such as https://api.example.com' };
  }
  if (url.username || url.password)
    return { problem: 'must not hold a name or a password: remove what stands before the @' };
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return { problem: 'must begin with https://; plain http:// is allowed on this computer only' };
  }
  return { url };
}

const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
