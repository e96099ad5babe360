/** The last moment of JavaScript's calendar. */
const endOfTimeMs = 8.64e15;

/** A moment as backends write it, in ms: Unix seconds (or ms), the same as text, or ISO 8601 (UTC where no zone is given). */
export function readMoment(value: unknown): number | null {
  const number = readNumber(value);
  if (number !== null) return clampMs(Math.abs(number) < 1e11 ? number * 1000 : number);
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value.trim())) return null;
  const hasZone = /(Z|[+-]\d\d:?\d\d|\d{4}-\d\d-\d\d)$/i.test(value.trim());
  const moment = Date.parse(hasZone ? value.trim() : `${value.trim()}Z`);
  return Number.isNaN(moment) ? null : moment;
}

/** A finite number, also one that is not negative as text. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^\s*\d+(\.\d+)?\s*$/.test(value)) return null;
  return Number(value);
}

/** Keeps a moment within what `Date` can hold. */
export const clampMs = (ms: number): number => Math.max(-endOfTimeMs, Math.min(ms, endOfTimeMs));
