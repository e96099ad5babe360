import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { childEnvironment } from './childEnvironment.js';

/** Who uses this computer, and what it is called. */
export interface Identity {
  home: string;
  /** The name to log in with. */
  user: string;
  /** As the person is called, if the system knows; empty: it does not. */
  displayName: string;
  host: string;
}

let known: Identity | undefined;

/** This computer's, asked once. A system without a name for the user has none to hide. */
export const ownIdentity = (): Identity => (known ??= readIdentity());

function readIdentity(): Identity {
  const user = unless(() => userInfo().username);
  return { home: homedir(), user, displayName: unless(() => readDisplayName(user)), host: hostname() };
}

function readDisplayName(user: string): string {
  if (process.platform === 'darwin') return run('/usr/bin/id', ['-F']).trim();
  if (process.platform === 'win32') return displayNameInRegistry(run('reg', ['query', logonKey, '/v', logonValue]));
  return displayNameInPasswd(readFileSync('/etc/passwd', 'utf8'), user);
}

/** The first part of the fifth field, where `&` stands for the capitalised name of the user. */
export function displayNameInPasswd(passwd: string, user: string): string {
  const line = passwd.split('\n').find((each) => each.startsWith(`${user}:`));
  const name = line?.split(':')[4]?.split(',')[0] ?? '';
  return name.replaceAll('&', `${user.charAt(0).toUpperCase()}${user.slice(1)}`);
}

const logonKey = String.raw`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\LogonUI`;
const logonValue = 'LastLoggedOnDisplayName';

/** From what `reg query` answers. */
export const displayNameInRegistry = (answer: string): string =>
  /LastLoggedOnDisplayName\s+REG_SZ[ \t]+(.*)/.exec(answer)?.[1]?.trim() ?? '';

const run = (program: string, options: string[]): string =>
  execFileSync(program, options, {
    encoding: 'utf8',
    timeout: 2000,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: childEnvironment(),
  });

function unless(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
