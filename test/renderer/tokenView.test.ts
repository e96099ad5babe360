import { describe, expect, test } from 'vitest';
import {
  expiryCountdown,
  isAboutSignIn,
  needsSignIn,
  refreshCountdown,
  showsToken,
  tokenReport,
  tokenView,
} from '../../src/renderer/src/view/tokenView.js';
import { tokenState, type TokenStatus } from '../../src/shared/token.js';
import { measuredAt, states } from '../e2e/states.js';

const nowMs = Date.UTC(2026, 10, 21, 12, 0, 0);
const token: TokenStatus = {
  ...states['token-valid'].token,
  issuedAtMs: nowMs - 60_000,
  expiresAtMs: nowMs + 754_000,
  refreshAtMs: nowMs + 600_000,
};
const lastError = { code: 'backend.x', params: {}, message: 'It said no.', hint: 'Ask again.' };

describe('the token card', () => {
  test('every state has words of its own', () => {
    const headlines = tokenState.options.map((state) => tokenView({ ...token, state }, nowMs).headline);
    expect(new Set(headlines).size).toBe(tokenState.options.length);
    for (const state of tokenState.options) expect(tokenView({ ...token, state }, nowMs).explanation).toMatch(/\.$/);
  });

  test('offline says for how long the voice is safe, as long as it is', () => {
    const offline = { ...token, state: 'offline' as const };
    expect(tokenView(offline, nowMs).explanation).toContain('is valid until');
    expect(tokenView({ ...offline, expiresAtMs: nowMs }, nowMs).explanation).not.toContain('is valid until');
    expect(tokenView({ ...offline, expiresAtMs: null }, nowMs).explanation).not.toContain('is valid until');
  });

  test('a wrong clock is named with its distance, where it is known', () => {
    const wrong = { ...token, state: 'clock-wrong' as const };
    expect(tokenView({ ...wrong, skewMs: -600_000 }, nowMs).explanation).toContain('differ by 10\u00a0min');
    expect(tokenView({ ...wrong, skewMs: null }, nowMs).explanation).not.toContain('differ');
    expect(tokenView({ ...wrong, skewMs: -600_000 }, nowMs).skew).toBe('10\u00a0min behind');
    expect(tokenView({ ...wrong, skewMs: 6000 }, nowMs).skew).toBe('6\u00a0s ahead');
    expect(tokenView({ ...wrong, skewMs: 400 }, nowMs).skew).toBe('');
  });

  test('a refusal shows what was answered, and what to do about it', () => {
    const view = tokenView({ ...token, state: 'rejected', lastError }, nowMs);
    expect(view).toMatchObject({ lastResult: 'It said no.', explanation: 'Ask again.', tone: 'problem' });
  });

  test('the last result is a word before there is one', () => {
    expect(tokenView({ ...token, refreshes: 0 }, nowMs).lastResult).toBe('None yet');
    expect(tokenView(token, nowMs).lastResult).toBe('A token arrived.');
  });

  test('is there only when there is something to say', () => {
    expect(showsToken(states.idle)).toBe(false);
    expect(showsToken(states['aic-no-backend'])).toBe(false);
    expect(showsToken(states['token-valid'])).toBe(true);
  });

  test('is busy while a request is under way', () => {
    expect(tokenView({ ...token, state: 'refreshing' }, nowMs).isBusy).toBe(true);
    expect(tokenView({ ...token, state: 'fetching' }, nowMs).isBusy).toBe(true);
    expect(tokenView(token, nowMs).isBusy).toBe(false);
  });
});

describe('a person who has to sign in', () => {
  const needed = {
    ...token,
    state: 'rejected',
    expiresAtMs: null,
    lastError: { ...lastError, code: 'signIn.needed' },
  } as const;

  test('is told so, whatever the backend would say', () => {
    expect(needsSignIn(needed)).toBe(true);
    expect(tokenView(needed, nowMs).headline).toBe('Nobody is signed in');
    expect(tokenView({ ...needed, state: 'fetching' }, nowMs).headline).toBe('Fetching the first token');
    expect(tokenView({ ...needed, state: 'offline', expiresAtMs: nowMs + 1 }, nowMs).headline).toContain(
      'no new token',
    );
  });

  test('is known from a reason within another notice too', () => {
    const reason = { code: 'signIn.needed', params: {} };
    expect(isAboutSignIn({ code: 'aic.expired-because', params: { reason } })).toBe(true);
    expect(isAboutSignIn({ code: 'aic.expired-because', params: { reason: 'signIn.needed' } })).toBe(false);
    expect(isAboutSignIn(null)).toBe(false);
  });
});

describe('what counts down', () => {
  test('to the expiry, and says when that is over', () => {
    expect(expiryCountdown(token, nowMs)).toEqual({ label: 'Expires in', value: '12:34' });
    expect(expiryCountdown(token, nowMs + 1000).value).toBe('12:33');
    expect(expiryCountdown(token, nowMs + 754_000).label).toBe('Expired at');
    expect(expiryCountdown({ ...token, expiresAtMs: null }, nowMs).value).toBe('No token');
    expect(expiryCountdown({ ...token, expiresAtMs: null }, nowMs).label).toBe('Expiry');
  });

  test('to the next request, which may be now, or never', () => {
    expect(refreshCountdown(token, nowMs)).toEqual({ label: 'Next refresh in', value: '10:00' });
    expect(refreshCountdown(token, nowMs + 600_000)).toEqual({ label: 'Next refresh', value: 'Now' });
    expect(refreshCountdown({ ...token, expiresAtMs: null }, nowMs).label).toBe('Next try in');
    expect(refreshCountdown({ ...token, state: 'refreshing', refreshAtMs: null }, nowMs).value).toBe('Now');
    expect(refreshCountdown({ ...token, refreshAtMs: null }, nowMs).value).toBe('None planned');
  });
});

describe('the report', () => {
  const state = { ...states['token-rejected'], token: { ...token, lastError } };
  const measured = measuredAt(13, states.running);
  const counters = { ...measured.counters, blocksBypassed: 12, blocksDisallowed: 345 };
  const report = tokenReport(state, { ...measured, counters }, nowMs);

  test('says all that a support person asks first, in UTC', () => {
    expect(report).toContain('2026-11-21T12:12:34.000Z');
    expect(report).toContain('Library: 0.25.1; model: quail-l-48khz');
    expect(report).toContain('Engine: aic; heard: gtcrn; if it cannot work: gtcrn');
    expect(report).toContain('Last error: backend.x: It said no.');
    expect(report).toContain('token.fetched: A new token arrived');
    expect(report).toContain('Blocks bypassed (processor.bypass): 12; disallowed (usage.disallowed): 345');
    expect(report.split('\n')).toHaveLength(12 + token.history.length + 1);
  });

  test('holds no address, no path and no header of the backend', () => {
    const { backend, licensed } = state;
    const hidden = [...backend.environments.map(({ values }) => values.url), 'X-Api-Key', '/srv/libaic.so'];
    const full = { ...state, licensed: { ...licensed, libraryPath: '/srv/libaic.so' } };
    for (const each of hidden) expect(tokenReport(full, null, nowMs)).not.toContain(each);
  });

  test('has a word where nothing is known', () => {
    expect(tokenReport(states.idle, null, nowMs)).not.toMatch(/null|undefined|\{/);
  });
});
