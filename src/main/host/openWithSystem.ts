import { spawn } from 'node:child_process';
import { childEnvironment } from '../childEnvironment.js';
import { LimpidError } from '../../shared/errors.js';

/** An opener that runs longer than this has become the browser itself. */
const openerMs = 2000;

/** Opens a URL or a file with the person's own program for it, without a shell. Rejects with `link.cannot-open`. */
export async function openWithSystem(target: string): Promise<void> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const exitCode = await new Promise<number | null>((resolve) => {
    const child = spawn(command, [...args, target], { stdio: 'ignore', detached: true, env: childEnvironment() });
    child.once('error', () => resolve(-1));
    child.once('exit', resolve);
    setTimeout(() => resolve(0), openerMs).unref();
    child.unref();
  });
  if (exitCode !== 0) throw new LimpidError('link.cannot-open', { url: target });
}

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  // `start` belongs to the shell; this is the program behind it.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
