/** A token as it came from the backend, with what its schedule needs. It never leaves the memory of the main process. */
export interface FetchedToken {
  token: string;
  /** `iat`, ms since 1970 by the backend's clock; null: the token does not say. */
  issuedAtMs: number | null;
  /** `exp`, ms since 1970 by the backend's clock. */
  expiresAtMs: number;
  /** From the reply (`expires_in`); null: the reply does not say. */
  expiresInMs: number | null;
  /** The backend's clock when it answered: `Date` and `Age` of the reply. Null: the reply has no usable `Date`. */
  serverNowMs: number | null;
  /** The monotonic clock when the request began. */
  startedAtMs: number;
  /** From there to the end of the reply. */
  latencyMs: number;
  subject: string | null;
  issuer: string | null;
}
