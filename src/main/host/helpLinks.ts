import { LimpidError } from '../../shared/errors.js';

/** Hosts of our own help links. Nothing else is ever handed to the system's browser. */
const helpHosts = new Set(['existential.audio', 'vb-audio.com']);

/** Returns the URL in its normal form, or throws `link.refused`: https only, known hosts only, no credentials, no odd port. */
export function requireHelpLink(url: string): string {
  const refusal = new LimpidError('link.refused', { url: url.slice(0, 200) });
  if (!URL.canParse(url)) throw refusal;
  const { protocol, hostname, port, username, password, href } = new URL(url);
  if (protocol !== 'https:' || port || username || password || !helpHosts.has(hostname)) throw refusal;
  return href;
}
