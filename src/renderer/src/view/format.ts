import { byLanguage } from '../../../shared/language.js';

/** Numbers as people read them, by the rules of their language; every unit stands in the message catalogue. */
const whole = byLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const tenths = byLanguage(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);
const upToTenths = byLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));

const minus = (digits: string) => digits.replace('-', '−').replace(/^−0([.,]0)?$/, '0$1');

/** dBFS without decimals and with a true minus sign. */
export const formatDb = (db: number) => minus(whole().format(db));

/** Milliseconds: whole from 10 on, tenths below. */
export const formatMs = (ms: number) => minus((Math.abs(ms) < 9.95 ? tenths() : whole()).format(ms));

/** Milliseconds in tenths, whatever their size: for those that add up. */
export const formatTenths = (ms: number) => minus(tenths().format(ms));

/** A share of 1 as percent: tenths below 10 %, where a light engine lives. */
export const formatShare = (share: number) => minus((share < 0.0995 ? tenths() : whole()).format(share * 100));

/** A level of 0..1 as whole percent. */
export const formatPercent = (level: number) => whole().format(Math.round(level * 100));

/** Hz as kHz, without an empty decimal. */
export const formatKhz = (hz: number) => upToTenths().format(hz / 1000);

export const formatCount = (count: number) => whole().format(count);

export const formatPpm = (ppm: number) => minus(whole().format(ppm));

/** Seconds as whole minutes and the seconds left over. */
export function splitSeconds(seconds: number): { minutes: string; seconds: string } {
  const all = Math.floor(Math.max(0, seconds));
  return { minutes: whole().format(Math.floor(all / 60)), seconds: whole().format(all % 60) };
}
