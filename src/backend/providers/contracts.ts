import { z } from 'zod';
import type { ProviderId } from './provider.js';

/**
 * What each provider may be asked for and what it answers: the one source of validation and of the OpenAPI document.
 * Ranges are the vendors' own. Unknown fields are refused, and nothing is converted: "300" is not 300.
 */

const unixSeconds = z.int().positive().meta({ description: 'Unix seconds.' });
const token = z.string().min(1);

const expiresIn = (max: number) =>
  z.int().min(1).max(max).meta({ description: 'Seconds in which a session can be opened with the token.' });
const sessionDuration = (min: number, max: number) =>
  z.int().min(min).max(max).meta({ description: 'Seconds after which the vendor ends a session.' });

const aiCoustics = {
  request: z.strictObject({}),
  reply: z.strictObject({ token, expires_at: unixSeconds, provider: z.literal('ai-coustics') }),
  ceilings: [],
} as const;

const assemblyai = {
  request: z.strictObject({
    expires_in_seconds: expiresIn(600),
    max_session_duration_seconds: sessionDuration(60, 10_800).optional(),
  }),
  reply: z.strictObject({
    token,
    expires_at: unixSeconds,
    provider: z.literal('assemblyai'),
    max_session_duration_seconds: z.int().positive(),
  }),
  ceilings: ['expires_in_seconds', 'max_session_duration_seconds'],
} as const;

const soniox = {
  request: z.strictObject({
    usage_type: z.enum(['transcribe_websocket', 'tts_rt']),
    expires_in_seconds: expiresIn(3600),
    single_use: z.boolean().optional(),
    max_session_duration_seconds: sessionDuration(1, 18_000).optional(),
  }),
  reply: z.strictObject({
    token,
    expires_at: unixSeconds,
    provider: z.literal('soniox'),
    single_use: z.boolean(),
    max_session_duration_seconds: z.int().positive().nullable(),
  }),
  ceilings: ['expires_in_seconds', 'max_session_duration_seconds'],
} as const;

const aiola = {
  request: z.strictObject({}),
  reply: z.strictObject({
    token,
    expires_at: unixSeconds,
    provider: z.literal('aiola'),
    session_id: z.string().min(1),
  }),
  ceilings: [],
} as const;

export const providerContracts = { 'ai-coustics': aiCoustics, assemblyai, soniox, aiola } as const satisfies Record<
  ProviderId,
  { request: z.ZodType; reply: z.ZodType; ceilings: readonly string[] }
>;

export type MintRequest<Id extends ProviderId> = z.infer<(typeof providerContracts)[Id]['request']>;
export type MintReply<Id extends ProviderId> = z.infer<(typeof providerContracts)[Id]['reply']>;
export type AnyMintReply = MintReply<ProviderId>;

/** The answer to `DELETE /v1/sessions/aiola`. */
export const sessionClosed = z.strictObject({ closed: z.literal(true), provider: z.literal('aiola') });
