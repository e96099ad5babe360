import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createNotifications } from '../../../src/main/shell/notifications.js';
import type { AppState } from '../../../src/shared/state.js';
import { idleState } from '../../fakes/appState.js';
import { asNotification, FakeNotification } from '../../fakes/electron.js';

const enhancing: AppState = {
  ...idleState,
  phase: 'running',
  status: {
    code: 'status.enhancing',
    params: { engine: { code: 'engine.name.with-gtcrn', params: {} }, input: 'a', output: 'b' },
  },
};
const deviceLost: Partial<AppState> = {
  phase: 'restarting',
  status: { code: 'status.waiting-input', params: { name: 'Headset' } },
};
const passing: Partial<AppState> = {
  engine: 'aic',
  heardEngine: 'bypass',
  status: { code: 'status.passing-instead', params: { wished: 'ai-coustics' } },
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp({ isSupported = true, first = {} as Partial<AppState> } = {}) {
  const told: FakeNotification[] = [];
  const window = { isSeen: false, shown: 0 };
  const notifications = createNotifications({
    isSupported: () => isSupported,
    create: (options) => asNotification(told[told.push(new FakeNotification(options)) - 1] as FakeNotification),
    isWindowSeen: () => window.isSeen,
    showWindow: () => void (window.shown += 1),
    nowMs: Date.now,
  });
  notifications.follow({ ...enhancing, ...first });
  return {
    told,
    titles: () => told.map(({ options }) => options.title),
    window,
    notifications,
    /** Goes to that state, and lets some time pass. */
    become: (changes: Partial<AppState>, ms = 2000) => {
      notifications.follow({ ...enhancing, ...changes });
      vi.advanceTimersByTime(ms);
    },
  };
}

describe('while the window is not seen', () => {
  test('a lost device is told of, and that the voice is clean again', () => {
    const { become, titles, told } = setUp();
    become(deviceLost);
    become({ phase: 'starting' });
    expect(titles()).toHaveLength(1);
    become({});
    expect(titles()).toEqual(['Waiting for Headset to come back.', 'Limpid is cleaning your voice again.']);
    expect(told.map(({ isShown, isClosed }) => [isShown, isClosed])).toEqual([
      [true, true],
      [true, false],
    ]);
    expect(told[0]?.options).toMatchObject({ body: expect.stringContaining('Plug the microphone'), silent: true });
  });

  test.each<[string, Partial<AppState>, RegExp]>([
    ['an engine that cannot work', passing, /^Passing your voice through unchanged/],
    ['feedback', { mutedByFeedback: true, status: { code: 'status.muted-feedback', params: {} } }, /^Muted/],
    ['a silent microphone', { status: { code: 'input.silent', params: { input: 'Headset' } } }, /digital silence/],
    [
      'a question',
      { phase: 'starting', question: { code: 'question.speakers', params: { input: 'a', output: 'b' } } },
      /^Play through b/,
    ],
    [
      'a failure',
      { phase: 'failed', problem: { code: 'native.missing', params: { detail: 'x' } } },
      /audio core could not be loaded/,
    ],
    [
      'a start that was refused',
      { phase: 'off', problem: { code: 'output.not-chosen', params: {} } },
      /^No output was chosen/,
    ],
  ])('%s is told of', (_name, changes, title) => {
    const { become, titles } = setUp();
    become(changes);
    expect(titles()).toEqual([expect.stringMatching(title)]);
  });

  test.each<[string, Partial<AppState>]>([
    ['bypass', { bypass: true }],
    ['no strength', { level: 0 }],
    ['an engine that changes nothing', { engine: 'bypass', heardEngine: 'bypass' }],
    ['switching off', { phase: 'off' }],
  ])('what a person chose is not: %s', (_name, changes) => {
    const { become, titles } = setUp();
    become(changes);
    become({});
    expect(titles()).toEqual([]);
  });

  test('what passes by itself in a second is not', () => {
    const { become, titles } = setUp();
    become(deviceLost, 1000);
    become({}, 60_000);
    expect(titles()).toEqual([]);
  });

  test('the same kind is told of once in 30 seconds, and then if it still holds', () => {
    const { become, titles } = setUp();
    become(deviceLost);
    become({});
    become(deviceLost, 10_000);
    become({}, 10_000);
    expect(titles()).toHaveLength(2);
    become(deviceLost, 3000);
    expect(titles()).toHaveLength(2);
    become(deviceLost, 30_000);
    expect(titles()).toHaveLength(3);
  });

  test('one kind does not keep another from being told', () => {
    const { become, titles } = setUp();
    become(deviceLost);
    become({ mutedByFeedback: true, status: { code: 'status.muted-feedback', params: {} } });
    expect(titles()).toHaveLength(2);
  });

  test('a click shows the window', () => {
    const { become, told, window } = setUp();
    become(deviceLost);
    told[0]?.emit('click');
    expect(window.shown).toBe(1);
  });

  test('nothing is told where a person does not want it', () => {
    const { become, titles } = setUp();
    become({ ...deviceLost, preferences: { ...idleState.preferences, notifies: false } });
    expect(titles()).toEqual([]);
  });

  test('a system that shows none is not asked to', () => {
    const { become, titles } = setUp({ isSupported: false });
    become(deviceLost);
    expect(titles()).toEqual([]);
  });
});

test('what is seen in the window is not told, but when it is good again unseen', () => {
  const { become, titles, window } = setUp();
  window.isSeen = true;
  become(deviceLost);
  window.isSeen = false;
  become({});
  expect(titles()).toEqual(['Limpid is cleaning your voice again.']);
});

test.each([deviceLost, passing])('how things stand at a start that nobody sees (%j) is told, once', (first) => {
  const { become, titles } = setUp({ first });
  become(first, 60_000);
  become(first, 60_000);
  expect(titles()).toHaveLength(1);
});

test('a start that goes well is not told', () => {
  const { become, titles } = setUp();
  become({}, 60_000);
  expect(titles()).toEqual([]);
});

test('the words are those of what was found, and the latest of that', () => {
  const { become, titles } = setUp();
  become(deviceLost, 1000);
  become({ ...deviceLost, status: { code: 'status.waiting-input', params: { name: 'Table microphone' } } }, 60_000);
  expect(titles()).toEqual(['Waiting for Table microphone to come back.']);
});

test('what is being tried again when its time comes is not told, unless it comes back', () => {
  const { become, titles } = setUp();
  const failed: Partial<AppState> = { phase: 'failed', problem: { code: 'output.not-chosen', params: {} } };
  become(failed, 1000);
  become({ phase: 'starting', status: { code: 'status.starting', params: {} } }, 60_000);
  expect(titles()).toEqual([]);
  become(failed);
  expect(titles()).toEqual(['No output was chosen, and nothing plays until one is.']);
});

test('nothing comes after the end', () => {
  const { notifications, become, titles } = setUp();
  become(deviceLost, 0);
  notifications.dispose();
  vi.advanceTimersByTime(60_000);
  expect(titles()).toEqual([]);
});
