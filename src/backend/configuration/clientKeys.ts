import { createHash, randomBytes } from 'node:crypto';

/** What stands before the dot of a client key, after `lk_`. */
export const clientIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const keyPattern = /^lk_([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$/;

/** A client as it is stored: its key cannot be made from it. */
export interface StoredClientKey {
  id: string;
  name: string;
  /** Of the secret part, 64 lower-case hexadecimal digits. */
  secretSha256: string;
}

/**
 * Makes a key `lk_<id>.<secret>` for a new client: the id tells its name in logs and is never given twice, the secret is 32 random
 * bytes in base64url. The key exists in the result only.
 */
export function createClientKey(name: string): { key: string; client: StoredClientKey } {
  const id = `${toSlug(name)}-${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  return { key: `lk_${id}.${secret}`, client: { id, name, secretSha256: hashClientSecret(secret) } };
}

/** The parts of a client key, or null when the text is none. */
export function parseClientKey(text: string): { id: string; secret: string } | null {
  const [, id, secret] = keyPattern.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : null;
}

/** SHA-256 of a key's secret part, 64 lower-case hexadecimal digits. */
export function hashClientSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Letters and digits of a name, with single dashes for everything else: 1 to 40 characters. */
function toSlug(name: string): string {
  const ascii = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const slug = ascii.replaceAll(/[^a-z0-9]+/g, '-').slice(0, 40);
  return slug.replaceAll(/^-|-$/g, '') || 'client';
}
