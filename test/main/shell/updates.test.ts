import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UpdateEngine, UpdateFeed } from '../../../src/main/shell/updateEngine.js';
import { codedError, updateFailure } from '../../../src/main/shell/updateFailures.js';
import { createUpdates, type Updates } from '../../../src/main/shell/updates.js';
import { whyNoUpdates } from '../../../src/main/shell/updateSupport.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { toErrorShape } from '../../../src/shared/messages/index.js';
import type { AppState } from '../../../src/shared/state.js';
import { FakeApp } from '../../fakes/electron.js';
import { idleState } from '../../fakes/appState.js';
import { createContractServices } from '../../fakes/services.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What electron-updater would do, as a test says. */
class FakeEngine implements UpdateEngine {
  newest: string | null = null;
  finds = 0;
  error: unknown = null;
  downloadError: unknown = null;
  installable: unknown = null;
  installed = 0;
  installError: unknown = null;
  installsAtQuit = true;
  finish: () => void = () => undefined;
  progress: (part: number) => void = () => undefined;
  signal: AbortSignal | null = null;

  async find(): Promise<string | null> {
    this.finds += 1;
    if (this.error) throw this.error;
    return this.newest;
  }
  download(onProgress: (part: number) => void, signal: AbortSignal): Promise<void> {
    this.progress = onProgress;
    this.signal = signal;
    return new Promise((resolve, reject) => {
      this.finish = () => (this.downloadError ? reject(this.downloadError) : resolve());
      signal.addEventListener('abort', () => reject(new Error('cancelled')));
    });
  }
  requireInstallable(): void {
    if (this.installable) throw this.installable;
  }
  install(): boolean {
    if (this.installError) throw this.installError;
    this.installed += 1;
    return true;
  }
}

let folder: string;
let engine: FakeEngine;
let feeds: UpdateFeed[];
let app: FakeApp & { isPackaged: boolean; relaunched: unknown[]; released: number };
let recorded: unknown[];
let tellings: number;
let policy = { isAllowed: true, channel: 'latest', feedUrl: null as string | null };
let services: ReturnType<typeof createContractServices> & { updatePolicy(): typeof policy };
let updates: Updates;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'limpid-updates-'));
  mkdirSync(join(folder, 'mounted'));
  writeFileSync(join(folder, 'Limpid.AppImage'), '');
  engine = new FakeEngine();
  feeds = [];
  recorded = [];
  tellings = 0;
  policy = { isAllowed: true, channel: 'latest', feedUrl: null };
  app = Object.assign(new FakeApp(), {
    isPackaged: true,
    relaunched: [] as unknown[],
    released: 0,
    relaunch: (options: unknown) => void app.relaunched.push(options),
    releaseSingleInstanceLock: () => void (app.released += 1),
  });
  services = Object.assign(createContractServices(), { updatePolicy: () => policy });
});

afterEach(() => {
  updates?.dispose();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const image = (): NodeJS.ProcessEnv => ({
  APPIMAGE: join(folder, 'Limpid.AppImage'),
  APPDIR: join(folder, 'mounted'),
});

function create(environment = image()): Updates {
  updates = createUpdates({
    app: app as never,
    platform: 'linux',
    environment,
    resourcesPath: folder,
    execPath: join(folder, 'mounted/limpid'),
    record: (error) => recorded.push(error),
    openEngine: async (feed) => {
      feeds.push(feed);
      return engine;
    },
    random: () => 0.5,
  });
  updates.onChange(() => (tellings += 1));
  return updates;
}

async function follow(looksForUpdates = true): Promise<void> {
  services.state = { ...idleState, preferences: { ...idleState.preferences, looksForUpdates } };
  updates.follow(services);
  await vi.advanceTimersByTimeAsync(0);
}

async function change(changes: Partial<AppState>): Promise<void> {
  services.state = { ...services.state, ...changes };
  services.emit('state.changed', services.state);
  await vi.advanceTimersByTimeAsync(0);
}

/** Until a new version lies ready. */
async function prepare(): Promise<void> {
  create();
  await follow();
  engine.newest = '2.0.0';
  await updates.check();
  engine.finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(updates.view.phase).toBe('ready');
}

const quit = (): void => {
  app.emit('before-quit', { preventDefault: () => undefined });
  app.emit('quit', {}, 0);
};
const pages = { mayLeave: async () => true, letGo: () => undefined };
const unreachable = (): Error => codedError('ECONNREFUSED');
const failureOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof LimpidError ? error.code : String(error)),
  );

