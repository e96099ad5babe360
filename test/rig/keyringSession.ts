import { execFile, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const hasKeyringPrograms = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon'].every(
  (program) => spawnSync('which', [program]).status === 0,
);

/** `unlocked`: a keyring as after a login · `empty`: the service runs, but no keyring was ever made. */
type Keyring = 'unlocked' | 'empty';

const startKeyring: Record<Keyring, string> = {
  unlocked: 'printf testpw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1',
  empty: 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1',
};

export interface SessionRun {
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs Node with these arguments in a login session of its own: private D-Bus, real gnome-keyring, home in `folder`. */
export function runInSession(keyring: Keyring, folder: string, args: string[], env = {}): Promise<SessionRun> {
  const script = `${startKeyring[keyring]}; exec "$0" "$@"`;
  return runAlone(['dbus-run-session', '--', 'bash', '-c', script, process.execPath, ...args], folder, env);
}

/** Runs a command with its home in `folder`, and no session bus unless `env` names one. */
export function runAlone([program = '', ...args]: string[], folder: string, env = {}): Promise<SessionRun> {
  const own = { HOME: folder, XDG_DATA_HOME: `${folder}/data`, XDG_RUNTIME_DIR: folder };
  const none = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined, DBUS_SESSION_BUS_ADDRESS: undefined };
  const options = { cwd: root, env: { ...process.env, ...none, ...own, ...env }, timeout: 60_000 };
  return new Promise((done) => {
    const child = execFile(program, args, options, (_error, stdout, stderr) =>
      done({ exitCode: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
  });
}

/** A login session with an unlocked keyring that stays open, for programs that are started one after the other. */
export interface OpenSession {
  /** For `DBUS_SESSION_BUS_ADDRESS`. */
  address: string;
  close(): Promise<void>;
}

/** Opens one with its home in `folder`. */
export async function openSession(folder: string): Promise<OpenSession> {
  const script = `${startKeyring.unlocked}; echo "$DBUS_SESSION_BUS_ADDRESS"; read -r`;
  const own = { HOME: folder, XDG_DATA_HOME: `${folder}/data`, XDG_RUNTIME_DIR: folder };
  const session = spawn('dbus-run-session', ['--', 'bash', '-c', script], {
    env: { ...process.env, ...own },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((done) => void session.on('close', () => done()));
  const address = await new Promise<string>((found, failed) => {
    let text = '';
    session.on('error', failed).on('close', () => failed(new Error('the session ended')));
    session.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) found(text.trim());
    });
  });
  return {
    address,
    close() {
      session.stdin.end('\n');
      return ended;
    },
  };
}
