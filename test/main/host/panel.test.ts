import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startPanel, type Panel } from '../../../src/main/host/panel.js';
import {
  findRunningPanel,
  panelFilePath,
  removePanelFile,
  requestNewLink,
  writePanelFile,
} from '../../../src/main/host/panelFile.js';
import { isOurHost, panelOrigin } from '../../../src/main/host/panelHttp.js';
import { idleState } from '../../fakes/appState.js';
import { createContractServices, someNumbers, type ContractServices } from '../../fakes/services.js';
import { ask, cookieOf, exchange, PanelClient } from './panelClient.js';

let folder: string;
let services: ContractServices;
let reports: unknown[];
let panel: Panel;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-panel-'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><html><head><script src="app.js"></script></head></html>',
  );
  await writeFile(join(folder, 'panel-bridge.js'), 'bridge');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  services = createContractServices();
  reports = [];
  panel = await startPanel({ services, rendererRoot: folder, port: 0, report: (error) => reports.push(error) });
  origin = `http://127.0.0.1:${panel.port}`;
});
afterEach(() => panel.close());

const signIn = async () => cookieOf(await exchange(panel.createLinkUrl()));
const connect = async (cookie?: string) => PanelClient.open(panel.port, { origin, cookie: cookie ?? (await signIn()) });

test('a browser says nothing of the port 80, in its Host as in its Origin', () => {
  const cameTo = (host: string, port: number) => isOurHost({ headers: { host } } as IncomingMessage, port);
  expect([panelOrigin(80), panelOrigin(8080)]).toEqual(['http://127.0.0.1', 'http://127.0.0.1:8080']);
  expect([cameTo('127.0.0.1', 80), cameTo('127.0.0.1:8080', 8080)]).toEqual([true, true]);
  expect([cameTo('127.0.0.1', 8080), cameTo('127.0.0.1:81', 80), cameTo('limpid.example', 80)]).toEqual([
    false,
    false,
    false,
  ]);
});

describe('pages', () => {
  test('are served with the bridge before the renderer, under the strict policy', async () => {
    const { status, body, headers } = await ask(panel.port, '/');
    expect(status).toBe(200);
    expect(body.indexOf('/panel-bridge.js')).toBeGreaterThan(0);
    expect(body.indexOf('/panel-bridge.js')).toBeLessThan(body.indexOf('app.js'));
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${panel.port};`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/none.js', '/.panel'])(
    'do not reach %s',
    async (path) => expect((await ask(panel.port, path)).status).toBe(404),
  );

  test('take no other method, and no address that is none', async () => {
    expect((await ask(panel.port, '/', { method: 'PUT' })).status).toBe(405);
    expect((await ask(panel.port, '//')).status).toBe(400);
    expect(reports).toEqual([]);
  });

  test.each(['localhost', 'limpid.example.org', '127.0.0.1', '127.0.0.1:1', 'evil.example.org:80'])(
    'are refused under the name %s, so that no rebound name reaches them',
    async (host) => {
      expect((await ask(panel.port, '/', { headers: { host } })).status).toBe(421);
      const url = panel.createLinkUrl();
      expect((await exchange(url, { host })).status).toBe(421);
      await expect(PanelClient.open(panel.port, { origin, host, cookie: await signIn() })).rejects.toThrow('421');
    },
  );

  test('listen on the loopback only', () => {
    expect(panel.createLinkUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#link=[\w-]{43}$/);
  });
});

describe('links', () => {
  test('are exchanged for a cookie that scripts and other sites never see', async () => {
    const answer = await exchange(panel.createLinkUrl());
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^limpid-panel-${panel.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
  });

  test('work once', async () => {
    const url = panel.createLinkUrl();
    expect((await exchange(url)).status).toBe(204);
    const again = await exchange(url);
    expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined]);
  });

  test('of a wrong secret are refused, and the right one still works', async () => {
    const url = panel.createLinkUrl();
    expect((await exchange(`${origin}/#link=${'A'.repeat(43)}`)).status).toBe(401);
    expect((await exchange(url)).status).toBe(204);
  });

  test.each(['https://example.org', 'null', 'http://127.0.0.1:1', ''])(
    'cannot be exchanged by a page of "%s", nor are they used up by it',
    async (foreign) => {
      const url = panel.createLinkUrl();
      expect((await exchange(url, { origin: foreign })).status).toBe(403);
      expect((await exchange(url)).status).toBe(204);
    },
  );

  test.each([
    ['{', 401],
    ['[]', 401],
    ['{"link":7}', 401],
    ['', 401],
    [JSON.stringify({ link: 'x'.repeat(2000) }), 413],
  ])('of the shape %.20s are refused', async (body, status) => {
    expect((await ask(panel.port, '/session', { method: 'POST', headers: { origin }, body })).status).toBe(status);
    expect(reports).toEqual([]);
  });

  test('tell a browser whether it is signed in', async () => {
    const cookie = await signIn();
    expect((await ask(panel.port, '/session', { headers: { cookie } })).status).toBe(204);
    expect((await ask(panel.port, '/session')).status).toBe(401);
  });
});

