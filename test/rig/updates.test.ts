import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  openUpdateEngine,
  type RequestMaker,
  type UpdateEngine,
  type UpdateEngineOptions,
} from '../../src/main/shell/updateEngine.js';
import { updateFailure } from '../../src/main/shell/updateFailures.js';
import { createUpdates } from '../../src/main/shell/updates.js';
import { makeCertificates } from '../fakes/faultyBackend.js';
import { createContractServices } from '../fakes/services.js';
import { FakeApp } from '../fakes/electron.js';
import { Installed, listOf, NodeExecutor, sha512, UpdateFeed } from './updateFeed.js';

// electron-updater itself, from the list of versions to the replaced file; of Electron only its network is left out.

let feed: UpdateFeed;
let installed: Installed;
const log: string[] = [];

beforeEach(async () => {
  feed = await UpdateFeed.start();
  install('1.2.0');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  installed.remove();
  log.length = 0;
  await feed.stop();
});

function install(version: string, config = `provider: generic\nurl: ${feed.url}`): void {
  installed?.remove();
  installed = new Installed(version, config);
  vi.stubEnv('APPIMAGE', installed.image);
  vi.stubEnv('APPDIR', installed.folder);
}

const open = (options: Partial<UpdateEngineOptions> & { ca?: string } = {}): Promise<UpdateEngine> =>
  openUpdateEngine({
    feed: { channel: 'latest', url: null },
    platform: 'linux',
    log: (line) => log.push(String(line)),
    instead: { app: installed.app, executor: new NodeExecutor(options.ca) as unknown as RequestMaker },
    ...options,
  });

const never = (): AbortSignal => new AbortController().signal;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => updateFailure(error).code,
  );

async function download(engine: UpdateEngine): Promise<string> {
  expect(await engine.find()).toBe('1.3.0');
  return codeOf(engine.download(() => undefined, never()));
}

const newImage = (marker: string): string => `#!/bin/sh\necho "$APPIMAGE_SILENT_INSTALL" > '${marker}'\n`;

