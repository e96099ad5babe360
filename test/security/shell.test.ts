import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appOrigin, serveRenderer } from '../../src/main/shell/appProtocol.js';
import { lockContents } from '../../src/main/shell/lockdown.js';
import { limitPermissions } from '../../src/main/shell/permissions.js';
import { asApp, FakeApp, FakeEvent, FakeWebContents } from '../fakes/electron.js';

const typings = await readFile(
  fileURLToPath(new URL('../../node_modules/electron/electron.d.ts', import.meta.url)),
  'utf8',
);

/** Every permission that this version of Electron asks for in one of the two handlers. */
const permissionsOf = (handler: 'setPermissionRequestHandler' | 'setPermissionCheckHandler'): string[] => {
  const union = new RegExp(`${handler}\\(handler:[^\\n]*?permission: ([^,)]*),`).exec(typings)?.[1] ?? '';
  return [...union.matchAll(/'([^']+)'/g)].flatMap(([, name]) => name ?? []);
};

describe('permissions', () => {
  type Session = Parameters<typeof limitPermissions>[0];
  const handlers = new Map<string, (...args: never[]) => unknown>();
  const keep = (name: string) => (handler: unknown) =>
    void handlers.set(name, handler as (...args: never[]) => unknown);
  limitPermissions(
    {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
    } as unknown as Session,
    appOrigin,
  );
  const call = (name: string, ...args: unknown[]): unknown => handlers.get(name)?.(...(args as never[]));
  const isRequestGranted = (permission: string, requestingUrl: string): unknown => {
    let answer: unknown;
    call('request', null, permission, (granted: boolean) => (answer = granted), { requestingUrl });
    return answer;
  };

  test('of the pinned Electron are all known here', () => {
    expect(permissionsOf('setPermissionRequestHandler').length).toBeGreaterThan(30);
    expect(permissionsOf('setPermissionCheckHandler')).toEqual(
      expect.arrayContaining(['media', 'hid', 'usb', 'serial']),
    );
  });

  test('our own page may copy text, and has no other', () => {
    const requested = permissionsOf('setPermissionRequestHandler');
    const checked = permissionsOf('setPermissionCheckHandler');
    const page = `${appOrigin}/index.html`;
    expect(requested.filter((permission) => isRequestGranted(permission, page) !== false)).toEqual([
      'clipboard-sanitized-write',
    ]);
    expect(checked.filter((permission) => call('check', null, permission, page) !== false)).toEqual([
      'clipboard-sanitized-write',
    ]);
    expect(call('device', { deviceType: 'hid', origin: appOrigin })).toBe(false);
  });

  test.each(['https://example.org/', 'file:///index.html', 'app://other/', 'app://limpid.example.org/', 'null', ''])(
    'a page at “%s” has none',
    (page) => {
      const names = permissionsOf('setPermissionRequestHandler');
      expect(names.filter((permission) => isRequestGranted(permission, page) !== false)).toEqual([]);
      expect(names.filter((permission) => call('check', null, permission, page) !== false)).toEqual([]);
    },
  );

  test.each(['__proto__', 'constructor', 'toString', ''])('%j is the name of none', (permission) => {
    expect(isRequestGranted(permission, appOrigin)).toBe(false);
    expect(call('check', null, permission, appOrigin)).toBe(false);
  });
});

describe('every page there is', () => {
  function createPages(count: number): { contents: FakeWebContents; isPrevented(name: string): boolean }[] {
    const app = new FakeApp();
    lockContents(asApp(app));
    const session = new FakeWebContents().session;
    return Array.from({ length: count }, () => {
      const contents = new FakeWebContents();
      contents.session = session;
      app.emit('web-contents-created', {}, contents);
      return {
        contents,
        isPrevented: (name) => {
          const event = new FakeEvent({ url: 'https://example.org/', isMainFrame: true });
          contents.emit(name, event, {}, {});
          return event.isPrevented;
        },
      };
    });
  }

  test.each(['will-navigate', 'will-redirect', 'will-attach-webview'])('is refused %s', (name) => {
    expect(createPages(2).map(({ isPrevented }) => isPrevented(name))).toEqual([true, true]);
  });

  test('opens no window', () => {
    const answers = createPages(2).map(({ contents }) => contents.windowOpenHandler?.({ url: 'about:blank' }));
    expect(answers).toEqual([{ action: 'deny' }, { action: 'deny' }]);
  });

  test('saves nothing to the disk, whoever of them asks', () => {
    const [page] = createPages(2);
    const event = new FakeEvent();
    page?.contents.session.emit('will-download', event, {}, page.contents);
    expect(event.isPrevented).toBe(true);
    expect(page?.contents.session.listenerCount('will-download')).toBe(1);
  });
});

describe('app://limpid', () => {
  let folder: string;
  let handle: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-protocol-'));
    const root = join(folder, 'renderer');
    await mkdir(join(root, 'assets'), { recursive: true });
    await mkdir(join(folder, 'main'));
    await writeFile(join(root, 'index.html'), '<html>');
    await writeFile(join(folder, 'secret.html'), 'secret');
    await writeFile(join(folder, 'main/index.js'), 'secret');
    for (const name of ['page.sh', 'notes.txt', 'noending', 'data.map', '.html']) {
      await writeFile(join(root, name), 'secret');
    }
    // Where a backslash is a letter.
    if (process.platform !== 'win32') await writeFile(join(root, 'back\\slash.html'), 'secret');
    await symlink(join(folder, 'secret.html'), join(root, 'link.html'));
    await symlink(join(folder, 'main'), join(root, 'linked'));
    serveRenderer({ handle: (_scheme, handler) => (handle = handler as typeof handle) }, root);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const statusOf = async (url: string, method = 'GET'): Promise<number> =>
    (await handle({ url, method } as Request)).status;

  test('gives its page, and files beside it', async () => {
    expect(await statusOf('app://limpid/index.html')).toBe(200);
    expect(await statusOf('app://limpid/')).toBe(200);
  });

  test.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'get'])('refuses %s', async (method) => {
    expect(await statusOf('app://limpid/index.html', method)).toBe(403);
  });

  test.each(['app://other/index.html', 'app://limpid:80/index.html', 'app://limpid.example.org/', 'app:///index.html'])(
    'refuses %s, which is no place of ours',
    async (url) => {
      expect(await statusOf(url)).toBe(403);
    },
  );

  test.each([
    '/../secret.html',
    '/..%2fsecret.html',
    '/%2e%2e%2fsecret.html',
    '/%2e%2e/secret.html',
    '/assets/../../secret.html',
    '/assets/..%2findex.html',
    '/back%5cslash.html',
    '/assets/..%2f..%2fsecret.html',
    '/..%5csecret.html',
    '/..\\secret.html',
    '/%252e%252e%252fsecret.html',
    '/%c0%ae%c0%ae/secret.html',
    '/index.html%00.html',
    '/secret.html%00',
    '/C:/Windows/win.html',
    '/C%3A%5CWindows%5Cwin.html',
    '//server/share/page.html',
    '/%5c%5cserver%5cshare%5cpage.html',
    '/index.html::$DATA',
    '/etc/passwd',
    '/link.html',
    '/linked/index.js',
    '/page.sh',
    '/notes.txt',
    '/noending',
    '/data.map',
    '/.html',
    '/%',
  ])('gives nothing for %s', async (path) => {
    const response = await handle({ url: `app://limpid${path}`, method: 'GET' } as Request);
    expect([response.status, await response.text()]).toEqual([404, '']);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
