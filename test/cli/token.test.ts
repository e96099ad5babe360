import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FaultyBackend } from '../fakes/faultyBackend.js';
import { runCli, type CliRun } from './runCli.js';

const credential = 'credential-7f3a-must-not-show';

let backend: FaultyBackend;
let folder = '';

beforeAll(async () => {
  backend = await FaultyBackend.start();
  folder = mkdtempSync(join(tmpdir(), 'limpid-token-'));
});

afterAll(async () => {
  await backend.stop();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  backend.fault = 'none';
  backend.claims = {};
});

/** Runs `limpid token`, set up by variables alone and with LIMPID_DEBUG; checks that no secret is printed. */
async function runToken(args: string[] = [], variables: NodeJS.ProcessEnv = {}): Promise<CliRun> {
  const run = await runCli(['token', '--config', join(folder, 'settings.json'), ...args], {
    LIMPID_BACKEND_URL: backend.url,
    LIMPID_BACKEND_CREDENTIAL: credential,
    LIMPID_DEBUG: '1',
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'no-bus')}`,
    ...variables,
  });
  for (const secret of [credential, ...backend.tokens.flatMap((token) => token.split('.').slice(1))]) {
    expect(run.stdout).not.toContain(secret);
    expect(run.stderr).not.toContain(secret);
  }
  return run;
}

test('token tells the claims of one token as JSON, without the token', async () => {
  const { exitCode, stdout, stderr } = await runToken(['--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const report = JSON.parse(stdout) as Record<string, unknown>;
  expect(Object.keys(report)).toEqual([
    'environment',
    'subject',
    'issuer',
    'expiresAt',
    'lifetimeSeconds',
    'skewMs',
    'latencyMs',
  ]);
  expect(report).toMatchObject({
    environment: 'variables',
    subject: 'test',
    issuer: 'faulty-backend',
    lifetimeSeconds: 3600,
  });
  expect(Math.abs(Date.parse(String(report['expiresAt'])) - Date.now() - 3_600_000)).toBeLessThan(30_000);
  expect(Math.abs(Number(report['skewMs']))).toBeLessThan(2000);
  expect(backend.requests.at(-1)?.headers.authorization).toBe(`Bearer ${credential}`);
});

test('token tells a person the same in lines', async () => {
  backend.fault = 'clock-fast';
  backend.claims = { sub: undefined };
  const { exitCode, stdout } = await runToken();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Backend {4}variables, answered in \d+ ms$/m);
  expect(stdout).toMatch(/^Subject {4}not said$/m);
  expect(stdout).toMatch(/^Clock {6}the backend’s is (599|600|601) s ahead of this computer’s$/m);
});

test('token takes the environment that is named', async () => {
  const config = join(folder, 'named.json');
  const environments = [{ name: 'staging', url: backend.url, credentialKind: 'none', method: 'GET' }];
  writeFileSync(config, JSON.stringify({ backend: { active: 'staging', environments } }));
  const none = { LIMPID_BACKEND_URL: '', LIMPID_BACKEND_CREDENTIAL: '' };
  const run = await runToken(['--json', '--config', config, '--environment', 'staging'], none);
  expect(JSON.parse(run.stdout)).toMatchObject({ environment: 'staging' });
  expect(backend.requests.at(-1)).toMatchObject({ method: 'GET' });

  const unknown = await runToken(['--json', '--config', config, '--environment', 'nowhere'], none);
  expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
  expect(unknown.stderr).toMatch(/^backend-settings\.unknown: /);
});

test.each([
  ['401', 'backend.unauthorised'],
  ['html', 'backend.html'],
  ['not-jwt', 'backend.not-jwt'],
] as const)('token fails with one line: %s', async (fault, code) => {
  backend.fault = fault;
  const { exitCode, stdout, stderr } = await runToken(['--json']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr.split('\n')[0]).toMatch(new RegExp(`^${code}: .+\\. .+\\.$`));
});

test('token without a backend says how to get one', async () => {
  const { exitCode, stderr } = await runToken(['--json'], { LIMPID_BACKEND_URL: '', LIMPID_BACKEND_CREDENTIAL: '' });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^backend\.not-configured: /);
});
