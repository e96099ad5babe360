import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClientKey } from '../../src/backend/configuration/clientKeys.js';
import { ApiCheck, type WireReply } from '../backend/apiCheck.js';
import { cliProgram } from '../cli/runCli.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import type { VendorStandIn } from '../vendors/standIn.js';

/** `limpid backend` as a real process, with a standard output that does not do what it should. */
describe.skipIf(process.platform === 'win32')('a log that cannot be written', () => {
  const { key, client } = createClientKey('desk');
  let folder = '';
  let vendor: VendorStandIn;
  let backend: ChildProcess | null = null;
  let stderr = '';
  let url = '';
  let check: ApiCheck;
  const agent = new Agent();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'limpid-backend-log-'));
    vendor = await startAiCoustics();
    const clients = [{ ...client, providers: { 'ai-coustics': {} } }];
    writeFileSync(join(folder, 'backend.json'), JSON.stringify({ callers: { clients } }));
  });
  afterEach(() => backend?.kill('SIGKILL'));
  afterAll(async () => {
    await agent.close();
    await vendor.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(stdout: number | 'pipe'): Promise<ChildProcess> {
    const licence = Buffer.from(JSON.stringify({ api_key: vendor.key })).toString('base64url');
    stderr = '';
    const child = spawn(
      process.execPath,
      [...cliProgram(), 'backend', '--config', join(folder, 'backend.json'), '--port', '0'],
      {
        stdio: ['ignore', stdout, 'pipe'],
        env: {
          ...process.env,
          AIC_SDK_LICENSE: `${licence}.${randomBytes(32).toString('base64url')}`,
          AIC_BASE_URL: vendor.url,
        },
      },
    );
    backend = child;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await expect.poll(() => stderr, { timeout: 20_000 }).toMatch(/listens on \S+\n/);
    url = /listens on (\S+)/.exec(stderr)![1]!;
    check = new ApiCheck(JSON.parse((await call('GET', '/openapi.json', null)).text) as object);
    return child;
  }

  async function call(method: 'GET' | 'POST', path: string, checked: ApiCheck | null = check): Promise<WireReply> {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await request(url + path, { method, headers, dispatcher: agent, headersTimeout: 3000 });
    const sent = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    const reply = { status: answer.statusCode, headers: Object.fromEntries(sent), text: await answer.body.text() };
    checked?.check({ method, path }, reply);
    return reply;
  }
  const mint = () => call('POST', '/v1/tokens/ai-coustics');

  async function expectRefusing(reason: string, withinMs: number): Promise<void> {
    await expect
      .poll(async () => (await mint()).text, { timeout: withinMs, interval: 100 })
      .toContain('"code":"audit_unavailable"');
    const minted = vendor.mints;
    expect((await mint()).status).toBe(503);
    expect(vendor.mints).toBe(minted);
    const ready = await call('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toMatchObject({ ready: false, log: { writable: false, problem: reason } });
    expect((await call('GET', '/healthz')).status).toBe(200);
    expect(stderr.split('log_output_failed')).toHaveLength(2);
    expect(stderr).toContain(`"reason":"${reason}"`);
  }

  async function expectEnd(): Promise<void> {
    const startedMs = performance.now();
    const ended = once(backend!, 'exit');
    backend!.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  }

  it('since its reader has gone hands nothing out', { timeout: 60_000 }, async () => {
    const child = await start('pipe');
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    await expectRefusing('EPIPE', 5000);
    await expectEnd();
  });

  it.skipIf(process.platform !== 'linux')(
    'since there is no room hands nothing out (/dev/full: Linux)',
    { timeout: 60_000 },
    async () => {
      const full = openSync('/dev/full', 'w');
      await start(full);
      closeSync(full);
      await expectRefusing('ENOSPC', 5000);
      await expectEnd();
    },
  );

  it('since its reader is stuck hands nothing out, until the reader goes on', { timeout: 90_000 }, async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    fill(pipe);
    const before = vendor.mints;
    try {
      await start(pipe);
      await expectRefusing('slow_reader', 20_000);

      let text = '';
      const reading = setInterval(() => (text += drain(pipe)), 20);
      await expect.poll(async () => (await mint()).status, { timeout: 5000 }).toBe(200);
      expect((await call('GET', '/readyz')).status).toBe(200);
      await expect.poll(() => text, { timeout: 5000 }).toContain('log_output_back');
      await sleep(300);
      clearInterval(reading);
      text += drain(pipe);
      // None of what was handed out meanwhile is missing.
      expect(text.split('"result":"ok"')).toHaveLength(vendor.mints - before + 1);

      fill(pipe);
      await mint();
      await expectEnd();
    } finally {
      closeSync(pipe);
    }
  });
});

/** Until nothing goes in any more. */
function fill(pipe: number): void {
  try {
    for (;;) writeSync(pipe, Buffer.alloc(4096, '\n'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}

/** What is in there. */
function drain(pipe: number): string {
  const buffer = Buffer.alloc(256 * 1024);
  try {
    return buffer.toString('utf8', 0, readSync(pipe, buffer));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}
