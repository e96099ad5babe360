import { expect, test } from 'vitest';
import { createElectronEnvironment } from '../../../src/main/shell/environment.js';

const environment = (openExternal: (url: string) => Promise<void>) =>
  createElectronEnvironment(
    { openExternal },
    { getMediaAccessStatus: () => 'granted', askForMediaAccess: async () => true },
    'linux',
    { resolveProxy: async () => 'DIRECT' },
  );

test('the page of a sign-in is opened in the system’s browser', async () => {
  const opened: string[] = [];
  const url = 'https://login.example.com/authorize?state=1';
  await environment(async (each) => void opened.push(each)).openSignInPage?.(url);
  expect(opened).toEqual([url]);
});

test.each(['http://login.example.com/', 'https://me:word@login.example.com/', 'file:///etc/passwd', 'smb://a/b', ''])(
  'nothing else is: %s',
  async (url) => {
    const opened: string[] = [];
    const opening = environment(async (each) => void opened.push(each)).openSignInPage?.(url);
    await expect(opening).rejects.toMatchObject({ code: 'signIn.bad-address' });
    expect(opened).toEqual([]);
  },
);

test('a system without a browser is said without the address', async () => {
  const url = 'https://login.example.com/authorize?state=secret';
  const opening = environment(() => Promise.reject(new Error(`cannot open ${url}`))).openSignInPage?.(url);
  const [ended] = await Promise.allSettled([opening]);
  expect(ended).toMatchObject({ reason: { code: 'signIn.not-opened', cause: undefined } });
});
