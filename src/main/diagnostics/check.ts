import type { CheckView } from '../../shared/diagnostics.js';
import { LimpidError, type Notice } from '../../shared/errors.js';
import { describe, toErrorShape } from '../../shared/messages/index.js';

/** How long a check may take that does not say otherwise. */
const usualDeadlineMs = 20_000;

/** One numbered check of `limpid doctor` and of the window. */
export interface Check {
  id: string;
  /** Whether the live voice that was chosen is impossible when this fails. */
  required: boolean;
  /** After this it has failed, whatever it still does. Default: 20 s. */
  deadlineMs?: number;
  /** Resolves with what was found; throws a `LimpidError` when it is not as it should be. */
  run(): Promise<Notice>;
}

/** What a check found: its sentence, and as its hint how to mend it. */
export interface CheckFinding {
  id: string;
  required: boolean;
  ok: boolean;
  notice: Notice;
}

/** What a check found, in words. `fix` is empty when all is well. */
export interface CheckResult {
  id: string;
  ok: boolean;
  required: boolean;
  detail: string;
  fix: string;
}

/** What checks past their deadline still do: it is joined, not begun a second time beside itself. */
const underWay = new WeakMap<Check, Promise<Notice>>();

function runOnce(check: Check): Promise<Notice> {
  const before = underWay.get(check);
  if (before) return before;
  // It may throw at once.
  const work = (async () => check.run())().finally(() => underWay.delete(check));
  underWay.set(check, work);
  return work;
}

/** Runs one check; whatever it throws becomes its finding, also that its time is up. */
export async function examine(check: Check): Promise<CheckFinding> {
  const { id, required, deadlineMs = usualDeadlineMs } = check;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LimpidError('check.too-late', { seconds: deadlineMs / 1000 })), deadlineMs);
  });
  try {
    return { id, required, ok: true, notice: await Promise.race([runOnce(check), late]) };
  } catch (error) {
    const { code, params = {} } = toErrorShape(error);
    return { id, required, ok: false, notice: { code, params } };
  } finally {
    clearTimeout(timer);
  }
}

/** The finding in the current language. */
export function inWords({ id, required, ok, notice }: CheckFinding): CheckResult {
  const { message, hint } = describe(notice);
  return { id, required, ok, detail: message, fix: hint };
}

/** The finding as a window shows it. */
export const viewOf = ({ id, required, ok, notice }: CheckFinding): CheckView => ({
  id,
  required,
  result: ok ? 'ok' : 'failed',
  notice,
});

/** Runs one check and says in words what it found. */
export const runCheck = async (check: Check): Promise<CheckResult> => inWords(await examine(check));
