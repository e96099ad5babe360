import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentSecurityPolicy, securityHeaders, type CspHost } from '../../src/main/host/csp.js';
import { windowOptions } from '../../src/main/shell/mainWindow.js';
import { buildWindow, type BuiltWindow } from '../e2e/buildWindow.js';

test('the window is opened with these options for its page and no others', () => {
  const parts = { preloadPath: '/app/out/preload/index.cjs', hasDevTools: false };
  expect(windowOptions(parts, {}).webPreferences).toEqual({
    preload: parts.preloadPath,
    devTools: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

test('the sandbox is on for every page before the app is ready', async () => {
  const entry = await readFile(fileURLToPath(new URL('../../src/main/index.ts', import.meta.url)), 'utf8');
  const lines = ['app.enableSandbox();', 'registerAppScheme(protocol);', 'lockContents(app);'];
  const places = lines.map((line) => entry.indexOf(`\n${line}`));
  expect(places.map((place) => place > 0 && place < entry.indexOf('app.whenReady()'))).toEqual([true, true, true]);
});

const hosts: [CspHost, connects: string][] = [
  [{ host: 'electron' }, "'none'"],
  [{ host: 'panel', port: 4711 }, "'self' ws://127.0.0.1:4711"],
];

describe.each(hosts)('the headers of %j', (page, connects) => {
  test('allow our own files, and nothing inline or from text', () => {
    expect(contentSecurityPolicy(page).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src ${connects}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test('keep other pages, sniffing, referrers and devices away', () => {
    expect(securityHeaders(page)).toEqual({
      'content-security-policy': contentSecurityPolicy(page),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy':
        'camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });
});

describe('the built page', () => {
  let built: BuiltWindow;
  let html: string;
  let scripts: { name: string; text: string }[];

  beforeAll(async () => {
    built = await buildWindow();
    html = await readFile(join(built.root, 'index.html'), 'utf8');
    const names = await readdir(built.root, { recursive: true });
    scripts = await Promise.all(
      names
        .filter((name) => name.endsWith('.js'))
        .map(async (name) => ({ name, text: await readFile(join(built.root, name), 'utf8') })),
    );
  }, 120_000);
  afterAll(() => built.remove());

  test('has no script, style or handler of its own in its markup', () => {
    const tags = [...html.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g)];
    expect(tags.length).toBeGreaterThan(1);
    expect(tags.filter(([, attributes, text]) => !attributes?.includes('src=') || text !== '')).toEqual([]);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+\s*=|javascript:|<(iframe|object|embed|webview|base|form)\b/i);
  });

  test('takes everything from beside itself', () => {
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((address) => !address?.startsWith('./'))).toEqual([]);
  });

  test('makes no code and no markup from text', () => {
    expect(scripts.length).toBeGreaterThan(2);
    const making = scripts.filter(({ text }) => /\beval\(|\bnew Function\b|document\.write\(/.test(text));
    expect(making.map(({ name }) => name)).toEqual([]);
  });

  test('knows no address of the web to load from', () => {
    const loading =
      /(?:import|fetch|importScripts|new Worker|new WebSocket|EventSource)\(\s*["'`](?:https?|wss?|file):\/\/(?!\$)/;
    expect(scripts.filter(({ text }) => loading.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
