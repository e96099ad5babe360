import { describe as group, expect, test } from 'vitest';
import {
  inputHint,
  mainView,
  needsCableHelp,
  offersRescan,
  outputHint,
  problemView,
} from '../../src/renderer/src/view/viewModel.js';
import { describe } from '../../src/shared/messages/index.js';
import { livePhase, type AppState } from '../../src/shared/state.js';
import { stateNames, states } from '../e2e/states.js';

const { idle, running } = states;

group('the top of the window', () => {
  test.each([
    ['idle', false, 'off', 'Off'],
    ['starting', true, 'busy', 'Starting…'],
    ['running', true, 'on', 'On'],
    ['bypassed', true, 'warning', 'On, original voice'],
    ['feedback-muted', true, 'warning', 'On, muted'],
    ['device-lost', true, 'warning', 'Reconnecting…'],
    ['start-failed', false, 'problem', 'Not started'],
    ['token-valid', true, 'on', 'On'],
    ['token-rejected', true, 'warning', 'On, built-in engine'],
    ['token-not-allowed', true, 'warning', 'On, unchanged voice'],
  ] as const)('%s: switch %s, tone %s, “%s”', (name, switchOn, tone, headline) => {
    expect(mainView(states[name])).toMatchObject({ switchOn, tone, headline });
  });

  test('every phase has its words', () => {
    const words = livePhase.options.map((phase) => mainView({ ...running, phase }).headline);
    expect(new Set(words).size).toBe(livePhase.options.length);
    expect(words).not.toContain(describe({ code: 'internal', params: {} }).message);
  });

  test('“off” is said once, with what to do instead', () => {
    expect(mainView(idle).status).toBe('Switch Limpid on to clean your voice.');
    expect(mainView(states['no-output']).status).toBe('Choose an output, then switch Limpid on.');
  });

  test('an obstacle that passes by itself explains, and does not alarm', () => {
    expect(mainView(states['token-fetching']).statusHint).toBe('The ai-coustics engine waits for its first token.');
    expect(problemView(states['token-fetching'], null)).toBeNull();
    expect(problemView(states['token-rejected'], null)?.message).toContain('does not accept the credential');
  });

  test('an expired token says why no other came, once that is known', () => {
    const expired = { code: 'aic.expired', params: { name: 'LICENSE_EXPIRED', code: 52 } };
    const view = problemView({ ...running, problem: expired }, null);
    expect(view?.hint).toContain('LICENSE_EXPIRED');
    expect(view?.message).not.toContain('LICENSE_EXPIRED');
    const { message } = problemView({ ...states['token-rejected'], problem: expired }, null)!;
    expect(message).toMatch(/has expired, and no new one came. .* does not accept the credential/);
    expect(problemView({ ...states['token-rejected'], problem: expired }, null)?.actions).toEqual(['diagnostics']);
    const { token } = states['token-rejected'];
    const lastError = { code: 'signIn.needed', params: {}, message: '', hint: '' };
    const needed = { ...states['token-rejected'], problem: expired, token: { ...token, lastError } };
    expect(problemView(needed, null)?.actions).toEqual(['backend']);
  });

  test('at strength zero nothing stands in for anything', () => {
    expect(mainView({ ...states['token-rejected'], level: 0 }).headline).toBe('On');
  });

  test('a voice is not called clean beside the lamp that says it was too loud', () => {
    expect(mainView(running).statusHint).toBe('Your voice is clean.');
    const loud = { ...running, clipped: { input: true, output: false } };
    expect(mainView(loud).statusHint).toMatch(/^Your microphone was too loud/);
  });

  test('a banner takes the place of the hint', () => {
    expect(mainView(running).statusHint).not.toBe('');
    expect(mainView(states['device-lost']).statusHint).toBe('');
    expect(mainView(states['feedback-muted']).statusHint).toBe('');
  });
});

group('problems', () => {
  const refusal = { code: 'x', message: 'Refused.', hint: 'Ask again.', retryable: false };

  test('none, when all is well', () => {
    expect(problemView(running, null)).toBeNull();
  });

  test('the answer to the last command can be dismissed', () => {
    expect(problemView(running, refusal)).toEqual({ message: 'Refused.', hint: 'Ask again.', actions: ['dismiss'] });
  });

  test('what main says wins over it', () => {
    expect(problemView(states['engine-failed'], refusal)?.message).toContain('the built-in engine failed');
  });

  test('a failed start can be tried again', () => {
    expect(problemView(states['start-failed'], null)?.actions).toEqual(['retry']);
  });

  test('a refused microphone leads to the settings, whatever else is wrong', () => {
    const state: AppState = { ...states['start-failed'], microphonePermission: 'denied' };
    expect(problemView(state, refusal)?.actions).toEqual(['permission', 'retry']);
    const before = { ...state, output: { ...state.output, chosen: null } };
    expect(problemView(before, refusal)?.actions).toEqual(['permission']);
  });

  test('a lost device can be looked for where the list does not follow by itself', () => {
    expect(problemView(states['device-lost'], null)?.actions).toEqual([]);
    expect(problemView({ ...states['device-lost'], platform: 'darwin' }, null)?.actions).toEqual(['rescan']);
  });

  test('a token that only a wrong clock calls expired: the clock is what to set', () => {
    const view = problemView(states['token-clock-wrong'], null);
    expect(view?.message).toContain('a clock is wrong');
    expect(view?.hint).toMatch(/differ by 10\smin/);
  });

  test('where somebody has to do something, nothing is said to come right by itself', () => {
    const rejected = problemView(states['token-rejected'], null);
    expect(rejected?.hint).not.toContain('keeps trying');
    expect(rejected?.actions).toEqual(['backend']);
    const { token } = states['token-rejected'];
    const offline: AppState = { ...states['token-rejected'], token: { ...token, state: 'offline' } };
    expect(problemView(offline, null)?.hint).toContain('keeps trying');
  });

  test('feedback has one banner, not two', () => {
    expect(problemView(states['feedback-muted'], null)).toBeNull();
  });
});

group('help under the pickers', () => {
  test('a device that is away stays chosen', () => {
    expect(inputHint(states['device-lost'])).toContain('stays chosen');
    expect(inputHint(running)).toBe('');
  });

  test('no microphone at all', () => {
    expect(inputHint({ ...idle, input: { ...idle.input, devices: [] } })).toContain('No microphone');
  });

  test('nothing plays before a choice', () => {
    expect(outputHint(states['no-output'])).toContain('Nothing plays');
  });

  test('the Limpid microphone says where to find it', () => {
    expect(outputHint({ ...idle, output: { ...idle.output, chosen: 'virtual' } })).toContain('Limpid microphone');
  });

  test('virtual cables are pointed to only where there is no other way', () => {
    expect(needsCableHelp(idle)).toBe(false);
    expect(needsCableHelp(states['permission-denied'])).toBe(true);
  });

  test('the list follows by itself where a Linux sound server runs', () => {
    expect(offersRescan(idle)).toBe(false);
    expect(offersRescan({ ...idle, platform: 'win32' })).toBe(true);
    expect(offersRescan({ ...idle, virtualMicrophone: { supported: false, active: false } })).toBe(true);
  });
});

test.each(stateNames)('every sentence of the state %s is in the catalogue, with all its values', (name) => {
  const { status, problem, question } = states[name];
  const sentences = [status, problem, question].filter((notice) => notice !== null).map(describe);
  expect(sentences).not.toContainEqual(describe({ code: 'internal', params: {} }));
  expect(JSON.stringify(sentences)).not.toMatch(/\{\w+\}/);
});
