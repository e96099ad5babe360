import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));

interface Source {
  path: string;
  /** Without comments: what is only spoken of is not done. */
  code: string;
}

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');

const sources: Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(tsx?|js|html)$/.test(path))
  .map((path) => ({ path: path.replaceAll('\\', '/'), code: withoutComments(readFileSync(join(root, path), 'utf8')) }));

/** [what, how it looks, where it may stand]. */
const rules: [what: string, pattern: RegExp, allowed?: string[]][] = [
  [
    'another opener of addresses',
    /shell\.open(External|Path)\b|\.openExternal\(/,
    ['main/shell/environment.ts', 'main/services.ts'],
  ],
  [
    'code for a page from outside of it',
    /\bexecuteJavaScript\((?!wantsToStay\))|\binsertCSS\b|\bsetPreloads\b|\bregisterPreloadScript\b/,
  ],
  // One constant line, whose answer is yes or no.
  ['a question to a page', /\bexecuteJavaScript\b|\bwantsToStay\b/, ['main/shell/unsavedChanges.ts']],
  ['a page without the rules of its origin', /webSecurity:\s*false|allowRunningInsecureContent|bypassCSP/],
  ['experimental parts of Chromium', /experimentalFeatures|enableBlinkFeatures|experimentalCanvasFeatures/],
  ['a switch of Chromium', /appendSwitch|appendArgument|no-sandbox|ignore-certificate-errors|remote-debugging/],
  ['objects of main in a page', /@electron\/remote|electron\.remote|enableRemoteModule|from 'electron\/remote'/],
  [
    'Node in a page',
    /nodeIntegration\w*:\s*true|contextIsolation:\s*false|sandbox:\s*false|nodeIntegrationInWorker:\s*true/,
  ],
  [
    'an embedded browser',
    /webviewTag:\s*true|<webview|\bWebContentsView\b|\bBrowserView\b|(?<!\w)<(iframe|object|embed)\b/,
  ],
  ['another window', /new (BrowserWindow|BaseWindow)\b/, ['main/index.ts']],
  ['another page in the window', /\.loadURL\(|\.loadFile\(/, ['main/shell/mainWindow.ts']],
  ['a way to files for pages', /file:\/\/|registerFileProtocol|interceptProtocol|pathToFileURL\(.*load/],
  ['another scheme or handler', /registerSchemesAsPrivileged\(|protocol\.handle\(/, ['main/shell/appProtocol.ts']],
  ['another door for messages', /ipcMain\.(on|once|handle|handleOnce)\(/, ['main/shell/ipc.ts']],
  ['a message to a page', /\.postMessage\(|webContents\.send\(|contents\.send\(/, ['main/shell/ipc.ts']],
  ['Electron shown to a page', /exposeInMainWorld\(|exposeInIsolatedWorld\(/, ['preload/bridge.ts']],
  [
    'its own judgement of certificates',
    /setCertificateVerifyProc|'certificate-error'|rejectUnauthorized:\s*false|checkServerIdentity:/,
  ],
  ['certificates not looked at', /NODE_TLS_REJECT_UNAUTHORIZED/],
  ['another identity', /\bset(e?[ug]id|groups|resuid)\(/],
  [
    'code from text',
    /\beval\(|new Function\(|\bFunction\(|from 'node:vm'|setTimeout\(\s*['"`]/,
    ['backend/redisCounters.ts'],
  ],
  [
    'markup from text',
    /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|srcDoc|createContextualFragment/,
  ],
  ['a shell', /shell:\s*true|import \{[^}]*\bexec(Sync)?\b[^}]*\} from 'node:child_process'/],
];

describe('nothing in src does what takes a protection away', () => {
  test('the sources have been looked into', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['main/index.ts', 'preload/bridge.ts', 'renderer/index.html', 'renderer/src/main.tsx']),
    );
  });

  test.each(rules)('%s', (_what, pattern, allowed = []) => {
    const found = sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
    expect(found.filter((path) => !allowed.includes(path))).toEqual([]);
    expect(found.toSorted(), 'a place that is allowed needs it no more').toEqual(
      expect.arrayContaining(allowed.toSorted()),
    );
  });
});

test('every child process is started with its arguments apart, and without our credential', () => {
  const starters = sources.filter(({ code }) => code.includes("from 'node:child_process'"));
  expect(starters.length).toBeGreaterThan(1);
  const leaking = starters.filter(
    ({ code }) => /\b(spawn|execFile)(Sync)?\(/.test(code) && !code.includes('childEnvironment'),
  );
  expect(leaking.map(({ path }) => path)).toEqual([]);
});
