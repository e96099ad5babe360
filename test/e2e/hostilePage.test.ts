import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPanel, type Panel } from '../../src/main/host/panel.js';
import { createContractServices, type ContractServices } from '../fakes/services.js';
import { noBrowserReason, openBrowser } from './browser.js';
import { buildWindow, type BuiltWindow } from './buildWindow.js';

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 50 });

/**
 * Our own script turned against us: it is loaded as one of our files, so that it may do everything the page may. (What a test
 * evaluates in a page is not under the page's policy.)
 */
const hostileScript = (strangerPort: number): string => `
  const outcome = (action) => Promise.resolve().then(action).then((value) => value ?? 'done', (error) => error.name);
  const violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** Which rule of the policy an action breaks. */
  const ruleAgainst = async (action) => {
    violations.length = 0;
    action();
    for (let waited = 0; waited < 2000 && violations.length === 0; waited += 20) await pause(20);
    return violations[0] ?? 'none';
  };
  const add = (tag, attributes) => document.body.appendChild(Object.assign(document.createElement(tag), attributes));
  const embed = (tag, attributes) => ruleAgainst(() => add(tag, attributes));
  const answer = async (...call) => {
    const result = await window.limpid.call(...call);
    return result.ok ? 'ok' : result.error.code;
  };
  const attacks = {
    eval: () => eval('1 + 1'),
    newFunction: () => new Function('return 1')(),
    timerOfText: () => new Promise((resolve) => {
      window.fromText = () => resolve('ran');
      setTimeout('fromText()', 0);
      setTimeout(() => resolve('refused'), 300);
    }),
    inlineScript: async () => [await embed('script', { text: 'window.inlineRan = true' }), window.inlineRan ? 'ran' : 'refused'].join(),
    inlineHandler: async () => {
      const rule = await ruleAgainst(() => {
        const box = add('div', {});
        box.setAttribute('onclick', 'window.handlerRan = true');
        box.click();
      });
      return [rule, window.handlerRan ? 'ran' : 'refused'].join();
    },
    inlineStyle: () => embed('style', { textContent: 'body { display: none }' }),
    strangerScript: () => embed('script', { src: 'http://127.0.0.1:${strangerPort}/x.js' }),
    fetchElsewhere: () => fetch('http://127.0.0.1:${strangerPort}/', { mode: 'no-cors' }).then(() => 'reached'),
    fetchFile: () => fetch('file:///etc/passwd').then(() => 'read'),
    socketElsewhere: () => new Promise((resolve, reject) => {
      const socket = new WebSocket('ws://127.0.0.1:${strangerPort}/');
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    }),
    worker: () => new Promise((resolve) => {
      const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
      worker.onmessage = () => resolve('ran');
      worker.onerror = () => resolve('refused');
    }),
    iframe: () => embed('iframe', { src: '/index.html' }),
    scriptInFrame: async () => {
      add('iframe', { srcdoc: '<script>parent.frameRan = true</scr' + 'ipt>' });
      await pause(500);
      return window.frameRan ? 'ran' : 'refused';
    },
    fileFrame: async () => {
      const frame = add('iframe', { src: 'file:///etc/passwd' });
      await pause(500);
      const seen = frame.contentDocument?.body?.textContent ?? '';
      return seen === '' ? 'refused' : seen;
    },
    object: () => embed('object', { data: '/index.html' }),
    embed: () => embed('embed', { src: '/index.html' }),
    webview: () => typeof document.createElement('webview').getWebContentsId,
    form: () => ruleAgainst(() => add('form', { action: 'http://127.0.0.1:${strangerPort}/', method: 'post' }).submit()),
    base: () => ruleAgainst(() => document.head.append(Object.assign(document.createElement('base'), { href: 'http://127.0.0.1:${strangerPort}/' }))),
    devices: () => ['microphone', 'camera', 'geolocation', 'usb', 'serial', 'hid', 'midi', 'payment', 'display-capture']
      .filter((feature) => document.featurePolicy.allowsFeature(feature)).join(),
    microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', () => 'refused'),
    unknownCall: () => window.limpid.call('shell.openExternal', { url: 'file:///bin/sh' }),
    prototypeCall: () => window.limpid.call('__proto__'),
    wrongShape: () => answer('live.setLevel', { level: 'loud' }),
    addressInsteadOfTopic: () => answer('help.open', { topic: 'file:///bin/sh' }),
    hugeArgument: () => Promise.race([
      answer('backend.select', { name: 'x'.repeat(1_000_000) }),
      new Promise((resolve) => setTimeout(resolve, 3000, 'no answer')),
    ]),
    electron: () => [typeof require, typeof process, typeof ipcRenderer, typeof module].join(),
    bridge: () => Object.keys(window.limpid).toSorted().join(),
  };
  // In a task of its own: what a test evaluates may make code from text.
  window.hostile = (name) => new Promise((resolve) => setTimeout(() => resolve(outcome(attacks[name]))));
  window.attacks = Object.keys(attacks);
`;

/** What comes of each attack. */
const outcomes: Record<string, string> = {
  eval: 'EvalError',
  newFunction: 'EvalError',
  timerOfText: 'refused',
  inlineScript: 'script-src-elem,refused',
  inlineHandler: 'script-src-attr,refused',
  inlineStyle: 'style-src-elem',
  strangerScript: 'script-src-elem',
  fetchElsewhere: 'TypeError',
  fetchFile: 'TypeError',
  socketElsewhere: 'refused',
  worker: 'refused',
  iframe: 'frame-src',
  scriptInFrame: 'refused',
  fileFrame: 'refused',
  object: 'object-src',
  embed: 'object-src',
  webview: 'undefined',
  form: 'form-action',
  base: 'base-uri',
  devices: '',
  microphone: 'refused',
  unknownCall: 'TypeError',
  prototypeCall: 'TypeError',
  wrongShape: 'gateway.argument',
  addressInsteadOfTopic: 'gateway.argument',
  hugeArgument: 'panel.disconnected',
  electron: 'undefined,undefined,undefined,undefined',
  bridge: 'addFiles,call,on,stopAdding',
};

