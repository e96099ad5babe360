import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCheck, type CheckResult } from '../../src/main/diagnostics/check.js';
import { keychainCheck } from '../../src/main/diagnostics/keychain.js';
import { hasKeyringPrograms, runInSession } from './keyringSession.js';

const printCheck = `
  import { execFileSync } from 'node:child_process';
  import { runCheck } from './src/main/diagnostics/check.ts';
  import { keychainCheck } from './src/main/diagnostics/keychain.ts';
  if (process.env.LOCK) execFileSync('dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.secrets',
    '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock',
    'array:objpath:/org/freedesktop/secrets/collection/login']);
  console.log(JSON.stringify(await runCheck(keychainCheck)));
`;

describe.skipIf(!hasKeyringPrograms)('the keychain check (needs dbus-run-session and gnome-keyring-daemon)', () => {
  let home = '';

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'limpid-keychain-'));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  const check = async (keyring: 'unlocked' | 'empty', env = {}): Promise<CheckResult> => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', printCheck];
    return JSON.parse((await runInSession(keyring, home, args, env)).stdout) as CheckResult;
  };

  test('an unlocked keyring answers', async () => {
    expect(await check('unlocked')).toMatchObject({ ok: true, detail: 'The keychain answers.' });
  });

  test('a locked keyring is a failure, though it answers', async () => {
    const result = await check('unlocked', { LOCK: '1' });
    expect(result).toMatchObject({ ok: false, detail: 'The keychain is locked.' });
    expect(result.fix).toContain('in memory only');
  });

  test('a session without a keyring is a failure that says what happens to secrets', async () => {
    expect(await check('empty')).toMatchObject({ ok: false, fix: expect.stringContaining('in memory only') });
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