describe('an installation', () => {
  const installation = (changes: object = {}) => ({
    platform: 'linux' as NodeJS.Platform,
    isPackaged: true,
    resourcesPath: folder,
    execPath: join(folder, 'mounted/limpid'),
    environment: image(),
    ...changes,
  });

  test('updates itself as an AppImage, on Windows and on macOS', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      expect(whyNoUpdates(installation({ platform }))).toBe(null);
    }
  });

  test.each<[string, object | (() => object)]>([
    ['updates.unpackaged', { isPackaged: false }],
    ['updates.no-image', { environment: {} }],
    // Started from the terminal of another AppImage, which is not ours to replace.
    ['updates.no-image', { execPath: '/home/anna/limpid/limpid' }],
    ['updates.by-system', { execPath: '/opt/Limpid/limpid' }],
    ['updates.read-only', () => ({ environment: { ...image(), APPIMAGE: '/proc/limpid/Limpid.AppImage' } })],
  ])('%s', (code, changes) => {
    const given = typeof changes === 'function' ? (changes as () => object)() : changes;
    expect(whyNoUpdates(installation(given))?.code).toBe(code);
  });

  test('from a package of the system is left to the system, and nothing is ever asked', async () => {
    writeFileSync(join(folder, 'package-type'), 'deb');
    create();
    await follow();
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'off', notice: { code: 'updates.by-system' } });
    expect(await failureOf(updates.check())).toBe('updates.by-system');
    expect(feeds).toEqual([]);
  });
});

describe('updates', () => {
  test('are not looked for in the first half minute, then every six hours, not all at once', async () => {
    create();
    await follow();
    expect(updates.view).toMatchObject({ phase: 'idle', channel: 'latest', checkedAtMs: null });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(feeds).toEqual([]);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(engine.finds).toBe(1);
    expect(updates.view).toMatchObject({ phase: 'idle', notice: null });
    expect(updates.view.checkedAtMs).not.toBe(null);
    await vi.advanceTimersByTimeAsync(6 * hourMs);
    expect(engine.finds).toBe(2);
    expect(feeds).toHaveLength(1);
  });

  test('are downloaded, shown as they come, and wait', async () => {
    create();
    await follow();
    engine.newest = '2.0.0';
    await updates.check();
    expect(updates.view).toMatchObject({ phase: 'downloading', version: '2.0.0', progress: 0 });
    engine.progress(0.25);
    expect(updates.view.progress).toBe(0.25);
    engine.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(updates.view).toMatchObject({ phase: 'ready', version: '2.0.0', progress: null });
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'ready', version: '2.0.0' });
    expect(engine.installed).toBe(0);
  });

  test('that are newer still replace one that is ready, which stays ready while nothing newer is there', async () => {
    await prepare();
    await vi.advanceTimersByTimeAsync(7 * hourMs);
    expect([engine.finds, updates.view.phase, updates.view.version]).toEqual([2, 'ready', '2.0.0']);
    engine.error = unreachable();
    await vi.advanceTimersByTimeAsync(7 * hourMs);
    expect([updates.view.phase, engine.finds > 2, feeds.length]).toEqual(['ready', true, 1]);
    engine.error = null;
    engine.newest = '2.1.0';
    await vi.advanceTimersByTimeAsync(7 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'downloading', version: '2.1.0' });
    quit();
    expect(engine.installsAtQuit).toBe(false);
    engine.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(updates.view).toMatchObject({ phase: 'ready', version: '2.1.0' });
  });

  test('that are offered no more are not ready any more', async () => {
    await prepare();
    engine.newest = null;
    await vi.advanceTimersByTimeAsync(7 * hourMs);
    expect(updates.view.phase).toBe('idle');
    quit();
    expect(engine.installsAtQuit).toBe(false);
  });

  test('are none of anyone’s business where the policy says so', async () => {
    policy = { ...policy, isAllowed: false };
    create();
    await follow();
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'off', notice: { code: 'updates.off-by-policy' } });
    expect(await failureOf(updates.check())).toBe('updates.off-by-policy');
    expect(feeds).toEqual([]);
  });

  test('that are ready are dropped when a policy comes that forbids them', async () => {
    await prepare();
    policy = { ...policy, isAllowed: false };
    await change({});
    expect(updates.view.phase).toBe('off');
    quit();
    expect(engine.installsAtQuit).toBe(false);
    expect(await failureOf(updates.install(pages))).toBe('updates.off-by-policy');
  });

  test('a policy that nobody told of is seen before the next look', async () => {
    create();
    await follow();
    policy = { ...policy, isAllowed: false };
    await vi.advanceTimersByTimeAsync(hourMs);
    expect(feeds).toEqual([]);
    expect(updates.view.phase).toBe('off');
  });

  test('come from the channel and the server of the policy, from now on', async () => {
    policy = { ...policy, channel: 'beta', feedUrl: 'https://a.example' };
    create();
    await follow();
    engine.newest = '2.0.0';
    await updates.check();
    expect(updates.view.channel).toBe('beta');
    policy = { ...policy, feedUrl: 'https://b.example' };
    await change({});
    expect(engine.signal?.aborted).toBe(true);
    await updates.check();
    expect(feeds.map(({ url }) => url)).toEqual(['https://a.example', 'https://b.example']);
  });

  test('are looked for only when asked where the person wants that', async () => {
    create();
    await follow(false);
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'off', notice: { code: 'updates.off-by-choice' } });
    expect(feeds).toEqual([]);
    await updates.check();
    expect(engine.finds).toBe(1);
    expect(updates.view).toMatchObject({ phase: 'off', notice: { code: 'updates.off-by-choice' } });
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(engine.finds).toBe(1);
    engine.newest = '2.0.0';
    await updates.check();
    engine.finish();
    await vi.advanceTimersByTimeAsync(0);
    await change({});
    expect(updates.view.phase).toBe('ready');
  });

  test('are looked for again once the person wants them', async () => {
    create();
    await follow(false);
    await vi.advanceTimersByTimeAsync(hourMs);
    await change({ preferences: { ...services.state.preferences, looksForUpdates: true } });
    expect(updates.view.phase).toBe('idle');
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(engine.finds).toBe(1);
  });

  test('wait for the services', async () => {
    create();
    expect(updates.view).toMatchObject({ phase: 'off', notice: null });
    expect(await failureOf(updates.check())).toBe('updates.starting');
  });
});

