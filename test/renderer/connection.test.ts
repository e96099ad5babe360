import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openConnection, type Connection } from '../../src/renderer/src/bridge/connection.js';
import type { EventName, LimpidBridge } from '../../src/shared/contract.js';
import type { Result } from '../../src/shared/errors.js';
import type { AppState } from '../../src/shared/state.js';
import { measuredAt, states } from '../e2e/states.js';

const { idle, running } = states;
const refusal = { code: 'x', message: 'Refused.', hint: 'Ask again.', retryable: false };

/** A bridge whose answers the test gives, and whose events it sends. */
function createBridge(state: AppState) {
  const listeners = new Map<EventName, (payload: never) => void>();
  const main = {
    answer: (): Promise<Result<unknown>> => Promise.resolve({ ok: true, value: state }),
    asked: 0,
    emit: (name: EventName, payload: unknown) => listeners.get(name)?.(payload as never),
    listening: () => listeners.size,
  };
  const bridge: LimpidBridge = {
    call: (() => {
      main.asked += 1;
      return main.answer();
    }) as LimpidBridge['call'],
    on: (name, listener) => {
      listeners.set(name, listener as (payload: never) => void);
      return () => void listeners.delete(name);
    },
    stopAdding: () => undefined,
    addFiles: async () => ({ ok: true, value: null }),
  };
  return { bridge, main };
}

let connection: Connection;
const open = (state: AppState) => {
  const { bridge, main } = createBridge(state);
  connection = openConnection(bridge);
  return main;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

describe('the state', () => {
  test('is asked for once and then followed', async () => {
    const main = open(idle);
    expect(connection.link.get().state).toBeNull();
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.link.get().state).toEqual(idle);
    main.emit('state.changed', running);
    expect(connection.link.get().state).toEqual(running);
  });

  test('an event that overtakes the answer is newer than it', async () => {
    const main = open(idle);
    main.emit('state.changed', running);
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.link.get().state).toEqual(running);
  });

  test('nothing is heard after closing', async () => {
    const main = open(idle);
    await vi.advanceTimersByTimeAsync(0);
    connection.close();
    expect(main.listening()).toBe(0);
    const { asked } = main;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(main.asked).toBe(asked);
  });
});

describe('a main that does not answer', () => {
  test('is noticed when calls fail, and again when it is back', async () => {
    const main = open(running);
    await vi.advanceTimersByTimeAsync(0);
    const { answer } = main;
    main.answer = () => Promise.reject(new Error('gone'));
    await vi.advanceTimersByTimeAsync(4000);
    expect(connection.link.get()).toMatchObject({ connected: false, lostReason: null, state: running });
    main.answer = answer;
    await vi.advanceTimersByTimeAsync(1000);
    expect(connection.link.get().connected).toBe(true);
  });

  test('is noticed when calls hang', async () => {
    const main = open(running);
    main.answer = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(4000 + 3000);
    expect(connection.link.get().connected).toBe(false);
  });

  test('gives its reason where the bridge knows one', async () => {
    const main = open(running);
    main.answer = () => Promise.resolve({ ok: false, error: refusal });
    await vi.advanceTimersByTimeAsync(4000);
    expect(connection.link.get()).toMatchObject({ connected: false, lostReason: refusal });
  });

  test('a command that cannot be delivered shows it at once', async () => {
    const main = open(running);
    await vi.advanceTimersByTimeAsync(0);
    main.answer = () => Promise.reject(new Error('gone'));
    expect(await connection.command('live.stop')).toBe(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.link.get().connected).toBe(false);
  });
});

describe('commands', () => {
  test('a refusal is kept until the next command', async () => {
    const main = open(idle);
    await vi.advanceTimersByTimeAsync(0);
    main.answer = () => Promise.resolve({ ok: false, error: refusal });
    expect(await connection.command('live.start')).toBe(false);
    expect(connection.link.get()).toMatchObject({ commandError: refusal, connected: true });
    main.answer = () => Promise.resolve({ ok: true, value: undefined });
    expect(await connection.command('live.start')).toBe(true);
    expect(connection.link.get().commandError).toBeNull();
  });

  test('a refusal can be dismissed', async () => {
    const main = open(idle);
    main.answer = () => Promise.resolve({ ok: false, error: refusal });
    await connection.command('live.start');
    connection.dismissError();
    expect(connection.link.get().commandError).toBeNull();
  });
});

describe('questions', () => {
  test('are answered where they were asked, and leave no banner', async () => {
    const main = open(idle);
    await vi.advanceTimersByTimeAsync(0);
    main.answer = () => Promise.resolve({ ok: false, error: refusal });
    expect(await connection.ask('token.refresh')).toEqual({ ok: false, error: refusal });
    expect(connection.link.get().commandError).toBeNull();
  });

  test('no answer is null, and main is looked after at once', async () => {
    const main = open(idle);
    await vi.advanceTimersByTimeAsync(0);
    const before = main.asked;
    main.answer = () => Promise.reject(new Error('gone'));
    expect(await connection.ask('token.refresh')).toBeNull();
    expect(main.asked).toBe(before + 2);
  });

  test('a connection test tells its steps to those who listen', async () => {
    const main = open(idle);
    const tested = { name: 'production', step: { id: 'url' } };
    const heard: unknown[] = [];
    const stop = connection.onTested((each) => heard.push(each));
    main.emit('backend.tested', tested);
    stop();
    main.emit('backend.tested', tested);
    expect(heard).toEqual([tested]);
  });
});

describe('the numbers', () => {
  const numbers = measuredAt(1, running);

  test('are shown only while it runs', async () => {
    const main = open(idle);
    await vi.advanceTimersByTimeAsync(0);
    main.emit('numbers.measured', numbers);
    expect(connection.numbers.get()).toBeNull();
    main.emit('state.changed', running);
    main.emit('numbers.measured', numbers);
    expect(connection.numbers.get()).toEqual(numbers);
    main.emit('state.changed', states['device-lost']);
    expect(connection.numbers.get()).toBeNull();
  });

  test('stop while the window is hidden, as does the asking', async () => {
    const main = open(running);
    await vi.advanceTimersByTimeAsync(0);
    connection.setHidden(true);
    main.emit('numbers.measured', numbers);
    expect(connection.numbers.get()).toBeNull();
    await vi.advanceTimersByTimeAsync(4000);
    const { asked } = main;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(main.asked).toBe(asked);
    connection.setHidden(false);
    expect(main.asked).toBe(asked + 1);
  });
});
