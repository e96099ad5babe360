import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Unused links kept at a time; a newer one pushes the oldest out. */
const maxLinks = 8;
/** Browsers signed in at a time; a newer one pushes the oldest out. */
const maxSessions = 32;

/** 256 random bits as text that needs no escaping in a URL, a cookie or a header. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/** Compares two secrets without telling by its duration where they differ. */
export function isSameSecret(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Who may use the panel. Holds digests only, in memory only: everything ends with the process. */
export class PanelAccess {
  #links: Buffer[] = [];
  #sessions: Buffer[] = [];

  /** A secret for one more browser. */
  createLink(): string {
    const secret = createSecret();
    this.#links = [...this.#links, digest(secret)].slice(-maxLinks);
    return secret;
  }

  /** Turns a link's secret into that of a session, once; null when it is unknown or was used. */
  redeem(linkSecret: string): string | null {
    const index = indexOfDigest(this.#links, digest(linkSecret));
    if (index < 0) return null;
    this.#links.splice(index, 1);
    const session = createSecret();
    this.#sessions = [...this.#sessions, digest(session)].slice(-maxSessions);
    return session;
  }

  hasSession(sessionSecret: string): boolean {
    return indexOfDigest(this.#sessions, digest(sessionSecret)) >= 0;
  }
}

/** Looks at every entry, so that the time taken does not depend on which one matched. */
function indexOfDigest(digests: Buffer[], wanted: Buffer): number {
  return digests.reduce((found, candidate, index) => (timingSafeEqual(candidate, wanted) ? index : found), -1);
}
