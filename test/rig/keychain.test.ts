import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCheck, type CheckResult } from '../../src/main/diagnostics/check.js';
import { keychainCheck } from '../../src/main/diagnostics/keychain.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const hasPrograms = ['dbus-run-session', 'gnome-keyring-daemon'].every(
  (program) => spawnSync('which', [program]).status === 0,
);
const printCheck = `
  import { runCheck } from './src/main/diagnostics/check.ts';
  import { keychainCheck } from './src/main/diagnostics/keychain.ts';
  console.log(JSON.stringify(await runCheck(keychainCheck)));
`;

describe.skipIf(!hasPrograms)('the keychain check (needs dbus-run-session and gnome-keyring-daemon)', () => {
  let home = '';

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'limpid-keychain-'));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  test('an unlocked keyring answers', async () => {
    const unlock = 'printf testpw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
    const command = `${unlock}; "$NODE" --import tsx --input-type=module -e "$SCRIPT"`;
    const { stdout } = await run('dbus-run-session', ['--', 'bash', '-c', command], {
      cwd: root,
      env: {
        ...process.env,
        HOME: home,
        XDG_DATA_HOME: join(home, 'data'),
        XDG_RUNTIME_DIR: home,
        NODE: process.execPath,
        SCRIPT: printCheck,
      },
    });
    expect((JSON.parse(stdout) as CheckResult).ok).toBe(true);
  });

  test('a session bus that never answers is given up after 5 seconds', async () => {
    const path = join(home, 'bus');
    const server = createServer();
    await new Promise<void>((listening) => void server.listen(path, listening));
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', `unix:path=${path}`);
    const result = await runCheck(keychainCheck);
    server.close();
    expect(result.ok).toBe(false);
    expect(result.detail).toContain('within 5 seconds');
  });

  test('no session bus is a failure with its reason', async () => {
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', `unix:path=${join(home, 'no-bus')}`);
    const result = await runCheck(keychainCheck);
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(/^The keychain cannot be used: .+\.$/) });
  });
});
