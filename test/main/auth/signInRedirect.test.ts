import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRedirect, type Redirect } from '../../../src/main/auth/signInRedirect.js';
import { setLanguage } from '../../../src/shared/language.js';

let redirect: Redirect;
let answer: URL | null;

beforeEach(async () => {
  redirect = await openRedirect();
  answer = null;
});
afterEach(() => {
  setLanguage('en');
  redirect.close();
});

const wait = (state = 'state-1'): void => {
  void redirect.waitForAnswer(state).then((url) => (answer = url));
};

interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** By `node:http`, which sends any host and any method. */
function ask(path: string, { method = 'GET', host }: { method?: string; host?: string } = {}): Promise<Reply> {
  const { port } = new URL(redirect.url);
  const headers = { host: host ?? `127.0.0.1:${port}` };
  return new Promise((done, failed) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (part: string) => (text += part));
      reply.on('end', () => done({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
    });
    request.on('error', failed).end();
  });
}

test('closes what is connected and says nothing, but not before its answer has gone out', async () => {
  const { port } = new URL(redirect.url);
  const silent = net.connect(Number(port), '127.0.0.1');
  await new Promise((connected) => silent.once('connect', connected));
  const closed = new Promise((done) => silent.once('close', done).resume());
  void redirect.waitForAnswer('state-1').then(() => redirect.close());
  const { status, text } = await ask('/?code=secret-code&state=state-1');
  expect(status).toBe(200);
  expect(text).toContain('</html>');
  await closed;
});

test('listens on this computer alone, and takes the one answer', async () => {
  expect(redirect.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  wait();
  const { status, text } = await ask('/?code=secret-code&state=state-1&iss=me');
  expect(status).toBe(200);
  expect(answer?.searchParams.get('code')).toBe('secret-code');
  expect(text).toContain('You can go back to Limpid.');
  expect(redirect.hasRefused).toBe(false);
});

test('takes a refusal as an answer too', async () => {
  wait();
  expect((await ask('/?error=access_denied&state=state-1')).status).toBe(200);
  expect(answer?.searchParams.get('error')).toBe('access_denied');
});

test.each<[string, string, { method?: string; host?: string }?]>([
  ['another state', '/?code=a&state=state-2'],
  ['no state', '/?code=a'],
  ['two states', '/?code=a&state=state-1&state=state-2'],
  ['neither code nor error', '/?state=state-1'],
  ['another path', '/callback?code=a&state=state-1'],
  ['a path above', '//?code=a&state=state-1'],
  ['another method', '/?code=a&state=state-1', { method: 'POST' }],
  ['a name that was made to point here', '/?code=a&state=state-1', { host: 'rebound.example' }],
  ['an icon', '/favicon.ico'],
])('%s gets 400, and the wait goes on', async (kind, path, options) => {
  wait();
  const refused = await ask(path, options);
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('no sign-in');
  expect(answer).toBeNull();
  expect(redirect.hasRefused).toBe(kind !== 'an icon');
  expect((await ask('/?code=a&state=state-1')).status).toBe(200);
  expect(answer).not.toBeNull();
});

test('a second answer, and one before anybody waits, get 400', async () => {
  expect((await ask('/?code=a&state=state-1')).status).toBe(400);
  wait();
  expect((await ask('/?code=first&state=state-1')).status).toBe(200);
  expect((await ask('/?code=second&state=state-1')).status).toBe(400);
  expect(answer?.searchParams.get('code')).toBe('first');
});

test('the page has nothing of the answer, runs nothing, is kept nowhere, and speaks the language of the app', async () => {
  setLanguage('de');
  wait();
  const { text, headers } = await ask('/?code=secret-code&state=state-1&x=<script>alert(1)</script>');
  expect(text).toContain('<html lang="de">');
  expect(text).toContain('Sie können zu Limpid zurückkehren.');
  expect(text).not.toMatch(/secret-code|state-1|<script/);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|script-src|\*/);
});

test('nothing listens any more when it is closed', async () => {
  redirect.close();
  await expect(ask('/?code=a&state=state-1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
