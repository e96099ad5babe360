import type { EnvironmentView, SignInMethod, SignInView } from '../../../shared/backend.js';
import { describe, type Message } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { hint, text, type TextCode } from './text.js';
import type { Tone } from './viewModel.js';

export interface SignInPanel extends Message {
  tone: Tone;
  /** The sign-in of this environment that is under way; null: none is. */
  underWay: SignInView | null;
  /** The one that failed last, and why; null: none did. */
  failed: (Message & { method: SignInMethod }) | null;
  /** The ways to sign in that are offered now, the usual one first; none while one is under way, or nobody needs it. */
  methods: SignInMethod[];
  /** Whether there is a sign-in that can be ended. */
  canEnd: boolean;
}

/** How an environment stands with the person who signs in. `view` null: it is not saved yet. */
export function signInPanel(
  { backend, host }: Pick<AppState, 'backend' | 'host'>,
  view: EnvironmentView | null,
): SignInPanel {
  const current = view !== null && backend.signIn?.environment === view.values.name ? backend.signIn : null;
  const underWay = current?.problem === null ? current : null;
  const problem = current?.problem ?? null;
  const isSaved = view?.values.credentialKind === 'sign-in';
  const credential = isSaved ? view.credential : 'none';
  const isIn = isSaved && (view.signedInAs !== null || credential === 'saved' || credential === 'memory');
  const usual: SignInMethod[] = host === 'panel' ? ['device'] : ['browser', 'device'];
  const failed = problem && {
    ...describe(problem),
    method: host === 'panel' || current?.method === 'device' ? ('device' as const) : ('browser' as const),
  };
  const isOffered = !underWay && !isIn;
  return {
    ...(underWay ? wayWords(underWay) : standWords(view, isIn, credential)),
    underWay,
    failed,
    methods: isOffered ? usual : [],
    canEnd: !underWay && (isIn || credential === 'lost'),
  };
}

const said = (tone: Tone, code: TextCode, params: Record<string, string> = {}): Message & { tone: Tone } => ({
  tone,
  message: text(code, params),
  hint: hint(code),
});

function wayWords({ method, userCode }: SignInView): Message & { tone: Tone } {
  if (method === 'browser') return said('busy', 'window.signIn.browser');
  return said('busy', userCode === null ? 'window.signIn.device.asking' : 'window.signIn.device');
}

function standWords(
  view: EnvironmentView | null,
  isIn: boolean,
  credential: EnvironmentView['credential'],
): Message & { tone: Tone } {
  if (credential === 'lost') return said('warning', 'window.signIn.lost');
  if (!isIn) return said('off', 'window.signIn.out');
  const name = view?.signedInAs ?? null;
  const code = credential === 'memory' ? 'window.signIn.memory' : 'window.signIn.in';
  return name === null ? said('on', code) : said('on', `${code}-as`, { name });
}
