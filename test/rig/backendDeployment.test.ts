import { readdirSync, readFileSync, statSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPresent } from '../../scripts/lib/system-packages.mjs';
import { fetchToken } from '../../src/main/auth/backendClient.js';
import { backendEnvironment } from '../../src/shared/backend.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import { startAiola } from '../vendors/aiola.js';
import { startAssemblyAi } from '../vendors/assemblyai.js';
import { startSoniox } from '../vendors/soniox.js';
import { containerUser } from './containerImage.js';
import { Deployment } from './deployment.js';

const missing = ['haproxy', 'redis-server', 'openssl', 'setpriv'].filter(
  (command) => !isPresent({ group: 'tests', command }),
);
const skipReason =
  process.platform !== 'linux' ? 'it needs Linux' : missing.length > 0 ? `${missing.join(', ')} missing` : null;

const perClientLimit = 30;

describe.skipIf(skipReason)(`the token backend deployed, ${skipReason ?? containerUser}`, () => {
  const vendors = {
    'ai-coustics': startAiCoustics(),
    assemblyai: startAssemblyAi(),
    soniox: startSoniox(),
    aiola: startAiola(),
  };
  let deployment: Deployment;
  let pool: Pool;
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
    pool = new Pool(deployment.url, { connect: { ca: readFileSync(deployment.certificates.caFile) } });
  }, 120_000);

  afterAll(async () => {
    await pool?.close();
    await deployment?.close();
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
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: `/v1/tokens/${provider}`,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
    return { status: statusCode, body: (await body.json()) as Record<string, unknown> };
  }

  /** Exactly this path, which clients would tidy up. */
  function getRaw(path: string): Promise<{ status: number | undefined; text: string }> {
    const ca = readFileSync(deployment.certificates.caFile);
    return new Promise((done, failed) => {
      const request = https.get(deployment.url, { path, ca, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => done({ status: response.statusCode, text }));
      });
      request.on('error', failed);
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
    const { token, expiresAtMs } = await fetchToken(environment, keys.stream, { variables: {} });
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
        await sleep(5);
      }
    };
    const callers = Array.from({ length: 8 }, caller);
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
