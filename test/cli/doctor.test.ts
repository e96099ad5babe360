import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckResult } from '../../src/main/diagnostics/check.js';
import { runCli } from './runCli.js';

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
  'backend',
  'libaic',
  'model',
  'electron',
  'display',
];

let folder = '';
let noServices: NodeJS.ProcessEnv = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-doctor-'));
  noServices = {
    XDG_RUNTIME_DIR: folder,
    PULSE_SERVER: `unix:${join(folder, 'no-server')}`,
    DBUS_SESSION_BUS_ADDRESS: undefined,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
    AIC_LIB_PATH: undefined,
  };
});

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
  const { checks } = JSON.parse(stdout) as { checks: CheckResult[] };
  return checks;
}

test('doctor runs every check without sound server, session bus and display, and names a way out of each failure', async () => {
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--json'], noServices);
  const checks = parseChecks(stdout);
  expect(checks.map(({ id }) => id)).toEqual(ids);
  expect(checks.filter(({ ok, fix }) => !ok && !fix)).toEqual([]);
  expect(checks.filter(({ detail }) => !detail || detail.includes('{'))).toEqual([]);
  expect(exitCode).toBe(checks.some(({ ok, required }) => required && !ok) ? 1 : 0);
  expect(stderr).toMatch(/^ 1 [✓✗] addon /m);
});

test.runIf(process.platform === 'linux')('doctor says what is missing: sound server, keychain, screen', async () => {
  const { stdout } = await runCli(['doctor', '--json'], noServices);
  const failed = parseChecks(stdout).filter(({ ok }) => !ok);
  expect(failed.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['sound-server', 'keychain', 'backend', 'libaic', 'display']),
  );
});

test('doctor survives a missing addon and ends with 1', async () => {
  const { exitCode, stdout } = await runCli(['doctor', '--json'], noServices, copySources());
  const [addon, portAudio] = parseChecks(stdout);
  expect(addon).toMatchObject({ id: 'addon', ok: false, required: true });
  expect(portAudio).toMatchObject({ id: 'portaudio', ok: false, required: true });
  expect(exitCode).toBe(1);
});

test('a libaic that AIC_LIB_PATH names wrongly is reported with its path', async () => {
  const { stdout } = await runCli(['doctor', '--json'], { ...noServices, AIC_LIB_PATH: '/nonexistent/libaic.so' });
  const libaic = parseChecks(stdout).find(({ id }) => id === 'libaic');
  expect(libaic?.detail).toContain('/nonexistent/libaic.so');
});
