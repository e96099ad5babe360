import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { LimpidError } from '../../shared/errors.js';
import type { Check } from './check.js';

const deadlineMs = 5_000;

/** Reads an account that does not exist: the answer does not matter, that there is one does. */
const probe = `
  const keytar = require(process.argv[1]);
  keytar.getPassword('limpid', 'doctor').then(
    () => process.exit(0),
    (error) => { process.stderr.write(String(error.message)); process.exit(1); });
`;

/** Asks the keychain in a child process: a locked or broken one may hang, or crash whoever asks. */
export const keychainCheck: Check = {
  id: 'keychain',
  required: false,
  async run() {
    const { stderr, killed, failed } = await askInChild(resolveKeytar());
    if (killed) throw new LimpidError('check.keychain-silent', { seconds: deadlineMs / 1000 });
    if (failed) throw new LimpidError('check.keychain-unreachable', { detail: lastLine(stderr) });
    return { code: 'check.keychain', params: {} };
  },
};

function resolveKeytar(): string {
  try {
    return createRequire(import.meta.url).resolve('keytar');
  } catch (cause) {
    throw new LimpidError('check.keychain-missing', {}, { cause });
  }
}

function askInChild(keytarPath: string): Promise<{ stderr: string; killed: boolean; failed: boolean }> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((done) => {
    const options = { env, timeout: deadlineMs, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, ['-e', probe, keytarPath], options, (error, _stdout, stderr) => {
      done({ stderr, killed: error?.killed ?? false, failed: error !== null });
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it gave no reason';
}
