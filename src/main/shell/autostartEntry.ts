import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { RelaunchOptions } from 'electron';
import { isMissing } from '../isMissing.js';
import { writeWhole } from '../writeWhole.js';

/** Where a Linux desktop looks for what a person wants started at login (freedesktop.org, “Desktop Application Autostart”). */
export function autostartPath(environment: NodeJS.ProcessEnv, home: string): string {
  const config = environment['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(config) ? config : join(home, '.config'), 'autostart', 'limpid.desktop');
}

/** The program to start: an AppImage is mounted elsewhere at each start, and says where its file is. */
export function programPath(environment: NodeJS.ProcessEnv, execPath: string): string {
  const appImage = environment['APPIMAGE'] ?? '';
  return isAbsolute(appImage) ? appImage : execPath;
}

/** What a person types, or gives to the desktop, to start Limpid: the Debian package is on the path, an AppImage is where it was put. */
export function programCommand(environment: NodeJS.ProcessEnv): string {
  const program = programPath(environment, 'limpid');
  return /^[\w./-]+$/.test(program) ? program : `"${program.replaceAll(/["`$\\]/g, String.raw`\$&`)}"`;
}

/** How Electron starts this program once more. */
export function relaunchOptions(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Pick<RelaunchOptions, 'execPath'> {
  const { APPIMAGE: image } = environment;
  return platform === 'linux' && image ? { execPath: image } : {};
}

/** The whole entry. Throws a TypeError for a path that no entry can hold. */
export function formatAutostartEntry(program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Limpid',
    `Exec=${quoteForExec(program)} --hidden`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/**
 * One quoted argument of `Exec` (freedesktop.org, “Desktop Entry Specification” 1.5, “The Exec key”): within the quotes a backslash before `"`, `` ` ``,
 * `$` and `\`, then the escapes of a string value, which double every backslash; `%` begins a field code.
 */
function quoteForExec(program: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(program)) throw new TypeError('a control character in the path of the program');
  const quoted = program.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%');
  return `"${quoted.replaceAll('\\', '\\\\')}"`;
}

/** How desktops switch an entry off without removing it. */
const isSwitchedOff = (entry: string): boolean =>
  /^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(entry);

/** Whether Limpid starts at login; false also where a desktop switched the entry off. Rejects when it cannot be read. */
export async function readAutostart(path: string): Promise<boolean> {
  try {
    return !isSwitchedOff(await readFile(path, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Has the entry, if there is one, start the program at its new place; what else is in it, and whether it is switched off, stays. At
 * once: nothing waits when a process ends. Never throws.
 */
export function moveAutostart(path: string, program: string): void {
  try {
    const entry = readFileSync(path, 'utf8');
    const line = `Exec=${quoteForExec(program)} --hidden`;
    writeFileSync(
      path,
      entry.replace(/^Exec=.*$/m, () => line),
    );
  } catch {
    // There is none, or it cannot be written: then the next start of the new version looks after it.
  }
}

/** Writes the entry whole, or removes it. Rejects with what the file system says. */
export async function writeAutostart(path: string, isOn: boolean, program: string): Promise<void> {
  if (!isOn) return rm(path, { force: true });
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await writeWhole(path, formatAutostartEntry(program), 0o644);
}
