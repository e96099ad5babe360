import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../../src/shared/errors.js';
import {
  backOffMs,
  chooseRefreshMs,
  classifyFailure,
  measureLife,
  refreshWindow,
  refusalGapMs,
} from '../../../src/main/auth/tokenSchedule.js';

const nowMs = Date.UTC(2026, 10, 21);
const seconds = (count: number): number => count * 1000;
const minutes = (count: number): number => count * 60_000;
const days = (count: number): number => count * 86_400_000;

describe('measureLife', () => {
  const fresh = {
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + minutes(60),
    expiresInMs: null,
    serverNowMs: nowMs,
  };

  test('takes a fresh token for its whole life, less a second', () => {
    expect(measureLife(fresh, nowMs).remainingMs).toBe(minutes(60) - 1000);
  });

  test('sees that a cached token is old', () => {
    const old = { ...fresh, issuedAtMs: nowMs - minutes(50), expiresAtMs: nowMs + minutes(10) };
    expect(measureLife(old, nowMs).remainingMs).toBe(minutes(10) - 1000);
  });

  test.each([-minutes(10), minutes(10), days(4000)])('does not care that the local clock is %i ms wrong', (wrongMs) => {
    expect(measureLife(fresh, nowMs + wrongMs)).toEqual(measureLife(fresh, nowMs));
  });

  test('believes the shortest of all it is told', () => {
    expect(measureLife({ ...fresh, expiresInMs: seconds(300) }, nowMs).remainingMs).toBe(seconds(299));
    expect(measureLife({ ...fresh, issuedAtMs: nowMs + minutes(5) }, nowMs).remainingMs).toBe(minutes(55) - 1000);
    expect(measureLife({ ...fresh, serverNowMs: nowMs + minutes(30) }, nowMs).remainingMs).toBe(minutes(30) - 1000);
  });

  test('overlooks times that make no sense', () => {
    const odd = { ...fresh, issuedAtMs: fresh.expiresAtMs + 1, expiresInMs: 0 };
    expect(measureLife(odd, nowMs).remainingMs).toBe(minutes(60) - 1000);
  });

  test('uses the local clock where the backend does not tell its time', () => {
    const silent = { ...fresh, serverNowMs: null };
    expect(measureLife(silent, nowMs + minutes(20))).toMatchObject({
      remainingMs: minutes(40) - 1000,
      isClockSuspect: false,
    });
  });

  test('suspects the local clock that calls a fresh token out of date', () => {
    const silent = { ...fresh, serverNowMs: null };
    const life = measureLife(silent, nowMs + days(3));
    expect(life).toEqual({ remainingMs: minutes(60) - 1000, serverNowMs: nowMs, isClockSuspect: true });
    const unissued = { ...silent, issuedAtMs: null };
    expect(measureLife({ ...unissued, expiresInMs: minutes(60) }, nowMs + days(3)).remainingMs).toBe(
      minutes(60) - 1000,
    );
    expect(measureLife(unissued, nowMs + days(3)).remainingMs).toBeLessThan(0);
  });

  test('calls a token out of date by the backend’s own clock', () => {
    expect(measureLife({ ...fresh, serverNowMs: fresh.expiresAtMs }, nowMs).remainingMs).toBeLessThanOrEqual(0);
  });
});

describe('refreshWindow', () => {
  test.each([
    ['5 seconds', seconds(4), 3200],
    ['20 seconds', seconds(19), 15_200],
    ['119 seconds', seconds(119), 95_200],
    ['5 minutes', minutes(5), minutes(4)],
    ['10 minutes', minutes(10), minutes(9)],
    ['an hour', minutes(60), minutes(54)],
    ['12 hours', minutes(720), minutes(648)],
  ])('of %s begins before the margin', (_name, remainingMs, fromMs) => {
    const window = refreshWindow(remainingMs);
    expect(window.fromMs).toBe(fromMs);
    expect(window.untilMs).toBeGreaterThan(fromMs);
    expect(window.untilMs).toBeLessThanOrEqual(remainingMs - (remainingMs - fromMs) / 2);
  });

  test('of ten years ends after a day', () => {
    expect(refreshWindow(days(3650)).untilMs).toBe(days(1));
    expect(refreshWindow(days(1.05)).untilMs).toBeLessThanOrEqual(days(1));
  });
});