describe('a new version', () => {
  test('is found, downloaded, checked, put in the place of the old one and started', async () => {
    const marker = join(installed.folder, 'started');
    const content = newImage(marker).padEnd(300_000, '#');
    feed.offer('1.3.0', content);
    const engine = await open();
    expect(await engine.find()).toBe('1.3.0');
    expect(readFileSync(installed.image, 'utf8')).toBe('limpid 1.2.0');

    const progress: number[] = [];
    await engine.download((part) => progress.push(part), never());
    expect(progress.at(-1)).toBe(1);
    expect(readFileSync(installed.image, 'utf8')).toBe('limpid 1.2.0');
    engine.requireInstallable();
    expect(engine.install()).toBe(true);
    expect(readFileSync(installed.image, 'utf8')).toBe(content);
    await expect.poll(() => existsSync(marker)).toBe(true);
  });

  test('whose file has another name tells where it is, before it is started', async () => {
    installed.rename('Limpid-1.2.0.AppImage');
    vi.stubEnv('APPIMAGE', installed.image);
    feed.files.set('/latest-linux.yml', listOf('1.3.0', 'Limpid-1.3.0.AppImage', newImage('/dev/null')));
    feed.files.set('/Limpid-1.3.0.AppImage', newImage('/dev/null'));
    const moved: string[] = [];
    const engine = await open({ imageMoved: (path) => moved.push(path) });
    expect(await download(engine)).toBe('none');
    engine.install();
    expect(moved).toEqual([join(dirname(installed.image), 'Limpid-1.3.0.AppImage')]);
    expect(existsSync(moved[0] ?? '')).toBe(true);
  });

  test.each(['1.2.0', '1.1.9', '1.3.0-beta.1', '0.9.0'])('is not %s', async (version) => {
    feed.offer(version, 'new');
    expect(await (await open()).find()).toBe(null);
    expect(feed.requests.map(({ path }) => path)).toEqual(['/latest-linux.yml']);
  });

  test('of another channel may be unfinished, but no older either', async () => {
    const engine = await open({ feed: { channel: 'beta', url: null } });
    feed.offer('1.3.0-beta.2', 'new', 'beta');
    expect(await engine.find()).toBe('1.3.0-beta.2');
    feed.offer('1.1.0-beta.9', 'new', 'beta');
    expect(await engine.find()).toBe(null);
  });

  test('comes from the server that the policy names', async () => {
    const other = await UpdateFeed.start();
    try {
      other.offer('1.3.0', 'new');
      const engine = await open({ feed: { channel: 'latest', url: other.url } });
      expect(await download(engine)).toBe('none');
      expect(feed.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test('comes by https from a server that is vouched for', async () => {
    const certificates = makeCertificates();
    const secure = await UpdateFeed.start(certificates);
    try {
      secure.offer('1.3.0', 'new');
      const url = secure.url;
      expect(await codeOf((await open({ feed: { channel: 'latest', url } })).find())).toBe('updates.unreachable');
      const ca = readFileSync(certificates.caFile, 'utf8');
      expect(await download(await open({ feed: { channel: 'latest', url }, ca }))).toBe('none');
    } finally {
      await secure.stop();
      certificates.remove();
    }
  });

  test('is asked for without a number that tells this computer from others', async () => {
    feed.offer('1.3.0', 'new');
    await download(await open());
    expect(feed.requests.length).toBeGreaterThan(1);
    for (const { headers } of feed.requests) expect(Object.keys(headers)).not.toContain('x-user-staging-id');
  });
});

describe('a download', () => {
  test('that is not what the list says is refused, removed and never installed', async () => {
    feed.files.set('/latest-linux.yml', listOf('1.3.0', 'Limpid.AppImage', 'new', sha512('what was published')));
    feed.files.set('/Limpid.AppImage', 'new');
    const engine = await open();
    expect(await download(engine)).toBe('updates.untrusted');
    expect(installed.left()).toEqual([]);
    expect(() => engine.requireInstallable()).toThrow(expect.objectContaining({ code: 'updates.not-ready' }));
    expect(() => engine.install()).toThrow('No update filepath');
    expect(readFileSync(installed.image, 'utf8')).toBe('limpid 1.2.0');
  });

  test('that breaks off leaves nothing, and works later', async () => {
    const content = 'x'.repeat(100_000);
    feed.offer('1.3.0', content);
    feed.files.set('/Limpid.AppImage', (response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.slice(0, 50_000), () => response.destroy());
    });
    const engine = await open();
    expect(await download(engine)).toBe('updates.unreachable');
    expect(installed.left()).toEqual([]);
    feed.offer('1.3.0', content);
    expect(await download(engine)).toBe('none');
  });

  test('that stands still is given up', async () => {
    feed.offer('1.3.0', 'new');
    feed.files.set('/Limpid.AppImage', (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('x');
    });
    expect(await download(await open({ stallMs: 300 }))).toBe('updates.unreachable');
  });

  test('that is called off ends', async () => {
    feed.offer('1.3.0', 'new');
    const asked = new Promise<void>((done) => {
      feed.files.set('/Limpid.AppImage', (response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('x', () => done());
      });
    });
    const engine = await open();
    await engine.find();
    const controller = new AbortController();
    const work = engine.download(() => undefined, controller.signal);
    await asked;
    controller.abort();
    await expect(work).rejects.toThrow('cancelled');
  });

  test('does not follow to an address without encryption', async () => {
    feed.offer('1.3.0', 'new');
    // Of a network for examples: a connection there would hang, not fail.
    const away = { location: 'http://192.0.2.1/Limpid.AppImage' };
    feed.files.set('/Limpid.AppImage', (response) => void response.writeHead(302, away).end());
    expect(await download(await open())).toBe('updates.insecure');
    expect(installed.left()).toEqual([]);

    feed.files.set('/latest-linux.yml', (response) => void response.writeHead(302, away).end());
    expect(await codeOf((await open()).find())).toBe('updates.insecure');
    feed.files.set('/latest-linux.yml', listOf('1.3.0', 'http://192.0.2.1/Limpid.AppImage', 'new'));
    expect(await download(await open())).toBe('updates.insecure');
  });

  test('is not taken from a Windows installer whose signature nobody can check', async () => {
    install('1.2.0', `provider: generic\nurl: ${feed.url}\npublisherName: [Limpid]`);
    feed.offer('1.3.0', 'new');
    feed.files.set('/latest-linux.yml', listOf('1.3.0', 'Limpid.exe', 'new'));
    feed.files.set('/Limpid.exe', 'new');
    const engine = await open({ platform: 'win32' });
    // It asks PowerShell by a line for cmd.exe, of which another system's shell makes a file named NUL.
    const folder = process.cwd();
    process.chdir(installed.folder);
    onTestFinished(() => process.chdir(folder));
    expect(await download(engine)).toBe('updates.untrusted');
    expect(log.join('\n')).toContain('Ignoring signature validation');
    expect(installed.left()).toEqual([]);
  });

  test.runIf(existsSync('/dev/shm'))('that does not fit beside the old version is not installed', async () => {
    const folder = mkdtempSync('/dev/shm/limpid-updates-');
    try {
      feed.offer('1.3.0', 'new');
      const engine = await open();
      expect(await download(engine)).toBe('none');
      truncateSync(join(installed.pending, 'Limpid.AppImage'), 10 ** 13);
      vi.stubEnv('APPIMAGE', join(folder, 'Limpid.AppImage'));
      expect(() => engine.requireInstallable()).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('on macOS a download', () => {
  /** Electron's `autoUpdater` around Squirrel: fetches the file from electron-updater, then says what it thinks of it. */
  class FakeSquirrel extends EventEmitter {
    url = '';
    headers: Record<string, string> = {};
    fetched: Promise<string> | null = null;
    setFeedURL = ({ url, headers }: { url: string; headers: Record<string, string> }): void => {
      this.url = url;
      this.headers = headers;
    };
    checkForUpdates = (): void => {
      this.fetched = fetch(this.url, { headers: this.headers })
        .then((answer) => answer.json() as Promise<{ url: string }>)
        .then(({ url }) => fetch(url))
        .then((answer) => answer.text());
    };
  }

  async function begin() {
    const squirrel = new FakeSquirrel();
    const { cache, resolve } = createRequire(import.meta.url) as unknown as NodeJS.Require;
    const id = resolve('electron');
    const before = cache[id];
    cache[id] = { id, loaded: true, exports: { autoUpdater: squirrel } } as NodeJS.Module;
    onTestFinished(() => {
      if (before) cache[id] = before;
      else delete cache[id];
    });
    // The list is that of the system it runs on, the rest that of macOS.
    feed.files.set('/latest-linux.yml', listOf('1.3.0', 'Limpid.zip', 'new'));
    feed.files.set('/Limpid.zip', 'new');
    const engine = await open({ platform: 'darwin' });
    expect(await engine.find()).toBe('1.3.0');
    let end: string | null = null;
    const ended = codeOf(engine.download(() => undefined, never())).then((code) => (end = code));
    await expect.poll(() => squirrel.fetched).not.toBe(null);
    expect(await squirrel.fetched).toBe('new');
    // electron-updater is content now.
    await expect.poll(() => log.some((line) => line.includes('requested by Squirrel.Mac'))).toBe(true);
    await new Promise((resolved) => setImmediate(resolved));
    return { squirrel, ended, end: () => end };
  }

  test('is there only once Squirrel has unpacked and checked it', async () => {
    const { squirrel, ended, end } = await begin();
    expect(end()).toBe(null);
    squirrel.emit('update-downloaded');
    expect(await ended).toBe('none');
  });

  test('that Squirrel refuses has failed', async () => {
    const { squirrel, ended } = await begin();
    squirrel.emit('error', new Error('Code signature at URL file:///x did not pass validation'));
    expect(await ended).toBe('updates.untrusted');
  });
});

describe('a list of versions', () => {
  test.each([
    ['is no YAML', 'version: [1.3.0\nfiles: }{'],
    ['is the page of a network that wants a sign-in', '<!doctype html><title>Welcome</title>'],
    ['is empty', ''],
    ['names no version', 'files: []\n'],
    ['names no files', 'version: 1.3.0\n'],
    ['has no hash', 'version: 1.3.0\nfiles:\n  - url: Limpid.AppImage\n'],
    ['has only a short hash', 'version: 1.3.0\nfiles:\n  - url: Limpid.AppImage\n    sha2: abcdef\n'],
    ['has a cut hash', listOf('1.3.0', 'Limpid.AppImage', 'new', 'YWJj')],
  ])('that %s is told as broken', async (_case, text) => {
    feed.files.set('/latest-linux.yml', text);
    expect(await codeOf((await open()).find())).toBe('updates.feed-broken');
  });

  test('that is not there is told as broken', async () => {
    expect(await codeOf((await open()).find())).toBe('updates.feed-broken');
  });

  test('on a server that is down, or fails, is told as unreachable', async () => {
    feed.files.set('/latest-linux.yml', (response) => void response.writeHead(503).end());
    expect(await codeOf((await open()).find())).toBe('updates.unreachable');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    await new Promise((done) => server.close(done));
    expect(await codeOf((await open({ feed: { channel: 'latest', url } })).find())).toBe('updates.unreachable');
  });
});

describe('an installation', () => {
  test('takes nothing from an address without encryption, whoever names it', async () => {
    const url = 'http://updates.example';
    expect(await codeOf(open({ feed: { channel: 'latest', url } }))).toBe('updates.insecure');
    install('1.2.0', `provider: generic\nurl: ${url}`);
    expect(await codeOf(open())).toBe('updates.insecure');
  });

  test('that names no server, or for Windows no publisher, takes no updates', async () => {
    expect(await codeOf(open({ platform: 'win32' }))).toBe('updates.unsigned');
    install('1.2.0', '');
    expect(await codeOf(open())).toBe('updates.no-feed');
  });

  test('is updated as a whole: the services are put away before the new version starts', async () => {
    const marker = join(installed.folder, 'started');
    feed.offer('1.3.0', newImage(marker));
    const services = Object.assign(createContractServices(), {
      updatePolicy: () => ({ isAllowed: true, channel: 'latest', feedUrl: null }),
    });
    const app = Object.assign(new FakeApp(), {
      isPackaged: true,
      relaunch: () => undefined,
      releaseSingleInstanceLock: () => undefined,
    });
    const updates = createUpdates({
      app: app as never,
      platform: 'linux',
      execPath: join(installed.folder, 'limpid'),
      resourcesPath: installed.folder,
      openEngine: (from) => open({ feed: from }),
    });
    updates.follow(services);
    await expect.poll(() => updates.view.phase).not.toBe('off');
    await updates.check();
    await expect.poll(() => updates.view).toMatchObject({ phase: 'ready', version: '1.3.0' });
    let wasStarted: boolean | null = null;
    const { dispose } = services;
    services.dispose = async () => {
      wasStarted = existsSync(marker);
      await dispose();
    };
    await updates.install({ mayLeave: async () => true, letGo: () => undefined });
    expect([wasStarted, services.isDisposed, app.quits]).toEqual([false, true, 1]);
    await expect.poll(() => existsSync(marker)).toBe(true);
    updates.dispose();
  });
});
