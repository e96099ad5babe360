import type { Notice } from './errors.js';
import type { TokenStatus } from './token.js';

/** The engine says that its token has expired; why no other came is what helps. */
export function rootOf(problem: Notice, { lastError }: Pick<TokenStatus, 'lastError'>): Notice {
  if (problem.code !== 'aic.expired' || !lastError) return problem;
  const { code, params } = lastError;
  return { code: 'aic.expired-because', params: { reason: { code, params } } };
}
