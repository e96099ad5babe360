import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import { childEnvironment } from '../childEnvironment.js';
import { LimpidError } from '../../shared/errors.js';

/** An opener that runs longer than this has become the browser itself. */
const openerMs = 2000;

/** Opens a URL or a file with the person's own program for it, without a shell. Rejects with `link.cannot-open`. */
export async function openWithSystem(target: string): Promise<void> {
  const [command, ...args] = await openerFor(target, process.platform);
  const exitCode = await new Promise<number | null>((resolve) => {
    const child = spawn(command, [...args, target], { stdio: 'ignore', detached: true, env: childEnvironment() });
    child.once('error', () => resolve(-1));
    child.once('exit', resolve);
    setTimeout(() => resolve(0), openerMs).unref();
    child.unref();
  });
  if (exitCode !== 0) throw new LimpidError('link.cannot-open', { url: target });
}

/** The program that opens this, and what it is told before the address or path itself. */
export async function openerFor(target: string, platform: NodeJS.Platform): Promise<[string, ...string[]]> {
  const opener = openers[platform] ?? ['xdg-open'];
  if (platform !== 'darwin' || !isAbsolute(target) || extname(target) === '') return opener;
  const isFolder = await stat(target).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  // A program of macOS is a folder: one that a window named like that is shown where it lies, not started.
  return isFolder ? [...opener, '-R'] : opener;
}

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  // `start` belongs to the shell; this is the program behind it.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
