import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Person, RealIdentityProvider } from '../vendors/identityProvider.js';
import { runCli, startCli, type CliRun } from './runCli.js';

let provider: RealIdentityProvider;
/** One that cannot revoke. */
let other: RealIdentityProvider;
let folder = '';

beforeAll(async () => {
  provider = await RealIdentityProvider.start();
  other = await RealIdentityProvider.start({ knowsRevocation: false });
  folder = mkdtempSync(join(tmpdir(), 'limpid-sign-in-'));
  const environments = [
    { name: 'production', url: 'http://127.0.0.1:9/', credentialKind: 'sign-in', signIn: provider.settings() },
    { name: 'unrevoked', url: 'http://127.0.0.1:9/', credentialKind: 'sign-in', signIn: other.settings() },
    { name: 'staging', url: 'http://127.0.0.1:9/', credentialKind: 'bearer' },
    { name: 'unset', credentialKind: 'sign-in' },
  ];
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ backend: { active: 'production', environments } }));
});
afterAll(async () => {
  await Promise.all([provider.stop(), other.stop()]);
  rmSync(folder, { recursive: true });
});
afterEach(() => void (provider.fault = 'none'));

// The keychain of whoever runs the tests stays as it is.
const env = (): NodeJS.ProcessEnv => ({
  LIMPID_CONFIG: join(folder, 'settings.json'),
  LIMPID_BACKEND_URL: '',
  LIMPID_BACKEND_CREDENTIAL: 'of-no-account-here',
  DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'no-bus')}`,
});
const run = (args: string[]): Promise<CliRun> => runCli(args, env());
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((done) => setTimeout(done, 20));
};

/** Signs in with the command and the code that it asks for. */
async function signInWith(args: string[]): Promise<CliRun> {
  const cli = startCli(['sign-in', '--json', ...args], env());
  const read = () => /Open (\S+) .* enter the code (\S+)\./.exec(cli.stderr);
  await until(() => read() !== null);
  const [, url = '', code = ''] = read() ?? [];
  await new Person().enterCode(url, code);
  return cli.ended;
}

test('a sign-in that no keychain keeps is given back, and fails with what to do', async () => {
  const { exitCode, stdout, stderr } = await signInWith([]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^signIn\.not-kept: The sign-in could not be kept.* The keychain cannot be used: .+\. .+\.$/m);
  const revoked = provider.requests.find(({ path }) => path === '/token/revocation');
  expect(provider.secrets).toContain(revoked?.form.get('token'));
  expect(provider.secrets.filter((secret) => stderr.includes(secret))).toEqual([]);
});

test('where the provider has no place to give one back, that is said', async () => {
  const { stderr } = await signInWith(['--environment', 'unrevoked']);
  expect(stderr).toMatch(/^signIn\.not-kept-untold: .* the provider could not be told, .+\.$/m);
});

test('Ctrl-C gives up', async () => {
  const cli = startCli(['sign-in'], env());
  await until(() => cli.stderr.includes('enter the code'));
  cli.child.kill('SIGINT');
  const { exitCode, stderr } = await cli.ended;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^cancelled: /m);
});

test.each([
  [['--environment', 'staging'], 'signIn.wrong-kind'],
  [['--environment', 'unset'], 'signIn.not-configured'],
])('sign-in %j ends with %s', async (args, code) => {
  const { exitCode, stdout, stderr } = await run(['sign-in', '--json', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^${code}: .+\\. .+\\.$`, 'm'));
});

test('a provider that is down is said in one line', async () => {
  provider.fault = 'drop';
  const { exitCode, stderr } = await run(['sign-in']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^signIn\.unreachable: The identity provider could not be asked\. .+\n$/);
});

test('signing out where nobody is signed in is no failure', async () => {
  const { exitCode, stdout } = await run(['sign-out', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ environment: 'production', account: null, wasSignedIn: false });
});

test('a token without a sign-in says what to do, whatever LIMPID_BACKEND_CREDENTIAL holds', async () => {
  const { exitCode, stderr } = await run(['token']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^signIn\.needed: Nobody is signed in for “production”\. .*limpid sign-in/);
});