describe('socket', () => {
  test.each<[string, () => Promise<Record<string, string>>, string]>([
    ['no cookie', async () => ({ origin }), '401'],
    ['a cookie nobody gave', async () => ({ origin, cookie: `limpid-panel-${panel.port}=${'A'.repeat(43)}` }), '401'],
    ['the link instead of the cookie', async () => ({ origin, cookie: panel.createLinkUrl().split('#')[1]! }), '401'],
    ['a page of another origin', async () => ({ origin: 'https://example.org', cookie: await signIn() }), '403'],
    ['a page of another port', async () => ({ origin: 'http://127.0.0.1:1', cookie: await signIn() }), '403'],
    ['no origin', async () => ({ cookie: await signIn() }), '403'],
  ])('is refused with %s', async (_why, createHeaders, status) => {
    await expect(PanelClient.open(panel.port, await createHeaders())).rejects.toThrow(status);
    expect(services.reached).toEqual([]);
  });

  test('that was refused is gone, though its client keeps its own side open', async () => {
    const client = connectTcp({ port: panel.port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    client.setEncoding('utf8').on('data', (text: string) => (answer += text));
    client.write(
      `GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${panel.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    await once(client, 'end');
    expect(answer).toContain('403 Forbidden');
    const writing = setInterval(() => client.write('more'), 10);
    const [error] = await once(client, 'error').finally(() => clearInterval(writing));
    expect(['EPIPE', 'ECONNRESET', 'ECONNABORTED']).toContain(error.code);
  });

  test('is at one address only', async () => {
    await expect(PanelClient.open(panel.port, { origin, cookie: await signIn() }, '/')).rejects.toThrow('404');
  });

  test('carries calls, failures and refusals as Electron does', async () => {
    const client = await connect();
    expect(await client.call(1, 'state.get')).toEqual({ ok: true, value: idleState });
    expect(await client.call(2, 'live.setLevel', { level: 0.5 })).toEqual({ ok: true });
    expect(services.state.level).toBe(0.5);
    expect(await client.call(3, 'live.start')).toMatchObject({ ok: false, error: { code: 'device.busy' } });
    expect(await client.call(4, 'shell.run')).toMatchObject({ ok: false, error: { code: 'gateway.unknown-call' } });
    expect(await client.call(5, 'live.setLevel', { level: 2 })).toMatchObject({ error: { code: 'gateway.argument' } });
    expect(await client.call(6, 'live.setLevel')).toMatchObject({ error: { code: 'gateway.argument' } });
  });

  test.each([
    '{',
    '[]',
    'null',
    '"state.get"',
    '{"name":"state.get"}',
    '{"id":-1,"name":"state.get"}',
    '{"id":1,"name":7}',
    `{"id":1,"name":"${'x'.repeat(65)}"}`,
  ])('ends at what is no call: %.30s', async (text) => {
    const client = await connect();
    client.socket.send(text);
    expect(await client.closed).toBe(1008);
  });

  test('ends at binary and at oversized messages, and the panel goes on', async () => {
    const cookie = await signIn();
    const binary = await connect(cookie);
    binary.socket.send(Buffer.from('{"id":1,"name":"state.get"}'));
    expect(await binary.closed).toBe(1008);
    const oversized = await connect(cookie);
    oversized.socket.send(JSON.stringify({ id: 1, name: 'state.get', argument: 'x'.repeat(65 * 1024) }));
    expect(await oversized.closed).toBe(1009);
    expect(await (await connect(cookie)).call(1, 'state.get')).toMatchObject({ ok: true });
  });

  test('serves two browsers: own answers, shared events', async () => {
    const [first, second] = [await connect(), await connect()];
    await first.call(1, 'live.setBypass', { bypass: true });
    const isChange = (message: object) => 'event' in message && message.event === 'state.changed';
    expect(await second.hear(isChange)).toMatchObject({ payload: { bypass: true } });
    expect(await first.hear(isChange)).toMatchObject({ payload: { bypass: true } });
    expect(second.heard.some((message) => 'id' in message)).toBe(false);
    services.emit('numbers.measured', someNumbers);
    const numbers = { event: 'numbers.measured', payload: someNumbers };
    expect(await first.hear((message) => 'event' in message && message.event === 'numbers.measured')).toEqual(numbers);
    first.socket.close();
    await first.closed;
    expect(await second.call(1, 'state.get')).toMatchObject({ ok: true, value: { bypass: true } });
  });

  test('a browser with too many open questions is told to wait; others are not affected', async () => {
    const cookie = await signIn();
    const client = await connect(cookie);
    for (let id = 1; id <= 32; id += 1) client.socket.send(JSON.stringify({ id, name: 'devices.rescan' }));
    expect(await client.call(33, 'state.get')).toMatchObject({
      ok: false,
      error: { code: 'panel.overloaded', retryable: true },
    });
    expect(await (await connect(cookie)).call(1, 'state.get')).toMatchObject({ ok: true });
  });

  test('at most sixteen browsers are connected', async () => {
    const cookie = await signIn();
    const clients = await Promise.all(Array.from({ length: 16 }, () => connect(cookie)));
    await expect(connect(cookie)).rejects.toThrow('503');
    clients[0]?.socket.terminate();
    await expect.poll(() => connect(cookie).then(() => 'open', String), { timeout: 15_000 }).toBe('open');
  });

  test('a panel started again knows none of the old cookies', async () => {
    const cookie = await signIn();
    const { port } = panel;
    await panel.close();
    panel = await startPanel({ services, rendererRoot: folder, port, report: (error) => reports.push(error) });
    await expect(connect(cookie)).rejects.toThrow('401');
    expect(await (await connect()).call(1, 'state.get')).toMatchObject({ ok: true });
  });
});

describe('start', () => {
  test('says that its port is taken', async () => {
    const start = startPanel({ services, rendererRoot: folder, port: panel.port, report: () => undefined });
    await expect(start).rejects.toMatchObject({ code: 'panel.port-busy', params: { port: panel.port } });
  });

  test('says that the pages are not built', async () => {
    const start = startPanel({ services, rendererRoot: join(folder, 'none'), port: 0, report: () => undefined });
    await expect(start).rejects.toMatchObject({ code: 'panel.not-built' });
  });
});

describe('panel file', () => {
  const path = () => panelFilePath(join(folder, 'private', 'settings.json'));
  afterEach(() => rm(join(folder, 'private'), { recursive: true, force: true }));

  test('can be read by its owner only, and gives the same user another link', async () => {
    await writePanelFile(path(), panel);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await findRunningPanel(path())).toBe(panel.port);
    const [first, second] = [await requestNewLink(path()), await requestNewLink(path())];
    expect(first).not.toBe(second);
    expect((await exchange(first)).status).toBe(204);
    expect((await exchange(second)).status).toBe(204);
  });

  test.each<[string, Record<string, string>]>([
    ['no secret', {}],
    ['a wrong secret', { authorization: `Bearer ${'A'.repeat(43)}` }],
  ])('another link is refused with %s', async (_why, headers) => {
    expect((await ask(panel.port, '/admin/link', { method: 'POST', headers })).status).toBe(403);
  });

  test('a browser cannot ask for another link, even with the secret', async () => {
    const headers = { authorization: `Bearer ${panel.adminSecret}`, origin };
    expect((await ask(panel.port, '/admin/link', { method: 'POST', headers })).status).toBe(403);
  });

  test('goes with its panel; without it, or broken, no panel runs', async () => {
    await writePanelFile(path(), panel);
    await removePanelFile(path());
    expect(await findRunningPanel(path())).toBeNull();
    await expect(requestNewLink(path())).rejects.toMatchObject({ code: 'panel.not-running' });
    await writePanelFile(path(), panel);
    await writeFile(path(), '{"pid":');
    await expect(requestNewLink(path())).rejects.toMatchObject({ code: 'panel.not-running' });
  });

  test('left over by a crash, it is no running panel, whoever has the port now', async () => {
    const stranger = createServer((_request, response) => void response.writeHead(404).end('{}'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    await writePanelFile(path(), { ...panel, port });
    expect(await findRunningPanel(path())).toBeNull();
    await expect(requestNewLink(path())).rejects.toMatchObject({ code: 'panel.not-running' });
    stranger.close();
  });

  test('of another panel is left alone', async () => {
    await writePanelFile(path(), panel);
    const other = (await readFile(path(), 'utf8')).replace(/"pid":\d+/, '"pid":1');
    await writeFile(path(), other);
    await removePanelFile(path());
    expect(await readFile(path(), 'utf8')).toBe(other);
  });
});

describe('a panel that nobody looks at', () => {
  test('pauses the player, some seconds after the last page went', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const cookie = await signIn();
      const [one, other] = [await connect(cookie), await connect(cookie)];
      const leave = async (client: PanelClient): Promise<void> => {
        client.socket.terminate();
        // The panel has seen that it went when it answers the next one.
        await ask(panel.port, '/');
      };
      await leave(one);
      await vi.advanceTimersByTimeAsync(20_000);
      await leave(other);
      await vi.advanceTimersByTimeAsync(4000);
      // The page is loaded anew.
      const again = await connect(cookie);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(services.reached).not.toContain('player.pause');
      await leave(again);
      await vi.advanceTimersByTimeAsync(6000);
      expect(services.reached).toContain('player.pause');
    } finally {
      vi.useRealTimers();
    }
  });
});
