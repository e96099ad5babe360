import { execFile, spawnSync } from 'node:child_process';
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
