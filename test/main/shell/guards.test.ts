import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appOrigin, registerAppScheme, serveRenderer } from '../../../src/main/shell/appProtocol.js';
import { lockContents } from '../../../src/main/shell/lockdown.js';
import { limitPermissions, originOf } from '../../../src/main/shell/permissions.js';
import { asApp, FakeApp, FakeEvent, FakeWebContents } from '../../fakes/electron.js';

describe('permissions', () => {
  type Session = Parameters<typeof limitPermissions>[0];

  function setUp() {
    const handlers: Partial<Record<'request' | 'check' | 'device', (...args: never[]) => unknown>> = {};
    limitPermissions(
      {
        setPermissionRequestHandler: (handler: (...args: never[]) => void) => void (handlers.request = handler),
        setPermissionCheckHandler: (handler: (...args: never[]) => boolean) => void (handlers.check = handler),
        setDevicePermissionHandler: (handler: (...args: never[]) => boolean) => void (handlers.device = handler),
      } as unknown as Session,
      appOrigin,
    );
    const call = (name: keyof typeof handlers, ...args: unknown[]) => handlers[name]?.(...(args as never[]));
    return {
      check: (permission: string, origin: string) => call('check', null, permission, origin),
      request: (permission: string, requestingUrl: string) => {
        let granted: boolean | undefined;
        call('request', null, permission, (answer: boolean) => (granted = answer), { requestingUrl });
        return granted;
      },
      device: () => call('device', {}),
    };
  }

  test.each([
    'media',
    'display-capture',
    'geolocation',
    'notifications',
    'midi',
    'hid',
    'serial',
    'usb',
    'openExternal',
    'fileSystem',
    'clipboard-read',
    'fullscreen',
    'toString',
    'something-of-next-year',
  ])('%s is refused to our own page', (permission) => {
    const { check, request } = setUp();
    expect(check(permission, `${appOrigin}/`)).toBe(false);
    expect(request(permission, `${appOrigin}/index.html`)).toBe(false);
  });

  test('copying text is allowed to our own page only', () => {
    const { check, request, device } = setUp();
    const copying = 'clipboard-sanitized-write';
    expect([check(copying, `${appOrigin}/`), request(copying, `${appOrigin}/index.html`)]).toEqual([true, true]);
    expect([check(copying, 'https://example.org/'), request(copying, 'app://other/')]).toEqual([false, false]);
    expect([check(copying, ''), device()]).toEqual([false, false]);
  });

  test('an origin is scheme and host, of unknown schemes too', () => {
    expect(originOf('app://limpid/index.html?x#y')).toBe('app://limpid');
    expect(originOf('http://127.0.0.1:5173/a')).toBe('http://127.0.0.1:5173');
    expect(originOf('no url')).toBe('');
  });
});

describe('lockdown', () => {
  function createLocked() {
    const app = new FakeApp();
    lockContents(asApp(app));
    const contents = new FakeWebContents();
    app.emit('web-contents-created', {}, contents);
    const isPrevented = (name: string, details: object) => {
      const event = new FakeEvent(details);
      contents.emit(name, event, {}, {});
      return event.isPrevented;
    };
    return { contents, isPrevented };
  }

  test.each([
    'https://example.org/',
    'file:///etc/passwd',
    'app://limpid/other.html',
    'app://other/index.html',
    'javascript:alert(1)',
  ])('the page cannot go to %s', (url) => {
    expect(createLocked().isPrevented('will-navigate', { url, isMainFrame: true })).toBe(true);
  });

  test('the page can reload itself', () => {
    expect(createLocked().isPrevented('will-navigate', { url: 'app://limpid/index.html' })).toBe(false);
  });

  test('frames cannot go anywhere, nothing redirects, nothing embeds a browser', () => {
    const { isPrevented } = createLocked();
    expect(isPrevented('will-frame-navigate', { url: 'app://limpid/index.html', isMainFrame: false })).toBe(true);
    expect(isPrevented('will-redirect', { url: 'app://limpid/index.html' })).toBe(true);
    expect(isPrevented('will-attach-webview', {})).toBe(true);
  });

  test('no new window opens, not even of our own page', () => {
    expect(createLocked().contents.windowOpenHandler?.({ url: 'app://limpid/index.html' })).toEqual({ action: 'deny' });
  });
});

describe('app://', () => {
  let root: string;
  let handle: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'limpid-app-'));
    await writeFile(join(root, 'index.html'), '<html>');
    serveRenderer({ handle: (_scheme, handler) => (handle = handler as typeof handle) }, root);
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  const get = (url: string, method = 'GET') => handle({ url, method } as Request);

  test('is a standard, secure scheme that does not go around the policy', () => {
    const registered: unknown[] = [];
    registerAppScheme({ registerSchemesAsPrivileged: (schemes) => void registered.push(...schemes) });
    expect(registered).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('serves the page with the policy of Electron', async () => {
    const response = await get('app://limpid/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<html>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    ['app://limpid/missing.html', 'GET', 404],
    ['app://limpid/..%2f..%2fetc/passwd', 'GET', 404],
    ['app://limpid/%2e%2e%2fpackage.json', 'GET', 404],
    ['app://other/index.html', 'GET', 403],
    ['app://limpid/index.html', 'POST', 403],
  ])('answers %s (%s) with %i', async (url, method, status) => {
    expect((await get(url, method)).status).toBe(status);
  });
});