describe('a server that cannot be reached', () => {
  test('is told once, and tried again later and later in silence', async () => {
    create();
    await follow();
    engine.error = unreachable();
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(updates.view).toMatchObject({ phase: 'failed', notice: { code: 'updates.unreachable' } });
    const told = tellings;
    await vi.advanceTimersByTimeAsync(15 * minuteMs);
    expect(engine.finds).toBe(2);
    await vi.advanceTimersByTimeAsync(30 * minuteMs);
    expect(engine.finds).toBe(3);
    await vi.advanceTimersByTimeAsync(48 * hourMs);
    expect(engine.finds).toBeLessThan(16);
    expect(tellings).toBe(told);
    expect(recorded).toEqual([]);

    engine.error = null;
    await vi.advanceTimersByTimeAsync(6 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'idle', notice: null });
  });

  test('answers the person who asks', async () => {
    create();
    await follow();
    engine.error = unreachable();
    const failed = updates.check();
    expect(updates.view.phase).toBe('checking');
    expect(await failureOf(failed)).toBe('updates.unreachable');
    expect(await failureOf(updates.check())).toBe('updates.unreachable');
  });

  test('and never answers is given up', async () => {
    create();
    await follow();
    engine.find = () => new Promise(() => undefined);
    const asked = failureOf(updates.check());
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(await asked).toBe('updates.unreachable');
    engine = new FakeEngine();
    await updates.check();
    expect(feeds).toHaveLength(2);
  });
});

describe('a version that is not what was published', () => {
  test('is told loudly, written down, and not ready', async () => {
    create();
    await follow();
    engine.newest = '2.0.0';
    await updates.check();
    engine.downloadError = codedError('ERR_CHECKSUM_MISMATCH');
    engine.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(updates.view).toMatchObject({ phase: 'failed', notice: { code: 'updates.untrusted' } });
    expect(recorded).toEqual([engine.downloadError]);
    expect(await failureOf(updates.install(pages))).toBe('updates.not-ready');
    quit();
    expect(engine.installsAtQuit).toBe(false);
  });

  test('nobody can tell: a build without signature or server stays as it is', async () => {
    create();
    await follow();
    engine.error = new LimpidError('updates.unsigned');
    expect(await failureOf(updates.check())).toBe('updates.unsigned');
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(updates.view).toMatchObject({ phase: 'off', notice: { code: 'updates.unsigned' } });
    expect(engine.finds).toBe(1);
  });
});

