import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckResult } from '../../src/main/diagnostics/check.js';
import { runCli, type CliRun } from './runCli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ids = [
  'addon',
  'portaudio',
  'sound-server',
  'devices',
  'microphone-permission',
  'virtual-microphone',
  'real-time',
  'keychain',
  'policy',
  'backend',
  'libaic',
  'model',
  'electron',
  'display',
];

let folder = '';
let noServices: NodeJS.ProcessEnv = {};
let run: CliRun;
let checks: CheckResult[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-doctor-'));
  noServices = {
    XDG_RUNTIME_DIR: folder,
    PULSE_SERVER: `unix:${join(folder, 'no-server')}`,
    DBUS_SESSION_BUS_ADDRESS: undefined,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
    AIC_LIB_PATH: '/nonexistent/libaic.so',
  };
  run = await runCli(['doctor', '--json'], noServices);
  checks = parseChecks(run.stdout);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the sources without a build beside it. */
function copySources(): string {
  const copy = join(folder, 'unbuilt');
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function parseChecks(stdout: string): CheckResult[] {
  return (JSON.parse(stdout) as { checks: CheckResult[] }).checks;
}

test('doctor runs every check without sound server, session bus and display', () => {
  expect(checks.map(({ id }) => id)).toEqual(ids);
  expect(run.stderr).toMatch(/^ 1 [✓✗] addon /m);
});

test('doctor ends with 1 exactly when something required is missing', () => {
  expect(run.exitCode).toBe(checks.some(({ ok, required }) => required && !ok) ? 1 : 0);
});

test('doctor names a way out of each failure', () => {
  expect(checks.filter(({ ok, fix }) => !ok && !fix)).toEqual([]);
  expect(checks.filter(({ detail }) => !detail || detail.includes('{'))).toEqual([]);
});

test.runIf(process.platform === 'linux')('doctor says what is missing: sound server, keychain, screen', () => {
  const failed = checks.filter(({ ok }) => !ok).map(({ id }) => id);
  expect(failed).toEqual(expect.arrayContaining(['sound-server', 'keychain', 'backend', 'display']));
});

test('doctor names the path of a libaic that is not there', () => {
  expect(checks.find(({ id }) => id === 'libaic')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('/nonexistent/libaic.so'),
  });
});

test('doctor survives a missing addon and ends with 1', async () => {
  const { exitCode, stdout } = await runCli(['doctor', '--json'], noServices, copySources());
  const [addon, portAudio] = parseChecks(stdout);
  expect(addon).toMatchObject({ id: 'addon', ok: false, required: true });
  expect(portAudio).toMatchObject({ id: 'portaudio', ok: false, required: true });
  expect(exitCode).toBe(1);
}, 60_000);
