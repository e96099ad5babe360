import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appState } from '../../src/shared/state.js';
import { cookieOf, exchange, PanelClient } from '../main/host/panelClient.js';
import { cliProgram, runCli } from './runCli.js';

const missing = existsSync('out/renderer/panel-bridge.js') ? null : 'the app is not built: npm run build:app';

/** Starts it and waits for its link. */
async function startPanel(environment: Record<string, string>) {
  const child = spawn(process.execPath, [...cliProgram(), 'panel', '--json'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const url = await new Promise<string>((announced, failed) => {
    child.stdout.once('data', (text: Buffer) => announced((JSON.parse(text.toString()) as { url: string }).url));
    child.stderr.once('data', (text: Buffer) => failed(new Error(text.toString())));
  });
  return { child, ended, url };
}

async function connect(link: string): Promise<PanelClient> {
  const { port, origin } = new URL(link);
  return PanelClient.open(Number(port), { origin, cookie: cookieOf(await exchange(link)) });
}

/** Packages that a built file of ours, or one that it needs, imports before it runs. */
function packagesAtStart(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const imported = [...readFileSync(path, 'utf8').matchAll(/^(?:import|export)\b[^\n]*?["']([^"'\n]+)["'];$/gm)];
  return imported.flatMap(([, name = '']) => {
    if (name.startsWith('.')) return packagesAtStart(join(dirname(path), name), seen);
    return isBuiltin(name) ? [] : [name];
  });
}

/** Else the sources run, which nobody but us does. */
const built = cliProgram().find((path) => path.endsWith('out/main/cli.js'));

test.skipIf(!built)('the built program loads no package before it runs: each takes its time at every start', () => {
  expect(packagesAtStart(built ?? '')).toEqual([]);
});

/** The command as a person runs it: a process of its own, with the real services, away from this user's settings and sound. */
describe.skipIf(missing)(`limpid panel${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let child: ChildProcess;
  let ended: Promise<number | null>;
  let url: string;
  let environment: Record<string, string>;
  const panelFile = () => join(folder, 'settings.json.panel');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-cli-panel-'));
    environment = { HOME: folder, XDG_RUNTIME_DIR: folder, LIMPID_CONFIG: join(folder, 'settings.json') };
    ({ child, ended, url } = await startPanel(environment));
  }, 120_000);

  afterAll(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  test('prints a link through which the real services answer', async () => {
    const client = await connect(url);
    const answer = (await client.call(1, 'state.get')) as { ok: boolean; value: unknown };
    expect(answer.ok).toBe(true);
    expect(appState.parse(answer.value)).toMatchObject({ host: 'panel', phase: 'off' });
    expect(await client.call(2, 'live.setLevel', { level: 0.25 })).toMatchObject({ ok: true });
    expect(await client.call(3, 'state.get')).toMatchObject({ value: { level: 0.25 } });
    client.socket.close();
  });

  test('--new-link prints another link of the same panel', async () => {
    const { exitCode, stdout, stderr } = await runCli(['panel', '--new-link', '--json'], environment);
    expect([exitCode, stderr]).toEqual([0, '']);
    const another = (JSON.parse(stdout) as { url: string }).url;
    expect(another).not.toBe(url);
    expect(new URL(another).port).toBe(new URL(url).port);
    expect(await (await connect(another)).call(1, 'state.get')).toMatchObject({ ok: true });
  }, 60_000);

  test('a second panel for the same settings is refused and told where the first one is', async () => {
    const { exitCode, stdout, stderr } = await runCli(['panel'], environment);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^panel\.running: .*--new-link.*\n$/);
    expect(stderr).toContain(new URL(url).port);
  }, 60_000);

  test('Ctrl-C ends it orderly', async () => {
    expect(existsSync(panelFile())).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(panelFile())).toBe(false);
    const { exitCode, stderr } = await runCli(['panel', '--new-link'], environment);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^panel\.not-running: /);
  }, 60_000);

  test('switches the sound on where that was chosen', async () => {
    await writeFile(environment['LIMPID_CONFIG'] ?? '', JSON.stringify({ startsAtLaunch: true }));
    const second = await startPanel(environment);
    const client = await connect(second.url);
    // Nobody has chosen an output yet: that is how far it comes.
    await expect
      .poll(() => client.call(1, 'state.get'), { timeout: 20_000 })
      .toMatchObject({ value: { problem: { code: 'output.not-chosen' } } });
    client.socket.close();
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  }, 60_000);
});