describe('installing', () => {
  test('puts the services away first, then ends Limpid', async () => {
    await prepare();
    await updates.install(pages);
    expect([services.isDisposed, engine.installed, app.released, app.quits]).toEqual([true, 1, 1, 1]);
  });

  test('waits for the end of a recording, also at quit', async () => {
    await prepare();
    const recording = { startedAtMs: 0 } as unknown as NonNullable<AppState['recording']>;
    await change({ recording });
    expect(await failureOf(updates.install(pages))).toBe('updates.recording');
    quit();
    expect(engine.installsAtQuit).toBe(false);
    await change({ recording: null });
    quit();
    expect(engine.installsAtQuit).toBe(true);
    expect(services.isDisposed).toBe(false);
  });

  test('at quit leaves all as it is where there is no room any more', async () => {
    await prepare();
    engine.installable = codedError('ENOSPC');
    quit();
    expect([engine.installsAtQuit, recorded]).toEqual([false, [engine.installable]]);
  });

  test('does not happen when the session of the person ends, not even when it was about to', async () => {
    await prepare();
    updates.keepForLater();
    quit();
    expect(engine.installsAtQuit).toBe(false);
    await updates.install(pages);
    expect([engine.installed, services.isDisposed, app.quits]).toEqual([0, true, 1]);
  });

  test('does not happen while a page wants to stay, and all goes on', async () => {
    await prepare();
    let goes = 0;
    await updates.install({ mayLeave: async () => false, letGo: () => void (goes += 1) });
    expect([engine.installed, services.isDisposed, app.quits, goes]).toEqual([0, false, 0, 0]);
    await updates.install({ mayLeave: async () => true, letGo: () => void (goes += 1) });
    expect([engine.installed, services.isDisposed, app.quits, goes]).toEqual([1, true, 1, 1]);
  });

  test('waits for the end of a recording also where Limpid is ended while a page is asked about', async () => {
    await prepare();
    void updates.install({ ...pages, mayLeave: () => new Promise(() => undefined) });
    await change({ recording: { startedAtMs: 0 } as unknown as NonNullable<AppState['recording']> });
    quit();
    expect(engine.installsAtQuit).toBe(false);
  });

  test('does not end a recording that began while a page was asked about', async () => {
    await prepare();
    const recording = { startedAtMs: 0 } as unknown as NonNullable<AppState['recording']>;
    const asked = { ...pages, mayLeave: () => change({ recording }).then(() => true) };
    expect(await failureOf(updates.install(asked))).toBe('updates.recording');
    expect(services.isDisposed).toBe(false);
  });

  test.each<[string, () => Promise<void>]>([
    ['never end', () => new Promise(() => undefined)],
    ['fail', () => Promise.reject(new Error('disk'))],
  ])('goes on where the services %s as they are put away', async (_name, dispose) => {
    await prepare();
    services.dispose = dispose;
    const installed = updates.install(pages);
    await vi.advanceTimersByTimeAsync(5000);
    await installed;
    expect([engine.installed, app.quits]).toEqual([1, 1]);
  });

  test('that macOS takes up but never ends with brings the old version back', async () => {
    await prepare();
    engine.install = () => false;
    await updates.install(pages);
    expect(app.relaunched).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([app.relaunched.length, app.quits]).toEqual([1, 1]);
  });

  test('that has no room, or nothing to install, changes nothing', async () => {
    create();
    await follow();
    expect(await failureOf(updates.install(pages))).toBe('updates.not-ready');
    await prepare();
    engine.installable = codedError('ENOSPC');
    expect(await failureOf(updates.install(pages))).toBe('updates.disk-full');
    expect([services.isDisposed, engine.installed, app.quits]).toEqual([false, 0, 0]);
  });

  test('that fails at the last moment brings the old version back', async () => {
    await prepare();
    engine.installError = codedError('EACCES');
    await updates.install(pages);
    expect(app.relaunched).toEqual([{ execPath: join(folder, 'Limpid.AppImage') }]);
    expect([app.quits, recorded]).toEqual([1, [engine.installError]]);
  });

  test('twice installs once', async () => {
    await prepare();
    await Promise.all([updates.install(pages), updates.install(pages)]);
    expect(engine.installed).toBe(1);
  });
});

describe('a failure', () => {
  const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

  test.each<[Error, string]>([
    [coded('ERR_CHECKSUM_MISMATCH'), 'updates.untrusted'],
    [coded('ERR_UPDATER_INVALID_SIGNATURE'), 'updates.untrusted'],
    [new Error('Code signature at URL file:///x did not pass validation'), 'updates.untrusted'],
    [new Error('Could not get code signature for running application'), 'updates.untrusted'],
    [coded('ENOSPC'), 'updates.disk-full'],
    [coded('EROFS'), 'updates.unwritable'],
    [coded('ENOTFOUND'), 'updates.unreachable'],
    [new Error('net::ERR_PROXY_CONNECTION_FAILED'), 'updates.unreachable'],
    [coded('HTTP_ERROR_407'), 'updates.unreachable'],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), 'updates.unreachable'],
    [coded('ERR_UPDATER_INVALID_UPDATE_INFO'), 'updates.feed-broken'],
    [new Error('something else'), 'updates.failed'],
  ])('%s is %s, with what to do', (error, code) => {
    const failure = updateFailure(error);
    expect(failure.code).toBe(code);
    const { message, hint, retryable } = toErrorShape(failure);
    expect([message, hint].every((text) => text.length > 10 && !text.includes('{'))).toBe(true);
    expect(retryable).toBe(code === 'updates.unreachable');
  });

  test('keeps no address that may hold a secret', () => {
    const failure = updateFailure(
      new Error('Cannot download "https://feed.example/Limpid.exe?signature=s3cret", status 500: x'),
    );
    expect(failure.code).toBe('updates.unreachable');
    expect(JSON.stringify([failure, failure.message, failure.cause])).not.toContain('s3cret');
  });
});
