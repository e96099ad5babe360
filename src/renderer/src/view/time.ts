import { byLanguage } from '../../../shared/language.js';
import { formatCount } from './format.js';
import { text } from './text.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const two = (value: number) => String(value).padStart(2, '0');
const time = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const clock = byLanguage((locale) => new Intl.DateTimeFormat(locale, time));
const dayAndClock = byLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...time }),
);

/** Time left as `mm:ss`, from an hour on `h:mm:ss`, from two days on in days. Rounded up: 0 is shown when it is over. */
export function formatCountdown(leftMs: number): string {
  if (leftMs >= 2 * dayMs) return text('window.token.days', { count: Math.floor(leftMs / dayMs) });
  const seconds = Math.ceil(Math.max(0, leftMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Time of day by this computer's clock and zone; with the date when it is not the day of `nowMs`. */
export function formatTime(atMs: number, nowMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return (isToday ? clock() : dayAndClock()).format(atMs);
}

/** How far two clocks are apart, without a sign: seconds below two minutes, else minutes. */
export function formatDifference(ms: number): string {
  const distanceMs = Math.abs(ms);
  return distanceMs < 2 * minuteMs
    ? text('window.token.seconds', { seconds: formatCount(Math.round(distanceMs / 1000)) })
    : text('window.token.minutes', { minutes: formatCount(Math.round(distanceMs / minuteMs)) });
}
