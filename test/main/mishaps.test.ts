import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultLogPath, failAtMishap, watchForMishaps } from '../../src/main/mishaps.js';
import { hideSecret } from '../../src/main/redact.js';

describe('errors that nobody foresaw', () => {
  let folder: string;
  let logPath: string;
  let clockMs: number;
  let printed: string[];
  let from: EventEmitter;
  let mishaps: ReturnType<typeof watchForMishaps>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-mishaps-'));
    logPath = join(folder, 'state', 'errors.log');
    clockMs = Date.UTC(2026, 0, 1);
    printed = [];
    from = new EventEmitter();
    mishaps = watchForMishaps({ logPath, from, print: (line) => printed.push(line), nowMs: () => clockMs });
  });
  afterEach(async () => {
    mishaps.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const told = () => new Promise<void>((done) => void mishaps.onChange(done));

  test('are written down with their stack, printed, and told to the windows', async () => {
    const heard = told();
    from.emit('uncaughtException', new Error('the sky fell'));
    from.emit('unhandledRejection', 'a mere text');
    await heard;
    expect(mishaps.notice).toEqual({ code: 'mishap', params: { count: 2 } });
    const log = await readFile(logPath, 'utf8');
    expect(log).toMatch(/^2026-01-01T00:00:00\.000Z Error: the sky fell\n +at /);
    expect(log).toContain('a mere text');
    expect(log).toBe(`${printed.join('\n')}\n`);
    if (process.platform !== 'win32') expect((await stat(logPath)).mode & 0o077).toBe(0);
  });

  test('name neither secrets nor the user', async () => {
    hideSecret('open-sesame');
    from.emit('uncaughtException', new Error(`open-sesame in ${homedir()}/voices, eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl`));
    const log = await readFile(logPath, 'utf8');
    expect(log).toContain('[hidden] in ~/voices, [hidden]');
    expect(log).not.toContain('open-sesame');
    expect(log).not.toContain(`${homedir()}/`);
  });

  test.each([
    ['/home/Jörg', 'at file:///home/J%C3%B6rg/limpid/cli.js, /home/Jörg/voices', 'at file://~/limpid/cli.js, ~/voices'],
    [
      'C:\\Users\\anna',
      String.raw`at file:///C:/Users/anna/cli.js, C:\Users\anna\x`,
      String.raw`at file:///~/cli.js, ~\\x`,
    ],
  ])('do not name the folder %s, however it is written', async (home, text, safe) => {
    mishaps.stop();
    const identity = () => ({ home, user: '', displayName: '', host: '' });
    mishaps = watchForMishaps({ logPath, from, print: () => undefined, identity });
    from.emit('uncaughtException', text);
    expect(await readFile(logPath, 'utf8')).toContain(safe);
  });

  test('do not keep themselves going where telling them fails', () => {
    vi.useFakeTimers();
    try {
      let times = 0;
      mishaps.onChange(() => {
        times += 1;
        from.emit('uncaughtException', new Error('again'));
      });
      from.emit('uncaughtException', new Error('first'));
      vi.advanceTimersByTime(71_500);
      expect(times).toBe(4);
      mishaps.dismiss();
      mishaps.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  test('do not flood: ten a minute in full, then their number', async () => {
    for (let count = 0; count < 5000; count += 1) from.emit('uncaughtException', new Error('again'));
    expect(printed).toHaveLength(10);
    expect(mishaps.notice?.params).toEqual({ count: 5000 });
    clockMs += 60_000;
    from.emit('uncaughtException', new Error('later'));
    expect(printed.slice(10)).toEqual([expect.stringContaining('4990 more'), expect.stringContaining('later')]);
  });

  test('are told once for many in a row', async () => {
    let times = 0;
    mishaps.onChange(() => (times += 1));
    const heard = told();
    for (let count = 0; count < 100; count += 1) from.emit('unhandledRejection', new Error('again'));
    await heard;
    expect(times).toBe(1);
  });

  test('keep the log small, with one predecessor', async () => {
    from.emit('uncaughtException', new Error('first'));
    await writeFile(logPath, 'x'.repeat(256 * 1024));
    from.emit('uncaughtException', new Error('second'));
    expect(await readFile(logPath, 'utf8')).toContain('second');
    expect((await stat(`${logPath}.1`)).size).toBe(256 * 1024);
  });

  test('are survived where the log cannot be written, and where they cannot be printed', () => {
    const blocked = watchForMishaps({ logPath: '/dev/null/errors.log', from, print: () => {} });
    const unprintable = Object.defineProperty({}, Symbol.for('nodejs.util.inspect.custom'), {
      value: () => {
        throw new Error('not even this');
      },
    });
    from.emit('uncaughtException', unprintable);
    expect(blocked.notice).toEqual({ code: 'mishap', params: { count: 1 } });
    blocked.stop();
  });

  test('are only written down where a window was told already', async () => {
    mishaps.record(new Error('the answer has the wrong shape'));
    expect(await readFile(logPath, 'utf8')).toContain('the answer has the wrong shape');
    expect([mishaps.notice, printed]).toEqual([null, []]);
  });

  test('are forgotten when they were read, and counted anew', () => {
    from.emit('uncaughtException', new Error('one'));
    mishaps.dismiss();
    expect(mishaps.notice).toBeNull();
    from.emit('uncaughtException', new Error('two'));
    expect(mishaps.notice?.params).toEqual({ count: 1 });
  });

  test('go back to Node when nobody watches any more', () => {
    mishaps.stop();
    expect(from.listenerCount('uncaughtException') + from.listenerCount('unhandledRejection')).toBe(0);
  });

  test.each([
    ['linux', { XDG_STATE_HOME: '/s' }, '/s/limpid/errors.log'],
    ['linux', {}, '/home/me/.local/state/limpid/errors.log'],
    ['darwin', {}, '/home/me/Library/Logs/Limpid/errors.log'],
  ] as const)('are written where %s keeps such things', (platform, environment, path) => {
    expect(defaultLogPath(environment, platform, '/home/me')).toBe(path);
  });
});

test('before there is a window the first of them ends the start, once', () => {
  const from = new EventEmitter();
  const failures: unknown[] = [];
  failAtMishap((error) => failures.push(error), from);
  from.emit('unhandledRejection', 'first');
  from.emit('uncaughtException', 'second');
  expect(failures).toEqual(['first']);
});
