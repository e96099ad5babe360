import { LimpidError } from '../../shared/errors.js';
import { isLoopbackHost } from './backendRules.js';

const metadataPath = '/.well-known/openid-configuration';

/**
 * The address of an identity provider: https, or http on this computer only; without name, password and query. Whoever enters the
 * address of its metadata means the provider. Throws `signIn.issuer-invalid` or `signIn.issuer-not-https`.
 */
export function checkIssuer(text: string): URL {
  const url = parse(text.trim());
  if (!url || url.username || url.password || url.search || url.hash) throw new LimpidError('signIn.issuer-invalid');
  if (url.pathname.endsWith(metadataPath)) url.pathname = url.pathname.slice(0, -metadataPath.length);
  // The library would take such an address for the metadata's own, and check no issuer.
  if (url.pathname.includes('/.well-known/')) throw new LimpidError('signIn.issuer-invalid');
  if (!isProtected(url)) throw new LimpidError('signIn.issuer-not-https', { host: url.host });
  return url;
}

/** An address that a provider gave, as `checkIssuer` wants it but with any query. Throws `signIn.bad-address`. */
export function checkProviderAddress(text: string, host: string): URL {
  const url = parse(text);
  if (!url || url.username || url.password || !isProtected(url)) throw new LimpidError('signIn.bad-address', { host });
  return url;
}

/** The page where a person signs in, as it may be handed to the system's browser. Throws `signIn.bad-address`. */
export function requireSignInPage(text: string): string {
  return checkProviderAddress(text, parse(text)?.host ?? '?').href;
}

const isProtected = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));

function parse(text: string): URL | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  return new URL(text);
}
