// @ts-check
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where setup keeps its stamps, locks and logs; ignored by git. */
export const stateFolder = join(root, '.setup');

/** Where the native build leaves the addon. */
export const addonPath = join(root, 'native/build/Release/limpid.node');

/**
 * Environment that points node-gyp at Node's own headers where they are installed, because it would otherwise download
 * them from nodejs.org, which not every network allows. An explicit choice of the user wins.
 * @returns {Record<string, string>}
 */
export function nodeHeadersEnvironment() {
  if (process.env.npm_config_nodedir) return {};
  const prefixes = [dirname(dirname(process.execPath)), '/usr'];
  const prefix = prefixes.find((candidate) => existsSync(join(candidate, 'include/node/node_api.h')));
  return prefix ? { npm_config_nodedir: prefix } : {};
}
