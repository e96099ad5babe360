import { beforeEach, describe, expect, test } from 'vitest';
import { createElectronEnvironment } from '../../src/main/shell/environment.js';

/** What the system's browser is given: nothing that another program than a browser would take. */
describe('addresses that leave the app', () => {
  let opened: string[];
  let environment: ReturnType<typeof createElectronEnvironment>;

  beforeEach(() => {
    opened = [];
    environment = createElectronEnvironment(
      { openExternal: async (url) => void opened.push(url) },
      { getMediaAccessStatus: () => 'granted', askForMediaAccess: async () => true },
      'linux',
      { resolveProxy: async () => 'DIRECT' },
    );
  });

  const hostile = [
    'http://login.example.com/',
    'http://127.0.0.1.example.com/',
    'http://127.0.0.1@example.com/',
    'https://user:word@login.example.com/',
    'file:///bin/sh',
    'FILE:///bin/sh',
    'javascript:alert(1)',
    'data:text/html,<script>',
    'smb://login.example.com/share',
    'ms-msdt:/id',
    'vscode://settings',
    'app://limpid/index.html',
    '\\\\server\\share\\a.exe',
    'C:\\Windows\\System32\\calc.exe',
    '/bin/sh',
    '--no-sandbox',
    'https://',
    'https:login.example.com',
    '',
  ];

  test.each(hostile)('a sign-in page at “%s” is refused', async (url) => {
    await expect(environment.openSignInPage?.(url)).rejects.toMatchObject({ code: 'signIn.bad-address' });
    expect(opened).toEqual([]);
  });

  test.each([...hostile, 'https://login.example.com/', 'https://existential.audio.example.com/'])(
    'a help link to “%s” is refused',
    async (url) => {
      await expect(environment.openExternal(url)).rejects.toMatchObject({ code: 'link.refused' });
      expect(opened).toEqual([]);
    },
  );

  test.each(['https://login.example.com/authorize?client_id=a&state=b', 'http://127.0.0.1:8123/authorize'])(
    'a sign-in page at %s is opened as it is',
    async (url) => {
      await environment.openSignInPage?.(url);
      expect(opened).toEqual([url]);
    },
  );
});
