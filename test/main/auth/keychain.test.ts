import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/main/auth/clock.js';
import { openKeychain, type KeychainStatus, type Keytar } from '../../../src/main/auth/keychain.js';

/** A library whose calls end when the test says so. */
function createSlowKeytar() {
  const calls: { name: string; resolve(value?: unknown): void; reject(error: Error): void }[] = [];
  const begin = (name: string): Promise<never> =>
    new Promise((resolve, reject) => void calls.push({ name, resolve: resolve as (value: unknown) => void, reject }));
  const library: Keytar = {
    getPassword: (service, account) => begin(`get ${service} ${account}`),
    setPassword: (service, account) => begin(`set ${service} ${account}`),
    deletePassword: (service, account) => begin(`delete ${service} ${account}`),
  };
  return { calls, library };
}

function createHandClock(): Clock & { ring(): void } {
  const waiting = new Set<() => void>();
  return {
    monotonicMs: () => 0,
    wallMs: () => 0,
    after(_delayMs, run) {
      waiting.add(run);
      return () => void waiting.delete(run);
    },
    ring() {
      for (const run of waiting) run();
      waiting.clear();
    },
  };
}

function setUp() {
  const { calls, library } = createSlowKeytar();
  const clock = createHandClock();
  const keychain = openKeychain({ clock, load: () => library });
  const states: KeychainStatus['state'][] = [];
  keychain.onStatus(({ state }) => states.push(state));
  return { keychain, calls, clock, states };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the keychain', () => {
  test('is asked one thing at a time', async () => {
    const { keychain, calls } = setUp();
    const [first, second] = [keychain.read('a'), keychain.write('b', 'secret')];
    await settle();
    expect(calls.map(({ name }) => name)).toEqual(['get Limpid a']);
    calls[0]?.resolve('found it');
    expect(await first).toEqual({ kind: 'found', secret: 'found it' });
    await settle();
    expect(calls.map(({ name }) => name)).toEqual(['get Limpid a', 'set Limpid b']);
    calls[1]?.resolve();
    expect(await second).toEqual({ kind: 'done' });
  });

  test('that is overdue answers everybody at once, and is asked again when it came back', async () => {
    const { keychain, calls, clock, states } = setUp();
    const answers = [keychain.read('a'), keychain.read('b')];
    await settle();
    clock.ring();
    const waiting = { kind: 'unavailable', notice: { code: 'keychain.waiting', params: { seconds: 5 } } };
    expect(await Promise.all(answers)).toEqual([waiting, waiting]);
    expect(await keychain.write('c', 'secret')).toEqual(waiting);
    expect(calls.length).toBe(1);
    calls[0]?.resolve(null);
    await settle();
    expect(states).toEqual(['waiting', 'ready']);
    const late = keychain.read('d');
    await settle();
    calls[1]?.resolve('secret');
    expect(await late).toEqual({ kind: 'found', secret: 'secret' });
  });

  test('can be asked by whoever hears that it came back', async () => {
    const { keychain, calls, clock } = setUp();
    void keychain.read('a');
    await settle();
    clock.ring();
    await settle();
    keychain.onStatus(({ state }) => void (state === 'ready' && keychain.read('b')));
    calls[0]?.resolve(null);
    await settle();
    expect(calls.map(({ name }) => name)).toEqual(['get Limpid a', 'get Limpid b']);
  });

  test('says why it refuses, on one line and without the secret', async () => {
    const { keychain, calls } = setUp();
    const answer = keychain.write('a', 'hush-4711');
    await settle();
    calls[0]?.reject(new Error('No room for hush-4711\nin here'));
    expect(await answer).toEqual({
      kind: 'unavailable',
      notice: { code: 'keychain.unavailable', params: { detail: 'No room for …' } },
    });
    expect(keychain.status.state).toBe('unavailable');
  });

  test('that refused to keep something does not work until it keeps something', async () => {
    const { keychain, calls, states } = setUp();
    const write = keychain.write('a', 'x');
    await settle();
    calls[0]?.reject(new Error('Cannot create an item in a locked collection'));
    expect(await write).toMatchObject({ notice: { code: 'keychain.locked' } });
    const read = keychain.read('a');
    await settle();
    calls[1]?.resolve(null);
    expect(await read).toEqual({ kind: 'missing' });
    expect(states).toEqual(['unavailable']);
    void keychain.write('a', 'x');
    await settle();
    calls[2]?.resolve();
    await settle();
    expect(states).toEqual(['unavailable', 'ready']);
  });

  test('leaves no exit listener behind', async () => {
    const before = process.listenerCount('exit');
    const { keychain, calls } = setUp();
    void keychain.read('a');
    await settle();
    expect(process.listenerCount('exit')).toBe(before + 1);
    calls[0]?.resolve(null);
    await settle();
    expect(process.listenerCount('exit')).toBe(before);
  });

  test('is waited for at the end, but not for ever', async () => {
    const { keychain, calls, clock } = setUp();
    void keychain.write('a', 'x');
    await settle();
    let isClosed = false;
    void keychain.close().then(() => (isClosed = true));
    await settle();
    expect(isClosed).toBe(false);
    clock.ring();
    await settle();
    expect(isClosed).toBe(true);
    calls[0]?.resolve();
    await settle();
  });
});
