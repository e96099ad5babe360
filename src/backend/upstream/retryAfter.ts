/** No vendor may send a caller away for longer. */
const maxSeconds = 15 * 60;

/** Reads `Retry-After`, seconds or a date, as seconds from now, 0 to 900; null where it is neither. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), maxSeconds);
  // Every form of an HTTP date begins with the day of the week; Date.parse would understand far more.
  const dateMs = /^[A-Z][a-z]{2,8}[ ,]/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(dateMs)) return null;
  return Math.min(Math.max(Math.ceil((dateMs - nowMs) / 1000), 0), maxSeconds);
}
