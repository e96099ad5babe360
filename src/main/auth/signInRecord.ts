import { z } from 'zod';
import type { BackendEnvironment } from '../../shared/backend.js';
import { isRecord } from '../../shared/isRecord.js';
import { cleanAccount } from './signInProvider.js';

/** What the keychain holds of a sign-in, as JSON. */
const recordSchema = z.object({
  refreshToken: z.string().regex(/^[\x21-\x7e]{1,8000}$/),
  /** What the provider calls the person; null: it does not say. */
  account: z.string().transform(cleanAccount).nullable(),
  /** Whose token it is: settings and policy may lead elsewhere by now, and nobody else shall get it. */
  issuer: z.string(),
  clientId: z.string(),
});
export type SignInRecord = z.infer<typeof recordSchema>;

export const formatRecord = (record: SignInRecord): string => JSON.stringify(record);

/** Null for what is no record, or belongs to another provider or client than this environment's. */
export function parseRecord(text: string | null, { signIn }: BackendEnvironment): SignInRecord | null {
  const parsed = text === null ? null : recordSchema.safeParse(parseJson(text));
  if (!parsed?.success) return null;
  const { issuer, clientId } = parsed.data;
  return issuer === signIn.issuer && clientId === signIn.clientId ? parsed.data : null;
}

/** Whether a text looks like a sign-in of whomever, which no backend may get. */
export function isRecordText(text: string): boolean {
  const value = parseJson(text);
  return isRecord(value) && 'refreshToken' in value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
