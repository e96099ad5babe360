import { inspect } from 'node:util';
import { expect } from 'vitest';
import { ApiError } from '../../src/backend/errors.js';
import type { VendorStandIn } from '../vendors/standIn.js';

/** The error of a call; fails when there is none, or when it shows a key or anything that a vendor wrote. */
export async function failureOf(work: Promise<unknown>, standIn?: VendorStandIn): Promise<ApiError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  const failure = error as ApiError;
  expect(failure.cause).toBeUndefined();
  const shown = inspect(failure, { depth: Infinity, showHidden: true, getters: true });
  for (const secret of standIn ? [standIn.key, btoa(`${standIn.key}:`), ...standIn.secrets] : []) {
    expect(shown).not.toContain(secret);
  }
  expect(shown).not.toMatch(/refused-text|elsewhere\.example|authorization/i);
  return failure;
}
