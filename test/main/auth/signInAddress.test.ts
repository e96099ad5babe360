import { expect, test } from 'vitest';
import { checkIssuer, checkProviderAddress, requireSignInPage } from '../../../src/main/auth/signInAddress.js';

const coded = (code: string) => expect.objectContaining({ name: 'LimpidError', code });

test.each([
  ['https://login.example.com', 'https://login.example.com/'],
  [' https://login.example.com/realms/one ', 'https://login.example.com/realms/one'],
  ['https://login.example.com/one/', 'https://login.example.com/one/'],
  ['https://login.example.com/one/.well-known/openid-configuration', 'https://login.example.com/one'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
  ['http://localhost:8080/one', 'http://localhost:8080/one'],
  ['http://[::1]:8080', 'http://[::1]:8080/'],
])('the provider %s is taken', (text, href) => {
  expect(checkIssuer(text).href).toBe(href);
});

test.each([
  ['', 'signIn.issuer-invalid'],
  ['login.example.com', 'signIn.issuer-invalid'],
  ['ftp://login.example.com', 'signIn.issuer-invalid'],
  ['javascript:alert(1)', 'signIn.issuer-invalid'],
  ['https://me:word@login.example.com', 'signIn.issuer-invalid'],
  ['https://login.example.com/?a=1', 'signIn.issuer-invalid'],
  ['https://login.example.com/#a', 'signIn.issuer-invalid'],
  ['https://login.example.com/.well-known/oauth-authorization-server', 'signIn.issuer-invalid'],
  ['http://login.example.com', 'signIn.issuer-not-https'],
  ['http://127.0.0.1.example.com', 'signIn.issuer-not-https'],
])('the provider %s is refused with %s', (text, code) => {
  expect(() => checkIssuer(text)).toThrow(coded(code));
});

test.each([
  'http://login.example.com/authorize',
  'https://me@login.example.com/authorize',
  'https://me:word@login.example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://login.example.com/share',
  '//login.example.com/authorize',
  '-flag',
  '',
])('the browser is not sent to %s', (url) => {
  expect(() => requireSignInPage(url)).toThrow(coded('signIn.bad-address'));
});

test('the browser is sent to https, and to this computer', () => {
  expect(requireSignInPage('https://login.example.com/a?b=c')).toBe('https://login.example.com/a?b=c');
  expect(requireSignInPage('http://127.0.0.1:9/a')).toBe('http://127.0.0.1:9/a');
  expect(checkProviderAddress('https://login.example.com/device', 'x').pathname).toBe('/device');
});
