import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasKeyringPrograms, runAlone, runInSession, type SessionRun } from './keyringSession.js';

const secret = 'hush-4711-not-for-files';
const ready = { state: 'ready', notice: null };
const saved = { outcome: null, kind: 'saved', keychain: ready };

describe.skipIf(!hasKeyringPrograms)('credentials (needs dbus-run-session, dbus-send and gnome-keyring-daemon)', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'limpid-keyring-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const argsOf = (scenario: string): string[] => ['--import', 'tsx', 'test/rig/keyringScenarios.ts', scenario];
  const env = () => ({ LIMPID_TEST_FOLDER: folder, LIMPID_TEST_SECRET: secret });
  /** What the scenario saw; it ended by itself with 0 and printed the secret nowhere. */
  const read = ({ exitCode, stdout, stderr }: SessionRun): Record<string, unknown> => {
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('{') });
    expect(stdout + stderr).not.toContain(secret);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const play = async (scenario: string, keyring: 'unlocked' | 'empty' = 'unlocked') =>
    read(await runInSession(keyring, folder, argsOf(scenario), env()));

  test('are found again by the next run, are in no file, and go when they are forgotten', async () => {
    expect(await play('saved')).toEqual({
      set: saved,
      accounts: [expect.stringMatching(/^backend:production@[0-9a-f]{8}$/)],
      kindBefore: 'saved',
      got: { ...saved, outcome: 'the secret' },
      none: null,
      hasSecretInFile: false,
      inKeyring: true,
      forgotten: { outcome: null, kind: 'none', keychain: ready },
      isGone: true,
    });
  });

  test('follow their environment to its new name', async () => {
    expect(await play('renamed')).toEqual({ accounts: 1, from: null, to: 'the secret' });
  });

  test('that were removed behind our back are said to be lost, and are found when they are back', async () => {
    expect(await play('removed')).toMatchObject({
      lost: { outcome: { code: 'credential.lost', retryable: true }, kind: 'lost', keychain: ready },
      retried: { ...saved, outcome: 'the secret' },
    });
  });

  test('behind a lock are said to be lost, stay in memory when given anew, and are not said to be deleted', async () => {
    const locked = { state: 'unavailable', notice: { code: 'keychain.locked', params: {} } };
    expect(await play('locked')).toMatchObject({
      got: { outcome: { code: 'credential.lost' }, kind: 'lost' },
      set: { outcome: null, kind: 'memory', keychain: locked },
      used: 'the secret',
      forgotten: { outcome: { code: 'credential.left-behind' }, kind: 'none' },
    });
  });

  test('stay in memory where no keyring was ever made', async () => {
    const none = { state: 'unavailable', notice: { code: 'keychain.no-collection', params: {} } };
    expect(await play('unusable', 'empty')).toEqual({
      set: { outcome: null, kind: 'memory', keychain: none },
      used: 'the secret',
      accounts: [],
      forgotten: { outcome: null, kind: 'none', keychain: none },
    });
  });

  test('stay in memory without a session bus', async () => {
    const result = read(await runAlone([process.execPath, ...argsOf('unusable')], folder, env()));
    expect(result).toMatchObject({
      set: {
        outcome: null,
        kind: 'memory',
        keychain: { state: 'unavailable', notice: { code: 'keychain.unavailable' } },
      },
      used: 'the secret',
      accounts: [],
    });
  });

  test('stay in memory when the library cannot be loaded', async () => {
    expect(await play('notLoadable')).toMatchObject({
      set: { outcome: null, kind: 'memory', keychain: { notice: { code: 'keychain.no-library' } } },
    });
  });

  test('of this run outlive a session bus that dies, and so does the process', async () => {
    expect(await play('busDies')).toMatchObject({
      used: 'the secret',
      read: { outcome: { code: 'keychain.unavailable', retryable: true }, kind: 'lost' },
    });
  });

  test('wait 5 seconds for a bus that hangs, then go on without asking it again until it comes back', async () => {
    const result = read(await runAlone([process.execPath, ...argsOf('hangs')], folder, env()));
    const waiting = {
      outcome: null,
      kind: 'memory',
      keychain: { state: 'waiting', notice: { code: 'keychain.waiting' } },
    };
    expect(result).toMatchObject({
      set: waiting,
      used: 'the secret',
      second: waiting,
      after: { state: 'unavailable', notice: { code: 'keychain.unavailable' } },
    });
    expect(result['tookMs']).toBeGreaterThan(4900);
    expect(result['tookMs']).toBeLessThan(8000);
    expect(result['secondTookMs']).toBeLessThan(1000);
  });

  test('given while the keyring was silent are saved when it answers after all', async () => {
    expect(await play('answersLate')).toEqual({
      set: {
        outcome: null,
        kind: 'memory',
        keychain: { state: 'waiting', notice: { code: 'keychain.waiting', params: { seconds: 5 } } },
      },
      accounts: 2,
      keychain: ready,
      found: 'the secret',
    });
  });

  test('that hang do not keep the process from ending, after all of its last words', async () => {
    const run = await runAlone([process.execPath, ...argsOf('leavesHanging')], folder, env());
    expect(run.signal).toBe('SIGKILL');
    expect(run.stderr.trim().split('\n')).toEqual([
      'the first exit listener',
      'the last exit listener',
      'ended with 0',
    ]);
  }, 30_000);
});