/** The list that Electron's own tests go through, for the panel in a real Chromium. */
describe.skipIf(noBrowserReason)(
  `a hostile page at the panel${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`,
  () => {
    let window: BuiltWindow;
    let browser: Browser;
    let context: BrowserContext;
    let services: ContractServices;
    let panel: Panel;
    let stranger: Server;
    let strangerPort: number;
    /** What reached the stranger. */
    const visits: string[] = [];
    let strangerPage = '';

    beforeAll(async () => {
      stranger = createServer((request, response) => {
        visits.push(`${request.method} ${request.url}`);
        response.writeHead(200, { 'content-type': 'text/html' }).end(strangerPage);
      });
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      strangerPort = (stranger.address() as AddressInfo).port;
      window = await buildWindow();
      await writeFile(join(window.root, 'hostile.js'), hostileScript(strangerPort));
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await window?.remove();
      stranger?.close();
    });
    beforeEach(async () => {
      visits.length = 0;
      services = createContractServices();
      panel = await startPanel({ services, rendererRoot: window.root, port: 0, report: () => undefined });
      context = await browser.newContext();
    });
    afterEach(async () => {
      await context.close();
      await panel.close();
    });

    const strength = (page: Page) => page.getByRole('slider', { name: 'Strength' });
    const openOurs = async (): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(panel.createLinkUrl());
      await strength(page).waitFor();
      return page;
    };
    const turnHostile = async (page: Page): Promise<void> => {
      await page.evaluate(`new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement('script'), { src: '/hostile.js', onload: resolve, onerror: reject });
        document.head.append(script);
      })`);
    };
    const expectAppGoesOn = async (page: Page): Promise<void> => {
      const before = services.state.level;
      await strength(page).press(before > 0.5 ? 'ArrowLeft' : 'ArrowRight');
      await eventually(() => services.state.level).not.toBe(before);
    };

    test('gets nothing that the page does not need, and the app goes on', async () => {
      const page = await openOurs();
      await turnHostile(page);
      expect(await page.evaluate('window.attacks')).toEqual(Object.keys(outcomes));
      const seen: Record<string, unknown> = {};
      for (const name of Object.keys(outcomes)) seen[name] = await page.evaluate(`window.hostile('${name}')`);
      expect(seen).toEqual(outcomes);
      expect(visits).toEqual([]);
      await eventually(async () => {
        await page.evaluate("window.limpid.call('live.setLevel', { level: 0.25 })");
        return services.state.level;
      }).toBe(0.25);
      await page.reload();
      await expectAppGoesOn(page);
    });

    test('that leads the window elsewhere leaves the bridge and the way in behind', async () => {
      strangerPage = '<title>stranger</title>';
      const page = await openOurs();
      await page.evaluate(`void (location.href = 'http://127.0.0.1:${strangerPort}/')`);
      await eventually(() => page.title()).toBe('stranger');
      expect(await page.evaluate('[typeof window.limpid, document.cookie, document.referrer].join()')).toBe(
        'undefined,,',
      );
      await page.goBack();
      await strength(page).waitFor();
      await expectAppGoesOn(page);
    });

    test('that opens a window gives it no hold on ours', async () => {
      strangerPage = '<title>stranger</title>';
      const page = await openOurs();
      const opened = context.waitForEvent('page');
      await page.evaluate(`void window.open('http://127.0.0.1:${strangerPort}/')`);
      const other = await opened;
      await eventually(() => other.title()).toBe('stranger');
      expect(await other.evaluate('[window.opener === null, typeof window.limpid].join()')).toBe('true,undefined');
      await expectAppGoesOn(page);
    });

    test('of another origin can neither show, ask nor hear the panel of the browser that is signed in', async () => {
      const page = await openOurs();
      const reachedBefore = services.reached.length;
      strangerPage = '<title>stranger</title><iframe></iframe>';
      const other = await context.newPage();
      await other.goto(`http://127.0.0.1:${strangerPort}/`);
      const outcome = await other.evaluate(`(async () => {
        const ours = 'http://127.0.0.1:${panel.port}';
        const socket = new Promise((resolve) => {
          const socket = new WebSocket('ws://127.0.0.1:${panel.port}/socket');
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        });
        const frame = document.querySelector('iframe');
        const framed = new Promise((resolve) => (frame.onload = () => {
          try { resolve(frame.contentDocument === null ? 'refused' : 'shown'); } catch { resolve('refused'); }
        }));
        frame.src = ours + '/';
        const post = (path) => fetch(ours + path, { method: 'POST', credentials: 'include', body: 'x', mode: 'no-cors' })
          .then(({ type }) => type, () => 'refused');
        const read = (path) => fetch(ours + path, { credentials: 'include' }).then(() => 'read', () => 'refused');
        return [await socket, await framed, await read('/'), await read('/session'), await post('/upload?name=x.wav'), await post('/admin/link')];
      })()`);
      expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'refused']);
      const shown = other.frames().find((frame) => frame.parentFrame() !== null);
      expect(await shown?.evaluate('typeof window.limpid')).toBe('undefined');
      expect(services.reached.length).toBe(reachedBefore);
      await expectAppGoesOn(page);
    });
  },
);
