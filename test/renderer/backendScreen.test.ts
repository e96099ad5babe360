import { describe, expect, test } from 'vitest';
import {
  backendNotices,
  credentialStatus,
  isFieldLocked,
  lockNotice,
  lockWords,
  stepRows,
  testSummary,
} from '../../src/renderer/src/view/backendScreen.js';
import { environmentView, type ConnectionStep } from '../../src/shared/backend.js';
import { states } from '../e2e/states.js';

const step = (id: ConnectionStep['id'], result: ConnectionStep['result'] = 'ok', tookMs: number | null = 12.4) => ({
  id,
  result,
  notice: { code: 'backend.dns', params: { host: 'h', detail: 'd' } },
  tookMs,
});

describe('notices', () => {
  test('none while all is well', () => {
    expect(backendNotices(states.backend.backend)).toEqual([]);
  });

  test('keychain and policy file, in words and with what to do', () => {
    expect(backendNotices(states['backend-memory-only'].backend)[0]?.hint).toContain('kept in memory');
    expect(backendNotices(states['backend-lost'].backend)[0]?.message).toContain('keychain');
    const keychain = { state: 'waiting' as const, notice: null };
    expect(backendNotices({ ...states.backend.backend, keychain })[0]?.message).toBe('Waiting for the keychain.');
    const problem = { code: 'policy.broken', params: { path: '/p', detail: 'd' } };
    expect(backendNotices({ ...states.backend.backend, problem })).toHaveLength(1);
  });
});

describe('a credential', () => {
  test.each(environmentView.shape.credential.options)('%s has its words, and never a value', (credential) => {
    const status = credentialStatus({ credential });
    expect(status.message).toMatch(/\.$/);
    expect(status.hint).toMatch(/\.$/);
  });

  test('can be typed unless a variable has it, and forgotten when there is one', () => {
    expect(credentialStatus({ credential: 'variable' })).toMatchObject({ isTaken: false, canForget: false });
    expect(credentialStatus({ credential: 'none' })).toMatchObject({ isTaken: true, canForget: false });
    expect(credentialStatus({ credential: 'lost' })).toMatchObject({ tone: 'warning', canForget: true });
  });
});

describe('locks', () => {
  const view = {
    ...states['backend-locked'].backend.environments[0]!,
    lockedFields: ['reply' as const, 'timeoutMs' as const],
  };

  test('reach every part of a fixed setting, and no other', () => {
    expect(['name', 'token', 'expiresAt', 'expiresIn', 'timeout'].every((field) => isFieldLocked(view, field))).toBe(
      true,
    );
    expect(['url', 'headers', 'headers.0.name', 'proxy'].some((field) => isFieldLocked(view, field))).toBe(false);
    expect(isFieldLocked({ ...view, lockedFields: ['headers'] }, 'headers.0.name')).toBe(true);
    const signInFields = ['issuer', 'clientId', 'scope', 'resource', 'audience'];
    expect(signInFields.every((field) => isFieldLocked({ ...view, lockedFields: ['signIn'] }, field))).toBe(true);
    expect(signInFields.some((field) => isFieldLocked(view, field))).toBe(false);
  });

  test('say who set them', () => {
    expect(lockWords(states['backend-locked'].backend)).toBe('Set by your administrator.');
    const lockReason = { code: 'backend.from-variables', params: {} };
    expect(lockWords({ ...states.backend.backend, lockReason })).toBe('Set by LIMPID_BACKEND_URL.');
    const said = lockNotice(states['backend-locked'].backend)?.message;
    expect(said).toBe('Your administrator has set these environments. Reason: Call centre standard 4.');
    expect(lockNotice({ ...states.backend.backend, lockReason })?.message).toContain('LIMPID_BACKEND_URL');
    expect(lockNotice(states.backend.backend)).toBeNull();
  });
});

describe('the steps of a test', () => {
  test('while it runs: what is done, what is under way, what comes', () => {
    const rows = stepRows([step('url'), step('credential')], true);
    expect(rows.map(({ result }) => result).slice(0, 4)).toEqual(['ok', 'ok', 'running', 'waiting']);
    expect(rows).toHaveLength(9);
    expect(testSummary([step('url')], true)).toBe('Testing…');
  });

  test('afterwards: only what was told, with times and advice where it helps', () => {
    const rows = stepRows([step('url'), step('dns', 'failed', null)], false);
    expect(rows).toMatchObject([
      { name: 'Address', word: 'Good', took: '12\u00a0ms', hint: '' },
      { name: 'Name look-up', word: 'Failed', took: '' },
    ]);
    expect(rows[1]?.hint).not.toBe('');
    expect(stepRows([], false)).toEqual([]);
  });

  test('in one sentence', () => {
    expect(testSummary([], false)).toBe('');
    expect(testSummary([step('url')], false)).toBe('All steps passed.');
    expect(testSummary([step('url'), step('clock', 'warning')], false)).toContain('Clocks');
    expect(testSummary([step('tls', 'failed'), step('clock', 'warning')], false)).toBe('It stopped at: Encryption.');
  });
});
