import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openConnection, type Connection } from '../../src/renderer/src/bridge/connection.js';
import { openFileQueue } from '../../src/renderer/src/bridge/useFiles.js';
import type { EventName, LimpidBridge } from '../../src/shared/contract.js';
import type { Result } from '../../src/shared/errors.js';
import type { FileItem } from '../../src/shared/files.js';
import { states } from '../e2e/states.js';

const aFile = (id: string, status: FileItem['status'] = 'waiting'): FileItem => ({
  id,
  name: `${id}.wav`,
  folder: '/music',
  status,
  progress: 0,
  speed: null,
  secondsLeft: null,
  result: null,
  notice: null,
});
const refusal = { code: 'x', message: 'Refused.', hint: 'Ask again.', retryable: false };
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A main whose list and answers the test gives. */
class FakeMain {
  files: FileItem[] = [];
  lists = 0;
  /** While set, lists wait for it. */
  gate: Promise<void> | null = null;
  answer: Result<null> = { ok: true, value: null };
  added: string[][] = [];
  tell: ((sentBytes: number, totalBytes: number) => void) | undefined;
  addGate: Promise<void> | null = null;
  isGone = false;
  stops = 0;
  refuse: (() => Result<null>) | null = null;
  refusesList = false;
  private readonly listeners = new Map<EventName, ((payload: never) => void)[]>();

  readonly bridge: LimpidBridge = {
    call: (async (name: string) => {
      if (this.isGone) throw new Error('gone');
      if (name === 'state.get') return { ok: true, value: states.idle };
      if (name !== 'files.list' || this.refusesList) return this.answer;
      this.lists += 1;
      const files = [...this.files];
      await this.gate;
      return { ok: true, value: files };
    }) as LimpidBridge['call'],
    on: (name, listener) => {
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener as (payload: never) => void]);
      return () => undefined;
    },
    stopAdding: () => void (this.stops += 1),
    addFiles: async (files, onProgress) => {
      this.added.push(files.map(({ name }) => name));
      this.tell = onProgress;
      await this.addGate;
      return this.refuse?.() ?? this.answer;
    },
  };

  emit(name: EventName, payload: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(payload as never);
  }
}

let main: FakeMain;
let connection: Connection;
/** As the screen does, which is shown as soon as main said how things stand. */
const open = async () => {
  connection = openConnection(main.bridge);
  await settle();
  return openFileQueue(connection);
};
const idsOf = (items: readonly FileItem[]) => items.map(({ id, status }) => `${id} ${status}`);
const aSound = (name: string, size = 10) => new File(['x'.repeat(size)], name);

beforeEach(() => {
  vi.useFakeTimers();
  main = new FakeMain();
});
afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

