import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where packages of the tests look for new versions; the name belongs to nobody (RFC 2606). */
export const feedUrl = 'https://updates.limpid.invalid/stable';

export interface Packaging {
  /** Folder that stands for Electron, see `stubDistribution.ts`. */
  electronDist: string;
  output: string;
  args: string[];
  environment?: NodeJS.ProcessEnv;
}

/**
 * `npm run package` without npm and without the set-up before it, which the tests have behind them.
 * Resolves with what it wrote; rejects, with `stderr`, when it failed.
 */
export function packageApp({ electronDist, output, args, environment = {} }: Packaging) {
  return promisify(execFile)(process.execPath, ['scripts/package.mjs', ...args, `-c.directories.output=${output}`], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, LIMPID_ELECTRON_DIST: electronDist, LIMPID_UPDATES_URL: feedUrl, ...environment },
  });
}
