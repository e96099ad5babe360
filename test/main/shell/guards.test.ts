import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerAppScheme, serveRenderer } from '../../../src/main/shell/appProtocol.js';
import { lockContents } from '../../../src/main/shell/lockdown.js';
import { originOf } from '../../../src/main/shell/permissions.js';
import { asApp, FakeApp, FakeEvent, FakeWebContents } from '../../fakes/electron.js';

test('an origin is scheme and host, of unknown schemes too', () => {
  expect(originOf('app://limpid/index.html?x#y')).toBe('app://limpid');
  expect(originOf('http://127.0.0.1:5173/a')).toBe('http://127.0.0.1:5173');
  expect(originOf('no url')).toBe('');
});

// What no page may at all is in test/security/shell.test.ts, with the permissions.
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
    return { isPrevented };
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

  test('frames cannot go anywhere', () => {
    const { isPrevented } = createLocked();
    expect(isPrevented('will-frame-navigate', { url: 'app://limpid/index.html', isMainFrame: false })).toBe(true);
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

  test('is a standard, secure scheme that does not go around the policy', () => {
    const registered: unknown[] = [];
    registerAppScheme({ registerSchemesAsPrivileged: (schemes) => void registered.push(...schemes) });
    expect(registered).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('serves the page with the policy of Electron', async () => {
    const response = await handle({ url: 'app://limpid/', method: 'GET' } as Request);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<html>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
