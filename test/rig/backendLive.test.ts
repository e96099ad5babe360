import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/backend/log.js';
import type { LoopNumbers } from '../../src/main/audio/native.js';
import { loadVoice } from '../../src/main/demo/voices.js';
import { ApiCheck } from '../backend/apiCheck.js';
import { runCli, startCli, type CliRun, type RunningCli } from '../cli/runCli.js';
import { buildStandIn } from '../libaic/build.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import type { VendorStandIn } from '../vendors/standIn.js';
import { until } from './redisServer.js';
import { enhancedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

interface LiveReport extends LoopNumbers {
  token: { refreshes: number; failures: number; state: string };
}

type Mint = Pick<AuditEntry, 'caller' | 'provider' | 'result' | 'lifetimes'>;

const liveSeconds = 16;
const lifetimeSeconds = 5;
/** While the configuration is read again: callers that ask without a pause, and how often it changes. */
const crowd = 6;
const reloads = 4;
const vendorDelayMs = 40;
const startWithinMs = 30_000;
const reloadWithinMs = 10_000;
/** JSON in base64url, which is how every JWT begins. */
const tokenShape = /eyJ[\w-]{10,}/;

/**
 * Limpid in front of its own backend, both as real processes: tokens come from the vendor through `limpid backend` into the
 * live loop of `limpid live`. Meanwhile the backend reads a changed configuration again and again, with a crowd of callers at it.
 */
describe.skipIf(noSoundServerReason)(`a live voice with a backend of one’s own ${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder = '';
  let vendor: VendorStandIn;
  let backend: RunningCli;
  let live: CliRun;
  let report: LiveReport;
  let crowdStatuses: number[] = [];
  let audit: Mint[] = [];
  let keys: { live: string; crowd: string };
  let licence = '';

  const callersId = (key: string): string => `client:${key.slice('lk_'.length, key.indexOf('.'))}`;
  const mintsFor = (key: string): Mint[] => audit.filter(({ caller }) => caller === callersId(key));
  const configurationPath = (): string => join(folder, 'backend.json');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'limpid-backend-live-'));
    rig = await openRig();
    vendor = await startAiCoustics({ lifetimeSeconds });
    licence = `${toBase64Url(JSON.stringify({ api_key: vendor.key }))}.${randomBytes(32).toString('base64url')}`;
    writeFileSync(join(folder, 'licence'), `${licence}\n`);
    configure({ limits: { windowSeconds: 60, perClient: 20_000, perProvider: 40_000 } });
    keys = { live: await addClient('agent’s computer'), crowd: await addClient('crowd') };
    backend = startCli(['backend', '--config', configurationPath(), '--port', '0', '--json'], {
      AIC_SDK_LICENSE_FILE: join(folder, 'licence'),
      AIC_BASE_URL: vendor.url,
    });
    const url = await listeningUrl(backend);

    const voice = await loadVoice(liveSeconds + 15);
    const playback = rig.card.play(voice.samples);
    const cli = startLive(`${url}/v1/tokens/ai-coustics`);
    await until(() => vendor.mints > 0, startWithinMs);
    crowdStatuses = await reloadUnderLoad(url);
    live = await cli.ended;
    playback.stop();
    await playback.done;
    backend.child.kill('SIGTERM');
    await backend.ended;

    audit = backend.stderr
      .split('\n')
      .flatMap((line) => (line.includes('"event":"mint"') ? [JSON.parse(line) as Mint] : []));
    if (live.exitCode === 0) report = JSON.parse(live.stdout) as LiveReport;
  }, 120_000);

  afterAll(async () => {
    backend?.child.kill('SIGKILL');
    await vendor?.close();
    await rig?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function configure(changes: object): void {
    writeFileSync(configurationPath(), JSON.stringify({ ...readConfiguration(), ...changes }));
  }

  function readConfiguration(): object {
    try {
      return JSON.parse(readFileSync(configurationPath(), 'utf8')) as object;
    } catch {
      return {};
    }
  }

  async function addClient(name: string): Promise<string> {
    const args = ['backend', 'add-client', name, '--config', configurationPath(), '--provider', 'ai-coustics'];
    const { exitCode, stdout, stderr } = await runCli(args);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  function startLive(url: string): RunningCli {
    const { libraryPath, modelPath } = buildStandIn();
    const args = ['live', '--engine', 'aic', '--json', '--seconds', String(liveSeconds)];
    return startCli([...args, '--input', micSource, '--output', enhancedSink], {
      LIMPID_CONFIG: join(folder, 'settings.json'),
      LIMPID_DEBUG: '1',
      LIMPID_BACKEND_URL: url,
      LIMPID_BACKEND_CREDENTIAL: keys.live,
      AIC_LIB_PATH: libraryPath,
      LIMPID_AIC_MODEL: modelPath,
    });
  }

  /** Each reload makes the connections to the vendor anew, with calls under way on the old ones. Returns what the callers got. */
  async function reloadUnderLoad(url: string): Promise<number[]> {
    vendor.delayMs = vendorDelayMs;
    const pool = new Pool(url);
    const headers = { authorization: `Bearer ${keys.crowd}` };
    const document = await pool.request({ method: 'GET', path: '/openapi.json' });
    const check = new ApiCheck((await document.body.json()) as object);
    const statuses: number[] = [];
    const end = new AbortController();
    const callers = Array.from({ length: crowd }, async () => {
      while (!end.signal.aborted) {
        const asked = { method: 'POST', path: '/v1/tokens/ai-coustics' } as const;
        const { statusCode: status, headers: sent, body } = await pool.request({ ...asked, headers });
        const texts = Object.entries(sent).map(([name, value]) => [name, String(value)]);
        check.check(asked, { status, headers: Object.fromEntries(texts), text: await body.text() });
        statuses.push(status);
      }
    });
    for (let reload = 1; reload <= reloads; reload++) {
      await sleep(200);
      configure({ upstreamTimeoutSeconds: 10 + reload });
      backend.child.kill('SIGHUP');
      await until(() => countReloads() === reload, reloadWithinMs);
    }
    end.abort();
    await Promise.all(callers);
    await pool.close();
    vendor.delayMs = 0;
    return statuses;
  }

  const countReloads = (): number => backend.stderr.split('"event":"reloaded"').length - 1;

  test('tokens are renewed in place: one model, one processor, the engine active to the end', () => {
    expect(live).toMatchObject({ exitCode: 0 });
    expect(report).toMatchObject({ engine: 'aic', engineStatus: 'active', heardEngine: 'aic', vendorCode: 0 });
    expect(report.counters).toMatchObject({ modelLoads: 1, processorCreates: 1, blocksDisallowed: 0 });
    expect(report.counters.tokenUpdates).toBeGreaterThanOrEqual(3);
    expect(report.token).toMatchObject({ failures: 0, state: 'valid' });
  });

  test('each token that Limpid took was minted for it, once', () => {
    const mints = mintsFor(keys.live);
    // One more may have been on its way when the voice ended.
    expect(mints.length - report.token.refreshes).toBeOneOf([0, 1]);
    for (const { provider, result, lifetimes } of mints) {
      expect({ provider, result }).toEqual({ provider: 'ai-coustics', result: 'ok' });
      expect(lifetimes['expires_at']).toBeGreaterThan(Date.now() / 1000 - 120);
    }
  });

  test('a configuration that is read again drops nobody’s request', () => {
    expect(countReloads()).toBe(reloads);
    expect(crowdStatuses.length).toBeGreaterThan(crowd * reloads);
    expect(crowdStatuses.filter((status) => status !== 200)).toEqual([]);
    expect(mintsFor(keys.crowd)).toHaveLength(crowdStatuses.length);
  });

  test('the vendor gave out as many tokens as the audit log has lines', () => {
    expect(audit).toHaveLength(vendor.mints);
    expect(vendor.requests).toHaveLength(vendor.mints);
    expect(backend.stderr).toContain('"event":"closed"');
  });

  test('no token, no key and no licence is in anything that either process printed or wrote', () => {
    const secrets = [keys.live, keys.crowd, licence, vendor.key, ...vendor.secrets];
    expect(secrets.length).toBeGreaterThan(vendor.mints);
    expect(secrets.filter((secret) => secret.length < 20)).toEqual([]);
    const texts = [backend.stdout, backend.stderr, live.stdout, live.stderr, readFileSync(configurationPath(), 'utf8')];
    for (const text of texts) {
      expect(text.length).toBeGreaterThan(20);
      expect(text).not.toMatch(tokenShape);
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    }
  });
});

const toBase64Url = (text: string): string => Buffer.from(text).toString('base64url');

/** From the one line of JSON that the backend prints. */
async function listeningUrl(backend: RunningCli): Promise<string> {
  await until(() => backend.stdout.includes('\n'), startWithinMs).catch((error: unknown) => {
    throw new Error(`the backend does not listen:\n${backend.stderr}`, { cause: error });
  });
  return (JSON.parse(backend.stdout) as { url: string }).url;
}
