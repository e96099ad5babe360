import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPresent } from '../../scripts/lib/system-packages.mjs';
import { fetchToken } from '../../src/main/auth/backendClient.js';
import { openNetwork } from '../../src/main/auth/network.js';
import { backendEnvironment } from '../../src/shared/backend.js';
import { ApiCheck } from '../backend/apiCheck.js';
import { readCompose, root } from '../backend/deploymentFiles.js';
import { makeCertificates } from '../fakes/faultyBackend.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import { startAiola } from '../vendors/aiola.js';
import { startAssemblyAi } from '../vendors/assemblyai.js';
import { startSoniox } from '../vendors/soniox.js';
import { containerUser } from './containerImage.js';
import { Deployment } from './deployment.js';
import { skipReason } from './needed.js';

const missing = ['haproxy', 'redis-server', 'openssl', 'setpriv'].filter(
  (command) => !isPresent({ group: 'tests', command }),
);
const reason =
  process.platform === 'linux'
    ? skipReason(missing.length > 0 ? `${missing.join(', ')} missing` : null)
    : 'it needs Linux';

const perClientLimit = 30;
/** Each mint here takes a new connection, and the load balancer lets an address have 60 of them a second. */
const callerPauseMs = 50;

describe.skipIf(reason)(`the token backend deployed, ${reason ?? containerUser}`, () => {
  const vendors = {
    'ai-coustics': startAiCoustics(),
    assemblyai: startAssemblyAi(),
    soniox: startSoniox(),
    aiola: startAiola(),
  };
  let deployment: Deployment;
  let pool: Pool;
  let apiCheck: ApiCheck;
  const renewed = reason ? null! : makeCertificates();
  /** Of both certificates. */
  let ca: Buffer[];
  /** Two callers: one with the limit of everybody, one that may ask all day. */
  const keys = { agent: '', stream: '' };

  beforeAll(async () => {
    const [aiCoustics, assemblyai, soniox, aiola] = await Promise.all(Object.values(vendors));
    deployment = new Deployment();
    await deployment.build();
    deployment.write(
      'config/backend.json',
      JSON.stringify({ limits: { windowSeconds: 600, perClient: perClientLimit } }),
    );
    keys.agent = await addClient('agent');
    keys.stream = await addClient('stream');
    raiseLimit();
    const licence = Buffer.from(JSON.stringify({ api_key: aiCoustics!.key })).toString('base64url');
    deployment.write('secrets/backend/aic_sdk_license', `${licence}.${licence}\n`);
    deployment.write('secrets/backend/assemblyai_api_key', assemblyai!.key);
    deployment.write('secrets/backend/soniox_api_key', soniox!.key);
    deployment.write('secrets/backend/aiola_api_key', aiola!.key);
    await deployment.start({
      ASSEMBLYAI_REGION: undefined,
      SONIOX_REGION: undefined,
      AIC_BASE_URL: aiCoustics!.url,
      ASSEMBLYAI_BASE_URL: assemblyai!.url,
      SONIOX_BASE_URL: soniox!.url,
      AIOLA_AUTH_BASE_URL: aiola!.url,
    });
    ca = [deployment.certificates, renewed].map(({ caFile }) => readFileSync(caFile));
    pool = new Pool(deployment.url, { connect: { ca } });
    const document = await fetch(`${replica('backend-a').url}/openapi.json`);
    apiCheck = new ApiCheck((await document.json()) as object);
  }, 120_000);

  afterAll(async () => {
    await pool?.close();
    await deployment?.close();
    renewed.remove();
    for (const vendor of await Promise.all(Object.values(vendors))) await vendor.close();
  });

  async function addClient(name: string): Promise<string> {
    const config = ['--config', 'config/backend.json'];
    const printed = await deployment.runOnce(['add-client', name, ...config]);
    return /lk_[\w-]+\.[\w-]{43}/.exec(printed)?.[0] ?? '';
  }

  function raiseLimit(): void {
    const configuration = JSON.parse(deployment.read('config/backend.json'));
    for (const client of configuration.callers.clients) if (client.name === 'stream') client.limit = 1_000_000;
    configuration.limits.perProvider = 1_000_000;
    deployment.write('config/backend.json', JSON.stringify(configuration));
  }

  async function mint(
    provider: string,
    key: string,
    asked = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const path = `/v1/tokens/${provider}`;
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
    const text = await body.text();
    checkReply({ method: 'POST', path }, { status: statusCode, headers, text });
    return { status: statusCode, body: JSON.parse(text) as Record<string, unknown> };
  }

  interface RawReply {
    status: number;
    headers: http.IncomingHttpHeaders;
    text: string;
  }

  /** Exactly this path, which clients would tidy up, over a connection of its own. */
  function getRaw(path: string): Promise<RawReply> {
    return sendRaw({ method: 'GET', path });
  }

  /** `body` is all that is sent, whatever `content-length` says. */
  async function sendRaw(options: https.RequestOptions & { path: string; method: string; body?: string }) {
    const { body, ...rest } = options;
    const reply = await new Promise<RawReply>((done, failed) => {
      const request = https.request(deployment.url, { ca, agent: false, ...rest }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => done({ status: response.statusCode!, headers: response.headers, text }));
      });
      request.on('error', failed);
      if (rest.headers && 'content-length' in rest.headers) request.write(body ?? '');
      else request.end(body);
    });
    checkReply(rest, reply);
    return reply;
  }

  /** Whoever it is from, it is as documented, not to be stored, and never to be asked for without TLS. */
  function checkReply(request: { method: string; path: string }, { status, headers, text }: RawReply): void {
    // What is for the inside alone is not there for callers.
    const path = /^\/(metrics|readyz)\b/.test(request.path) ? '/' : request.path;
    apiCheck.check({ ...request, path }, { status, headers: headers as Record<string, string>, text });
    expect(headers).toMatchObject({ 'strict-transport-security': 'max-age=31536000' });
    const { error } = text.startsWith('{"error"') ? (JSON.parse(text) as { error: { requestId: string } }) : {};
    if (error) expect(error.requestId).toBe(headers['x-request-id']);
  }

  /** A connection that is up, from one of the addresses of loopback. */
  function connectFrom(address: string, options: ConnectionOptions = {}): Promise<TLSSocket | null> {
    const target = { host: '127.0.0.1', port: Number(new URL(deployment.url).port), localAddress: address };
    return new Promise((done) => {
      const socket: TLSSocket = connect({ ...target, ca, ...options }, () => done(socket));
      socket.on('error', () => done(null)).on('close', () => done(null));
    });
  }

  const replica = (name: 'backend-a' | 'backend-b') => deployment.replicas.get(name)!;

  /** Audit lines of successful mints. */
  const mintsOf = (name: 'backend-a' | 'backend-b') =>
    replica(name)
      .log.split('\n')
      .filter((line) => line.includes('"event":"mint"') && line.includes('"result":"ok"'));

  test('the image holds the program and its licences, and nobody can change them', () => {
    const { folder } = deployment.image;
    const files = readdirSync(folder);
    expect(files.toSorted()).toEqual(['LICENSE', 'THIRD_PARTY.md', 'limpid-backend.mjs']);
    for (const path of [folder, ...files.map((file) => join(folder, file))]) {
      expect(statSync(path).mode & 0o222).toBe(0);
    }
  });

  test('replicas have no privileges', () => {
    const status = readFileSync(`/proc/${replica('backend-a').child.pid}/status`, 'utf8');
    const uid = process.getuid?.() === 0 ? deployment.image.uid : process.getuid?.();
    expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s+${uid}\\s+${uid}$`, 'm'));
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  test('the health check of the image tells a replica from nothing', async () => {
    const { port } = new URL(replica('backend-a').url);
    expect(await deployment.checkHealth(port)).toBe(0);
    expect(await deployment.checkHealth('1')).toBe(1);
  });

  test('Limpid gets a token through TLS', async () => {
    const environment = backendEnvironment.parse({
      name: 'Deployed',
      url: `${deployment.url}/v1/tokens/ai-coustics`,
      caFile: deployment.certificates.caFile,
    });
    const { token, expiresAtMs } = await fetchToken(environment, keys.stream, {
      network: openNetwork({ variables: () => ({}) }),
    });
    expect(token.split('.')).toHaveLength(3);
    expect(expiresAtMs).toBeGreaterThan(Date.now());
  });

  test.each([
    ['ai-coustics', {}],
    ['assemblyai', { expires_in_seconds: 60 }],
    ['soniox', { usage_type: 'transcribe_websocket', expires_in_seconds: 60 }],
    ['aiola', {}],
  ])('%s hands out what is short-lived', async (provider, asked) => {
    const { status, body } = await mint(provider, keys.stream, asked);
    expect({ status, body }).toMatchObject({ status: 200, body: { provider, expires_at: expect.any(Number) } });
  });

  test('a limit holds over both replicas together', async () => {
    const replies = await Promise.all(
      Array.from({ length: 2 * perClientLimit }, () => mint('ai-coustics', keys.agent)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(perClientLimit);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(perClientLimit);
    await expect.poll(() => Math.min(mintsOf('backend-a').length, mintsOf('backend-b').length)).toBeGreaterThan(3);
  });

  test.each([
    '/metrics',
    '/readyz',
    '//metrics',
    '/%6detrics',
    '/metrics?a=/v1/',
    '/v1/../metrics',
    '/v1/%2e%2e/readyz',
  ])('%s is refused from outside', async (path) => {
    const { status, text } = await getRaw(path);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found', requestId: expect.any(String) } });
  });

  test('what is refused outside is there inside, and what is for callers is there', async () => {
    const metrics = await fetch(`${replica('backend-a').url}/metrics`);
    expect(await metrics.text()).toMatch(/^# HELP limpid_/m);
    expect((await getRaw('/healthz')).status).toBe(200);
    expect(JSON.parse((await getRaw('/openapi.json')).text)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  });

  test('whoever shows no credential is refused before the body has come', async () => {
    const startedMs = performance.now();
    const { status, text } = await sendRaw({
      method: 'POST',
      path: '/v1/tokens/aiola',
      headers: { 'content-length': 14_000 },
      body: '{',
    });
    expect({ status, error: JSON.parse(text) }).toMatchObject({
      status: 401,
      error: { error: { code: 'credential_missing' } },
    });
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  test('HTTP/2, with which one connection would be worth a hundred, is not spoken, asked for or not', async () => {
    const asking = await connectFrom('127.0.0.1', { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(asking?.alpnProtocol).toBe('http/1.1');
    asking?.destroy();
    const pushing = await connectFrom('127.0.0.1');
    // The preface, and empty settings; the answer would be settings, too.
    pushing?.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0', 'latin1');
    const [answer] = (await once(pushing!, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /);
    pushing?.destroy();
  });

  test('a flood of bodies that never end stays within memory, and others are served meanwhile', async () => {
    const perAddress = 200;
    const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
    const head =
      'POST /v1/tokens/aiola HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nContent-Length: 14000\r\n\r\n';
    const beforeMb = deployment.balancerMb();
    const flood = await Promise.all(
      addresses.map(async (address) => {
        const sockets = [];
        for (let opened = 0; opened < perAddress + 20; opened += 1) {
          const socket = await connectFrom(address);
          socket?.write(head + 'a'.repeat(13_900));
          sockets.push(socket);
        }
        return sockets;
      }),
    );
    const held = flood.map((sockets) => sockets.filter((socket) => socket && !socket.closed).length);
    const mbEach = (deployment.balancerMb() - beforeMb) / (perAddress * addresses.length);
    const { status } = await mint('ai-coustics', keys.stream);
    for (const socket of flood.flat()) socket?.destroy();

    expect(status).toBe(200);
    expect(held).toEqual(addresses.map(() => perAddress));
    // Room for all connections that are allowed, twice: a reload has two workers for a while.
    const configuration = readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8');
    const connections = Number(/^ +maxconn (\d+)$/m.exec(configuration)?.[1]);
    const limitMb = Number(/^(\d+)m$/.exec(readCompose().services.balancer.mem_limit ?? '')?.[1]);
    expect(mbEach).toBeGreaterThan(0.01);
    expect(beforeMb + 2 * connections * mbEach).toBeLessThan(limitMb);
  });

  test('a session at aiOla whose caller has gone meanwhile is closed', async () => {
    const vendor = await vendors.aiola;
    const before = { mints: vendor.mints, sessions: vendor.sessions.size };
    vendor.delayMs = 500;
    const caller = await connectFrom('127.0.0.1');
    const lines = [
      'Host: a',
      `Authorization: Bearer ${keys.stream}`,
      'Content-Type: application/json',
      'Content-Length: 2',
    ];
    caller?.write(`POST /v1/tokens/aiola HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{}`);
    const sessionsAsked = () => vendor.requests.filter(({ path }) => path === '/voip-auth/session').length;
    const askedBefore = sessionsAsked();
    await expect.poll(sessionsAsked, { timeout: 5000 }).toBe(askedBefore + 1);
    caller?.destroy();
    await expect.poll(() => vendor.mints, { timeout: 5000 }).toBe(before.mints + 1);
    vendor.delayMs = 0;
    await expect.poll(() => vendor.sessions.size, { timeout: 5000 }).toBe(before.sessions);
  });

  test('the id of a request is the balancer’s; a plain one of the caller is noted beside it', async () => {
    const ask = (id: string | string[]) =>
      sendRaw({
        method: 'POST',
        path: '/v1/tokens/ai-coustics',
        headers: { authorization: `Bearer ${keys.stream}`, 'x-request-id': id, 'x-caller-request-id': 'forged' },
      });
    const plain = await ask('plain-id-1');
    const injected = await ask('plain-id-2,"}},{"a":"injected');
    const twice = await ask(['plain-id-3', 'plain-id-4']);
    const log = () => replica('backend-a').log + replica('backend-b').log;
    const ids = [plain, injected, twice].map(({ headers }) => String(headers['x-request-id']));
    for (const id of ids) {
      expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      await expect.poll(log).toContain(`"requestId":"${id}"`);
      await expect.poll(() => deployment.balancer.log).toContain(id);
    }
    const plainLine = log()
      .split('\n')
      .find((line) => line.includes(ids[0]!));
    expect(JSON.parse(plainLine!)).toMatchObject({ requestId: ids[0], callerRequestId: 'plain-id-1' });
    expect(log()).not.toMatch(/plain-id-[234]|injected|forged/);
    // Nor does it get into what the balancer itself answers.
    const own = await sendRaw({ method: 'GET', path: '/nothing', headers: { 'x-request-id': 'a,"}},{"a":"injected' } });
    expect(own.text).not.toContain('injected');
  });

  test('the balancer logs a path without its query', async () => {
    const { status, headers } = await sendRaw({
      method: 'POST',
      path: '/v1/tokens/soniox?key=secret-in-query',
      headers: { authorization: `Bearer ${keys.stream}` },
    });
    expect(status).toBe(400);
    await expect.poll(() => deployment.balancer.log).toContain(`"/v1/tokens/soniox" ${headers['x-request-id']}`);
    expect(deployment.balancer.log).not.toContain('secret-in-query');
  });

  test('a new certificate is taken up without a request lost', async () => {
    const serial = async () => {
      const socket = await connectFrom('127.0.0.1', { rejectUnauthorized: false });
      const { serialNumber } = socket!.getPeerCertificate();
      socket!.destroy();
      return serialNumber;
    };
    const before = await serial();
    deployment.writeCertificate(renewed);
    deployment.balancer.child.kill('SIGUSR2');
    const statuses = new Set<number>();
    let isNew = false;
    while (!isNew) {
      statuses.add((await getRaw('/healthz')).status);
      isNew = (await serial()) !== before;
      await sleep(callerPauseMs);
    }
    expect([...statuses]).toEqual([200]);
    expect((await mint('ai-coustics', keys.stream)).status).toBe(200);
  });

  test('without the store nothing is minted, and soon again with it', async () => {
    const timed = async () => {
      const startedMs = performance.now();
      const { status, body } = await mint('ai-coustics', keys.stream);
      return {
        status,
        code: (body['error'] as { code?: string } | undefined)?.code,
        ms: performance.now() - startedMs,
      };
    };
    await deployment.killStore();
    const lost = await timed();
    expect(lost).toMatchObject({ status: 503, code: 'limits_unavailable' });
    expect(lost.ms).toBeLessThan(1500);
    // The load balancer notices, and answers by itself.
    await expect.poll(timed, { timeout: 10_000 }).toMatchObject({ status: 503, code: 'server_unavailable' });

    await deployment.startStore();
    const backMs = performance.now();
    await expect.poll(timed, { timeout: 10_000 }).toMatchObject({ status: 200 });
    expect(performance.now() - backMs).toBeLessThan(7000);
    // The next test needs both.
    const before = { a: mintsOf('backend-a').length, b: mintsOf('backend-b').length };
    const serving = async () => {
      await timed();
      return mintsOf('backend-a').length > before.a && mintsOf('backend-b').length > before.b;
    };
    await expect.poll(serving, { timeout: 10_000 }).toBe(true);
  });

  test('a replica that is told to end drops no request', async () => {
    const going = replica('backend-a');
    // So that some requests are always under way.
    const vendor = await vendors['ai-coustics'];
    vendor.delayMs = 100;
    const before = { a: mintsOf('backend-a').length, b: mintsOf('backend-b').length };
    const statuses = new Map<number | string, number>();
    const end = new AbortController();
    const caller = async () => {
      while (!end.signal.aborted) {
        const status = await mint('ai-coustics', keys.stream).then(
          (reply) => reply.status,
          (error: Error) => error.message,
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await sleep(callerPauseMs);
      }
    };
    const callers = Array.from({ length: 6 }, caller);
    await sleep(500);
    going.child.kill('SIGTERM');
    expect(await going.ended).toBe(0);
    await sleep(500);
    end.abort();
    await Promise.all(callers);
    vendor.delayMs = 0;

    expect([...statuses.keys()]).toEqual([200]);
    expect(mintsOf('backend-a').length).toBeGreaterThan(before.a);
    expect(mintsOf('backend-b').length).toBeGreaterThan(before.b);
  });

  test('without a replica the load balancer answers in our words', async () => {
    const last = replica('backend-b');
    last.child.kill('SIGKILL');
    await last.ended;
    const { status, body } = await mint('ai-coustics', keys.stream);
    expect(status).toBe(503);
    expect(body).toMatchObject({
      error: { code: 'server_unavailable', retryable: true, requestId: expect.any(String) },
    });
  });

  test('nobody wrote a secret into a log', async () => {
    const secrets = [keys.agent, keys.stream, ...(await Promise.all(Object.values(vendors))).map(({ key }) => key)];
    const logs = [replica('backend-a').log, replica('backend-b').log, deployment.balancer.log];
    for (const log of logs) {
      expect(log.length).toBeGreaterThan(1000);
      expect(secrets.filter((secret) => secret.length < 8 || log.includes(secret))).toEqual([]);
      expect(log).not.toMatch(/eyJ[\w-]+\.eyJ/);
    }
  });
});
