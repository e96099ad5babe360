import {
  backendEnvironment,
  type BackendEnvironment,
  type EnvironmentView,
  type SignInView,
} from '../../src/shared/backend.js';
import type { DesktopView, UpdatesView } from '../../src/shared/desktop.js';
import { usualPreferences, type Preferences } from '../../src/shared/preferences.js';
import type { AppState } from '../../src/shared/state.js';
import { states } from './states.js';

const minutesMs = 60_000;
const signInValues = { issuer: 'https://login.studio.example/realms/voice', clientId: 'limpid-desktop' };

/** An environment whose credential is a person. */
export const personal = (
  view: Partial<EnvironmentView> = {},
  part: Partial<BackendEnvironment> = {},
): EnvironmentView => ({
  values: backendEnvironment.parse({
    name: 'production',
    url: 'https://tokens.studio.example/v1/limpid/token',
    credentialKind: 'sign-in',
    signIn: signInValues,
    ...part,
  }),
  credential: 'none',
  signedInAs: null,
  lockedFields: [],
  isLocked: false,
  ...view,
});

/** The desktop app with that environment, and how its sign-in goes. */
export const signingIn = (
  signIn: Partial<SignInView> | null = null,
  view: Partial<EnvironmentView> = {},
): AppState => ({
  ...states.idle,
  host: 'electron',
  backend: {
    ...states.backend.backend,
    environments: [personal(view), ...states.backend.backend.environments.slice(1)],
    signIn: signIn && {
      environment: 'production',
      method: 'browser',
      userCode: null,
      verificationUrl: null,
      expiresAtMs: Date.now() + 5 * minutesMs,
      problem: null,
      ...signIn,
    },
  },
});

export const aCode = {
  method: 'device',
  userCode: 'WDJB-MJHT',
  verificationUrl: 'https://login.studio.example/realms/voice/device',
  expiresAtMs: Date.now() + 14.5 * minutesMs,
} as const satisfies Partial<SignInView>;

export const signedIn = { credential: 'saved', signedInAs: 'kim.larsen@studio.example' } as const;

const noUpdate: UpdatesView = {
  phase: 'idle',
  channel: 'latest',
  version: null,
  progress: null,
  checkedAtMs: Date.now() - 40 * 60_000,
  notice: null,
};

/** A desktop where all is well. */
export const aDesktop = (part: Partial<DesktopView> = {}, updates: Partial<UpdatesView> = {}): DesktopView => ({
  hasTray: true,
  loginItem: { isSupported: true, problem: null },
  shortcutProblems: { toggle: null, bypass: null, show: null },
  command: 'limpid',
  ...part,
  updates: { ...noUpdate, ...updates },
});

/** The desktop app, with the sound off. */
export const onDesktop = (
  desktop = aDesktop(),
  liked: Partial<Preferences> = {},
  part: Partial<AppState> = {},
): AppState => ({
  ...states.idle,
  host: 'electron',
  desktop,
  preferences: { ...usualPreferences, ...liked },
  ...part,
});

export const someKeys = {
  toggle: 'CommandOrControl+Alt+L',
  bypass: 'Control+Shift+Space',
  show: null,
} as const satisfies Preferences['globalShortcuts'];

export const policy: AppState['policy'] = {
  locked: [
    ...Object.keys(usualPreferences),
    'engine',
    'level',
    'input',
    'output',
    'monitor',
    'files.folder',
    'files.pattern',
    'files',
    'recordingsFolder',
    'fallback',
    'licensed.libraryPath',
    'licensed.modelPath',
    'licensed.vadModelPath',
    'licensed.otel',
  ],
  lockReason: { code: 'policy.locked', params: { path: '/etc/limpid/policy.json', reason: 'Call centre standard 4' } },
};
