import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseClientKey } from '../../src/backend/configuration/clientKeys.js';
import { variables } from '../../src/backend/configuration/variables.js';
import { fetchChecked } from '../backend/apiCheck.js';
import { cliProgram, runCli, startCli, type RunningCli } from './runCli.js';

const secret = 'sox-key-must-not-show';
const licence = `${Buffer.from(JSON.stringify({ api_key: secret })).toString('base64')}.must-not-show`;
/** What this machine has set itself is none of our business. */
const unset = Object.fromEntries(
  Object.keys(variables)
    .flatMap((name) => [name, `${name}_FILE`])
    .map((name) => [name, undefined]),
);

/** Below this port, Linux lets nobody but root listen. */
const portFile = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
/** One client, whom `add-client` could have entered. */
const deskFile = {
  callers: { clients: [{ id: 'desk-1', name: 'desk', secretSha256: 'a'.repeat(64), providers: { soniox: {} } }] },
};

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-backend-'));
  path = join(folder, 'backend.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `limpid backend …` to its end. What it says holds no secret. */
async function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const result = await runCli(['backend', ...args], { ...unset, LIMPID_DEBUG: '1', ...env });
  for (const hidden of [secret, 'must-not-show', licence.slice(0, 12)]) {
    expect(result.stdout + result.stderr).not.toContain(hidden);
  }
  return result;
}

