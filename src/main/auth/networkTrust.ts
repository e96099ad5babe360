import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { LimpidError } from '../../shared/errors.js';

/** Which authorities a server's certificate may come from. */
export interface Trust {
  /**
   * For one handshake; undefined: what Node trusts by itself. `caFile` is a file with certificates (PEM, or one in DER) to trust
   * besides, or null. Throws `backend.ca-unreadable`.
   */
  context(caFile: string | null, signal: AbortSignal): Promise<tls.SecureContext | undefined>;
}

export interface TrustSources {
  /** The system's certificates (PEM); null: this runtime cannot read them. It may be slow. Default: Node's, from 22.15 on. */
  readSystem?: () => readonly string[] | null;
  /** Whether NODE_EXTRA_CA_CERTS counts. */
  followsVariables?: () => boolean;
}

/** What `tls` of newer versions of Node has besides. */
interface NewerTls {
  getCACertificates?: (type: 'default' | 'bundled' | 'system') => string[];
}

const { getCACertificates } = tls as typeof tls & NewerTls;

/** The bundled certificates, those of the system where Node can read them (once for a process: it keeps them), and those of a file. */
export function createTrust({
  readSystem = () => getCACertificates?.('system') ?? null,
  followsVariables = () => true,
}: TrustSources = {}): Trust {
  let system: readonly string[] | null = null;
  /** Reading all roots takes tens of ms, so contexts are kept: by what they were made of. */
  const contexts = new Map<string, tls.SecureContext>();
  const read = (): readonly string[] => {
    try {
      return readSystem() ?? [];
    } catch {
      return [];
    }
  };
  return {
    async context(caFile, signal) {
      system ??= read();
      const usesDefault = followsVariables();
      const own = caFile === null ? '' : await readCertificates(caFile, signal);
      if (own === '' && system.length === 0 && usesDefault) return undefined;
      const key = `${usesDefault} ${own}`;
      const context =
        contexts.get(key) ?? createContext(usesDefault ? defaultRoots() : tls.rootCertificates, system, own);
      if (contexts.size > 8) contexts.clear();
      contexts.set(key, context);
      return context;
    },
  };
}

/** What this process trusts, for whoever is given nothing else: the system's certificates are read once. */
export const processTrust: Trust = createTrust();

function createContext(usual: readonly string[], system: readonly string[], own: string): tls.SecureContext {
  const ca = own === '' ? [...usual] : [...usual, own];
  try {
    return tls.createSecureContext({ ca: [...ca, ...system] });
  } catch {
    // One that cannot be used must not cost all others.
    return tls.createSecureContext({ ca: [...ca, ...system.filter(isCertificate)] });
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

/** The certificates of a file as PEM. Throws `backend.ca-unreadable`, also for a file that holds none, or a broken one. */
async function readCertificates(caFile: string, signal: AbortSignal): Promise<string> {
  try {
    const file = await readFile(caFile, { signal });
    const blocks = file.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
    return (blocks ?? [file]).map((block) => new X509Certificate(block).toString()).join('');
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    throw new LimpidError('backend.ca-unreadable', { path: caFile, detail: code ?? name });
  }
}

/** What Node trusts by default; versions before 22.15 cannot say it themselves. */
function defaultRoots(): readonly string[] {
  try {
    if (getCACertificates) return getCACertificates('default');
    const extra = process.env['NODE_EXTRA_CA_CERTS'];
    return extra ? [...tls.rootCertificates, readFileSync(extra, 'utf8')] : tls.rootCertificates;
  } catch {
    // Of an extra file that cannot be read, Node itself warned at the start, and goes on without.
    return tls.rootCertificates;
  }
}
