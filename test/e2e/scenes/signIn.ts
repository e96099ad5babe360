import type { AppState } from '../../../src/shared/state.js';
import { aCode, policy, signedIn, signingIn } from '../desktopStates.js';
import type { Scene } from '../scenes.js';
import { states } from '../states.js';

const german = (state: AppState): AppState => ({ ...state, preferences: { ...state.preferences, language: 'de' } });
const backend = (state: AppState, act?: Scene['act']): Scene => ({ state, route: 'backend', ...(act ? { act } : {}) });

const problem = { code: 'signIn.needed', params: { environment: 'production' } };
const needed: AppState = {
  ...states['token-rejected'],
  problem: { code: 'aic.no-token-because', params: { reason: problem } },
  token: {
    ...states['token-rejected'].token,
    lastError: { ...problem, message: 'Nobody is signed in.', hint: 'Sign in under Backend.' },
  },
};

export const signInScenes: Record<string, Scene> = {
  'sign-in-out': backend(signingIn(), (page) => page.getByText('More settings').click()),
  'sign-in-browser': backend(signingIn({})),
  'sign-in-code': backend(signingIn(aCode)),
  'sign-in-failed': backend(
    signingIn({ problem: { code: 'signIn.denied', params: { host: 'login.studio.example' } } }),
  ),
  'sign-in-done': backend(signingIn(null, signedIn)),
  'sign-in-invalid': backend(signingIn(), async (page) => {
    await page.getByLabel('Identity provider').fill('login.studio.example');
    await page.getByLabel('Client ID').fill('');
    await page.getByRole('button', { name: 'Save' }).first().click();
  }),
  'sign-in-locked': backend({
    ...signingIn(aCode, { isLocked: true, lockedFields: ['url', 'credentialKind', 'signIn'] }),
    host: 'panel',
    policy,
  }),
  'sign-in-needed': { state: needed, route: 'live' },
  'german-sign-in-code': backend(german(signingIn(aCode))),
  'german-sign-in-failed': backend(
    german({
      ...signingIn({ method: 'device', problem: { code: 'signIn.code-expired', params: {} } }),
    }),
  ),
};
