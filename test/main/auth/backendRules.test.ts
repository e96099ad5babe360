import { describe, expect, test } from 'vitest';
import {
  checkBackendUrl,
  checkHeaders,
  checkProxyUrl,
  isLoopbackHost,
  parseProxyUrl,
} from '../../../src/main/auth/backendRules.js';

describe('the address of a backend', () => {
  test.each([
    'https://tokens.example.com/token?a=1',
    ' https://tokens.example.com ',
    'http://localhost:8080/token',
    'http://LOCALHOST/',
    'http://127.0.0.1/',
    'http://127.9.8.7:1/',
    'http://2130706433/',
    'http://[::1]:8080/',
    'https://192.168.1.2/',
  ])('may be %s', (url) => {
    expect(checkBackendUrl(url)).toBeInstanceOf(URL);
  });

  test.each([
    ['', 'backend.not-configured'],
    ['   ', 'backend.not-configured'],
    ['tokens.example.com/token', 'backend.url-invalid'],
    ['https://', 'backend.url-invalid'],
    ['file:///etc/passwd', 'backend.url-invalid'],
    ['data:application/json,{}', 'backend.url-invalid'],
    ['http://tokens.example.com', 'backend.not-https'],
    ['http://192.168.1.2/', 'backend.not-https'],
    ['http://localhost.example.com/', 'backend.not-https'],
    ['http://127.0.0.1.example.com/', 'backend.not-https'],
    ['http://[::2]/', 'backend.not-https'],
    ['http://[::ffff:10.0.0.1]/', 'backend.not-https'],
    ['https://key@tokens.example.com/', 'backend.url-credentials'],
    ['https://:secret@tokens.example.com/', 'backend.url-credentials'],
  ])('%j is %s', (url, code) => {
    expect(() => checkBackendUrl(url)).toThrow(expect.objectContaining({ code, cause: undefined }));
  });
});

test.each([
  ['http://proxy.example:3128', 'proxy.example:3128'],
  ['https://proxy.example', 'proxy.example'],
  ['proxy.example:3128', 'proxy.example:3128'],
])('a proxy may be %s', (text, host) => {
  expect(checkProxyUrl(text).host).toBe(host);
  expect(parseProxyUrl(text).host).toBe(host);
});

test.each(['socks5://proxy.example', 'http://', ':', 'a b'])('a proxy cannot be %j', (text) => {
  expect(() => parseProxyUrl(text)).toThrow(expect.objectContaining({ code: 'backend.proxy-invalid' }));
});

test('a proxy of the settings has no login, one of the environment may', () => {
  const text = 'http://anna:secret@proxy.example:3128';
  expect(() => checkProxyUrl(text)).toThrow(expect.objectContaining({ code: 'backend.proxy-credentials' }));
  expect(parseProxyUrl(text).password).toBe('secret');
});

test('headers of the connection are not set by hand', () => {
  expect(() => checkHeaders([{ name: 'X-Team' }, { name: 'Authorization' }])).not.toThrow();
  expect(() => checkHeaders([{ name: 'X-Team' }, { name: 'Transfer-Encoding' }])).toThrow(
    expect.objectContaining({ code: 'backend.header-reserved', params: { name: 'Transfer-Encoding' } }),
  );
});

test.each([
  ['localhost', true],
  ['127.255.0.1', true],
  ['[::1]', true],
  ['::1', true],
  ['128.0.0.1', false],
  ['example.com', false],
  ['127.example.com', false],
])('%s is this computer: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});