describe('limpid backend --check', () => {
  test('says what is missing on a machine where nothing is set up', async () => {
    const { exitCode, stdout, stderr } = await run(['--check']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toContain('2 things are wrong or missing:');
    for (const name of ['AIC_SDK_LICENSE', 'ASSEMBLYAI_API_KEY', 'SONIOX_API_KEY', 'AIOLA_API_KEY', 'OIDC_ISSUER']) {
      expect(stdout).toContain(name);
    }
  });

  test('says what is set up when nothing is wrong', async () => {
    writeFileSync(path, JSON.stringify(deskFile));
    const { exitCode, stdout, stderr } = await run(['--check'], {
      LIMPID_TOKENS_CONFIG: path,
      AIC_SDK_LICENSE: licence,
      SONIOX_API_KEY: secret,
      SONIOX_REGION: 'eu',
      REDIS_URL: `redis://:${secret}@store.example.com:6379`,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `File               ${path}`,
      'Listens on         127.0.0.1, port 8787',
      'Providers          ai-coustics (api.ai-coustics.io), soniox (api.eu.soniox.com)',
      'Client keys        1',
      'Identity provider  none',
      'Limits             60 a client and 600 a provider in 60 s, counted in the store at store.example.com:6379',
      '',
      'Nothing is wrong.',
      '',
    ]);
  });

  test('tells the same as JSON', async () => {
    const env = {
      SONIOX_API_KEY: secret,
      LIMPID_TOKENS_PORT: secret,
      AIC_SDK_LICENSE: secret,
      OIDC_ISSUER: 'https://id.example.com',
    };
    const { exitCode, stdout, stderr } = await run(['--check', '--json'], env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    const report = JSON.parse(stdout) as { ok: boolean; configured: object; problems: { where: string }[] };
    expect(report).toMatchObject({ ok: false, configured: { providers: [{ id: 'soniox', host: 'api.soniox.com' }] } });
    expect(report.problems.map(({ where }) => where).toSorted()).toEqual([
      'AIC_SDK_LICENSE',
      'LIMPID_TOKENS_PORT',
      'callers.identityProvider.audience',
      'callers.identityProvider.jwksUrl',
      'callers.identityProvider.requiredScope',
    ]);
  });

  test('on the sample that is shipped, says that keys are missing', async () => {
    const { exitCode, stdout } = await run(['--check', '--config', 'deploy/backend.sample.json']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('One thing is wrong or missing:\n  providers has none with a key');
  });
});

describe('limpid backend add-client', () => {
  const clientsIn = () =>
    (JSON.parse(readFileSync(path, 'utf8')) as { callers: { clients: Record<string, unknown>[] } }).callers.clients;

  test('prints the key once, alone on standard output, and stores its hash', async () => {
    const ceilings = 'soniox:expires_in_seconds=300,max_session_duration_seconds=3600';
    const args = ['add-client', 'Front desk', '--config', path, '--provider', ceilings, '--provider', 'aiola'];
    const { exitCode, stdout, stderr } = await run(args);
    expect(exitCode).toBe(0);
    const key = parseClientKey(stdout.trimEnd());
    expect(key).not.toBeNull();
    const file = readFileSync(path, 'utf8');
    for (const text of [stderr, file]) expect(text).not.toContain(key?.secret);
    expect(stderr).toContain('shown this once');
    expect(clientsIn()).toEqual([
      {
        id: key?.id,
        name: 'Front desk',
        secretSha256: createHash('sha256')
          .update(key?.secret ?? '')
          .digest('hex'),
        providers: { soniox: { expires_in_seconds: 300, max_session_duration_seconds: 3600 }, aiola: {} },
      },
    ]);
    expect((await run(['--check', '--config', path], { SONIOX_API_KEY: secret })).exitCode).toBe(0);
  });

  test('refuses a name that is taken', async () => {
    const before = JSON.stringify(deskFile);
    writeFileSync(path, before);
    const { exitCode, stdout, stderr } = await run(['add-client', 'desk'], { LIMPID_TOKENS_CONFIG: path });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^server\.client-exists: /);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('without a file, and with --print, prints key and entry', async () => {
    for (const args of [[], ['--print', '--config', path]]) {
      const { exitCode, stdout } = await run(['add-client', 'desk', ...args]);
      expect(exitCode).toBe(0);
      const [key = '', ...entry] = stdout.split('\n');
      expect(JSON.parse(entry.join('\n'))).toMatchObject({ id: parseClientKey(key)?.id, name: 'desk' });
      expect(() => readFileSync(path)).toThrow('ENOENT');
    }
  });

  test('three processes at once enter three clients', async () => {
    const runs = await Promise.all(['a', 'b', 'c'].map((name) => run(['add-client', name, '--config', path])));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const ids = runs.map(({ stdout }) => parseClientKey(stdout.trimEnd())?.id);
    expect(clientsIn().map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  }, 60_000);

  test('--json', async () => {
    const { stdout, stderr } = await run(['add-client', 'desk', '--json', '--config', path]);
    const { key, client, path: written } = JSON.parse(stdout) as { key: string; client: object; path: string };
    expect({ stderr, written }).toEqual({ stderr: '', written: path });
    expect(clientsIn()).toEqual([client]);
    expect(parseClientKey(key)).not.toBeNull();
  });

  test.each([
    [['', '--config', 'x'], 'usage.client-name'],
    [['a\nb'], 'usage.client-name'],
    [['x'.repeat(101)], 'usage.client-name'],
    [[], 'usage.missing-argument'],
    [['a', 'b'], 'usage.excess-argument'],
    [['a', '--provider', 'whisper'], 'usage.provider'],
    [['a', '--provider', 'soniox:a:b'], 'usage.provider'],
    [['a', '--provider', 'soniox:'], 'usage.ceiling'],
    [['a', '--provider', 'soniox:expires_in_seconds'], 'usage.ceiling'],
    [['a', '--provider', 'soniox:expires_in_seconds=0'], 'usage.ceiling'],
    [['a', '--provider', 'soniox:expires_in_seconds=3601'], 'usage.ceiling'],
    [['a', '--provider', 'soniox:expires_in_seconds=-5'], 'usage.ceiling'],
    [['a', '--provider', 'soniox:single_use=1'], 'usage.ceiling'],
    [['a', '--provider', 'soniox:toString=1'], 'usage.ceiling'],
    [['a', '--provider', 'soniox', '--provider', 'soniox'], 'usage.provider-twice'],
    [['a', '--provider', 'soniox:expires_in_seconds=300', '--provider', 'soniox'], 'usage.provider-twice'],
    [['a', '--provider', 'soniox:expires_in_seconds=300,expires_in_seconds=600'], 'usage.ceiling-twice'],
    [['a', '--provider', 'ai-coustics:expires_in_seconds=60'], 'usage.ceiling'],
  ])('refuses %j with %s', async (args, code) => {
    const { runCommandLine } = await import('../../src/cli/program.js');
    let stderr = '';
    const write = process.stderr.write;
    process.stderr.write = ((text: string) => Boolean((stderr += text))) as typeof write;
    try {
      expect(await runCommandLine(['backend', 'add-client', ...args])).toBe(2);
    } finally {
      process.stderr.write = write;
    }
    expect(stderr.startsWith(`${code}: `)).toBe(true);
  });
});

test('the program of the container takes the same options, and nothing else', async () => {
  const program = ['--import', 'tsx', 'src/cli/backendServer.ts'];
  const start = (args: string[]) =>
    spawnSync(process.execPath, [...program, ...args], { encoding: 'utf8', env: { ...process.env, ...unset } });
  const check = start(['--check', '--json']);
  expect(check.status).toBe(1);
  expect(JSON.parse(check.stdout)).toMatchObject({
    ok: false,
    problems: [{ where: 'providers' }, { where: 'callers' }],
  });
  const wrong = start(['live']);
  expect([wrong.status, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/^usage\.excess-argument: .*“limpid-backend --help”/m),
  ]);
}, 60_000);

describe('limpid backend', () => {
  let server: RunningCli | null = null;

  afterEach(async () => {
    server?.child.kill('SIGKILL');
    await server?.ended;
    server = null;
  });

  const says = async (text: string | RegExp): Promise<void> => {
    await expect.poll(() => server?.stderr ?? '', { timeout: 15_000, interval: 20 }).toMatch(text);
  };

  /** Of the log, with `--json`. */
  const linesOf = (event: string): object[] =>
    server!.stderr
      .split('\n')
      .flatMap((line) => (line.includes(`"event":"${event}"`) ? [JSON.parse(line) as object] : []));

  test('does not start with a bad configuration, and names every problem', async () => {
    const { exitCode, stdout, stderr } = await run([], { SONIOX_API_KEY: '', LIMPID_TOKENS_PORT: secret });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    const lines = stderr.split('\n');
    expect(lines.slice(0, 3).map((line) => line.split(' ')[0])).toEqual([
      'SONIOX_API_KEY',
      'LIMPID_TOKENS_PORT',
      'callers',
    ]);
    expect(lines[3]).toMatch(/^server\.configuration: .*\(3 /);
  });

  test('listens, reads its configuration again at SIGHUP, and ends at SIGTERM', async () => {
    writeFileSync(path, JSON.stringify(deskFile));
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, `${secret}\n`);
    const env = { ...unset, SONIOX_API_KEY_FILE: keyFile };
    server = startCli(['backend', '--config', path, '--port', '0', '--json'], env);
    await says('"event":"listening"');
    const { url } = JSON.parse(server.stdout) as { url: string };
    expect(await fetchChecked(url, '/healthz')).toBe(200);

    const good = readFileSync(path, 'utf8');
    writeFileSync(path, good.replace('"clients"', '"customers"'));
    writeFileSync(keyFile, '');
    server.child.kill('SIGHUP');
    await says('"event":"reload_refused"');
    expect(linesOf('configuration_problem')).toMatchObject([
      { level: 'error', where: 'SONIOX_API_KEY_FILE', problem: expect.stringContaining('names an empty file') },
      { where: 'callers.customers', problem: expect.stringContaining('is not a field') },
      { where: 'callers' },
    ]);
    expect(await fetchChecked(url, '/healthz')).toBe(200);

    writeFileSync(path, good.replace('"callers"', '"listen": { "host": "127.0.0.1" },\n"callers"'));
    writeFileSync(keyFile, 'another-key-must-not-show');
    server.child.kill('SIGHUP');
    await says('"event":"reloaded"');
    expect(await fetchChecked(url, '/healthz')).toBe(200);

    server.child.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await server.ended;
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${JSON.stringify({ url })}\n`);
    for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
    expect(stderr).not.toContain('must-not-show');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  }, 60_000);

  test('reads it again also when SIGHUP comes while the server starts', async () => {
    execFileSync('mkfifo', [path]);
    server = startCli(['backend', '--config', path, '--port', '0'], { ...unset, SONIOX_API_KEY: secret });
    // It opens when the other side reads.
    const pipe = await open(path, 'w');
    rmSync(path);
    writeFileSync(path, JSON.stringify({ ...deskFile, logLevel: 'debug' }));
    server.child.kill('SIGHUP');
    server.child.kill('SIGHUP');
    await pipe.writeFile(JSON.stringify(deskFile));
    await pipe.close();
    await says('The token backend listens on');
    await expect.poll(() => server?.stdout, { timeout: 15_000 }).toContain('"event":"reloaded"');
    expect(server.stdout.split('"reloaded"')).toHaveLength(2);
    expect(server.stderr.trimEnd().split('\n')).toHaveLength(1);
  }, 60_000);

  test('never lets anonymous callers in while it listens to the network', async () => {
    const anonymous = { callers: { allowAnonymous: true, clients: [] }, listen: { host: '127.0.0.1' } };
    const identity = { issuer: 'https://x.y', audience: 'a', jwksUrl: 'https://x.y/k', requiredScope: 's' };
    writeFileSync(
      path,
      JSON.stringify({ callers: { identityProvider: identity }, listen: { host: '0.0.0.0', port: 0 } }),
    );
    server = startCli(['backend', '--config', path], { ...unset, SONIOX_API_KEY: secret });
    await says('The token backend listens on');
    const url = `http://127.0.0.1:${/:(\d+)$/m.exec(server.stderr)?.[1]}`;
    writeFileSync(path, JSON.stringify(anonymous));
    server.child.kill('SIGHUP');
    await expect.poll(() => server?.stdout, { timeout: 15_000 }).toContain('"where":"callers.allowAnonymous"');
    expect(await fetchChecked(url, '/v1/tokens/soniox', { method: 'POST' })).toBe(401);
  }, 60_000);

  test('says what to do when it cannot listen', async () => {
    writeFileSync(path, JSON.stringify({ callers: { allowAnonymous: true } }));
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    const inUse = await run(['--config', path, '--port', String(port)], { SONIOX_API_KEY: secret });
    taken.close();
    expect({ ...inUse, stderr: inUse.stderr.split('\n')[0] }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `server.port-in-use: Another program listens on port ${port} of 127.0.0.1 already. End it, or choose another port with --port or LIMPID_TOKENS_PORT.`,
    });

    writeFileSync(
      path,
      JSON.stringify({
        callers: {
          identityProvider: {
            issuer: 'https://x.y',
            audience: 'a',
            jwksUrl: 'https://x.y/k',
            requiredScope: 's',
          },
        },
      }),
    );
    const elsewhere = await run(['--config', path, '--host', '203.0.113.1', '--port', '0'], { SONIOX_API_KEY: secret });
    expect(elsewhere.exitCode).toBe(1);
    expect(elsewhere.stderr).toMatch(/^server\.host-unknown: 203\.0\.113\.1 /);
  }, 60_000);

  const firstFreePort = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  const isPrivileged = firstFreePort > 81 && (process.getuid?.() !== 0 || existsSync('/usr/bin/setpriv'));
  test.skipIf(!isPrivileged)(
    'says so when the port is for root alone (skipped where it is not)',
    () => {
      chmodSync(folder, 0o755);
      writeFileSync(path, JSON.stringify({ callers: { allowAnonymous: true } }));
      const program = [process.execPath, ...cliProgram(), 'backend', '--config', path, '--port', '81'];
      const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      const [command = '', ...args] = process.getuid?.() === 0 ? [...asNobody, ...program] : program;
      const env = { ...process.env, ...unset, SONIOX_API_KEY: secret };
      const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
      expect(stderr).toMatch(/^server\.port-privileged: .*1024/m);
      expect(status).toBe(1);
    },
    60_000,
  );

  test('drains at Ctrl-C, and ends at once at a second one', async () => {
    writeFileSync(path, JSON.stringify({ ...deskFile, drainDelaySeconds: 300 }));
    server = startCli(['backend', '--config', path, '--port', '0', '--json'], { ...unset, SONIOX_API_KEY: secret });
    await says('"event":"listening"');
    server.child.kill('SIGINT');
    await says('"draining"');
    server.child.kill('SIGHUP');
    await says('"reason":"the server is ending"');
    expect(server.stderr).not.toContain('"reloaded"');
    // Repeats within a second are the same key press.
    await sleep(1100);
    expect(server.child.exitCode).toBeNull();
    server.child.kill('SIGINT');
    expect((await server.ended).exitCode).toBe(130);
  }, 60_000);

  test('--help lists every variable', async () => {
    const { exitCode, stdout } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const [name, { description, isSecret }] of Object.entries(variables)) {
      expect(stdout).toContain(`  ${isSecret ? `${name}[_FILE]` : name} `);
      expect(stdout).toContain(description);
    }
  });
});
