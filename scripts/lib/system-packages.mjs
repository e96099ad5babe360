// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from './child.mjs';

/**
 * Something the system must provide. It is there when the command is on PATH or among the servers, or one of the files exists; the
 * package is only what to install when it is not. No package on a platform: not needed there.
 * @typedef {object} Requirement
 * @property {'build' | 'run' | 'demo' | 'tests'} group
 * @property {string} [command]
 * @property {string[]} [files] relative to the roots of `headerRoots` and `libraryRoots`
 * @property {string} [debian]
 * @property {string} [brew]
 * @property {string} [winget]
 */

/** @type {Requirement[]} */
export const requirements = [
  { group: 'build', command: 'g++', debian: 'g++' },
  { group: 'build', command: 'make', debian: 'make' },
  { group: 'build', command: 'python3', debian: 'python3', brew: 'python3' },
  { group: 'build', command: 'python', winget: 'Python.Python.3.13' },
  { group: 'build', command: 'pkg-config', debian: 'pkg-config' },
  { group: 'build', files: ['alsa/asoundlib.h'], debian: 'libasound2-dev' },
  { group: 'build', files: ['libsecret-1/libsecret/secret.h'], debian: 'libsecret-1-dev' },
  { group: 'build', files: ['simde/simde-arch.h'], debian: 'libsimde-dev', brew: 'simde' },
  { group: 'run', files: ['alsa-lib/libasound_module_pcm_pulse.so'], debian: 'libasound2-plugins' },
  { group: 'run', command: 'aplay', debian: 'alsa-utils' },
  { group: 'run', command: 'pactl', debian: 'pulseaudio-utils' },
  { group: 'demo', command: 'pulseaudio', debian: 'pulseaudio' },
  { group: 'demo', command: 'espeak-ng', debian: 'espeak-ng', brew: 'espeak-ng' },
  { group: 'tests', command: 'gnome-keyring-daemon', debian: 'gnome-keyring' },
  { group: 'tests', command: 'dbus-run-session', debian: 'dbus' },
  { group: 'tests', command: 'chromium-headless-shell', debian: 'chromium-headless-shell' },
  { group: 'tests', files: ['doctest/doctest.h'], debian: 'doctest-dev', brew: 'doctest' },
  { group: 'tests', command: 'ffmpeg', debian: 'ffmpeg', brew: 'ffmpeg' },
  { group: 'tests', command: 'redis-server', debian: 'redis-server', brew: 'redis' },
  { group: 'tests', command: 'haproxy', debian: 'haproxy', brew: 'haproxy' },
  { group: 'tests', command: 'openssl', debian: 'openssl', brew: 'openssl' },
  { group: 'tests', command: 'clang-format', debian: 'clang-format', brew: 'clang-format' },
];

const headerRoots = ['/usr/include', '/usr/local/include', '/opt/homebrew/include'];

/** Debian keeps libraries in a folder a machine type (`/usr/lib/x86_64-linux-gnu`), others in lib64. */
function libraryRoots() {
  const perMachine = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.includes('-linux-')) : [];
  return ['/usr/lib', '/usr/lib64', ...perMachine.map((name) => join('/usr/lib', name))];
}

/** Where Debian keeps servers; only root has it on PATH. */
const serverFolders = ['/usr/sbin', '/usr/local/sbin'];

/** @param {Requirement} requirement */
export function isPresent({ command, files = [] }) {
  if (command && (findCommand(command) || serverFolders.some((folder) => existsSync(join(folder, command)))))
    return true;
  const roots = files.length > 0 ? [...headerRoots, ...libraryRoots()] : [];
  return files.some((file) => roots.some((folder) => existsSync(join(folder, file))));
}

/**
 * @param {string} platform as `process.platform`
 * @returns {'debian' | 'brew' | 'winget'}
 */
function packagerOf(platform) {
  if (platform === 'darwin') return 'brew';
  return platform === 'win32' ? 'winget' : 'debian';
}

/**
 * The packages that are missing, those nothing can be built without apart from those that only switch something off.
 * @param {object} facts
 * @param {string} facts.platform
 * @param {Requirement['group'][]} facts.groups what is asked for
 * @param {(requirement: Requirement) => boolean} facts.present
 * @returns {{ needed: string[], useful: string[] }}
 */
export function missingPackages({ platform, groups, present }) {
  const packager = packagerOf(platform);
  const missing = requirements.filter((one) => one[packager] && groups.includes(one.group) && !present(one));
  const names = (/** @type {Requirement[]} */ list) => list.map((one) => String(one[packager]));
  return {
    needed: names(missing.filter((one) => one.group === 'build')),
    useful: names(missing.filter((one) => one.group !== 'build')),
  };
}

/**
 * How the packages get onto this machine: commands to run at once (as root or in CI, where nobody can be asked), or
 * one line for the user. The useful ones have a command of their own: an installer that lacks one package installs none.
 * @param {object} facts
 * @param {string} facts.platform
 * @param {string[]} facts.needed
 * @param {string[]} facts.useful
 * @param {boolean} facts.hasApt
 * @param {boolean} facts.isRoot
 * @param {boolean} facts.isCi
 * @param {boolean} facts.hasSudo
 * @returns {{ commands: string[][], mayFail: string[][], unattended: boolean, line: string }} `mayFail` runs last
 */
export function installPlan({ platform, needed, useful, hasApt, isRoot, isCi, hasSudo }) {
  const names = [...needed, ...useful].join(' ');
  /** @param {string[]} install */
  const installWith = (install) => {
    const [commands = [], mayFail = []] = [needed, useful].map((list) =>
      list.length > 0 ? [[...install, ...list]] : [],
    );
    return { commands, mayFail };
  };
  if (platform === 'darwin') {
    return { ...installWith(['brew', 'install']), unattended: isCi && !isRoot, line: `brew install ${names}` };
  }
  if (platform === 'win32') {
    return { ...installWith(['winget', 'install']), unattended: false, line: `winget install ${names}` };
  }
  const line = `${isRoot ? '' : 'sudo '}apt-get install -y ${names}`;
  const nothing = { commands: [], mayFail: [], unattended: false };
  if (!hasApt) return { ...nothing, line: `(your distribution's names of) ${names}` };
  if (!isRoot && !hasSudo) return { ...nothing, line };
  const asRoot = isRoot ? [] : isCi ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : ['sudo'];
  const update = [...asRoot, 'apt-get', 'update', '-q'];
  const { commands, mayFail } = installWith([...asRoot, 'apt-get', 'install', '-q', '-y', '--no-install-recommends']);
  return { commands: [update, ...commands], mayFail, unattended: isRoot || isCi, line };
}