describe('the list', () => {
  test('is asked for once, and then followed', async () => {
    main.files = [aFile('a'), aFile('b')];
    const { view } = await open();
    expect(view.get().isListed).toBe(false);
    await settle();
    main.emit('files.changed', { changed: [aFile('a', 'running'), aFile('c')], removed: ['b'] });
    expect(idsOf(view.get().items)).toEqual(['a running', 'c waiting']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(main.lists).toBe(1);
  });

  test('does not lose what is told while it is on its way', async () => {
    let release = () => {};
    main.gate = new Promise((resolve) => (release = resolve));
    main.files = [aFile('a')];
    const { view } = await open();
    await settle();
    main.emit('files.changed', { changed: [aFile('a', 'done'), aFile('b')], removed: [] });
    release();
    await settle();
    expect(idsOf(view.get().items)).toEqual(['a done', 'b waiting']);
  });

  test('is asked for again when main is back', async () => {
    const { view } = await open();
    await settle();
    main.isGone = true;
    await vi.advanceTimersByTimeAsync(4000);
    expect(connection.link.get().connected).toBe(false);
    main.isGone = false;
    main.files = [aFile('a', 'done')];
    await vi.advanceTimersByTimeAsync(1000);
    expect(idsOf(view.get().items)).toEqual(['a done']);
    expect(main.lists).toBe(2);
  });

  test('is asked for again when the panel lost its socket for a moment', async () => {
    await open();
    await settle();
    main.emit('state.changed', { ...states.idle, status: { code: 'panel.disconnected', params: {} } });
    await settle();
    expect(main.lists).toBe(1);
    main.emit('state.changed', states.idle);
    await settle();
    expect(main.lists).toBe(2);
  });

  test('is tried again where it could not be had', async () => {
    main.answer = { ok: false, error: refusal };
    main.refusesList = true;
    const { view } = await open();
    await settle();
    expect(view.get()).toMatchObject({ isListed: false, failure: { message: 'Refused.' } });
    main.refusesList = false;
    await vi.advanceTimersByTimeAsync(3000);
    expect(view.get()).toMatchObject({ isListed: true, failure: null });
  });
});

describe('what is asked of main', () => {
  test('stands as a failure until the next when it is refused', async () => {
    const { view, act } = await open();
    main.answer = { ok: false, error: refusal };
    expect(await act('files.cancel', { id: 'a' })).toBe(false);
    expect(view.get().failure).toEqual({ message: 'Refused.', hint: 'Ask again.' });
    main.answer = { ok: true, value: null };
    expect(await act('files.cancel', { id: 'a' })).toBe(true);
    expect(view.get().failure).toBeNull();
  });

  test('fails in words when main is gone', async () => {
    const { view, act } = await open();
    main.isGone = true;
    expect(await act('files.cancel', { id: 'a' })).toBe(false);
    expect(view.get().failure?.message).not.toBe('');
  });
});

describe('files to add', () => {
  test('are counted while they are sent, those of two drops together', async () => {
    let release = () => {};
    main.addGate = new Promise((resolve) => (release = resolve));
    const { view, add } = await open();
    const sent = [add({ files: [aSound('a.wav'), aSound('b.wav')], leftOut: 0, results: 0, unread: 0 })];
    await settle();
    main.tell?.(5, 20);
    expect(view.get().upload).toEqual({ count: 2, sentBytes: 5, totalBytes: 20 });
    sent.push(add({ files: [aSound('c.wav', 30)], leftOut: 0, results: 0, unread: 0 }));
    expect(view.get().upload).toEqual({ count: 3, sentBytes: 5, totalBytes: 50 });
    await settle();
    // Those of the second drop wait for those of the first.
    expect(main.added).toEqual([['a.wav', 'b.wav']]);
    release();
    await Promise.all(sent);
    expect(view.get().upload).toBeNull();
    expect(main.added).toEqual([['a.wav', 'b.wav'], ['c.wav']]);
  });

  test('are not sent any more when all is cancelled', async () => {
    let release = () => {};
    main.addGate = new Promise((resolve) => (release = resolve));
    const { view, add, cancelAll } = await open();
    const many = Array.from({ length: 1001 }, (_, number) => aSound(`${number}.wav`, 1));
    const sent = [many, [aSound('b.wav')]].map((files) => add({ files, leftOut: 0, results: 0, unread: 0 }));
    await settle();
    await cancelAll();
    expect(main.stops).toBe(1);
    main.answer = { ok: false, error: { ...refusal, code: 'cancelled' } };
    release();
    await Promise.all(sent);
    expect(main.added.map(({ length }) => length)).toEqual([1000]);
    expect(view.get()).toMatchObject({ upload: null, failure: null });
    main.answer = { ok: true, value: null };
    await add({ files: [aSound('c.wav')], leftOut: 0, results: 0, unread: 0 });
    expect(main.added.at(-1)).toEqual(['c.wav']);
  });

  test('go a thousand at a time', async () => {
    const { add } = await open();
    const files = Array.from({ length: 2001 }, (_, number) => aSound(`${number}.wav`, 1));
    await add({ files, leftOut: 0, results: 0, unread: 0 });
    expect(main.added.map(({ length }) => length)).toEqual([1000, 1000, 1]);
    expect(main.added.flat()).toEqual(files.map(({ name }) => name));
  });

  test('that are refused say why', async () => {
    const { view, add } = await open();
    main.answer = { ok: false, error: refusal };
    await add({ files: [aSound('a.wav')], leftOut: 0, results: 0, unread: 0 });
    expect(view.get()).toMatchObject({ upload: null, failure: { message: 'Refused.' } });
  });

  test('that are refused do not keep later ones back, and are counted with the first reason', async () => {
    const { view, add } = await open();
    const codes = ['files.limit', 'files.some-refused', 'files.path-missing'];
    main.refuse = () => {
      const code = codes.shift()!;
      const params = { count: 4, reason: { code: 'files.unknown', params: {} } };
      return { ok: false, error: { ...refusal, code, params } };
    };
    const files = Array.from({ length: 2001 }, (_, number) => aSound(`${number}.wav`, 1));
    await add({ files, leftOut: 0, results: 0, unread: 0 });
    expect(main.added).toHaveLength(3);
    expect(view.get().failure?.message).toBe(
      '6 files were not added. The first reason: The list is full with 4 files, and the rest was left out.',
    );
  });

  test('stop when the connection is lost, and the next ones are sent again', async () => {
    const { view, add } = await open();
    main.answer = { ok: false, error: { ...refusal, code: 'panel.disconnected' } };
    const files = Array.from({ length: 2001 }, (_, number) => aSound(`${number}.wav`, 1));
    await add({ files, leftOut: 0, results: 0, unread: 0 });
    expect(main.added).toHaveLength(1);
    expect(view.get().failure?.message).toBe('Refused.');
    main.answer = { ok: true, value: null };
    await add({ files: [aSound('a.wav')], leftOut: 0, results: 0, unread: 0 });
    expect(main.added).toHaveLength(2);
  });

  test('say what was left out, what could not be read, and that there are none', async () => {
    const { view, add } = await open();
    await add({ files: [aSound('a.wav')], leftOut: 2, results: 0, unread: 0 });
    expect(view.get().failure?.message).toBe('2 files of the folders were left out.');
    await add({ files: [aSound('a.wav')], leftOut: 2, results: 0, unread: 1 });
    expect(view.get().failure?.message).toBe('1 file or folder could not be read.');
    await add({ files: [], leftOut: 3, results: 0, unread: 0 });
    expect(view.get().failure?.message).toBe('No sound that Limpid can open was found.');
    await add({ files: [], leftOut: 0, results: 2, unread: 0 });
    expect(view.get().failure?.message).toBe('2 results of earlier enhancements were left out.');
    expect(main.added).toHaveLength(2);
  });
});
