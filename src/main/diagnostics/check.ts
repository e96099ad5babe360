import type { Notice } from '../../shared/errors.js';
import { describe, toErrorShape } from '../../shared/messages/index.js';

/** One numbered check of `limpid doctor`. */
export interface Check {
  id: string;
  /** Whether a live voice is impossible when this fails. */
  required: boolean;
  /** Resolves with what was found; throws a `LimpidError` when it is not as it should be. */
  run(): Promise<Notice>;
}

/** What a check found, in words. `fix` is empty when all is well. */
export interface CheckResult {
  id: string;
  ok: boolean;
  required: boolean;
  detail: string;
  fix: string;
}

/** Runs one check; whatever it throws becomes its result. */
export async function runCheck({ id, required, run }: Check): Promise<CheckResult> {
  try {
    const { message, hint } = describe(await run());
    return { id, required, ok: true, detail: message, fix: hint };
  } catch (error) {
    const { message, hint } = toErrorShape(error);
    return { id, required, ok: false, detail: message, fix: hint };
  }
}
