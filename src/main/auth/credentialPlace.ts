import { createHash } from 'node:crypto';
import type { BackendEnvironment } from '../../shared/backend.js';

/** Where a credential is sent, and who can read it there or on the way. */
export function placeOf({ url, proxy, caFile }: BackendEnvironment): {
  origin: string;
  proxy: string | null;
  caFile: string | null;
} {
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  return { origin, proxy, caFile };
}

/** The same for a settings file, which says no addresses of credentials; null: the environment leads nowhere yet. */
export function placeKey(environment: BackendEnvironment): string | null {
  if (!environment.url) return null;
  const { origin, proxy, caFile } = placeOf(environment);
  return createHash('sha256')
    .update(JSON.stringify([origin, proxy, caFile]))
    .digest('hex')
    .slice(0, 16);
}
