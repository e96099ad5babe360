import { expect, test } from 'vitest';
import { decodeSdkLicence } from '../../../src/backend/configuration/licence.js';

// Its base64 has “+” or “/” and needs padding, so that the alphabets and paddings differ.
const payload = JSON.stringify({ user: 'übung>>>???~~', version: 2, api_key: 'aic-key-4711' });
const base64 = Buffer.from(payload).toString('base64');
const base64url = Buffer.from(payload).toString('base64url');
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

test('the payload of these tests tells the alphabets apart', () => {
  expect(base64).toMatch(/[+/]/);
  expect(base64).toMatch(/=$/);
  expect(base64url).toMatch(/[-_]/);
});

test.each([
  ['base64 with padding', base64],
  ['base64 without padding', base64.replace(/=+$/, '')],
  ['base64url without padding', base64url],
  ['base64url with padding', base64.replaceAll('+', '-').replaceAll('/', '_')],
])('reads the API key from %s', (_form, encoded) => {
  expect(decodeSdkLicence(`${encoded}.c2lnbmF0dXJl`)).toEqual({ apiKey: 'aic-key-4711' });
});

test.each([
  ['nothing', ''],
  ['one part', base64],
  ['an empty signature', `${base64}.`],
  ['an empty payload', '.c2ln'],
  ['four parts', `${base64}.a.b.c`],
  ['no base64', 'se cret!.c2ln'],
  ['a length that base64 never has', 'abcde.c2ln'],
  ['no JSON', `${Buffer.from('secret').toString('base64')}.c2ln`],
  ['no UTF-8', `${Buffer.from([0x22, 0xff, 0x22]).toString('base64')}.c2ln`],
  ['JSON that is no object', `${encode('secret')}.c2ln`],
  ['null', `${encode(null)}.c2ln`],
  ['no API key', `${encode({ user: 'secret' })}.c2ln`],
  ['an API key that is a number', `${encode({ api_key: 4711 })}.c2ln`],
  ['an empty API key', `${encode({ api_key: '' })}.c2ln`],
  ['an API key with a line break', `${encode({ api_key: 'secret\nsecret' })}.c2ln`],
  ['an API key that would end the name in HTTP Basic', `${encode({ api_key: 'sec:ret' })}.c2ln`],
])('refuses %s, and quotes none of it', (_what, licence) => {
  const result = decodeSdkLicence(licence);
  expect(result).toEqual({ problem: expect.stringMatching(/no SDK licence|no API key/) });
  for (const part of ['secret', '4711', ...licence.split('.')]) {
    if (part.length > 3) expect(JSON.stringify(result)).not.toContain(part);
  }
});

test('tells a token from a licence', () => {
  expect(decodeSdkLicence(`${base64url}.${base64url}.c2ln`)).toEqual({ problem: expect.stringMatching(/^is a token/) });
});
