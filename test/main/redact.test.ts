import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { backendEnvironment, type BackendEnvironment } from '../../src/shared/backend.js';
import { displayNameInPasswd, displayNameInRegistry, type Identity } from '../../src/main/identity.js';
import { anonymise, hideSecret, makeScrub, originOf, originOfProxy, redact } from '../../src/main/redact.js';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jweHeader = part({ alg: 'dir', enc: 'A128CBC-HS256' });

describe('what opens a door', () => {
  test('is hidden wherever a token or a licence stands', async () => {
    const token = await new SignJWT({ sub: 'someone' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
    const licence = `${Buffer.from('{"api_key":"k"}').toString('base64')}.c2ln`;
    const text = redact(`Error: "${token}" at https://host/?token=${token}, licence ${licence}.`);
    expect(text).toBe('Error: "[hidden]" at https://host/?token=[hidden], licence [hidden]');
  });

  test('is hidden as it was told, also encoded', () => {
    hideSecret('pass word+1');
    const basic = Buffer.from('pass word+1').toString('base64');
    expect(redact(`pass word+1 ${basic} pass%20word%2B1 pass+word%2B1 password`)).toBe(
      '[hidden] [hidden] [hidden] [hidden] password',
    );
  });

  test('stays hidden until all who hid it have called that off', () => {
    const [one, other] = [hideSecret('open-hillside'), hideSecret('open-hillside')];
    one();
    one();
    expect(redact('open-hillside')).toBe('[hidden]');
    other();
    expect(redact('open-hillside')).toBe('open-hillside');
  });

  test.each([
    ['one part alone', `got ${part({ sub: 'someone' })} here`, 'got [hidden] here'],
    ['a JWE with a direct key', `got ${jweHeader}..aXY.Y2lwaGVydGV4dA.dGFn here`, 'got [hidden] here'],
    ['a JWE of five parts', `got ${jweHeader}.a2V5.aXY.Y2lwaGVydGV4dA.dGFn here`, 'got [hidden] here'],
    ['parts joined as in a URL', `got ${jweHeader}%2E${part({ a: 1 })}%2Ec2ln here`, 'got [hidden] here'],
    ['a field of a form at the beginning', 'client_secret=hunter2hunter2&x=1', 'client_secret=[hidden]&x=1'],
    ['a field of a query', 'GET /a?x=1&api_key=abc', 'GET /a?x=1&api_key=[hidden]'],
    ['Basic', 'Authorization: Basic dTpwdw==', 'Authorization: Basic [hidden]'],
    ['Bearer with letters only', 'sent Bearer AbCdEfGhIjKl, refused', 'sent Bearer [hidden], refused'],
    ['login of an address', 'ftp://a:b@host/x', 'ftp://[hidden]@host/x'],
    ['login of a proxy without a scheme', 'via anna.mueller:pw@proxy:8080', 'via [hidden]@proxy:8080'],
  ])('is hidden: %s', (_what, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    'a.b.c 1.2.3 device.failed: node.js at /home/eyJ/x.y',
    'Basic authentication failed, no Bearer token in the reply',
    'at Token.refresh (file:///app/tokenRefresher.js:120:15)',
    'node:internal/process at npm:limpid',
  ])('is nothing in: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('what others shall not know', () => {
  const identity: Identity = { home: '/home/kim', user: 'kim', displayName: '', host: 'kims-laptop.example' };

  test.each([
    ['/home/kim/Music/Limpid', '~/Music/Limpid'],
    ['file:///home/kim: no such file, in "/home/kim"', 'file://~: no such file, in "~"'],
    ['/home/kimberly and /home/kim-old', '/home/kimberly and /home/[user]-old'],
    ['?path=%2Fhome%2Fkim%2Fx', '?path=~%2Fx'],
    ['/media/KIM/usb and Kim’s headset', '/media/[user]/usb and [user]’s headset'],
    ['skimmed milk', 'skimmed milk'],
    ['at kims-laptop or kims-laptop.example:4713', 'at [computer] or [computer]:4713'],
    ['kim@home.example', '[e-mail]'],
    ['bluez_output.AA_BB_CC_DD_EE_01.1', 'bluez_output.[address].1'],
    ['X-Api-Key: abc123def456', 'X-Api-Key: [hidden]'],
    ['{"access_token":"opaque-abc-123","pin_key":12345}', '{"access_token":[hidden],"pin_key":[hidden]}'],
    [String.raw`"{\"access_token\":\"opaque-abc-123\"}"`, String.raw`"{\"access_token\":[hidden]}"`],
    ['Authorization: Digest username="a", response="b"\nnext', 'Authorization: [hidden]\nnext'],
    ['Cookie: a=b; c=d', 'Cookie: [hidden]'],
    [
      'at Token.refresh (file:///app/tokenRefresher.js:120:15)',
      'at Token.refresh (file:///app/tokenRefresher.js:120:15)',
    ],
    ['keychain: locked', 'keychain: locked'],
  ])('is taken out of %s', (text, expected) => {
    expect(anonymise(text, identity)).toBe(expected);
  });

  test.each([
    [String.raw`C:\Users\Anna\x`, String.raw`~\x`],
    [String.raw`c:\users\anna\x`, String.raw`~\x`],
    [String.raw`"C:\\Users\\Anna\\x"`, String.raw`"~\\x"`],
    ['file:///C:/Users/Anna/x', 'file:///~/x'],
    ['C%3A%5CUsers%5CAnna%5Cx', '~%5Cx'],
    [String.raw`C:\Users\Annabel\x`, String.raw`C:\Users\Annabel\x`],
  ])('is the home folder on Windows in %s', (text, expected) => {
    expect(anonymise(text, { home: String.raw`C:\Users\Anna`, user: 'anna', displayName: '', host: 'pc' })).toBe(
      expected,
    );
  });

  test.each([
    ['Anna Müller’s AirPods', '[user]’s AirPods'],
    ['Annas Kopfhörer, MÜLLER Headset', '[user] Kopfhörer, [user] Headset'],
    ['Banana', 'Banana'],
  ])('is the name of the person in %s', (text, expected) => {
    expect(anonymise(text, { ...identity, user: 'am', displayName: 'Anna Müller' })).toBe(expected);
  });

  test('is not a name that everybody has', () => {
    const common = { home: '/root', user: 'root', displayName: 'root', host: 'localhost' };
    expect(anonymise('root at localhost in /root/x', common)).toBe('root at localhost in ~/x');
    const administrator = { ...common, displayName: 'System Administrator' };
    expect(anonymise('System sound of root', administrator)).toBe('System sound of root');
  });
});

test('the name of the person is what the system calls them', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1000:& Example,Room 3,,:/home/kim:/bin/sh\n';
  expect(displayNameInPasswd(passwd, 'kim')).toBe('Kim Example');
  expect(displayNameInPasswd(passwd, 'ki')).toBe('');
  const answer = '\r\nHKEY_LOCAL_MACHINE\\x\r\n    LastLoggedOnDisplayName    REG_SZ    Kim Example\r\n\r\n';
  expect(displayNameInRegistry(answer)).toBe('Kim Example');
});

describe('what environments hold', () => {
  const nobody: Identity = { home: '/home/nobody', user: '', displayName: '', host: '' };
  const environment = (values: Partial<BackendEnvironment>) =>
    backendEnvironment.parse({ name: 'studio', url: 'https://tokens.example', ...values });
  const header = (name: string, value: string) => environment({ headers: [{ name, value }] });

  test.each<[string, BackendEnvironment, string, string]>([
    ['the key of Bearer', header('X-Auth', 'Bearer sk_live_9'), 'sent sk_live_9', 'sent [hidden]'],
    [
      'the password of Basic',
      header('X-Auth', 'Basic dTpodW50ZXIy'),
      'hunter2 or dTpodW50ZXIy',
      '[hidden] or [hidden]',
    ],
    ['a cookie', header('Cookie', 'sid=q7w8; b=c'), 'session q7w8', 'session [hidden]'],
    ['a form', environment({ body: 'client_secret=hunter2hunter2&a=b' }), 'no hunter2hunter2', 'no [hidden]'],
    ['a field called code', environment({ body: '{"code":"one-two-3"}' }), 'bad one-two-3', 'bad [hidden]'],
    ['a number', environment({ body: '{"account":31415926}' }), 'no 31415926', 'no [hidden]'],
    ['a name of a field', environment({ body: '{"tenant-4711":1}' }), 'no tenant-4711', 'no [hidden]'],
    [
      'the path',
      environment({ url: 'https://tokens.example/hook/a1b2c3d4' }),
      'at /hook/a1b2c3d4',
      'at /hook/[hidden]',
    ],
    ['the login of a proxy', environment({ proxy: 'http://u1:p%40ss1@proxy:1' }), 'p@ss1 p%40ss1', '[hidden] [hidden]'],
    ['a proxy without scheme', environment({ proxy: 'am:hunter2@proxy:1' }), 'hunter2', '[hidden]'],
    ['what is no address', environment({ proxy: '::no address::' }), 'x ::no address::', 'x [hidden]'],
    ['a value after a line end in JSON', header('X-Key', 'abc123'), String.raw`a\nabc123`, String.raw`a\n[hidden]`],
  ])('is hidden: %s', (_what, values, text, expected) => {
    expect(makeScrub([values], nobody)(text)).toBe(expected);
  });

  test.each<[string, BackendEnvironment, string]>([
    ['a plain word', header('X-Env', 'staging'), 'the staging default'],
    [
      'the name of an environment',
      environment({ name: 'eu-west-1', headers: [{ name: 'X', value: 'eu-west-1' }] }),
      'eu-west-1',
    ],
    ['what every request has', header('Accept', 'application/json'), 'no application/json'],
    ['the scheme', header('Authorization', 'Bearer sk_live_9'), 'a Bearer token'],
    ['part of a longer word', header('X-Key', 'abc1'), 'abc123'],
    ['the host', environment({ url: 'https://tokens.example' }), 'https://tokens.example refused'],
  ])('is spared: %s', (_what, values, text) => {
    expect(makeScrub([values], nobody)(text)).toBe(text);
  });
});

test.each([
  ['https://user:secret@host.example:444/path?q=1', 'https://host.example:444', 'https://host.example:444'],
  ['', '', ''],
  ['no address secret', '[hidden]', '[hidden]'],
  ['anna.mueller:pw@proxy:8080', '[hidden]', 'http://proxy:8080'],
])('of the address %s only the origin stays', (address, origin, ofProxy) => {
  expect([originOf(address), originOfProxy(address)]).toEqual([origin, ofProxy]);
});
