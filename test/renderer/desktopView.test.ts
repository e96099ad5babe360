import { describe, expect, test } from 'vitest';
import { loginObstacle, updatesPanel } from '../../src/renderer/src/view/desktopView.js';
import { lockWordsOf } from '../../src/renderer/src/view/locks.js';
import { resettableNames } from '../../src/renderer/src/view/settingsView.js';
import type { UpdatesView } from '../../src/shared/desktop.js';
import { idleState } from '../fakes/appState.js';
import { aDesktop, policy } from '../e2e/desktopStates.js';
import { states } from '../e2e/states.js';

const nowMs = Date.UTC(2026, 10, 21, 12);
const panelOf = (part: Partial<UpdatesView>, recording = idleState.recording) =>
  updatesPanel(aDesktop({}, part).updates, { recording }, nowMs);
const notice = { code: 'backend.dns', params: { host: 'updates.example' } };

describe('updates', () => {
  test.each([
    [{ checkedAtMs: null }, 'off', 'Limpid has not looked for a newer version yet.'],
    [{}, 'on', 'This is the newest version.'],
    [{ phase: 'checking' }, 'busy', 'Looking for a newer version…'],
    [{ phase: 'downloading', version: '2.0' }, 'busy', 'Version 2.0 is being downloaded.'],
    [{ phase: 'downloading' }, 'busy', 'A newer version is being downloaded.'],
    [{ phase: 'ready', version: '2.0' }, 'on', 'Version 2.0 is ready.'],
    [{ phase: 'ready' }, 'on', 'A newer version is ready.'],
    [{ phase: 'failed', notice }, 'problem', 'Looking for updates failed.'],
    [{ phase: 'failed' }, 'problem', 'Looking for updates failed.'],
    [{ phase: 'idle', notice }, 'on', 'The name updates.example was not found.'],
    [{ phase: 'off', notice }, 'off', 'Limpid does not update itself here.'],
  ] as const)('%o are told', (part, tone, message) => {
    expect(panelOf(part)).toMatchObject({ tone, message });
  });

  test('say why there are none', () => {
    expect(panelOf({ phase: 'failed', notice }).hint).toContain('The name updates.example was not found.');
    expect(panelOf({ phase: 'off', notice }).hint).toBe('The name updates.example was not found.');
    expect(panelOf({ phase: 'off' }).hint).toBe('');
  });

  test('are looked for but while that goes on, or cannot be', () => {
    expect(panelOf({})).toMatchObject({ offersCheck: true, isBusy: false, progress: null });
    expect(panelOf({ phase: 'checking' })).toMatchObject({ offersCheck: true, isBusy: true });
    expect(panelOf({ phase: 'downloading', progress: 0.431 })).toMatchObject({ progress: 0.431, percent: '43\u00a0%' });
    expect(panelOf({ phase: 'off' }).offersCheck).toBe(false);
  });

  test('are not installed during a recording', () => {
    expect(panelOf({ phase: 'ready' })).toMatchObject({ isReady: true, obstacle: null });
    expect(panelOf({ phase: 'ready' }, states.recording.recording).obstacle).toContain('while it records');
  });
});

describe('starting at login', () => {
  test('says why it cannot be had', () => {
    const problem = { code: 'login.refused', params: {} };
    expect(loginObstacle(aDesktop())).toBeNull();
    expect(loginObstacle(aDesktop({ loginItem: { isSupported: true, problem } }))).toBeNull();
    expect(loginObstacle(aDesktop({ loginItem: { isSupported: false, problem: null } }))).toContain('Here Limpid');
    expect(loginObstacle(aDesktop({ loginItem: { isSupported: false, problem } }))).toContain('did not accept');
  });
});

describe('what an administrator fixed', () => {
  test('says so with the reason, where there is one', () => {
    expect(lockWordsOf({ policy }, 'theme')).toBe('Your administrator has set this. Reason: Call centre standard 4.');
    expect(lockWordsOf({ policy: { ...policy, lockReason: null } }, 'theme')).toBe('Set by your administrator.');
    expect(lockWordsOf(idleState, 'theme')).toBeNull();
    expect(lockWordsOf({ policy: { ...policy, locked: ['licensed.otel'] } }, 'licensed.modelPath')).toBeNull();
  });

  test('is not reset, and neither is what is not shown', () => {
    expect(resettableNames({ policy: idleState.policy, desktop: null })).toEqual([
      'language',
      'theme',
      'startsAtLaunch',
      'singleKeyShortcuts',
      'vendorErrorReports',
    ]);
    const some = resettableNames({ policy: { ...policy, locked: ['theme', 'notifies'] }, desktop: aDesktop() });
    expect(some).toContain('globalShortcuts');
    expect(some).not.toContain('theme');
    expect(some).not.toContain('notifies');
  });
});
