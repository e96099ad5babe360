import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fusesFor } from '../../scripts/package/afterPack.mjs';
import { fusesThatAreOn } from '../packaging/fuses.js';
import { electronFolder, noElectronReason, openApp, skipNote, type RunningApp } from './electronApp.js';

/**
 * The protections in Electron itself. Where its program cannot run, test/security/shell.test.ts and test/main/shell/guards.test.ts
 * hold them against the fake module, and test/e2e/hostilePage.test.ts goes through the same list in a browser.
 */
describe.skipIf(noElectronReason)(`the locked window in Electron${skipNote}`, () => {
  let limpid: RunningApp;
  beforeAll(async () => {
    limpid = await openApp();
  });
  afterAll(() => limpid?.close());

  const inPage = (script: string): Promise<unknown> => limpid.page.evaluate(script);

  test('runs its page in a sandbox', async () => {
    const [pid, metrics] = await limpid.app.evaluate(
      ({ app, BrowserWindow }) =>
        [BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0, app.getAppMetrics()] as const,
    );
    if (process.platform === 'linux') {
      // 2: system calls pass a filter.
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s*2$/m);
    } else {
      expect(metrics.find((each) => each.pid === pid)?.sandboxed).toBe(true);
    }
  });

  test('serves app://limpid alone, and nothing outside its folder', async () => {
    const statuses = await limpid.app.evaluate(
      async ({ net }, addresses) => {
        const answers: number[] = [];
        for (const address of addresses) answers.push(await net.fetch(address).then(({ status }) => status));
        return answers;
      },
      [
        'app://limpid/index.html',
        'app://limpid/%2e%2e%2fmain/index.js',
        'app://limpid/..%5cmain%5cindex.js',
        'app://other/index.html',
        'app://limpid/package.json%00.html',
      ],
    );
    expect(statuses).toEqual([200, 404, 404, 403, 404]);
  });

  test.each([
    'https://example.org/',
    'file:///etc/passwd',
    'app://other/index.html',
    'app://limpid/first-paint.js',
    'data:text/html,<p>other',
  ])('does not go to %s', async (address) => {
    await inPage(`void (location.href = ${JSON.stringify(address)})`);
    // A page that left would not answer, or from elsewhere.
    expect(await inPage('new Promise((resolve) => setTimeout(() => resolve(location.href), 300))')).toBe(
      'app://limpid/index.html',
    );
  });

  test('opens no window and embeds nothing', async () => {
    expect(await inPage(`window.open('https://example.org/') === null`)).toBe(true);
    expect(await inPage(`typeof document.createElement('webview').getWebContentsId`)).toBe('undefined');
    // Another origin's frame refuses to be read.
    const bridge = await inPage(`new Promise((resolve) => {
      const frame = Object.assign(document.createElement('iframe'), { src: 'file:///etc/passwd' });
      const read = () => {
        try { resolve(typeof frame.contentWindow.limpid); } catch ({ name }) { resolve(name); }
      };
      frame.addEventListener('load', () => setTimeout(read, 100));
      setTimeout(read, 3000);
      document.body.append(frame);
    })`);
    expect(['undefined', 'SecurityError']).toContain(bridge);
    const addresses = await limpid.app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map(({ mainFrame }) => mainFrame.framesInSubtree.map(({ url }) => url)),
    );
    expect(addresses).toHaveLength(1);
    expect(addresses.flat().filter((address) => address.startsWith('file:'))).toEqual([]);
  });

  test('has no menu that reloads its page or looks inside it', async () => {
    const roles = await limpid.app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap(
        ({ submenu }) => submenu?.items.map(({ role }) => `${role}`) ?? [],
      ),
    );
    expect(roles.map((role) => role.toLowerCase())).toContain('resetzoom');
    expect(roles.filter((role) => /reload|devtools/i.test(role))).toEqual([]);
  });

  test('gives its page no device, no notification and no file, but lets it copy text', async () => {
    expect(
      await inPage(`navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', () => 'refused')`),
    ).toBe('refused');
    expect(await inPage('Notification.requestPermission()')).toBe('denied');
    expect(await inPage(`navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`)).toBe(
      'denied',
    );
    expect(await inPage(`navigator.permissions.query({ name: 'clipboard-write' }).then(({ state }) => state)`)).toBe(
      'granted',
    );
  });

  test('runs no code from text and reaches no network', async () => {
    const tryOut = (code: string) =>
      inPage(`new Promise((resolve) => setTimeout(async () => {
        try { resolve(await (async () => { ${code} })()); } catch ({ name }) { resolve(name); }
      }))`);
    expect(await tryOut(`return eval('1')`)).toBe('EvalError');
    expect(await tryOut(`return (await fetch('https://example.org/')).status`)).toBe('TypeError');
    expect(await tryOut(`return (await fetch('file:///etc/passwd')).status`)).toBe('TypeError');
  });
});

describe.skipIf(noElectronReason)(`the fuses of the packaged program${skipNote}`, () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-fuses-'));
    const electron = electronFolder();
    await cp(electron.folder, folder, { recursive: true, verbatimSymlinks: true });
    program = join(folder, electron.path);
    await flipFuses(program, {
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      resetAdHocDarwinSignature: process.platform === 'darwin',
      ...fusesFor(process.platform),
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('are blown as the packager says', async () => {
    const wanted = Object.entries(fusesFor(process.platform)).filter(([, isOn]) => isOn);
    expect(await fusesThatAreOn(program)).toEqual(wanted.map(([fuse]) => FuseV1Options[Number(fuse)]));
  });

  test('keep the program from being a Node for others', async () => {
    const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const script = `process.stdout.write('a Node')`;
    const output = await new Promise((resolve) => {
      // It may show a box that nobody closes.
      execFile(program, ['-e', script], { env: environment, timeout: 5000 }, (_error, stdout) => resolve(stdout));
    });
    expect(output).not.toContain('a Node');
  });
});