describe('chooseRefreshMs', () => {
  const hour = refreshWindow(minutes(60));

  test.each([0, 0.3, 0.7, 0.999, 1])('takes one of the looks in the window (%f)', (random) => {
    const chosen = chooseRefreshMs(hour, seconds(17), random);
    expect((chosen - seconds(17)) % minutes(1)).toBe(0);
    expect(chosen).toBeGreaterThanOrEqual(hour.fromMs);
    expect(chosen).toBeLessThanOrEqual(hour.untilMs);
  });

  test('spreads many clients', () => {
    const chosen = new Set([0, 0.4, 0.8].map((random) => chooseRefreshMs(hour, 0, random)));
    expect(chosen.size).toBe(3);
    const short = refreshWindow(seconds(19));
    expect(chooseRefreshMs(short, minutes(1), 0.9)).toBeGreaterThan(chooseRefreshMs(short, minutes(1), 0));
  });

  test.each([0, 0.5, 1])('stays near the beginning of a window without a look (%f)', (random) => {
    const window = refreshWindow(seconds(4));
    const chosen = chooseRefreshMs(window, minutes(1), random);
    expect(chosen).toBeGreaterThanOrEqual(3200);
    expect(chosen).toBeLessThanOrEqual(3300);
  });
});

describe('backOffMs', () => {
  test('doubles up to a minute, or less while somebody speaks without a token', () => {
    const waits = (isVoiceWaiting: boolean) =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 2000].map((n) => backOffMs(n, 1, isVoiceWaiting));
    expect(waits(false)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(Math.max(...waits(true))).toBeLessThanOrEqual(10_000);
    expect(waits(true).slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
  });

  test('has full jitter, but never comes to nothing', () => {
    expect(backOffMs(4, 0.5, false)).toBe(2000);
    expect(backOffMs(4, 0, false)).toBe(400);
  });
});

test('new tokens against a refusal come after 5, 15 and 60 s, then every 5 min', () => {
  let atMs = 0;
  const times = [0, 1, 2, 3, 4].map((step) => (atMs += refusalGapMs(step)));
  expect(times).toEqual([5000, 15_000, 60_000, 360_000, 660_000]);
});

describe('classifyFailure', () => {
  test.each([
    ['backend.unauthorised', {}, { kind: 'rejected', pauseMs: minutes(5) }],
    ['backend.forbidden', {}, { kind: 'rejected', pauseMs: minutes(5) }],
    ['backend.rate-limited', {}, { kind: 'plain', pauseMs: 0 }],
    ['backend.rate-limited', { retryAfterMs: 90_000 }, { kind: 'paused', pauseMs: 90_000 }],
    ['backend.server-error', { retryAfterMs: days(2) }, { kind: 'paused', pauseMs: minutes(15) }],
    ['backend.server-error', { retryAfterMs: 0 }, { kind: 'plain', pauseMs: 0 }],
    ['backend.timeout', {}, { kind: 'plain', pauseMs: 0 }],
    ['credential.lost', { environment: 'production' }, { kind: 'paused', pauseMs: minutes(5) }],
    ['keychain.locked', {}, { kind: 'paused', pauseMs: minutes(5) }],
    ['backend.not-configured', {}, { kind: 'not-configured', pauseMs: minutes(5) }],
  ])('%s %j', (code, params, expected) => {
    expect(classifyFailure(new LimpidError(code, params as Record<string, string | number>))).toEqual(expected);
  });

  test.each([
    ['signIn.needed', false, { kind: 'rejected', pauseMs: minutes(5) }],
    ['signIn.revoked', false, { kind: 'rejected', pauseMs: minutes(5) }],
    ['signIn.not-accepted', false, { kind: 'rejected', pauseMs: minutes(5) }],
    ['signIn.refused', false, { kind: 'rejected', pauseMs: minutes(5) }],
    ['signIn.not-configured', false, { kind: 'rejected', pauseMs: minutes(5) }],
    ['signIn.redirected', false, { kind: 'plain', pauseMs: 0 }],
    ['signIn.bad-answer', false, { kind: 'plain', pauseMs: 0 }],
    ['signIn.metadata', false, { kind: 'plain', pauseMs: 0 }],
    ['signIn.unreachable', true, { kind: 'plain', pauseMs: 0 }],
  ])('%s (passing: %s)', (code, retryable, expected) => {
    expect(classifyFailure(new LimpidError(code, {}, { retryable }))).toEqual(expected);
  });

  test('takes what is no error of ours for a passing one', () => {
    expect(classifyFailure(new TypeError('x'))).toEqual({ kind: 'plain', pauseMs: 0 });
  });
});
