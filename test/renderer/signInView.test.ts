import { describe, expect, test } from 'vitest';
import { signInPanel } from '../../src/renderer/src/view/signInView.js';
import type { EnvironmentView } from '../../src/shared/backend.js';
import { aCode, personal, signedIn, signingIn } from '../e2e/desktopStates.js';

const panelOf = (state = signingIn(), view: EnvironmentView | null = state.backend.environments[0] ?? null) =>
  signInPanel(state, view);
const problem = { code: 'backend.dns', params: { host: 'login.example' } };

describe('the sign-in of an environment', () => {
  test('is offered by browser and by code, in a panel by code alone', () => {
    expect(panelOf()).toMatchObject({ tone: 'off', methods: ['browser', 'device'], canEnd: false, underWay: null });
    expect(panelOf({ ...signingIn(), host: 'panel' }).methods).toEqual(['device']);
  });

  test('names the person, and can be ended', () => {
    const state = signingIn(null, signedIn);
    expect(panelOf(state)).toMatchObject({
      tone: 'on',
      message: 'Signed in as kim.larsen@studio.example.',
      methods: [],
      canEnd: true,
    });
  });

  test.each([
    ['saved', null, 'Signed in.', 'on'],
    ['memory', null, 'Signed in, until Limpid ends.', 'on'],
    ['memory', 'kim', 'Signed in as kim, until Limpid ends.', 'on'],
  ] as const)('kept as %s by %s reads: %s', (credential, signedInAs, message, tone) => {
    expect(panelOf(signingIn(null, { credential, signedInAs }))).toMatchObject({ message, tone, canEnd: true });
  });

  test('that the keychain has lost can be made anew, or ended', () => {
    const panel = panelOf(signingIn(null, { credential: 'lost' }));
    expect(panel).toMatchObject({ tone: 'warning', methods: ['browser', 'device'], canEnd: true });
  });

  test('under way says what to do, and is offered no second time', () => {
    expect(panelOf(signingIn({}))).toMatchObject({ tone: 'busy', methods: [], message: 'Go on in your browser.' });
    expect(panelOf(signingIn({ ...aCode, userCode: null })).message).toContain('asked for a code');
    expect(panelOf(signingIn(aCode)).message).toContain('enter the code');
  });

  test('that failed says why, and is tried again in the same way', () => {
    const failed = panelOf(signingIn({ ...aCode, problem }));
    expect(failed).toMatchObject({ underWay: null, methods: ['browser', 'device'], message: 'Nobody is signed in.' });
    expect(failed.failed).toMatchObject({ method: 'device', message: 'The name login.example was not found.' });
    expect(panelOf({ ...signingIn({ problem }), host: 'panel' }).failed?.method).toBe('device');
  });

  test('of another environment is none of ours', () => {
    const state = signingIn({ environment: 'staging', problem });
    expect(panelOf(state)).toMatchObject({ failed: null, underWay: null });
  });

  test('counts once this kind is saved', () => {
    const other = personal({ credential: 'saved' }, { credentialKind: 'bearer' });
    expect(panelOf(signingIn(), other)).toMatchObject({ tone: 'off', canEnd: false });
    expect(panelOf(signingIn(), null)).toMatchObject({ tone: 'off', canEnd: false });
  });
});
