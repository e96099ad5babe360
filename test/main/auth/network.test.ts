import { describe, expect, test } from 'vitest';
import { openNetwork, type Route } from '../../../src/main/auth/network.js';
import type { Clock } from '../../../src/main/auth/clock.js';

const url = new URL('https://tokens.example/path?secret=1');

const routeBy = (answer: unknown, variables: NodeJS.ProcessEnv = {}, chosen: string | null = null, to = url) =>
  openNetwork({ variables: () => variables, resolveProxy: async () => answer as string }).findRoute(to, chosen);

const wayOf = ({ proxy, from }: Route): [string | undefined, string | undefined] => [proxy?.origin, from?.kind];

/** A clock whose timers all ring at once. */
const impatient: Clock = {
  monotonicMs: () => 0,
  wallMs: () => 0,
  after(_delayMs, run) {
    queueMicrotask(run);
    return () => undefined;
  },
};

describe('the way to a server', () => {
  test('is by its own proxy, then by the variables, then by the system', async () => {
    const variables = { HTTPS_PROXY: 'http://variable.example:3128' };
    const pac = 'PROXY system.example:8080';
    expect(wayOf(await routeBy(pac, variables, 'http://own.example:1'))).toEqual([
      'http://own.example:1',
      'environment',
    ]);
    expect(await routeBy(pac, variables)).toMatchObject({ from: { kind: 'variable', name: 'HTTPS_PROXY' } });
    expect(await routeBy(pac, { http_proxy: 'variable.example:3128' })).toMatchObject({
      from: { kind: 'variable', name: 'HTTP_PROXY' },
    });
    expect(wayOf(await routeBy(pac))).toEqual(['http://system.example:8080', 'system']);
    expect(wayOf(await routeBy(pac, { NO_PROXY: 'tokens.example' }))).toEqual([undefined, undefined]);
    expect(wayOf(await openNetwork({ variables: () => ({}) }).findRoute(url, null))).toEqual([undefined, undefined]);
  });

  test('to this computer is direct, and nobody is asked', async () => {
    let asked = 0;
    const network = openNetwork({ variables: () => ({}), resolveProxy: async () => `PROXY a.example:${(asked += 1)}` });
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      expect((await network.findRoute(new URL(`https://${host}/`), null)).proxy).toBeNull();
    expect(asked).toBe(0);
  });

  test('is looked up without path and query', async () => {
    const asked: string[] = [];
    const resolveProxy = async (address: string) => (asked.push(address), 'DIRECT');
    await openNetwork({ variables: () => ({}), resolveProxy }).findRoute(url, null);
    expect(asked).toEqual(['https://tokens.example/']);
  });

  test.each<[string, string | undefined]>([
    ['PROXY a.example:8080', 'http://a.example:8080'],
    ['  proxy   a.example:8080 ;DIRECT', 'http://a.example:8080'],
    ['PROXY a.example', 'http://a.example'],
    ['PROXY [fd00::1]:3128', 'http://[fd00::1]:3128'],
    ['HTTPS a.example:8443; PROXY b.example:1', 'https://a.example:8443'],
    ['SOCKS5 s.example:1080; PROXY a.example:8080', 'http://a.example:8080'],
    ['SOCKS s.example:1080;DIRECT', undefined],
    ['DIRECT; PROXY a.example:8080', undefined],
    ['PROXY a.example:999999; PROXY b.example:80', 'http://b.example'],
    ['PROXY user:pw@a.example:1; PROXY b.example:2', 'http://b.example:2'],
    ['QUIC q.example:443; PROXY b.example:2', 'http://b.example:2'],
  ])('by the answer “%s” leads through %s', async (answer, proxy) => {
    const route = await routeBy(answer);
    expect(route.notice).toBeNull();
    expect(route.proxy?.origin).toBe(proxy);
  });

  test('has the other ways of the answer behind it, those that Limpid can take', async () => {
    const { proxy, otherWays } = await routeBy('PROXY a.example:1; SOCKS s.example:2; HTTPS b.example:3; DIRECT');
    expect([proxy, ...otherWays].map((way) => way?.origin ?? null)).toEqual([
      'http://a.example:1',
      'https://b.example:3',
      null,
    ]);
    const many = await routeBy(Array.from({ length: 9 }, (_, index) => `PROXY p${index}.example:1`).join(';'));
    expect(many.otherWays).toHaveLength(3);
    expect((await routeBy('DIRECT; PROXY a.example:1')).otherWays).toEqual([]);
  });

  test.each(['SOCKS5 s.example:1080', 'SOCKS s.example:1; SOCKS4 t.example:2'])(
    'by “%s” cannot be taken',
    async (answer) => {
      await expect(routeBy(answer)).rejects.toMatchObject({
        code: 'backend.proxy-socks',
        params: { host: 'tokens.example' },
      });
    },
  );

  test.each<[unknown]>([
    [''],
    [';;;'],
    ['<html>no</html>'],
    ['PROXY'],
    ['PROXY /etc/passwd'],
    [null],
    [{}],
    ['x'.repeat(1e6)],
  ])('is direct, and says so, when the answer is %j', async (answer) => {
    expect(await routeBy(answer)).toEqual({
      proxy: null,
      otherWays: [],
      from: null,
      notice: { code: 'connection.system-proxy-unreadable', params: {} },
    });
  });

  test('is direct, and says so, when the system cannot say or takes too long', async () => {
    const failing = openNetwork({
      variables: () => ({}),
      resolveProxy: () => Promise.reject(new Error('no')),
    });
    expect((await failing.findRoute(url, null)).notice).toEqual({ code: 'connection.system-proxy-failed', params: {} });
    const hanging = openNetwork({
      variables: () => ({}),
      resolveProxy: () => new Promise(() => undefined),
      clock: impatient,
    });
    expect(await hanging.findRoute(url, null)).toEqual({
      proxy: null,
      otherWays: [],
      from: null,
      notice: { code: 'connection.system-proxy-late', params: { seconds: 3 } },
    });
  });

  test('that is not wanted any more is not waited for', async () => {
    const network = openNetwork({ variables: () => ({}), resolveProxy: () => new Promise(() => undefined) });
    const controller = new AbortController();
    const looking = network.findRoute(url, null, controller.signal);
    controller.abort(new Error('enough'));
    await expect(looking).rejects.toThrow('enough');
  });
});
