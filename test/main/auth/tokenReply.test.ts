import { describe, expect, test } from 'vitest';
import { readTokenClaims, readTokenReply } from '../../../src/main/auth/tokenReply.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { readMoment } from '../../../src/shared/moment.js';

const places = { token: 'token', expiresAt: 'expires_at', expiresIn: 'expires_in' };
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object) => `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof LimpidError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};

describe('the end as the reply tells it', () => {
  const moment = Date.UTC(2026, 10, 21, 12, 0, 0);

  test.each<[unknown]>([
    [moment / 1000],
    [`${moment / 1000}`],
    [moment],
    [`${moment}`],
    ['2026-11-21T12:00:00Z'],
    ['2026-11-21T12:00:00.000Z'],
    ['2026-11-21T14:00:00+02:00'],
    ['2026-11-21T12:00:00'],
    [' 2026-11-21 12:00:00 '],
  ])('%j', (value) => {
    expect(readMoment(value)).toBe(moment);
  });

  test.each([undefined, null, '', 'soon', true, [], {}, 'Sat'])('%j is overlooked', (value) => {
    expect(readMoment(value)).toBeNull();
    expect(readTokenReply(JSON.stringify({ token: 'x', expires_at: value }), places, 'h').expiresAtMs).toBeNull();
  });

  test.each<[unknown, number | null]>([
    [60, 60_000],
    ['60', 60_000],
    [0.5, 500],
    [0, null],
    [-1, null],
    ['a minute', null],
    [null, null],
  ])('expires_in %j', (value, expected) => {
    expect(readTokenReply(JSON.stringify({ token: 'x', expires_in: value }), places, 'h').expiresInMs).toBe(expected);
  });
});

describe('the place of the token', () => {
  test.each([
    ['token', { token: 't' }],
    ['a.b.c', { a: { b: { c: 't' } } }],
    ['a.1', { a: ['x', 't'] }],
    ['0.token', [{ token: 't' }]],
  ])('%s', (path, reply) => {
    expect(readTokenReply(JSON.stringify(reply), { ...places, token: path }, 'h').token).toBe('t');
  });

  test.each<[string, unknown]>([
    ['token', { token: '' }],
    ['token', { token: 5 }],
    ['token', { token: null }],
    ['token', null],
    ['token', 'token'],
    ['a.b', { a: null }],
    ['a.2', { a: ['x'] }],
    ['a.length', { a: ['x'] }],
    ['constructor.name', {}],
    ['__proto__.constructor', {}],
  ])('%s in %j has none', (path, reply) => {
    expect(codeOf(() => readTokenReply(JSON.stringify(reply), { ...places, token: path }, 'h'))).toBe(
      'backend.no-token',
    );
  });

  test.each([
    ['', 'backend.empty'],
    [' \n', 'backend.empty'],
    ['<html>', 'backend.html'],
    ['  <?xml?>', 'backend.html'],
    ['token', 'backend.not-json'],
    ['{"token":', 'backend.not-json'],
  ])('a body %j is %s', (text, code) => {
    expect(codeOf(() => readTokenReply(text, places, 'h'))).toBe(code);
  });
});

describe('the claims of a token', () => {
  test('are in ms, without what would break a line', () => {
    expect(readTokenClaims(jwt({ exp: 20.5, iat: 10, sub: 'a\u001b[2Jb', iss: 'x'.repeat(300) }), 'h')).toEqual({
      issuedAtMs: 10_000,
      expiresAtMs: 20_500,
      subject: 'a [2Jb',
      issuer: 'x'.repeat(200),
    });
    expect(readTokenClaims(jwt({ exp: 20, iat: '10', sub: 5 }), 'h')).toEqual({
      issuedAtMs: null,
      expiresAtMs: 20_000,
      subject: null,
      issuer: null,
    });
  });

  test('end at the latest when the calendar does', () => {
    expect(readTokenClaims(jwt({ exp: 1e300 }), 'h').expiresAtMs).toBe(8.64e15);
  });

  test.each([{}, { exp: '20' }, { exp: null }])('%j has no end', (claims) => {
    expect(codeOf(() => readTokenClaims(jwt(claims), 'h'))).toBe('backend.no-expiry');
  });

  test.each([
    '',
    'x',
    'a.b',
    'a.b.c',
    `${jwt({ exp: 20 })}.more`,
    `${part({ alg: 'none' })}.${part({ exp: 20 })}.`,
    `${part('text')}.${part({ exp: 20 })}.c2ln`,
    `${part({ alg: 'HS256' })}.${part([])}.c2ln`,
    `${jwt({ exp: 20 })}\r\nX: 1`,
    `${part({ alg: 'dir', enc: 'A128GCM' })}.a.b.c.d`,
  ])('%j is no token', (token) => {
    expect(codeOf(() => readTokenClaims(token, 'h'))).toBe('backend.not-jwt');
  });
});
