import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { childEnvironment } from '../childEnvironment.js';
import { errorOf, LimpidError, type Notice } from '../../shared/errors.js';
import { keychainPatienceMs, keychainService, type KeychainStatus } from '../auth/keychain.js';
import type { Check } from './check.js';

/** Files something that is no secret and removes it again: a locked keychain answers questions, but takes nothing. */
const probe = `
  const [keytarPath, service] = process.argv.slice(1);
  const keytar = require(keytarPath);
  keytar.setPassword(service, 'doctor', 'check').then(() => keytar.deletePassword(service, 'doctor')).then(
    () => process.exit(0),
    (error) => { process.stderr.write(String(error.message)); process.exit(1); });
`;

/** Asks the keychain in a child process: a locked or broken one may hang, or crash whoever asks. */
export const keychainCheck: Check = {
  id: 'keychain',
  required: false,
  async run() {
    const { stderr, killed, failed } = await askInChild(resolveKeytar());
    if (killed) throw new LimpidError('check.keychain-silent', { seconds: keychainPatienceMs / 1000 });
    const detail = lastLine(stderr);
    if (failed && /locked/.test(detail)) throw new LimpidError('check.keychain-locked');
    if (failed) throw new LimpidError('check.keychain-unreachable', { detail: detail || noReason });
    return { code: 'check.keychain', params: {} };
  },
};

/** Asks by way of the app's own keychain, which bears a hanging one: a packaged app starts no second process that could. */
export const ownKeychainCheck = (ask: () => Promise<KeychainStatus>): Check => ({
  ...keychainCheck,
  async run() {
    const { state, notice } = await ask();
    if (state === 'ready') return { code: 'check.keychain', params: {} };
    throw notice ? errorOf(notice) : new LimpidError('check.keychain-silent', { seconds: keychainPatienceMs / 1000 });
  },
});

function resolveKeytar(): string {
  try {
    return createRequire(import.meta.url).resolve('keytar');
  } catch (cause) {
    throw new LimpidError('check.keychain-missing', {}, { cause });
  }
}

function askInChild(keytarPath: string): Promise<{ stderr: string; killed: boolean; failed: boolean }> {
  const env = { ...childEnvironment(), ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((done) => {
    const options = { env, timeout: keychainPatienceMs, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, ['-e', probe, keytarPath, keychainService], options, (error, _stdout, stderr) => {
      done({ stderr, killed: error?.killed ?? false, failed: error !== null });
    });
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const noReason: Notice = { code: 'keychain.no-reason', params: {} };
